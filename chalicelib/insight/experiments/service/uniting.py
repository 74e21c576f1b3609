"""Who turns out to be somebody else keeps the arm that they saw: a visitor who signs in, or a member who was another.

Who was in two arms by that is counted in neither.
"""

from collections.abc import Callable
from functools import partial

from chalicelib.db import Transaction, change
from chalicelib.insight.experiments.model.plan import Plan
from chalicelib.insight.experiments.model.tallies import Outcome, Tally
from chalicelib.insight.experiments.records import Counting, ExperimentRecord, ExposureRecord, member, visitor
from chalicelib.insight.experiments.service.counting import count_orders_since
from chalicelib.insight.intake.records import VisitorRecord
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member


def take_over(tenant_id: str, visitor_id: str, ordinal: int) -> None:
    """What a visitor was exposed to becomes the member's whose they are: the first one's who signed in there. Done
    again nothing changes.
    """
    exposures = list(ExposureRecord.of(tenant_id, visitor(visitor_id)))
    if all(each.handed_on for each in exposures):
        return
    joined = VisitorRecord.fetch(*VisitorRecord.address(tenant_id, visitor_id), consistent=True)
    if joined is None or int(joined.ordinal) != ordinal:
        return
    found = MemberRecord.fetch(*MemberRecord.address_of_ordinal(tenant_id, ordinal))
    if found is not None:
        _hand_on(tenant_id, exposures, get_member(tenant_id, found.id))


def hand_on(tenant_id: str, gone_id: str) -> None:
    """The exposures of a member whose history is another's become the other's. Done again nothing changes. Raises
    NotFound.
    """
    stays = get_member(tenant_id, gone_id, consistent=True)
    if stays.id != gone_id:
        _hand_on(tenant_id, list(ExposureRecord.of(tenant_id, member(gone_id))), stays)


def _hand_on(tenant_id: str, exposures: list[ExposureRecord], whose: MemberRecord) -> None:
    """Moves exposures, and counts what the member ordered since; only then they are handed on, and never looked at
    again.
    """
    who, left = member(whose.id), [each for each in exposures if not each.handed_on]
    for each in left:
        record = ExperimentRecord.fetch(*ExperimentRecord.address(tenant_id, each.experiment_id))
        if record is not None:
            change(_both(each, who), partial(_move, record.plan, who))
    if left:
        count_orders_since(tenant_id, whose, min(each.exposed_at for each in left))
    for each in left:
        tx, address = Transaction(), (str(each.pk), str(each.sk))
        done = [ExposureRecord.handed_on.set(True), ExposureRecord.rev.add(1)]
        tx.update("exposure", ExposureRecord, *address, actions=done, condition=ExposureRecord.pk.exists())
        tx.commit()


Both = tuple[ExposureRecord | None, ExposureRecord | None]


def _both(gone: ExposureRecord, who: str) -> Callable[[], Both]:
    places = [(str(gone.pk), str(gone.sk)), ExposureRecord.address(gone.tenant_id, who, gone.experiment_id)]

    def read() -> Both:
        first, second = (ExposureRecord.fetch(*place, consistent=True) for place in places)
        return first, second

    return read


def _move(plan: Plan, who: str, both: Both, tx: Transaction) -> None:
    gone, there = both
    if gone is None or gone.state == ExposureRecord.MOVED:
        return
    counting = Counting(gone.tenant_id, gone.experiment_id)
    _count(counting, gone, plan, -1)
    if there is None:
        there = ExposureRecord(
            *ExposureRecord.address(gone.tenant_id, who, gone.experiment_id), arm=gone.arm, state=gone.state,
            exposed_at=gone.exposed_at,
        )  # fmt: skip
        there.outcome = gone.outcome
        tx.create("there", there)
    else:
        _count(counting, there, plan, -1)
        same = there.arm == gone.arm and ExposureRecord.CROSSED not in (there.state, gone.state)
        there.state = ExposureRecord.COUNTED if same else ExposureRecord.CROSSED
        there.exposed_at = min(there.exposed_at, gone.exposed_at)
        there.outcome = _together(there.outcome, gone.outcome)
        tx.replace("there", there)
    _count(counting, there, plan, 1)
    counting.add_to(tx)
    gone.state = ExposureRecord.MOVED
    tx.replace("gone", gone)


def _together(one: Outcome, other: Outcome) -> Outcome:
    first_on = min(one.exposed_on, other.exposed_on)
    return Outcome(first_on, {**other.orders, **one.orders}, one.complaints | other.complaints)


def _count(counting: Counting, exposure: ExposureRecord, plan: Plan, sign: int) -> None:
    """Counts somebody in or out, in their arm or among those who were in two."""
    if exposure.state == ExposureRecord.CROSSED:
        counting.cross(exposure, sign)
    else:
        tally = exposure.tally(plan)
        counting.add(exposure, tally if sign > 0 else Tally() - tally)
