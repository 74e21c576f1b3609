"""Whom a campaign is for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may order; every limit that is set must be met.

    ``new_members_only``: with ``joined_within_days`` those who joined at most so many local days ago (0 is today),
    without it those who never ordered before, but for what was cancelled or never paid. Of ``member_ids`` and ``tags``
    one match is enough; so is one of ``tiers``, and one of ``classes``, which are those of members by the days of
    their orders.
    """

    new_members_only: bool = False
    joined_within_days: int | None = None
    member_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the campaign's record stores it."""
        said = {
            "new_members_only": self.new_members_only,
            "joined_within_days": self.joined_within_days,
            "member_ids": list(self.member_ids),
            "tags": list(self.tags),
            "tiers": list(self.tiers),
        }
        return {**said, "classes": list(self.classes)} if self.classes else said

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            stored.get("new_members_only", False),
            stored.get("joined_within_days"),
            *(tuple(stored.get(name, ())) for name in ("member_ids", "tags", "tiers", "classes")),
        )

    @property
    def asks_for_orders(self) -> bool:
        """Whether it must be known if the member ever ordered before."""
        return self.new_members_only and self.joined_within_days is None


@dataclass(frozen=True, slots=True)
class Shopper:
    """What decides whether a member belongs to an audience. ``tier`` is None for members without one, ``member_class``
    for who has not ordered; that need only be known where the audience names classes, and ``has_ordered`` need only be
    right where :attr:`Audience.asks_for_orders`.
    """

    member_id: str
    joined_on: date
    tags: frozenset[str] = frozenset()
    tier: str | None = None
    has_ordered: bool = False
    member_class: str | None = None


def audience_allows(audience: Audience | None, shopper: Shopper, today: date) -> bool:
    """Whether a member may order on the tenant's local day ``today``; without an audience everyone may.

    For "joined within 7 days" and a member who joined on 15 November: yes on the 22nd, no on the 23rd.
    """
    if audience is None:
        return True
    return _new_enough(audience, shopper, today) and _listed(audience, shopper) and _ranked(audience, shopper)


def _new_enough(audience: Audience, shopper: Shopper, today: date) -> bool:
    if not audience.new_members_only:
        return True
    if audience.joined_within_days is None:
        return not shopper.has_ordered
    return today - shopper.joined_on <= timedelta(days=audience.joined_within_days)


def _listed(audience: Audience, shopper: Shopper) -> bool:
    if not audience.member_ids and not audience.tags:
        return True
    return shopper.member_id in audience.member_ids or not shopper.tags.isdisjoint(audience.tags)


def _ranked(audience: Audience, shopper: Shopper) -> bool:
    of_tier = not audience.tiers or shopper.tier in audience.tiers
    return of_tier and (not audience.classes or shopper.member_class in audience.classes)
