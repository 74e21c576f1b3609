"""The one way in which a member's lists change: the list, what follows from it and the counts, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.db import Transaction, change
from chalicelib.wanting.errors import ListFull
from chalicelib.wanting.model.lists import MOST, Kept, Kind
from chalicelib.wanting.records import KeptRecord, PlaceRecord, ReminderRecord, written
from chalicelib.wanting.service.counting import Counts


@dataclass(frozen=True, slots=True)
class Whose:
    """An entry of a member's list: what is wanted, by whom."""

    tenant_id: str
    member_id: str
    name: str


Change = Callable[[Transaction, Counts, Whose, Kept | None, Kept | None], None]
"""Adds what follows when an entry becomes another: from None when it is new, to None when it goes."""


def _favourite(_: Transaction, counts: Counts, whose: Whose, before: Kept | None, after: Kept | None) -> None:
    counts.favourite(whose.name, whose.member_id, (after is not None) - (before is not None))


def _reminder(tx: Transaction, counts: Counts, whose: Whose, before: Kept | None, after: Kept | None) -> None:
    more = (after is not None) - (before is not None)
    place = ReminderRecord.address(whose.tenant_id, whose.name, whose.member_id)
    if more > 0:
        tx.put(f"reminder:{whose.member_id}", ReminderRecord(*place))
    elif more < 0:
        tx.delete(f"reminder:{whose.member_id}", ReminderRecord, *place)
    counts.reminder(whose.name, whose.member_id, more)


def _waiting(tx: Transaction, counts: Counts, whose: Whose, before: Kept | None, after: Kept | None) -> None:
    tenant_id, offer_id, member_id = whose.tenant_id, whose.name, whose.member_id
    known = after or before
    if known is None or before == after:
        return
    units = (after.quantity if after else 0) - (before.quantity if before else 0)
    more = (after is not None) - (before is not None)
    counts.place(offer_id, member_id, known, more, units)
    if before is not None and (after is None or after.since != before.since):
        tx.delete(
            f"left:{member_id}", PlaceRecord, *PlaceRecord.address(tenant_id, offer_id, before.since, member_id)
        )  # fmt: skip
    if after is None:
        return
    place = PlaceRecord.address(tenant_id, offer_id, after.since, member_id)
    if before is None or after.since != before.since:
        tx.create(f"place:{member_id}", PlaceRecord(*place, member_id=member_id, quantity=after.quantity))
    else:
        actions = [PlaceRecord.quantity.set(after.quantity)]
        tx.update(f"place:{member_id}", PlaceRecord, *place, actions=actions, condition=PlaceRecord.pk.exists())


_FOLLOWS: Mapping[Kind, Change] = {Kind.FAVOURITES: _favourite, Kind.WAITING: _waiting, Kind.REMINDERS: _reminder}

Changed = tuple[Whose, Kept | None, Kept | None]
"""An entry before and after."""


def follow(tx: Transaction, kind: Kind, *changed: Changed) -> None:
    """Adds to a transaction what follows when entries of a list become others."""
    counts = Counts()
    for whose, before, after in changed:
        _FOLLOWS[kind](tx, counts, whose, before, after)
    for whose, _, _ in changed[:1]:
        counts.into(tx, whose.tenant_id)


_FULL = {
    Kind.FAVOURITES: ("favourites", "收藏"), Kind.WAITING: ("offers that you wait for", "候补"),
    Kind.REMINDERS: ("products that you are told of", "开团提醒"),
}  # fmt: skip


def list_of(tenant_id: str, member_id: str, kind: Kind, *, consistent: bool = False) -> dict[str, Kept]:
    """What a member keeps, the latest first."""
    found = KeptRecord.fetch(*KeptRecord.address(tenant_id, member_id, kind), consistent=consistent)
    return found.kept if found else {}


def keep(
    tenant_id: str,
    member_id: str,
    kind: Kind,
    name: str,
    entry: Callable[[Kept | None], Kept],
    beside: Callable[[Transaction], None] | None = None,
) -> Kept:
    """Puts an entry on a member's list, made from the one that is there; the same one again changes nothing. ``beside``
    adds what else is to be written with it. Raises ListFull.
    """

    def decide(found: KeptRecord | None, tx: Transaction) -> Kept:
        record = found or written(tenant_id, member_id, kind)
        kept = record.kept
        before = kept.get(name)
        after = entry(before)
        if before == after:
            return after
        if before is None and len(kept) >= MOST[kind]:
            raise _full(kind)
        record.kept = kept | {name: after}
        follow(tx, kind, (Whose(tenant_id, member_id, name), before, after))
        if beside is not None:
            beside(tx)
        write(tx, found, record)
        return after

    return change(lambda: read(tenant_id, member_id, kind), decide)


def drop(tenant_id: str, member_id: str, kind: Kind, name: str) -> bool:
    """Takes an entry off a member's list; False where it is not on it."""

    def decide(found: KeptRecord | None, tx: Transaction) -> bool:
        kept = found.kept if found else {}
        before = kept.pop(name, None)
        if found is None or before is None:
            return False
        found.kept = kept
        follow(tx, kind, (Whose(tenant_id, member_id, name), before, None))
        write(tx, found, found)
        return True

    return change(lambda: read(tenant_id, member_id, kind), decide)


def read(tenant_id: str, member_id: str, kind: Kind) -> KeptRecord | None:
    """A list as last committed."""
    return KeptRecord.fetch(*KeptRecord.address(tenant_id, member_id, kind), consistent=True)


def write(tx: Transaction, found: KeptRecord | None, record: KeptRecord, name: str = "list") -> None:
    """Adds a list to a transaction: a new one, or the next revision of what was read."""
    if found is None:
        tx.create(name, record)
    else:
        tx.replace(name, record)


def _full(kind: Kind) -> ListFull:
    en, zh = _FULL[kind]
    return ListFull(
        f"You have {MOST[kind]} {en}, as many as there may be; take one off first.",
        detail_zh=f"您的{zh}已达 {MOST[kind]} 个上限，请先移除一个。",
        extra={"most": MOST[kind]},
    )
