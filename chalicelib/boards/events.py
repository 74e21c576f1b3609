"""What is noted for leaderboards when something has happened, and how awards go on."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.boards.records import COUNTING, COUNTING_QUEUE, DECIDED, PERIOD_OVER
from chalicelib.boards.service import boards, deciding, noting
from chalicelib.insight.activity.service.dirty_days import mark_united
from chalicelib.loyalty.points.records import POINTS_CHANGED
from chalicelib.messaging import Consumer, Message

consumer = Consumer("service")
insight = Consumer("insight")
counting = Consumer(COUNTING_QUEUE)


@insight.on_all(POINTS_CHANGED)
def points_changed(messages: Sequence[Message], now: datetime) -> None:
    """Points of members were given or taken."""
    noting.note_points(messages[0].tenant_id, [message.data["member_id"] for message in messages])


@insight.on("survey.answered")
def survey_answered(message: Message, now: datetime) -> None:
    """A survey was answered: its member was active that day."""
    noting.note_answer(message.tenant_id, message.data["invitation_id"])


@insight.on("referral.rewarded")
def referral_rewarded(message: Message, now: datetime) -> None:
    """A member was rewarded for one whom they brought."""
    data = message.data
    noting.note_referral(message.tenant_id, data["referrer_id"], data["order_id"], message.at, taken_back=False)


@insight.on("referral.reversed")
def referral_reversed(message: Message, now: datetime) -> None:
    """That was taken back."""
    data = message.data
    noting.note_referral(message.tenant_id, data["referrer_id"], data["order_id"], message.at, taken_back=True)


@insight.on("member.united")
def members_united(message: Message, now: datetime) -> None:
    """A member's history has become another's, and so has their place."""
    mark_united(message.tenant_id)


@counting.on(COUNTING)
def count_board(message: Message, now: datetime) -> None:
    """Counts a board that somebody waits for."""
    data = message.data
    boards.count_in_background(message.tenant_id, data["by"], data["days"], data["places"], now)


@counting.due(PERIOD_OVER)
def period_over(message: Message, now: datetime) -> None:
    """An award can be decided."""
    deciding.decide_award(message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@consumer.on(DECIDED)
def decided(message: Message, now: datetime) -> None:
    """An award was decided: the next winners get theirs."""
    data = message.data
    deciding.hand_out(message.tenant_id, data["award_id"], data["to_on"], data["after"], now)
