"""A step gives coupons, with the members' ways in one transaction, and never more of a batch than one may have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.coupons.errors import BatchPaused, EnoughCoupons, OnlyForNewMembers
from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.service.handing_out import Owned, check_may_have, check_open, count, give, read_owned
from chalicelib.db import Transaction, change
from chalicelib.journeys.model.running import Outcome, Why
from chalicelib.journeys.model.steps import Coupon
from chalicelib.journeys.records import WayRecord
from chalicelib.journeys.service.round import Round, again, members_of, save, still_there

TOGETHER = 10
"""Members in one transaction: each writes their way, a coupon, and of one for new members who they are by address."""


@dataclass(frozen=True, slots=True)
class _Those:
    """The ways that stand before the step, with the members who have them and what these have of the batch."""

    ways: Sequence[WayRecord]
    owned: dict[str, Owned]


def give_coupons(this: Round, ways: Sequence[WayRecord]) -> None:
    """Gives each of these members a coupon, if they may have one, and takes them on."""
    for number in sorted({int(each.step) for each in ways}):
        step = this.step(number)
        if isinstance(step, Coupon):
            place = BatchRecord.address(this.tenant.id, step.batch_id)
            _give(
                this, [each for each in ways if each.step == number], number, BatchRecord.fetch(*place, consistent=True)
            )


def _give(this: Round, ways: Sequence[WayRecord], number: int, batch: BatchRecord | None) -> None:
    closed = _closed(batch, this.now)
    try:
        _commit(this, ways, number, None if closed else batch, closed or "")
    except BatchPaused:  # at this moment
        _commit(this, ways, number, None, "batch_paused")


def _closed(batch: BatchRecord | None, now: datetime) -> str | None:
    """Why nothing of a batch is given; None where it is."""
    if batch is None or batch.validity.over(now):
        return "batch_over"
    return "batch_paused" if batch.paused else None


def _commit(this: Round, ways: Sequence[WayRecord], number: int, batch: BatchRecord | None, closed: str) -> None:
    def read() -> _Those:
        found = [each for each in again(ways) if still_there(each, number, this.now)]
        members = members_of(this.tenant.id, found)
        owned = (
            read_owned(batch, list(members.values())) if batch else [Owned(each, [], {}) for each in members.values()]
        )
        return _Those(found, {each.member.id: each for each in owned})

    def decide(those: _Those, tx: Transaction) -> None:
        if not those.ways:
            return
        counting, given = this.counting(those.ways), 0
        for way in those.ways:
            owned = those.owned.get(way.member_id)
            if (why := this.must_leave(way, owned.member if owned else None)) is not None or owned is None:
                way.leaves(why or Why.BRAND, this.now)
            else:
                held = closed or (_hand_out(tx, batch, owned, way, number, this.now) if batch else "batch_over")
                given += not held
                this.reaches(counting, way, number, Outcome.HELD if held else Outcome.DONE, held)
                this.go_on(way, owned.member, number)
            save(tx, way)
        if batch is not None and given:
            count(tx, batch, given, those.ways[0].member_id)
        counting.add_to(tx)

    change(read, decide, refused=check_open)


def _hand_out(tx: Transaction, batch: BatchRecord, owned: Owned, way: WayRecord, number: int, now: datetime) -> str:
    """Adds a member's coupon; or says why they get none."""
    try:
        place = check_may_have(batch, owned)
    except EnoughCoupons:
        return "has_enough"
    except OnlyForNewMembers:
        return "not_new"
    give(tx, batch, owned, place, f"journey:{way.journey_id}:{int(way.entry)}:{number}", now)
    return ""
