"""The active promotions of a tenant, as orders look at them: one item, which a process remembers for a second."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.kernel.remembering import to_forget
from chalicelib.promotions.model.promotion import Promotion
from chalicelib.promotions.records import ActivePromotions

REMEMBERED = timedelta(seconds=1)
_MOST = 1_000
_seen: dict[str, tuple[datetime, tuple[Promotion, ...]]] = {}
to_forget(_seen.clear)


def seen_active(tenant_id: str, now: datetime) -> Sequence[Promotion] | None:
    """A tenant's active promotions as they were read a moment ago. None where they are to be read."""
    found = _seen.get(tenant_id)
    return found[1] if found is not None and timedelta(0) <= now - found[0] < REMEMBERED else None


def see_active(tenant_id: str, record: ActivePromotions | None, now: datetime) -> Sequence[Promotion]:
    """Remembers a tenant's active promotions, which were just read; there may be none."""
    if len(_seen) >= _MOST:
        _seen.clear()
    promotions = tuple(record.promotions) if record else ()
    _seen[tenant_id] = now, promotions
    return promotions


def forget(tenant_id: str) -> None:
    """Has this process read them again, after a change of its own."""
    _seen.pop(tenant_id, None)
