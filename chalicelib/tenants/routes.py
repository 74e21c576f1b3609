"""HTTP routes of the brand: sign-up, profile, people, keys, audit log, and the face of the storefront."""

from datetime import timedelta
from typing import Any

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.rate_limits.model import LimitReached
from chalicelib.tenants.forms import (
    ApiKeyQuery,
    AuditQuery,
    KeyRotation,
    NewApiKey,
    NewStaff,
    NewTenant,
    StaffEdit,
    TenantEdit,
)
from chalicelib.tenants.model import (
    CannotGrant,
    FixedAtSignUp,
    KeyExpired,
    KeyWithoutKeeper,
    LastOwner,
    SlugInvalid,
    SlugReserved,
    SlugTaken,
    StaffExists,
    TooManyBrands,
)
from chalicelib.tenants.notices.service import ask_to_confirm
from chalicelib.tenants.records import StaffRecord, Tenant
from chalicelib.tenants.service import api_keys
from chalicelib.tenants.service import brand as service
from chalicelib.tenants.service import key_keepers as keepers
from chalicelib.tenants.service import staff as people
from chalicelib.tenants.service.audit import audit_log
from chalicelib.tenants.service.confirming import is_confirmed
from chalicelib.tenants.service.sign_up import SignUp, sign_up
from chalicelib.tenants.views import (
    ApiKeyView,
    AuditView,
    IssuedKeyView,
    SignedUpView,
    StaffPageView,
    StaffView,
    StoreView,
    TenantView,
)
from chalicelib.web import Answer, Call, Paged, Router, anyone, staff

routes = Router(__name__)

_ANY_ROLE = staff("manager", "editor", "planner", "service", "analyst")
_OWNERS = staff()
_MANAGERS = staff("manager")
_KEYS = staff("manager", "technical")


@routes.post(
    "/v1/tenants",
    allow=anyone(),
    body=NewTenant,
    answer=SignedUpView,
    status=201,
    tag="tenants",
    summary="Sign up a brand",
    errors=(SlugTaken, SlugInvalid, SlugReserved, LimitReached, TooManyBrands),
)
def create_tenant(call: Call[NewTenant]) -> SignedUpView:
    tenant, issued = sign_up(SignUp(**call.body.model_dump()), call.source, call.now)
    if issued.key.keeper is not None:
        ask_to_confirm(tenant, issued.key.keeper.id, call.now)
    shown = TenantView.at(tenant, call.base_url, confirmed=False)
    return SignedUpView(tenant=shown, api_key=IssuedKeyView.issued(issued))


def _shown(tenant: Tenant, base_url: str) -> Answer:
    return Answer(TenantView.at(tenant, base_url, confirmed=is_confirmed(tenant.id)), etag=int(tenant.rev))


@routes.get(
    "/v1/tenant",
    allow=staff("manager", "editor", "planner", "service", "analyst", "technical"),
    answer=TenantView,
    tag="tenants",
    summary="Read the brand's profile",
)
def read_tenant(call: Call[None]) -> Answer:
    tenant = service.get_tenant(call.tenant_id, consistent=True)
    return _shown(tenant, call.base_url)


@routes.patch(
    "/v1/tenant",
    allow=_MANAGERS,
    body=TenantEdit,
    answer=TenantView,
    tag="tenants",
    summary="Change the brand's profile",
    errors=(FixedAtSignUp, Stale),
)
def change_tenant(call: Call[TenantEdit]) -> Answer:
    tenant = service.edit_tenant(call.tenant_id, call.body.changes(), call.if_match, call.principal, call.now)
    return _shown(tenant, call.base_url)


@routes.get(
    "/v1/stores/{slug}", allow=anyone(), answer=StoreView, tag="storefront", summary="Read a brand as shoppers see it"
)
def read_store(call: Call[None]) -> Answer:
    tenant = service.get_tenant(call.tenant_id)
    return Answer(StoreView.of(tenant), etag=int(tenant.rev))


@routes.post(
    "/v1/api-keys",
    allow=_KEYS,
    body=NewApiKey,
    answer=IssuedKeyView,
    status=201,
    tag="tenants",
    summary="Issue an API key; its secret is shown once",
    errors=(CannotGrant, KeyWithoutKeeper),
)
def create_api_key(call: Call[NewApiKey]) -> IssuedKeyView:
    """You answer for it: it does what your roles allow at the time, and stops when you leave the staff."""
    issued = api_keys.create_key(call.tenant_id, call.body.new(), call.principal, call.now)
    return IssuedKeyView.issued(issued)


@routes.get(
    "/v1/api-keys",
    allow=_KEYS,
    query=ApiKeyQuery,
    answer=ApiKeyView,
    paged=True,
    tag="tenants",
    summary="List the API keys",
)
def list_api_keys(call: Call[None]) -> Paged:
    keys, last = keepers.list_keys(call.tenant_id, call.query.keeper_id, call.limit, call.cursor, call.now)
    return Paged([ApiKeyView.of(key) for key in keys], last)


