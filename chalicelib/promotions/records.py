"""Promotions, those that are active, and what of their budgets is left, with their keys."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.pricing.model import Scope
from chalicelib.promotions.model.budget import Left
from chalicelib.promotions.model.promotion import Audience, Promotion, Run, Status, shown_status
from chalicelib.promotions.model.terms import Kind, Terms, read_terms


class PromotionRecord(TenantRecord):
    """A promotion with its limits. Money in minor units; ``per_member`` is in orders of one member, ``total`` of all;
    ``parts`` is into how many its budget is divided, once it was published.
    """

    id = UnicodeAttribute()
    title = UnicodeAttribute()
    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    currency = UnicodeAttribute()
    starts_at = InstantAttribute()
    ends_at = InstantAttribute()
    stored_scope = JsonAttribute(attr_name="scope", default=dict)
    stored_audience = JsonAttribute(attr_name="audience", default=dict)
    stored_terms = JsonAttribute(attr_name="terms")
    exclusive_group = optional(UnicodeAttribute(null=True))
    budget_minor = optional(NumberAttribute(null=True))
    per_member = optional(NumberAttribute(null=True))
    total = optional(NumberAttribute(null=True))
    parts = NumberAttribute(default=0)
    created_at = InstantAttribute()
    updated_at = InstantAttribute()
    published_at = optional(InstantAttribute(null=True))
    ended_at = optional(InstantAttribute(null=True))
    stored_runs = optional(JsonAttribute(attr_name="runs", null=True))

    @staticmethod
    def address(tenant_id: str, promotion_id: str) -> tuple[str, str]:
        """The key of a promotion."""
        return key(tenant_id, "promotion", promotion_id), "promotion"

    def arrange(self) -> None:
        """Stands in the list of all; one that gave everybody a price, by the end of the last time that it did."""
        self.gsi1pk, self.gsi1sk = promotion_list(self.tenant_id), self.id
        runs = self.runs
        self.gsi2pk = public_prices(self.tenant_id) if runs else None
        self.gsi2sk = f"{sortable(max(run.until_at for run in runs))}#{self.id}" if runs else None

    @property
    def runs(self) -> list[Run]:
        """When everybody had its price, and as what it stood then; none of one that is not for everybody."""
        return [Run.from_json(each) for each in self.stored_runs or ()]

    def begin_run(self, now: datetime) -> None:
        """It lowers prices from now, or from its start, to its end."""
        if self.promotion.is_public_price:
            run = Run(max(now, self.starts_at), self.ends_at, self.promotion)
            self.stored_runs = [*(self.stored_runs or ()), run.as_json()]

    def end_run(self, now: datetime) -> None:
        """It lowers prices no more; a time that had not begun was none."""
        runs = [replace(run, until_at=min(run.until_at, now)) for run in self.runs]
        self.stored_runs = [run.as_json() for run in runs if run.from_at < run.until_at] or None

    def shown_status(self, now: datetime) -> Status:
        """The state a reader is shown at ``now``."""
        return shown_status(self.status, self.starts_at, self.ends_at, now)

    @property
    def terms(self) -> Terms:
        """By how much it lowers prices."""
        return read_terms(self.kind, self.stored_terms)

    @terms.setter
    def terms(self, terms: Terms) -> None:
        self.stored_terms = terms.as_json()

    @property
    def scope(self) -> Scope:
        """Which goods it is about."""
        return Scope(*(frozenset(self.stored_scope.get(name, ())) for name in ("products", "categories", "tags")))

    @property
    def campaign_ids(self) -> list[str]:
        """The campaigns that it holds in; all where none is named."""
        return list(self.stored_scope.get("campaigns", ()))

    @property
    def audience(self) -> Audience:
        """Whom it is for."""
        return Audience(*(tuple(self.stored_audience.get(name, ())) for name in ("tiers", "segments", "classes")))

    @property
    def promotion(self) -> Promotion:
        """As orders look at it."""
        return Promotion(
            self.id,
            self.title,
            Kind(self.kind),
            self.starts_at,
            self.ends_at,
            self.terms,
            self.scope,
            frozenset(self.campaign_ids),
            self.audience,
            self.exclusive_group,
            int(self.parts),
            self.budget_minor is not None,
            self.total is not None,
            None if self.per_member is None else int(self.per_member),
        )


class ActivePromotions(TenantRecord):
    """Every published promotion of a tenant that has not ended, in one item: every order reads it."""

    entries = JsonAttribute(default=list)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key of a tenant's active promotions."""
        return key(tenant_id, "promotions"), "active"

    @classmethod
    def none_yet(cls, tenant_id: str) -> Self:
        """Before the first one."""
        return cls(*cls.address(tenant_id), entries=[], rev=0)

    @property
    def promotions(self) -> list[Promotion]:
        """The promotions, by id."""
        return [Promotion.from_json(each) for each in self.entries]

    @promotions.setter
    def promotions(self, promotions: Sequence[Promotion]) -> None:
        self.entries = [each.as_json() for each in sorted(promotions, key=lambda each: each.id)]


class BudgetPart(TenantRecord):
    """What a part of a promotion's budget has left, in minor units, and of the number of its uses."""

    left_minor = optional(NumberAttribute(attr_name="left", null=True))
    left_uses = optional(NumberAttribute(attr_name="uses", null=True))

    @staticmethod
    def address(tenant_id: str, promotion_id: str, part: int) -> tuple[str, str]:
        """The key of a part: each has a partition of its own."""
        return key(tenant_id, "promotion-budget", promotion_id, str(part)), "part"

    @property
    def left(self) -> Left:
        """What it has left."""
        minor, uses = self.left_minor, self.left_uses
        return Left(None if minor is None else int(minor), None if uses is None else int(uses))


class MemberUse(TenantRecord):
    """In how many of a member's orders a promotion applies; kept only for promotions that limit that."""

    used = NumberAttribute()

    @staticmethod
    def address(tenant_id: str, promotion_id: str, member_id: str) -> tuple[str, str]:
        """The key of a member's use of a promotion. Members differ in partition, so a rush meets on none."""
        return key(tenant_id, "promotion-use", promotion_id, member_id), "use"


def promotion_list(tenant_id: str) -> str:
    """The gsi1 partition of a tenant's promotions, by creation."""
    return key(tenant_id, "promotions")


def public_prices(tenant_id: str) -> str:
    """The gsi2 partition of the promotions that gave everybody a price, by the end of that."""
    return key(tenant_id, "public-prices")
