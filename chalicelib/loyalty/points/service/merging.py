"""Two members turned out to be one person: points and standing of the one go to the other, whose history it is now."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.loyalty.points.model.earning import Counts
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Holding
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord
from chalicelib.loyalty.points.service.ledger import Account, give, read_account, take, write
from chalicelib.loyalty.tiers.model.standing import Standing, united
from chalicelib.loyalty.tiers.records import StandingRecord
from chalicelib.loyalty.tiers.service import standings


@dataclass(slots=True)
class _Pair:
    """What is left of the one, and the account of the other."""

    points: PointsRecord | None
    standing: StandingRecord | None
    stays: Account


def merge(tenant_id: str, gone_id: str, now: datetime) -> None:
    """Moves everything to the member whose history it has become. Repeated, it finds nothing left. Raises NotFound."""

    def read() -> _Pair:
        addresses = [
            (PointsRecord, *PointsRecord.address(tenant_id, gone_id)),
            (StandingRecord, *StandingRecord.address(tenant_id, gone_id)),
        ]
        points, standing = fetch_many(addresses, consistent=True)
        return _Pair(points, standing, read_account(tenant_id, gone_id))

    def decide(pair: _Pair, tx: Transaction) -> None:
        if pair.stays.member_id == gone_id:
            return
        moved = _move_points(tx, pair, now)
        moved = _move_standing(tx, pair, now) or moved
        if moved:
            write(tx, pair.stays)

    change(read, decide)


def _move_points(tx: Transaction, pair: _Pair, now: datetime) -> bool:
    gone, stays = pair.points, pair.stays
    if gone is None or (gone.holding == Holding() and gone.counts == Counts()):
        return False
    holding, cause = gone.holding, Cause(CauseType.MERGE, gone.member_id)
    if holding.lots:
        give(stays, cause, holding.lots, now)
    take(stays, cause, holding.debt, now)
    stays.head.counts = stays.head.counts.united(gone.counts)
    if holding.balance:
        tx.create("entry of gone", _left(gone, stays.member_id, now))
    gone.holding, gone.counts = Holding(), Counts()
    tx.replace("points of gone", gone)
    return True


def _left(gone: PointsRecord, stays_id: str, now: datetime) -> PointsEntryRecord:
    """The entry with which the one's ledger ends."""
    gone.entries = int(gone.entries) + 1
    entry = PointsEntryRecord.of_cause(gone.tenant_id, gone.member_id, Cause(CauseType.MERGE, stays_id))
    entry.number, entry.delta, entry.balance, entry.at = int(gone.entries), -gone.holding.balance, 0, now
    return entry


def _move_standing(tx: Transaction, pair: _Pair, now: datetime) -> bool:
    gone, stand = pair.standing, pair.stays.stand
    if gone is None or gone.standing == Standing():
        return False
    today = stand.today(now)
    both = united(standings.brought(stand, today), gone.standing, stand.tiers)
    standings.put(stand, both, now)
    standings.look(stand, now)
    gone.standing = Standing()
    tx.replace("standing of gone", gone)
    return True
