"""A step gives points: the entry in the member's ledger and their way are one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.db import Transaction, change
from chalicelib.journeys.model.running import Outcome
from chalicelib.journeys.model.steps import Points
from chalicelib.journeys.records import WayRecord
from chalicelib.journeys.service.round import Round, again, save, still_there
from chalicelib.kernel.ids import derived_id
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Lot
from chalicelib.loyalty.points.service.ledger import Account, give, read_account, write


@dataclass(frozen=True, slots=True)
class _One:
    """A member's way, and their ledger."""

    way: WayRecord
    account: Account


def give_points(this: Round, ways: Sequence[WayRecord]) -> None:
    """Gives one member their points, and takes them on."""
    (way,) = ways
    number, step = int(way.step), this.step(int(way.step))
    if isinstance(step, Points):
        _give(this, way, number, step.points)


def _give(this: Round, way: WayRecord, number: int, points: int) -> None:
    cause = Cause(CauseType.JOURNEY, derived_id(way.journey_id, way.member_id, str(int(way.entry)), str(number)))

    def read() -> _One | None:
        found = again([way])
        if not found or not still_there(found[0], number, this.now):
            return None
        return _One(found[0], read_account(this.tenant.id, way.member_id, (cause,)))

    def decide(one: _One | None, tx: Transaction) -> None:
        if one is None:
            return
        now, account = one.way, one.account
        counting = this.counting([now])
        if why := this.must_leave(now, account.stand.member):
            now.leaves(why, this.now)
        else:
            if cause not in account.booked and give(account, cause, (Lot(points),), this.now) is not None:
                write(tx, account)
            this.reaches(counting, now, number, Outcome.DONE)
            this.go_on(now, account.stand.member, number)
        save(tx, now)
        counting.add_to(tx)

    change(read, decide)
