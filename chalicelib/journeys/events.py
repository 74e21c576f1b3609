"""What members enter journeys by, and what moves those on who are inside."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.journeys.records import ASKS_TEAM, CROWD, CROWD_STALLED, MOVES, QUEUE, RESUMING, TELLS, VERDICT
from chalicelib.journeys.service import counting, crowds, entering, moving, results, telling, uniting
from chalicelib.journeys.service.reading import running
from chalicelib.messaging import Consumer, Message
from chalicelib.orders.service.reading import get_order

consumer = Consumer(QUEUE)


@consumer.on_all("member.joined")
def joined(messages: Sequence[Message], now: datetime) -> None:
    """People joined the brand. Where no journey begins so it is one read for all of them."""
    if running(messages[0].tenant_id, lambda trigger: trigger.kind == "joined"):
        for message in messages:
            _enters(message, "joined", message.data["member_id"], now)


@consumer.on("order.picked_up")
def collected(message: Message, now: datetime) -> None:
    """An order was handed over."""
    order = get_order(message.tenant_id, message.data["order_id"], consistent=True)
    entering.member_enters(
        message.tenant_id, order.member_id, lambda trigger: trigger.kind == "order_collected", order.id, now
    )  # fmt: skip


@consumer.on("member.tier_changed")
def tier_changed(message: Message, now: datetime) -> None:
    """A member has another tier: journeys begin where it rose to the one that they name."""
    data = message.data
    if data["rose"]:
        entering.member_enters(
            message.tenant_id, data["member_id"],
            lambda trigger: trigger.kind == "tier_reached" and trigger.tier == data["tier"], message.id, now,
        )  # fmt: skip


@consumer.on("campaign.opened")
def campaign_opened(message: Message, now: datetime) -> None:
    """A group buy opened: all members enter. A gift for points is none."""
    campaign_id = message.data["campaign_id"]
    campaign = CampaignRecord.fetch(*CampaignRecord.address(message.tenant_id, campaign_id))
    if campaign is not None and campaign.gift_points is None:
        crowds.everybody_enters(
            message.tenant_id, lambda trigger: trigger.kind == "campaign_opened", campaign_id, now
        )  # fmt: skip


@consumer.on("member.birthday")
def birthday(message: Message, now: datetime) -> None:
    """It is a member's birthday."""
    _enters(message, "birthday", message.data["member_id"], now)


@consumer.on("members.quiet")
def quiet(message: Message, now: datetime) -> None:
    """Members have not ordered for so many days."""
    data = message.data
    entering.ordinals_enter(
        message.tenant_id, data["ordinals"],
        lambda trigger: trigger.kind == "quiet" and trigger.days == data["days"], message.id, now,
    )  # fmt: skip


@consumer.on("members.class_changed")
def class_changed(message: Message, now: datetime) -> None:
    """Members have come into a class."""
    data = message.data
    entering.ordinals_enter(
        message.tenant_id, data["ordinals"],
        lambda trigger: trigger.kind == "class" and trigger.member_class == data["to"], message.id, now,
    )  # fmt: skip


@consumer.on("segment.entered")
def segment_entered(message: Message, now: datetime) -> None:
    """Members have come into a segment; they leave the journey when they leave it."""
    data = message.data
    segment_id = data["segment_id"]
    entering.ordinals_enter(
        message.tenant_id, data["ordinals"],
        lambda trigger: trigger.kind == "segment_entered" and trigger.segment_id == segment_id, message.id, now,
        segment_id,
    )  # fmt: skip


@consumer.on(CROWD)
def crowd_goes_on(message: Message, now: datetime) -> None:
    """More of a crowd enter."""
    crowds.crowd_goes_on(message.tenant_id, message.data["journey_id"], message.data["cause"], now)


@consumer.due(CROWD_STALLED)
def crowd_stalled(message: Message, now: datetime) -> None:
    """A crowd has not moved for long: it goes on."""
    *_, journey_id, cause = message.data["pk"].split("#")
    crowds.crowd_goes_on(message.tenant_id, journey_id, cause, now)


@consumer.due(MOVES)
def moves(message: Message, now: datetime) -> None:
    """The time of a group has come."""
    moving.move(message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@consumer.on_all(TELLS)
def tells(messages: Sequence[Message], now: datetime) -> None:
    """Members are told what their steps say."""
    telling.tell_members(messages[0].tenant_id, messages, now)


@consumer.on(ASKS_TEAM)
def asks_team(message: Message, now: datetime) -> None:
    """The team is asked to do something for a member."""
    telling.ask_team(message.tenant_id, message, now)


@consumer.on(RESUMING)
def resuming(message: Message, now: datetime) -> None:
    """A journey goes on, or is over: so do the groups and crowds that waited for it."""
    crowds.resume_crowds(message.tenant_id, message.data["journey_id"], now)
    moving.resume_parked(message.tenant_id, message.data["journey_id"], now)


@consumer.due(VERDICT)
def verdict(message: Message, now: datetime) -> None:
    """A version is looked at for its verdict."""
    journey_id, number = message.data["pk"].rpartition("#")[2], int(message.data["sk"].rpartition("#")[2])
    results.look(message.tenant_id, journey_id, number, now)


@consumer.on_all("order.placed", "order.changed", "order.cancelled", "order.refunded", "refund.requested")
def count_orders(messages: Sequence[Message], now: datetime) -> None:
    """Orders count for the journeys in whose days they were placed."""
    counting.count_orders(messages[0].tenant_id, [message.data["order_id"] for message in messages], now)


@consumer.on("member.united")
def united(message: Message, now: datetime) -> None:
    """A member's history became another's: so do their ways through journeys."""
    uniting.hand_on(message.tenant_id, message.data["member_id"], now)


def _enters(message: Message, kind: str, member_id: str, now: datetime) -> None:
    entering.member_enters(message.tenant_id, member_id, lambda trigger: trigger.kind == kind, message.id, now)
