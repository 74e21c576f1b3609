"""What members' ledgers give and take is counted entry by entry, and what they hold by the month in which it ends."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.db import Transaction, change
from chalicelib.insight.effects.model.points import flow_of, outstanding
from chalicelib.insight.effects.records import CountedPointsRecord
from chalicelib.insight.effects.service.counting import Counting, count
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.points.model.entries import CauseType
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord, member_entries

AT_ONCE = 20
"""Entries that are counted in one transaction: each may have a day of its own, and what is held the months of three
years. A longer ledger, of before this was counted, takes several.
"""


@dataclass(slots=True)
class _Found:
    """The head of a member's ledger, what of it was counted, and the entries that were not."""

    head: PointsRecord
    counted: CountedPointsRecord
    entries: list[PointsEntryRecord]
    is_new: bool


def follow(tenant_id: str, member_ids: Iterable[str]) -> None:
    """Counts what was booked in members' ledgers since they were counted last. Where a ledger took over another's, that
    one is looked at as well: it holds nothing any more. Raises Unavailable where the list of entries lags behind.
    """
    waiting = list(dict.fromkeys(member_ids))
    for member_id in waiting:
        while entries := _follow(tenant_id, member_id):
            merged = [each.cause_id for each in entries if each.cause.type is CauseType.MERGE]
            waiting += [each for each in merged if each not in waiting]
            if len(entries) < AT_ONCE:
                break


def _follow(tenant_id: str, member_id: str) -> list[PointsEntryRecord]:
    """Counts up to so many entries of one ledger; answers which."""

    def decide(found: _Found | None, tx: Transaction) -> list[PointsEntryRecord]:
        if found is None:
            return []
        _count(found, tx)
        return found.entries

    return change(lambda: _read(tenant_id, member_id), decide)


def _read(tenant_id: str, member_id: str) -> _Found | None:
    """None for a member without a ledger. What was counted is read before the ledger, as it is of orders."""
    counted = CountedPointsRecord.fetch(*CountedPointsRecord.address(tenant_id, member_id), consistent=True)
    head = PointsRecord.fetch(*PointsRecord.address(tenant_id, member_id), consistent=True)
    if head is None:
        return None
    known = counted or CountedPointsRecord(*CountedPointsRecord.address(tenant_id, member_id))
    return _Found(head, known, _entries(head, int(known.through)), is_new=counted is None)


def _entries(head: PointsRecord, through: int) -> list[PointsEntryRecord]:
    """The entries after a number, in order and without a gap, up to the ledger's last one."""
    last = min(int(head.entries), through + AT_ONCE)
    if last <= through:
        return []
    between = (f"{through + 1:010d}", f"{last:010d}")
    listed = member_entries(head.tenant_id, head.member_id)
    found = list(PointsEntryRecord.every(listed, index="gsi1", between=between))
    if [int(each.number) for each in found] != list(range(through + 1, last + 1)):
        raise Unavailable("The list of entries lags behind the ledger; the message comes again.", retry_after=1)
    return found


def _count(found: _Found, tx: Transaction) -> None:
    counted, counting, tz = found.counted, Counting(), zone(found.head.timezone)
    for entry in found.entries:
        flow = flow_of(entry.cause.type, int(entry.delta))
        if flow is not None:
            counting.add(local_date(entry.at, tz), dict([flow]))
    held = outstanding(found.head.holding)
    for month in {**counted.held, **held}:
        counting.outstanding[month] += held.get(month, 0) - counted.held.get(month, 0)
    if not found.entries and held == counted.held:
        return
    counted.through, counted.held = int(counted.through) + len(found.entries), held
    if found.is_new:
        tx.create("counted", counted)
    else:
        tx.replace("counted", counted)
    count(tx, counted.tenant_id, counting, found.head.member_id)
