"""What brings members before the rules: who they are, what they said, and long work that goes on."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.db import fetch_many
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import STALLED
from chalicelib.loyalty.points.records import POINTS_CHANGED
from chalicelib.loyalty.tiers.records import TIER_CHANGED
from chalicelib.members.records import MemberRecord, RemovedRecord
from chalicelib.members.service.classes import CLASSES_CHANGED
from chalicelib.messaging import Consumer, Message
from chalicelib.segments.records import COUNTING, JOBS, LISTING, NIGHT, SCORED
from chalicelib.segments.service import counting, lists, scoring
from chalicelib.segments.service.evaluating import has_segments, look_at
from chalicelib.tenants.records import DAY_ENDED

changes = Consumer("insight")
work = Consumer("rollup")


@changes.on_all(
    "member.joined", "member.profile_changed", "member.left", "member.rejoined", "member.removed", "member.united",
    TIER_CHANGED, POINTS_CHANGED,
)  # fmt: skip
def members_changed(messages: Sequence[Message], now: datetime) -> None:
    """Looks at the members whom something happened to; what one had whose history is another's goes to the other."""
    tenant_id = messages[0].tenant_id
    for message in messages:
        if message.type == "member.united":
            lists.hand_on(tenant_id, message.data["member_id"], now)
    if has_segments(tenant_id):
        look_at(tenant_id, _ordinals(tenant_id, [message.data["member_id"] for message in messages]), now)


def _ordinals(tenant_id: str, member_ids: Sequence[str]) -> list[int]:
    """The ordinals of members, and of those who are no more; of one whose history is another's, also the other's."""
    ids = list(dict.fromkeys(member_ids))
    members = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in ids], consistent=True)
    absent = [each for each, member in zip(ids, members, strict=True) if member is None]
    places = [(RemovedRecord, *RemovedRecord.address(tenant_id, each)) for each in absent]
    removed = fetch_many(places, consistent=True) if places else []
    found = [each for each in (*members, *removed) if each is not None]
    united = [int(each.united_with) for each in members if each is not None and each.united_with is not None]
    return [*(int(each.ordinal) for each in found), *united]


@work.on(COUNTING.message)
def count_on(message: Message, now: datetime) -> None:
    """Decides for all members for a while."""
    counting.count_on(message.tenant_id, message.data["job_id"], now)


@work.on(NIGHT.message)
def look_on(message: Message, now: datetime) -> None:
    """Looks for a while at those for whom a rule may turn today."""
    counting.look_on(message.tenant_id, message.data["job_id"], now)


@work.on(SCORED)
def scores_changed(message: Message, now: datetime) -> None:
    """Looks for a while at those whose scores have changed."""
    scoring.look_on(message.tenant_id, message.data["chunk"], now)


@work.on(LISTING.message)
def work_on(message: Message, now: datetime) -> None:
    """Goes through a file or the members of a segment for a while."""
    lists.work_on(message.tenant_id, message.data["job_id"], now)


@work.on(CLASSES_CHANGED)
def classes_changed(message: Message, now: datetime) -> None:
    """Whoever asks for a class asks again."""
    counting.count_anew(message.tenant_id, "class", now)


@work.due(DAY_ENDED)
def day_ended(message: Message, now: datetime) -> None:
    """Begins the looks of the day that has begun."""
    counting.begin_night(message.tenant_id, now)


@work.due(STALLED)
def revive(message: Message, now: datetime) -> None:
    """Continues work on segments that nobody does any more."""
    jobs.revive(JOBS, message.tenant_id, message.data["pk"].rpartition("#")[2], now)
