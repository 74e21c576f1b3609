"""Two members turn out to be one person: what the one wanted, the other wants from then on."""

from contextlib import suppress
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import NotFound
from chalicelib.members.service.members import get_member
from chalicelib.wanting.model.lists import MOST, Kept, Kind
from chalicelib.wanting.records import KeptRecord, written
from chalicelib.wanting.service import keeping
from chalicelib.wanting.service.keeping import Changed, Whose


def hand_on(tenant_id: str, gone_id: str, now: datetime) -> None:
    """Hands on what a member wanted whose history is another's, entry by entry, each in one transaction: a crash in
    between, or doing it again, loses nothing and counts nothing twice. Of what both wanted the earlier stays, with its
    place in line; what the other's list has no room for goes.
    """
    with suppress(NotFound):
        stays = get_member(tenant_id, gone_id, consistent=True)
        if stays.id != gone_id:
            for kind in Kind:
                while _hand_on_one(tenant_id, gone_id, stays.id, kind):
                    pass


def _hand_on_one(tenant_id: str, gone_id: str, stays_id: str, kind: Kind) -> bool:
    """Hands the latest entry of a list on. False where there is none."""

    def decide(both: tuple[KeptRecord | None, KeptRecord | None], tx: Transaction) -> bool:
        gone, there = both
        kept = gone.kept if gone else {}
        if gone is None or not kept:
            return False
        name, entry = next(iter(kept.items()))
        del kept[name]
        gone.kept = kept
        changed: list[Changed] = [(Whose(tenant_id, gone_id, name), entry, None)]
        tx.replace("gone", gone)
        record = there or written(tenant_id, stays_id, kind)
        own = record.kept
        before: Kept | None = own.get(name)
        after = entry.earlier(before)
        if before != after and (before is not None or len(own) < MOST[kind]):
            record.kept = own | {name: after}
            changed.append((Whose(tenant_id, stays_id, name), before, after))
            keeping.write(tx, there, record)
        keeping.follow(tx, kind, *changed)
        return True

    return change(
        lambda: (keeping.read(tenant_id, gone_id, kind), keeping.read(tenant_id, stays_id, kind)), decide
    )  # fmt: skip
