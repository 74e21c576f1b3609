"""A shop of no domain: one route of each kind, to test the HTTP edge with."""

from datetime import datetime
from typing import Any

from chalicelib.kernel.errors import Conflict, FieldError, Invalid, NotFound, Stale, TooManyRequests
from chalicelib.routing import RoutedApp
from chalicelib.web import (
    Answer,
    Body,
    Call,
    Csv,
    EmailText,
    Html,
    Instant,
    LocalDate,
    LongText,
    MoneyField,
    Paged,
    PhoneText,
    PriceField,
    Quantity,
    Query,
    Router,
    Title,
    UlidStr,
    View,
    ZoneName,
    anyone,
    member,
    staff,
    staff_or_member,
)
from chalicelib.web.principal import ApiKeyIdentity, StaffIdentity, secret_hash
from infra.index import index

OURS, THEIRS = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "01J9ZQ0W7N8RXC5B2M4T6V8Y0B"
STAFF, SHOPPER = "01J9ZQ0W7N8RXC5B2M4T6V8Y1A", "01J9ZQ0W7N8RXC5B2M4T6V8Y1B"
THING = "01J9ZQ0W7N8RXC5B2M4T6V8Y2A"


class SoldOut(Conflict):
    code, title, title_zh = "sold_out", "Sold out", "已售罄"


class NewKettle(Body):
    title: Title
    quantity: Quantity = 1
    price: PriceField | None = None
    note: LongText = ""
    email: EmailText | None = None
    phone: PhoneText | None = None
    timezone: ZoneName | None = None
    opens_at: Instant | None = None
    born_on: LocalDate | None = None
    owner_id: UlidStr | None = None
    weight: float | None = None
    tags: list[Title] = []
    more: dict[str, Any] = {}


class KettleView(View):
    title: str
    price: MoneyField | None = None
    opens_at: Instant | None = None


class KettleQuery(Query):
    colour: Title | None = None
    at_least: int = 0
    on: LocalDate | None = None


class Directory:
    """Two stores, an owner, an editor and a few keys."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.staff_now = {STAFF: StaffIdentity(STAFF, frozenset({"editor"}), "Ed")}
        self.signed_out = 0

    def country(self, tenant_id: str) -> str | None:
        return "CN"

    def tenant_of_slug(self, slug: str) -> str | None:
        return {"tea": OURS, "rice": THEIRS}.get(slug)

    def api_key(self, key_id: str, now: datetime) -> ApiKeyIdentity | None:
        self.asked.append(("key", key_id))
        scopes = {"K1": {"*"}, "K2": {"analyst"}}.get(key_id)
        return scopes and ApiKeyIdentity(key_id, OURS, (secret_hash("open sesame"),), frozenset(scopes), "till", "tea")

    def key_used(self, key: ApiKeyIdentity, now: datetime, *, newest: bool) -> None:
        self.asked.append(("used", key.key_id))

    def staff(self, tenant_id: str, staff_id: str) -> StaffIdentity | None:
        return self.staff_now.get(staff_id) if tenant_id == OURS else None

    def sign_outs(self, tenant_id: str, member_id: str) -> int | None:
        self.asked.append(("member", member_id))
        return self.signed_out if member_id == SHOPPER else None


routes = Router(__name__)


@routes.post("/v1/kettles", allow=staff("editor"), summary="Make", body=NewKettle, answer=KettleView, status=201)
def make(call: Call[NewKettle]) -> Answer:
    """Echoes what was understood."""
    return Answer(call.body.model_dump(mode="json"), etag=1, headers={"Location": f"/v1/kettles/{THING}"})


@routes.get(
    "/v1/kettles", allow=staff("editor", "analyst"), summary="List", query=KettleQuery, answer=KettleView, paged=True
)
def kettles(call: Call[None]) -> Paged:
    start = int(call.cursor["at"]) if call.cursor else 0
    return Paged([KettleView(title=str(n)) for n in range(start, start + call.limit)], {"at": start + call.limit})


@routes.get("/v1/kettles/{kettle_id}", allow=staff("editor"), summary="Read", answer=KettleView)
def kettle(call: Call[None]) -> Answer:
    return Answer(KettleView(title=call.path["kettle_id"]), etag=7)


@routes.patch("/v1/kettles/{kettle_id}", allow=staff("editor"), summary="Change", body=NewKettle)
def change(call: Call[NewKettle]) -> Any:
    if call.if_match not in (None, 7):
        raise Stale("The kettle is at revision 7.")
    return {"if_match": call.if_match}


@routes.delete("/v1/kettles/{kettle_id}", allow=staff(), summary="Scrap", status=204)
def scrap(call: Call[None]) -> None:
    return None


@routes.post("/v1/stores/{slug}/orders", allow=member(), summary="Buy", body=NewKettle, idempotency=True)
def buy(call: Call[NewKettle]) -> Any:
    return {"key": call.idempotency_key, "hash": call.body_hash, "member": call.member_id, "tenant": call.tenant_id}


@routes.get("/v1/stores/{slug}/kettles", allow=anyone(), summary="Browse", paged=True, query=KettleQuery)
def browse(call: Call[None]) -> Paged:
    return Paged([{"tenant": call.tenant_id}], {"at": 1} if call.cursor is None else None)


@routes.get("/v1/handover", allow=staff_or_member("service"), summary="Hand over")
def hand_over(call: Call[None]) -> Any:
    return {"kind": call.principal.kind, "roles": sorted(call.principal.roles), "base_url": call.base_url}


@routes.post("/v1/sign-in", allow=anyone(), summary="Sign in")
def sign_in(call: Call[None]) -> Any:
    return {"token": "for one person"}


@routes.get("/v1/invitations/{token}", allow=anyone(), summary="Answer an invitation")
def invitation(call: Call[None]) -> Any:
    return {"invited": "one person"}


@routes.get("/v1/fails/{name}", allow=anyone(), summary="Fail")
def fail(call: Call[None]) -> Any:
    raise FAILURES[call.path["name"]]


@routes.get("/v1/table", allow=anyone(), summary="Table", csv=True)
def table(call: Call[None]) -> Csv:
    return Csv("kettles.csv", ["name", "count"], [["=1+1", -5], ["茶壶, 大", 3], ['say "hi"', 0], ["@x", 1]])


@routes.get("/v1/page", allow=anyone(), summary="Page", html=True)
def page(call: Call[None]) -> Html:
    return Html("<p>茶壶</p>")


def shop() -> RoutedApp:
    """A new app of these routes."""
    return RoutedApp("scratch", index({"shop": routes}), lambda app, _: app.register_blueprint(routes))


FAILURES: dict[str, Exception] = {
    "at_field": Invalid.at("/price", "Name the price.", "请填写价格。"),
    "sold_out": SoldOut("Only 2 are left.", detail_zh="仅剩 2 件。", extra={"left": 2}),
    "absent": NotFound(),
    "invalid": Invalid(errors=(FieldError("/lines/0/quantity", "at most 5"),)),
    "busy": TooManyRequests("Five tries an hour.", retry_after=90),
    "defect": ZeroDivisionError("a secret of the server"),
    "overwrites": SoldOut("x", extra={"status": 200, "code": "fine"}),
}
