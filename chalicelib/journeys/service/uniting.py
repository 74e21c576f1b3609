"""Two members turn out to be one person: they go on, once, in the arm in which they were."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.journeys.model.arms import MIXED
from chalicelib.journeys.model.results import Tally
from chalicelib.journeys.model.running import State
from chalicelib.journeys.model.uniting import takes_over
from chalicelib.journeys.records import Counting, WayRecord, part_of
from chalicelib.journeys.service.counting import count_orders
from chalicelib.journeys.service.entering import gather
from chalicelib.journeys.service.reading import get_version
from chalicelib.kernel.errors import NotFound
from chalicelib.members.service.members import get_member


def hand_on(tenant_id: str, gone_id: str, now: datetime) -> None:
    """The ways of a member whose history is another's become the other's. Who was in the same journey as both goes on
    in one of the two ways, so that no step is done again; where the arms were not the same, the person counts in
    neither, and who was left alone as one of them is left alone for good. Done again, nothing is handed on twice.
    """
    with suppress(NotFound):
        stays = get_member(tenant_id, gone_id, consistent=True)
        if stays.id != gone_id:
            for way in WayRecord.every(WayRecord.partition(tenant_id, gone_id), consistent=True):
                if "#" not in str(way.sk):
                    if way.state != State.UNITED:
                        _hand_on(way, stays.id, now)
                    if way.orders:
                        count_orders(tenant_id, way.orders, now)


@dataclass(frozen=True, slots=True)
class _Ways:
    """A member's ways through a journey: the latest, and those before it by which they count."""

    latest: WayRecord | None
    earlier: tuple[WayRecord, ...]

    @classmethod
    def of(cls, tenant_id: str, member_id: str, journey_id: str) -> "_Ways":
        partition = WayRecord.partition(tenant_id, member_id)
        found = list(WayRecord.every(partition, begins_with=journey_id, consistent=True))
        latest = next((each for each in found if each.sk == journey_id), None)
        return cls(latest, tuple(each for each in found if each.counted and each is not latest))


def _hand_on(found: WayRecord, stays_id: str, now: datetime) -> None:
    tenant_id, journey_id = found.tenant_id, str(found.journey_id)

    def read() -> tuple[_Ways, _Ways]:
        gone, stays = (_Ways.of(tenant_id, each, journey_id) for each in (found.member_id, stays_id))
        return gone, stays

    def decide(read: tuple[_Ways, _Ways], tx: Transaction) -> None:
        (gone, theirs), (there, own) = ((each.latest, each.earlier) for each in read)
        if gone is None or gone.state == State.UNITED:
            return
        if there is None:
            moved = _moved(gone, stays_id)
            tx.create("there", moved)
            gather(tx, f"united#{gone.member_id}", [moved])
        elif gone.arm != there.arm:
            _leave_alone(tx, gone, there, [*theirs, *own], now)
        else:
            versions = {int(each.version) for each in (*own, there) if each.counted}
            twice = [each for each in theirs if int(each.version) in versions]
            if takes_over(gone.passage, there.passage, _again(there)):
                _take_over(tx, gone, there, twice, now)
            else:
                tx.check("there", WayRecord, str(there.pk), str(there.sk), WayRecord.rev == int(there.rev))
                _count_out(tx, [gone, *twice])
            _no_more(tx, twice)
        _ends(gone, now)
        tx.replace("gone", gone)

    change(read, decide)


def _again(way: WayRecord) -> int | None:
    return get_version(way.tenant_id, way.journey_id, int(way.version)).definition.again_after_days


def _moved(gone: WayRecord, stays_id: str) -> WayRecord:
    """The same way as that of the member who stays."""
    moved = WayRecord.from_raw_data(gone.serialize())
    moved.pk, moved.sk = WayRecord.address(gone.tenant_id, stays_id, gone.journey_id)
    moved.member_id, moved.rev = stays_id, 1
    return moved


def _ends(way: WayRecord, now: datetime) -> None:
    """Goes on as another way, which counts instead of it."""
    way.state, way.wakes_at, way.ended_at, way.counted = State.UNITED.value, None, now, False


def _leave_alone(
    tx: Transaction, gone: WayRecord, there: WayRecord, earlier: Sequence[WayRecord], now: datetime
) -> None:
    """They were in control as one of the two, and count by none of their ways."""
    _count_out(tx, [gone, there, *earlier])
    _no_more(tx, earlier)
    if there.is_inside:
        there.state, there.wakes_at, there.ended_at = State.CONTROL.value, None, now
    there.drawn, there.counted = MIXED, False
    tx.replace("there", there)


def _take_over(tx: Transaction, gone: WayRecord, there: WayRecord, twice: Sequence[WayRecord], now: datetime) -> None:
    """The way of who is gone goes on as one more entry of who stays, whose own is kept beside it. They count once."""
    moved = _moved(gone, str(there.member_id))
    moved.entry, moved.rev = int(there.entry) + 1, there.rev
    if there.version == gone.version and not there.counted:
        moved.counted = False
    _count_out(tx, [there, *twice] if moved.counted else [gone, there, *twice])
    kept = there.aside()
    _ends(kept, now)
    tx.create("earlier way", kept)
    tx.replace("there", moved)
    gather(tx, f"united#{gone.member_id}", [moved])


def _no_more(tx: Transaction, ways: Sequence[WayRecord]) -> None:
    """They count by these ways no more."""
    for way in ways:
        way.counted = False
        tx.replace(f"{way.sk} of {way.member_id}", way)


def _count_out(tx: Transaction, ways: Sequence[WayRecord]) -> None:
    """Takes members out of their arms, those who count."""
    by_version: dict[int, list[WayRecord]] = defaultdict(list)
    for way in ways:
        if way.counted:
            by_version[int(way.version)].append(way)
    for version, those in by_version.items():
        first = those[0]
        share = get_version(first.tenant_id, first.journey_id, version).definition.control_bps
        counting = Counting(first.tenant_id, first.journey_id, version, part_of(first.member_id))
        for way in those:
            counting.arm(way.entered_on, way.arm, Tally() - (Tally(entered=1, expected_bps=share) + way.tally))
        counting.add_to(tx)
