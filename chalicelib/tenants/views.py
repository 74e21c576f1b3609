"""What the tenant routes answer."""

from typing import Any, Self

from pydantic import Field

from chalicelib.tenants.records import ApiKeyRecord, AuditEntry, StaffRecord, Tenant
from chalicelib.tenants.service.api_keys import IssuedKey
from chalicelib.web import Instant, UlidStr, View


class BrandView(View):
    """The face of the brand; what it has not said of itself is null or empty."""

    logo: str | None = None
    colours: dict[str, str] = {}
    slogan: str | None = None
    story: str | None = None
    values: list[str] = []


class StoreView(View):
    """A brand as shoppers see it."""

    slug: str
    name: str
    timezone: str
    currency: str
    locale: str
    brand: BrandView

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
    names = ("slug", "name", "timezone", "currency", "locale")
    return {"brand": BrandView(**tenant.brand), **{name: getattr(tenant, name) for name in names}}


class ApiKeyView(View):
    id: UlidStr
    name: str
    scopes: list[str]
    created_at: Instant
    created_by: str


class IssuedKeyView(ApiKeyView):
    """``secret`` is the whole bearer credential. It is shown here and never again."""

    secret: str

    @classmethod
    def of(cls, issued: IssuedKey) -> Self:
        return cls(**ApiKeyView.model_validate(issued.record).model_dump(), secret=issued.secret)


class SignedUpView(View):
    """The new brand and its first key."""

    tenant: TenantView
    api_key: IssuedKeyView


class StaffView(View):
    id: UlidStr
    email: str
    name: str | None
    roles: list[str]
    created_at: Instant

    @classmethod
    def of(cls, person: StaffRecord) -> Self:
        return cls.model_validate(person)


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


def key_view(record: ApiKeyRecord) -> ApiKeyView:
    """A key in the list: without its secret, which nobody has any more."""
    return ApiKeyView.model_validate(record)
