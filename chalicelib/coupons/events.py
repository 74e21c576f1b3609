"""What coupons do when something has happened."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.coupons.model.work import GRANTING, MAKING
from chalicelib.coupons.records import ENDS_SOON, GRANTED
from chalicelib.coupons.service import granting, making, owning, people, uniting
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import STALLED
from chalicelib.messaging import Consumer, Message

consumer = Consumer("service")


@consumer.on(MAKING.message)
def make_codes(message: Message, now: datetime) -> None:
    """Draws codes for a while."""
    making.make_some(message.tenant_id, message.data["job_id"], now)


@consumer.on(GRANTING.message)
def grant(message: Message, now: datetime) -> None:
    """Grants coupons for a while."""
    granting.grant_some(message.tenant_id, message.data["job_id"], now)


@consumer.due(STALLED)
def revive(message: Message, now: datetime) -> None:
    """Continues work on coupons that nobody does any more."""
    jobs.revive((MAKING, GRANTING), message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@consumer.on(GRANTED)
def granted(message: Message, now: datetime) -> None:
    """A member was given a coupon: they hear of it."""
    owning.tell_granted(message.tenant_id, message.data["member_id"], message.data["coupon_id"], now)


@consumer.due(ENDS_SOON)
def ends_soon(message: Message, now: datetime) -> None:
    """A coupon ends soon: its member is reminded."""
    owning.remind(message.tenant_id, message.data["pk"].rpartition("#")[2], message.data["sk"], now)


@consumer.on_all("member.joined")
def joined(messages: Sequence[Message], now: datetime) -> None:
    """People joined, whose addresses may be other ways to write those of somebody known."""
    by_email = [message.data["member_id"] for message in messages if message.data.get("email", True)]
    if by_email:
        people.note_people(messages[0].tenant_id, by_email)


@consumer.on("member.united")
def united(message: Message, now: datetime) -> None:
    """A member's history became another's: so do their coupons."""
    uniting.hand_on(message.tenant_id, message.data["member_id"], now)
