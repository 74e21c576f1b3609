"""Under which other ordinals members' histories are recorded: found from the one whose they are now, however many were
united in the brand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.members.records import SourcesKnown, SourcesRecord, UnitedRecord


def sources_of(tenant_id: str, ordinals: Iterable[int]) -> dict[int, Sequence[int]]:
    """The ordinals whose history has become another's, by that other's ordinal, also by way of a third; of these others
    only. One request where nobody was united, else one more for each hundred.

    What was united before this was kept is read as a whole until it is entered.
    """
    wanted = list(dict.fromkeys(ordinals))
    if not wanted or not UnitedRecord.page(UnitedRecord.partition(tenant_id), limit=1, consistent=True).items:
        return {}
    places = [(SourcesRecord, *SourcesRecord.address(tenant_id, each)) for each in wanted]
    known, *found = fetch_many([(SourcesKnown, *SourcesKnown.address(tenant_id)), *places], consistent=True)
    if known is None:
        before = _by_whose(every_union(tenant_id))
        return {ordinal: before[ordinal] for ordinal in wanted if ordinal in before}
    return {ordinal: each.ordinals for ordinal, each in zip(wanted, found, strict=True) if each is not None}


def hand_on(tx: Transaction, tenant_id: str, gone: int, stays: int) -> None:
    """Adds that the history of the one, with all that had become theirs, is the other's. To be written with both
    members as they were read, so that no other union comes between.
    """
    enter(tenant_id)
    found = sources_of(tenant_id, (gone, stays))
    all_of_it = [*found.get(stays, ()), gone, *found.get(gone, ())]
    tx.put("sources", SourcesRecord(*SourcesRecord.address(tenant_id, stays), stored=all_of_it))


def enter(tenant_id: str) -> None:
    """Enters, once, what was united before it was kept from whom a history comes: each only where nothing stands, since
    another worker may be further.
    """
    place = SourcesKnown.address(tenant_id)
    if fetch_many([(SourcesKnown, *place)], consistent=True) != [None]:
        return
    for stays, gone in _by_whose(every_union(tenant_id)).items():
        _create(SourcesRecord(*SourcesRecord.address(tenant_id, stays), stored=list(gone)))
    _create(SourcesKnown(*place))


def every_union(tenant_id: str) -> list[UnitedRecord]:
    """All that was united, as it is stored."""
    return list(UnitedRecord.every(UnitedRecord.partition(tenant_id), consistent=True))


def whose(into: Mapping[int, int]) -> dict[int, int]:
    """By ordinal, whose history it is in the end, where one went by way of another."""
    found = dict(into)
    for ordinal in into:
        while found[ordinal] in into:
            found[ordinal] = into[found[ordinal]]
    return found


def _by_whose(unions: Iterable[UnitedRecord]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for gone, stays in whose({each.ordinal: int(each.into) for each in unions}).items():
        found[stays].append(gone)
    return dict(found)


def _create(record: SourcesRecord | SourcesKnown) -> None:
    tx = Transaction()
    tx.create("sources", record)
    with suppress(Refused):
        tx.commit()
