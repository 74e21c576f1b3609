"""HTTP routes of the brand: sign-up, profile, people, keys, audit log, and the face of the storefront."""

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.rate_limits.model import LimitReached
from chalicelib.tenants.forms import AuditQuery, NewApiKey, NewStaff, NewTenant, StaffEdit, TenantEdit
from chalicelib.tenants.model import (
    CannotGrant,
    FixedAtSignUp,
    LastOwner,
    SlugInvalid,
    SlugReserved,
    SlugTaken,
    StaffExists,
    TooManyBrands,
)
from chalicelib.tenants.records import Tenant
from chalicelib.tenants.service import api_keys
from chalicelib.tenants.service import brand as service
from chalicelib.tenants.service import staff as people
from chalicelib.tenants.service.audit import audit_log
from chalicelib.tenants.service.confirming import is_confirmed
from chalicelib.tenants.service.sign_up import SignUp, sign_up
from chalicelib.tenants.views import (
    ApiKeyView,
    AuditView,
    IssuedKeyView,
    SignedUpView,
    StaffView,
    StoreView,
    TenantView,
    key_view,
)
from chalicelib.web import Answer, Call, Paged, Router, anyone, staff

routes = Router(__name__)

_ANY_ROLE = staff("manager", "editor", "planner", "service", "analyst")
_OWNERS = staff()
_MANAGERS = staff("manager")


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
    return SignedUpView(tenant=TenantView.at(tenant, call.base_url, confirmed=False), api_key=IssuedKeyView.of(issued))


def _shown(tenant: Tenant, base_url: str) -> Answer:
    return Answer(TenantView.at(tenant, base_url, confirmed=is_confirmed(tenant.id)), etag=int(tenant.rev))


@routes.get("/v1/tenant", allow=_ANY_ROLE, answer=TenantView, tag="tenants", summary="Read the brand's profile")
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
    allow=_MANAGERS,
    body=NewApiKey,
    answer=IssuedKeyView,
    status=201,
    tag="tenants",
    summary="Issue an API key; its secret is shown once",
    errors=(CannotGrant,),
)
def create_api_key(call: Call[NewApiKey]) -> IssuedKeyView:
    wanted = call.body
    issued = api_keys.create_key(call.tenant_id, wanted.name, wanted.scopes, call.principal, call.now)
    return IssuedKeyView.of(issued)


@routes.get("/v1/api-keys", allow=_MANAGERS, answer=ApiKeyView, paged=True, tag="tenants", summary="List the API keys")
def list_api_keys(call: Call[None]) -> Paged:
    page = api_keys.list_keys(call.tenant_id, call.limit, call.cursor)
    return Paged([key_view(record) for record in page.items], page.last_key)


@routes.delete(
    "/v1/api-keys/{id}",
    allow=_MANAGERS,
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


@routes.get("/v1/staff/{id}", allow=_ANY_ROLE, answer=StaffView, tag="tenants", summary="Read one staff member")
def read_staff(call: Call[None]) -> Answer:
    person = people.get_staff(call.tenant_id, call.path["id"], consistent=True)
    return Answer(StaffView.of(person), etag=int(person.rev))


@routes.patch(
    "/v1/staff/{id}",
    allow=_OWNERS,
    body=StaffEdit,
    answer=StaffView,
    tag="tenants",
    summary="Change a staff member's name or roles",
    errors=(LastOwner, CannotGrant, NotFound, Stale),
)
def change_staff(call: Call[StaffEdit]) -> Answer:
    changes = call.body
    person = people.edit_staff(
        call.tenant_id, call.path["id"], changes.name, changes.roles, call.if_match, call.principal, call.now
    )
    return Answer(StaffView.of(person), etag=int(person.rev))


@routes.delete(
    "/v1/staff/{id}",
    allow=_OWNERS,
    status=204,
    tag="tenants",
    summary="Remove a staff member",
    errors=(LastOwner, NotFound, Stale),
)
def remove_staff(call: Call[None]) -> None:
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
