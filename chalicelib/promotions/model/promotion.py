"""What a promotion is, what it does to a basket, and the states that it passes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from chalicelib.kernel.clock import instant, parse_instant
from chalicelib.pricing.model import EVERYTHING, Item, Rule, Scope, Words, titled
from chalicelib.promotions.model.terms import STEPS, Kind, Offered, PriceTerms, Terms, read_terms


class Status(StrEnum):
    """A draft is published: then it is ``scheduled`` until it starts, ``running`` until it ends, but for what it is
    ``paused``; ``ended`` by its hour or by hand.
    """

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


IN_WORDS: Mapping[Status, Words] = {
    Status.DRAFT: Words("a draft", "草稿"),
    Status.SCHEDULED: Words("published, and starts later", "已发布、尚未开始"),
    Status.RUNNING: Words("running", "进行中"),
    Status.PAUSED: Words("paused", "已暂停"),
    Status.ENDED: Words("over", "已结束"),
}
"""A state as sentences say it after *the promotion is*."""

PUBLISHED = Status.SCHEDULED
"""As a published promotion is stored, whether it has started or not."""


def shown_status(stored: str, starts_at: datetime, ends_at: datetime, now: datetime) -> Status:
    """The state at ``now``. The end is exclusive: at that instant the promotion has ended."""
    if stored == Status.DRAFT:
        return Status.DRAFT
    if stored == Status.ENDED or now >= ends_at:
        return Status.ENDED
    if stored == Status.PAUSED:
        return Status.PAUSED
    return Status.RUNNING if now >= starts_at else Status.SCHEDULED


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a promotion is for; of each list that is given one must be met, and everybody where none is."""

    tiers: tuple[str, ...] = ()
    segment_ids: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    def allows(self, buyer: "Buyer") -> bool:
        """Whether it is for this member."""
        tier = not self.tiers or buyer.tier in self.tiers
        segment = not self.segment_ids or not buyer.segment_ids.isdisjoint(self.segment_ids)
        return tier and segment and (not self.classes or buyer.member_class in self.classes)


@dataclass(frozen=True, slots=True)
class Buyer:
    """What decides which promotions a member has; None for what they have none of."""

    tier: str | None = None
    segment_ids: frozenset[str] = frozenset()
    member_class: str | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """A promotion as orders look at it.

    It holds from ``starts_at`` until before ``ends_at``, in the campaigns named, or in all. ``parts`` is into how many
    its limits are divided: its budget where it is ``budgeted``, the number of its uses where that is ``counted``; 0
    where neither is. ``per_member`` is how many orders of one member may have it.
    """

    id: str
    title: str
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    terms: Terms
    scope: Scope = EVERYTHING
    campaign_ids: frozenset[str] = frozenset()
    audience: Audience = field(default_factory=Audience)
    exclusive_group: str | None = None
    parts: int = 0
    budgeted: bool = False
    counted: bool = False
    per_member: int | None = None

    @property
    def is_limited(self) -> bool:
        """Whether an order takes something of it."""
        return bool(self.parts) or self.per_member is not None

    @property
    def is_public_price(self) -> bool:
        """Whether it is a price for whoever buys, and not for some of them: only such a one is a reduction that
        everybody is told of.
        """
        return isinstance(self.terms, PriceTerms) and self.terms.tier is None and self.audience == Audience()

    def lowered(self, item: Item, campaign_id: str, currency: str) -> int:
        """What a unit costs by its price in a campaign, in minor units; as before where it is not about that."""
        effect = self.terms.effect(self.scope, currency, lambda _: None)
        if effect is None or not self._reaches(campaign_id, Buyer()):
            return item.unit_price_minor
        [off] = effect.lower([item], [item.unit_price_minor])
        return item.unit_price_minor - off

    def rule(self, campaign_id: str, buyer: Buyer, currency: str, offered: Offered, now: datetime) -> Rule | None:
        """What it does to a basket of a campaign; None where it is not for this member, campaign or hour."""
        if not self.starts_at <= now < self.ends_at or not self._reaches(campaign_id, buyer):
            return None
        return self.as_rule(currency, offered)

    def as_rule(self, currency: str, offered: Offered) -> Rule | None:
        """What it does to a basket, whosever that is, whenever and wherever; None where it does nothing there."""
        effect = self.terms.effect(self.scope, currency, offered)
        if effect is None:
            return None
        words = titled(self.title, effect.words)
        return Rule(
            STEPS[self.kind], words, effect.lower, self.exclusive_group, self.id, give=effect.give,
            earns=self.scope.covers,
        )  # fmt: skip

    def _reaches(self, campaign_id: str, buyer: Buyer) -> bool:
        return (not self.campaign_ids or campaign_id in self.campaign_ids) and self.is_for(buyer)

    def is_for(self, buyer: Buyer) -> bool:
        """Whether it is for this member."""
        if isinstance(self.terms, PriceTerms) and self.terms.tier is not None and buyer.tier != self.terms.tier:
            return False
        return self.audience.allows(buyer)

    def as_json(self) -> dict[str, Any]:
        """As it stands among the active promotions, which every order reads; what says nothing is left out."""
        lists = {
            "campaigns": self.campaign_ids,
            "products": self.scope.product_ids,
            "categories": self.scope.categories,
            "tags": self.scope.tags,
            "tiers": self.audience.tiers,
            "segments": self.audience.segment_ids,
            "classes": self.audience.classes,
        }
        said = {
            "id": self.id,
            "title": self.title,
            "kind": self.kind.value,
            "starts": instant(self.starts_at),
            "ends": instant(self.ends_at),
            "terms": self.terms.as_json(),
            "group": self.exclusive_group,
            "parts": self.parts,
            "budgeted": self.budgeted,
            "counted": self.counted,
            "per_member": self.per_member,
        } | {name: sorted(values) for name, values in lists.items()}
        return {name: value for name, value in said.items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        lists = [stored.get(name, ()) for name in ("products", "categories", "tags")]
        whom = [tuple(stored.get(name, ())) for name in ("tiers", "segments", "classes")]
        return cls(
            stored["id"],
            stored["title"],
            Kind(stored["kind"]),
            parse_instant(stored["starts"]),
            parse_instant(stored["ends"]),
            read_terms(stored["kind"], stored["terms"]),
            Scope(*map(frozenset, lists)),
            frozenset(stored.get("campaigns", ())),
            Audience(*whom),
            stored.get("group"),
            stored.get("parts", 0),
            stored.get("budgeted", False),
            stored.get("counted", False),
            stored.get("per_member"),
        )


@dataclass(frozen=True, slots=True)
class Run:
    """A time in which a promotion lowered prices, and the promotion as it stood then: from an instant until before
    another.
    """

    from_at: datetime
    until_at: datetime
    promotion: Promotion

    def as_json(self) -> list[Any]:
        """As the promotion's record stores it."""
        return [instant(self.from_at), instant(self.until_at), self.promotion.as_json()]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        from_at, until_at, promotion = stored
        return cls(parse_instant(from_at), parse_instant(until_at), Promotion.from_json(promotion))
