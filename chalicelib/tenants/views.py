"""What the tenant routes answer."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal, Self

from pydantic import Field

from chalicelib.kernel.currencies import cash_unit
from chalicelib.kernel.language import Language
from chalicelib.kernel.percent import rate_text
from chalicelib.tenancy import in_force
from chalicelib.tenants.model import Duty
from chalicelib.tenants.records import NOBODY, AuditEntry, StaffRecord, Tenant
from chalicelib.tenants.service.api_keys import IssuedKey
from chalicelib.tenants.service.key_keepers import KeptKey, KeyStatus
from chalicelib.web import Contact, Instant, MoneyField, UlidStr, View, WeekView


class BrandView(View):
    """The face of the brand; what it has not said of itself is null or empty."""

    logo: str | None = None
    colours: dict[str, str] = {}
    slogan: str | None = None
    story: str | None = None
    values: list[str] = []


class InForceView(View):
    """A legal text of the brand that is in force, and in which languages; with ``must_accept`` orders wait until a
    member has accepted this ``revision``.
    """

    kind: Literal["privacy", "terms", "imprint"]
    revision: int
    published_at: Instant
    must_accept: bool
    languages: list[Language]


class TaxSettingsView(View):
    """The rates of the tax that prices include, in per cent: of SKUs that say none of their own, and of delivery fees;
    null where no tax is shown.
    """

    default_rate: str | None
    delivery_rate: str | None


class StoreView(View):
    """A brand as shoppers see it. ``legal_texts`` are those that it has published."""

    slug: str
    name: str
    timezone: str
    currency: str
    locale: str
    country: str | None
    cash_unit: MoneyField = Field(description="The smallest amount that can be paid in coins of the currency.")
    brand: BrandView
    tax: TaxSettingsView
    legal_texts: list[InForceView]

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        return cls(**_shown(tenant))


class TenantView(StoreView):
    """A brand as its team sees it."""

    id: UlidStr
    status: str
    storefront_url: str
    created_at: Instant
    owner_confirmed: bool = Field(
        description="Whether an owner has ever signed in. Until then few messages a day leave, besides sign-in codes."
    )

    @classmethod
    def at(cls, tenant: Tenant, base_url: str, *, confirmed: bool) -> Self:
        """``base_url`` is where this API is reached."""
        return cls(
            **_shown(tenant),
            id=tenant.id,
            status=tenant.status,
            storefront_url=f"{base_url}/v1/stores/{tenant.slug}",
            created_at=tenant.created_at,
            owner_confirmed=confirmed,
        )


def _shown(tenant: Tenant) -> dict[str, Any]:
    names = ("slug", "name", "timezone", "currency", "locale", "country")
    unit = MoneyField.of(cash_unit(tenant.currency), tenant.currency)
    legal = [
        InForceView.model_validate({"kind": kind, **asdict(each)})
        for kind, each in sorted(in_force(tenant.legal_texts).items())
    ]
    tax = TaxSettingsView(default_rate=rate_text(tenant.tax_bps), delivery_rate=rate_text(tenant.delivery_tax_bps))
    return {
        "brand": BrandView(**tenant.brand), "tax": tax, "cash_unit": unit, "legal_texts": legal,
        **{name: getattr(tenant, name) for name in names},
    }  # fmt: skip


class KeeperView(View):
    """Who answers for a key."""

    staff_id: UlidStr
    name: Contact[str]


class ApiKeyView(View):
    """An API key. ``scopes`` is what it was given, ``scopes_now`` what its keeper's present roles leave of it.

    ``status`` is ``stopped`` when that is nothing, or the keeper has left: take it over, or revoke it. ``keeper`` is
    null for a key of an earlier release whose maker had left. ``last_used_at`` is true to the hour.
    """

    id: UlidStr
    name: str
    scopes: list[str]
    scopes_now: list[str]
    status: KeyStatus
    keeper: KeeperView | None
    created_at: Instant
    created_by: str
    last_used_at: Instant | None
    expires_at: Instant | None
    rotated_at: Instant | None
    old_secret_ends_at: Instant | None

    @classmethod
    def of(cls, key: KeptKey) -> Self:
        """The key as it stands."""
        return cls(**_key(key))


class IssuedKeyView(ApiKeyView):
    """``secret`` is the whole bearer credential. It is shown here and never again."""

    secret: str

    @classmethod
    def issued(cls, issued: IssuedKey) -> Self:
        """A key with its new secret."""
        return cls(**_key(issued.key), secret=issued.secret)


def _key(key: KeptKey) -> dict[str, Any]:
    record = key.record
    shown = ("id", "name", "scopes", "created_at", "created_by", "rotated_at")
    known = record.keeper not in (None, NOBODY)
    name = (key.keeper.name or key.keeper.email) if key.keeper else record.keeper_name
    staff_id = key.keeper.id if key.keeper else record.keeper if known else None
    return {each: getattr(record, each) for each in shown} | {
        "scopes_now": sorted(key.scopes_now),
        "status": key.status,
        "keeper": KeeperView(staff_id=staff_id, name=name) if staff_id else None,
        "last_used_at": record.used_at,
        "expires_at": record.ends_at,
        "old_secret_ends_at": record.old_ends_at,
    }


class SignedUpView(View):
    """The new brand and its first key."""

    tenant: TenantView
    api_key: IssuedKeyView


class DutyView(View):
    """When somebody is there for complaints and after-sales; ``hours`` null is always, while ``on``."""

    on: bool
    hours: WeekView | None

    @classmethod
    def of(cls, duty: Duty) -> Self:
        return cls(on=duty.on, hours=None if duty.hours is None else WeekView.of(duty.hours))


class StaffView(View):
    """Someone of the team. ``skills`` are causes and categories of cases that they know best, with none they take any;
    ``pickup_point_ids`` the points whose cases they take first.
    """

    id: UlidStr
    email: Contact[str]
    name: str | None
    roles: list[str]
    skills: list[str]
    pickup_point_ids: list[UlidStr]
    duty: DutyView
    created_at: Instant

    @classmethod
    def of(cls, person: StaffRecord) -> Self:
        names = ("id", "email", "name", "roles", "skills", "pickup_point_ids", "created_at")
        return cls(**{name: getattr(person, name) for name in names}, duty=DutyView.of(person.duty))


class StaffPageView(StaffView):
    """Someone of the team, with the API keys that they answer for: with them these stop, unless somebody takes them
    over. Shown to those who list keys, else empty.
    """

    api_keys: list[ApiKeyView]

    @classmethod
    def with_keys(cls, person: StaffRecord, keys: Sequence[KeptKey]) -> Self:
        """The person and their keys."""
        return cls(**dict(StaffView.of(person)), api_keys=[ApiKeyView.of(key) for key in keys])


class AuditView(View):
    """One deed. ``by`` names who did it, such as ``staff:01J…``; ``changes`` what was set, or from what to what."""

    id: UlidStr
    at: Instant
    by: str
    by_name: str | None
    action: str
    target: str
    changes: dict[str, Any] | None

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        return cls(
            id=entry.id,
            at=entry.at,
            by=f"{entry.actor_kind}:{entry.actor_id}",
            by_name=entry.actor_name,
            action=entry.action,
            target=entry.target,
            changes=entry.changes,
        )