@routes.post(
    "/v1/api-keys/{id}/rotate",
    allow=_KEYS,
    body=KeyRotation,
    answer=IssuedKeyView,
    tag="tenants",
    summary="Give an API key a new secret, shown once",
    errors=(NotFound, CannotGrant, KeyWithoutKeeper, KeyExpired),
)
def rotate_api_key(call: Call[KeyRotation]) -> IssuedKeyView:
    """The secret in use works for `overlap_hours` more, a day unless you say otherwise; with 0 it ends at once. Should
    the answer be lost, rotate again: what ends is the secret that nobody received. The key becomes yours.
    """
    overlap = timedelta(hours=call.body.overlap_hours)
    issued = api_keys.rotate_key(call.tenant_id, call.path["id"], overlap, call.principal, call.now)
    return IssuedKeyView.issued(issued)


@routes.post(
    "/v1/api-keys/{id}/take-over",
    allow=_KEYS,
    answer=ApiKeyView,
    tag="tenants",
    summary="Take over an API key",
    errors=(NotFound, CannotGrant, KeyWithoutKeeper),
)
def take_over_api_key(call: Call[None]) -> ApiKeyView:
    """You answer for it from now on, and it runs on when whoever answered for it leaves. They may have kept its secret:
    rotate it when you can.
    """
    return ApiKeyView.of(api_keys.take_over_key(call.tenant_id, call.path["id"], call.principal, call.now))


@routes.delete(
    "/v1/api-keys/{id}",
    allow=_KEYS,
    status=204,
    tag="tenants",
    summary="Revoke an API key at once",
    errors=(NotFound, CannotGrant),
)
def revoke_api_key(call: Call[None]) -> None:
    api_keys.revoke_key(call.tenant_id, call.path["id"], call.principal, call.now)


@routes.post(
    "/v1/staff",
    allow=_OWNERS,
    body=NewStaff,
    answer=StaffView,
    status=201,
    tag="tenants",
    summary="Add a staff member",
    errors=(StaffExists, CannotGrant),
)
def add_staff(call: Call[NewStaff]) -> Answer:
    new = call.body
    person = people.add_staff(call.tenant_id, new.email, new.name, new.roles, call.principal, call.now)
    return Answer(StaffView.of(person), etag=int(person.rev))


@routes.get("/v1/staff", allow=_ANY_ROLE, answer=StaffView, paged=True, tag="tenants", summary="List the staff")
def list_staff(call: Call[None]) -> Paged:
    page = people.list_staff(call.tenant_id, call.limit, call.cursor)
    return Paged([StaffView.of(person) for person in page.items], page.last_key)


@routes.get("/v1/staff/{id}", allow=_ANY_ROLE, answer=StaffPageView, tag="tenants", summary="Read one staff member")
def read_staff(call: Call[None]) -> Answer:
    return _page_of(call, people.get_staff(call.tenant_id, call.path["id"], consistent=True))


def _page_of(call: Call[Any], person: StaffRecord) -> Answer:
    lists_keys = call.principal.has(*_KEYS.roles)
    keys = keepers.keys_kept_by(call.tenant_id, person.id, call.now) if lists_keys else []
    return Answer(StaffPageView.with_keys(person, keys), etag=int(person.rev))


@routes.patch(
    "/v1/staff/{id}",
    allow=_OWNERS,
    body=StaffEdit,
    answer=StaffPageView,
    tag="tenants",
    summary="Change a staff member's name, roles, or work on complaints",
    errors=(LastOwner, CannotGrant, NotFound, Stale),
)
def change_staff(call: Call[StaffEdit]) -> Answer:
    """Their API keys do no more than their new roles allow, from the next request on; the answer shows them."""
    changes = call.body
    person = people.edit_staff(
        call.tenant_id, call.path["id"], changes.name, changes.roles, call.if_match, call.principal, call.now,
        changes.work(),
    )  # fmt: skip
    return _page_of(call, person)


@routes.delete(
    "/v1/staff/{id}",
    allow=_OWNERS,
    status=204,
    tag="tenants",
    summary="Remove a staff member",
    errors=(LastOwner, NotFound, Stale),
)
def remove_staff(call: Call[None]) -> None:
    """Their API keys stop with the next request: `GET /v1/staff/{id}` shows them. What should run on is taken over
    before; afterwards they are listed as stopped, and can still be taken over.
    """
    people.remove_staff(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now)


@routes.get(
    "/v1/audit",
    allow=_MANAGERS,
    query=AuditQuery,
    answer=AuditView,
    paged=True,
    tag="tenants",
    summary="Read who changed what, newest first",
)
def read_audit(call: Call[None]) -> Paged:
    page = audit_log(
        call.tenant_id, target=call.query.target, action=call.query.action, limit=call.limit, cursor=call.cursor
    )
    return Paged([AuditView.of(entry) for entry in page.items], page.last_key)
