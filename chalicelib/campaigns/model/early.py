"""Early access: members of some tiers order from a published campaign before it opens for everybody. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from chalicelib.campaigns.model.kinds import Kind

NOT_AHEAD: Final = timedelta(0)

EARLY_KINDS: Final = frozenset({Kind.GROUP_ORDER, Kind.LADDER, Kind.PRE_ORDER})
"""The kinds that have early access. A flash sale is the one moment at which all start; a team needs neighbours who may
join it, and its hours run from its first order on.
"""


def early_access(kind: Kind, hours_by_tier: Iterable[tuple[str, int]], *, is_gift: bool) -> dict[str, int]:
    """How many hours before its opening a campaign takes the orders of each tier, by the tier's code; of tiers without
    the privilege nothing, and of no tier where the kind has no early access. A gift has none.
    """
    if is_gift or kind not in EARLY_KINDS:
        return {}
    return {tier: hours for tier, hours in hours_by_tier if hours > 0}


def ahead_of(early: Mapping[str, int], tier: str | None) -> timedelta:
    """How long before the opening a member of a tier may order; nothing for who has none."""
    return timedelta(hours=early.get(tier, 0)) if tier is not None else NOT_AHEAD


def first_ahead(early: Mapping[str, int]) -> timedelta:
    """How long before the opening the first members may order."""
    return timedelta(hours=max(early.values(), default=0))


def opens_for(opens_at: datetime, early: Mapping[str, int], tier: str | None) -> datetime:
    """When a campaign opens for a member of a tier."""
    return opens_at - ahead_of(early, tier)
