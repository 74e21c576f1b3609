"""An order for a member who calls: placed, changed, cancelled and moved by the brand's people, and the member's own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import parse_instant, zone
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.records import MemberRecord
from chalicelib.orders.changes.records import OrderChangeRecord
from chalicelib.orders.placing import service as placing
from chalicelib.orders.service.reading import get_order
from infra.local.engine import Engine
from tests.builders import Reply, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.faults import Faults, faults
from tests.letters import news
from tests.orders.store import BODY_HASH, Store
from tests.orders.test_change_faults import changed_once
from tests.orders.test_held_routes import paid
from tests.orders.test_placing import size_of
from tests.payments.checkout import Checkout

__all__ = ["faults"]

PHONE = "+8613800138000"


class Desk:
    """The brand's telephone: calls of staff for a member."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.east, self.west = (shop.pickup_point(name=name)["id"] for name in ("East gate", "West gate"))
        terms = {"delivery": {"fee": shop.money(600)}, "payment_methods": ["pickup", "test"]}
        self.campaign = shop.campaign(
            title="Autumn", pickup_point_ids=[self.east, self.west], closes_in=timedelta(days=1), **terms
        )
        self.offer = self.campaign["offers"][0]["offer_id"]

    def basket(self, quantity: int = 2, **more: Any) -> dict[str, Any]:
        lines = [{"offer_id": self.offer, "quantity": quantity}]
        return {"campaign_id": self.campaign["id"], "pickup_point_id": self.east, "lines": lines} | more

    def place(self, key: str = "call-1", token: str = "", **more: Any) -> Reply:
        sent = {} if "member_id" in more or "phone" in more else {"phone": PHONE}
        return self.call("POST", "/v1/orders", self.basket(**sent, **more), key, token)

    def call(self, method: str, path: str, body: Any = None, key: str = "k", token: str = "") -> Reply:
        headers = {"Idempotency-Key": key}
        return self.shop.caller.call(method, path, json=body, token=token or self.shop.api_key, headers=headers)


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return Desk(shop)


def member_of(shop: Shop, order: Any) -> Any:
    return made(shop.brand.get(f"/v1/members/{order['member_id']}"), 200)


def test_who_calls_becomes_a_member_has_the_order_and_is_told(desk: Desk, engine: Engine, drain: Drain) -> None:
    order = made(desk.place(name="王小明", note="Rings at noon"))
    assert (order["status"], order["totals"]["due"]) == ("placed", desk.shop.money(1_800))
    assert order["placed_by"].startswith("api_key:")
    member = member_of(desk.shop, order)
    assert (member["phone"], member["profile"]["name"], member["origin"]) == (PHONE, "王小明", "staff")
    assert not any(each["granted"] for each in member["consent"].values())

    drain()
    [text] = [mail for mail in news(engine) if mail["to"] == PHONE]
    assert " · One × 2. CN¥18.00" in text["text"]
    assert "East gate, 1 Garden Road" in text["text"]
    assert order["pickup_code"] in text["text"]
    assert order["id"] not in text["text"]


def test_they_find_it_when_they_sign_in_with_that_number(desk: Desk, engine: Engine, drain: Drain) -> None:
    order = made(desk.place())
    drain()
    who = {"audience": "member", "tenant": desk.shop.slug, "phone": PHONE}
    assert desk.shop.caller.call("POST", "/v1/auth/code", json=who).status == 202
    drain()
    code = next(mail["text"].split()[0] for mail in news(engine) if "sign-in code" in mail["text"])
    said = {"profile": {"name": "王小明"}, "consent": {"marketing": True}}
    signed_in = made(desk.shop.caller.call("POST", "/v1/auth/token", json=who | {"code": code} | said), 200)
    assert signed_in["principal"]["id"] == order["member_id"]
    member = member_of(desk.shop, order)
    assert (member["profile"]["name"], member["consent"]["marketing"]["granted"]) == ("王小明", True)

    token = signed_in["access_token"]
    [own] = made(desk.shop.caller.call("GET", f"{desk.shop.path}/orders", token=token), 200)["items"]
    assert (own["id"], own["pickup_code"]) == (order["id"], order["pickup_code"])
    history = made(desk.shop.caller.call("GET", f"{desk.shop.path}/orders/{order['id']}/history", token=token), 200)
    assert [(entry["type"], entry["by"]) for entry in history["items"]] == [("placed", "staff")]
    edit = {"lines": [{"offer_id": desk.offer, "quantity": 1}]}
    changed = desk.call("PATCH", f"{desk.shop.path}/orders/{order['id']}", edit, token=token)
    assert made(changed, 200)["totals"]["due"] == desk.shop.money(900)


def test_a_member_is_found_by_number_or_by_id_and_keeps_their_name(desk: Desk) -> None:
    first = made(desk.place(name="王小明"))
    second = made(desk.place(key="call-2", name="Somebody else"))
    third = made(desk.place(key="call-3", member_id=first["member_id"]))
    assert first["member_id"] == second["member_id"] == third["member_id"]
    assert member_of(desk.shop, first)["profile"]["name"] == "王小明"


def test_who_had_no_name_gets_the_one_that_they_say(desk: Desk) -> None:
    order = made(desk.place(member_id=desk.shop.shopper.id, name="Ada"))
    assert member_of(desk.shop, order)["profile"]["name"] == "Ada"


def test_the_same_key_answers_with_the_same_order_whatever_became_of_it(desk: Desk) -> None:
    first = desk.place(name="王小明", note="Rings at noon")
    order = made(first)
    made(desk.call("POST", f"/v1/orders/{order['id']}/cancel"), 200)
    assert desk.place(name="王小明", note="Rings at noon").text == first.text
    other = desk.place(quantity=3)
    assert (other.status, other.json["code"]) == (422, "idempotency_mismatch")
    another_number = desk.place(phone="+8613900139000")
    assert another_number.json["code"] == "idempotency_mismatch"
    assert made(desk.shop.brand.get("/v1/members?q=%2B8613900139000"), 200)["items"] == []


@pytest.mark.parametrize(
    ("more", "status", "code", "pointer"),
    [
        ({"member_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, 404, "not_found", None),
        ({"phone": None}, 422, "invalid", "/member_id"),
        ({"member_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "phone": PHONE}, 422, "invalid", "/member_id"),
        ({"payment_method": "test"}, 422, "invalid", "/payment_method"),
        ({"quantity": 51}, 409, "sold_out", None),
        ({"expected_total_minor": 1}, 409, "price_changed", None),
        ({"lines": [{"offer_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "quantity": 1}]}, 422, "unknown_offer", None),
    ],
)
def test_refusals_are_the_members_own(desk: Desk, more: Any, status: int, code: str, pointer: str | None) -> None:
    refused = desk.place(**more)
    assert (refused.status, refused.json["code"]) == (status, code), refused.text
    if pointer:
        assert refused.json["errors"][0]["pointer"] == pointer


def test_what_is_not_offered_enrols_nobody(desk: Desk, clock: Clock) -> None:
    assert desk.place(pickup_point_id=desk.shop.pickup_point()["id"]).json["code"] == "unknown_pickup_point"
    online = desk.shop.campaign(payment_methods=["test"])
    lines = [{"offer_id": online["offers"][0]["offer_id"], "quantity": 1}]
    point = online["pickup_points"][0]["id"]
    paid_online = desk.place(campaign_id=online["id"], lines=lines, pickup_point_id=point)
    assert (paid_online.status, paid_online.json["code"]) == (422, "payment_method_unavailable")
    assert "paid online only" in paid_online.json["detail"]
    clock.advance(days=2)
    assert desk.place().json["code"] == "campaign_closed"
    assert made(desk.shop.brand.get("/v1/members"), 200)["items"] == []


def test_limits_count_what_the_member_ordered_themselves(desk: Desk) -> None:
    shop = desk.shop
    campaign = shop.campaign(offers=[shop.offer(per_member_limit=3)])
    lines = [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 2}]
    point = campaign["pickup_points"][0]["id"]
    made(shop.order(campaign=campaign, quantity=2))
    body = {"campaign_id": campaign["id"], "pickup_point_id": point, "lines": lines, "member_id": shop.shopper.id}
    refused = desk.call("POST", "/v1/orders", body)
    assert (refused.status, refused.json["code"], refused.json["left"]) == (409, "limit_reached", 1)
    more_than_anybody = {**body, "lines": [{**lines[0], "quantity": 4}]}
    unread = desk.call("POST", "/v1/orders", more_than_anybody)
    assert (unread.status, unread.json["code"], unread.json["limit"]) == (409, "limit_reached", 3)
    assert "left" not in unread.json
    assert "can take" not in unread.json["detail"], "nobody has looked at what she has; she could take one, not three"


def test_a_blocked_member_cannot_be_ordered_for(desk: Desk) -> None:
    blocked = {"status": "blocked", "reason": "Never collects"}
    made(desk.shop.brand.patch(f"/v1/members/{desk.shop.shopper.id}", blocked), 200)
    assert desk.place(member_id=desk.shop.shopper.id).json["code"] == "member_blocked"


def test_who_serves_may_and_others_may_not(desk: Desk) -> None:
    for role, status in (("service", 201), ("manager", 201), ("planner", 403), ("analyst", 403), ("editor", 403)):
        key = made(desk.shop.brand.post("/v1/api-keys", {"name": role, "scopes": [role]}))["secret"]
        assert desk.place(key=role, token=key).status == status, role
    assert desk.place(token=desk.shop.shopper.token).status == 403


def test_a_quote_for_a_caller(desk: Desk) -> None:
    body = desk.basket(phone=PHONE, delivery={"name": "An", "phone": PHONE, "address": "1 Lilac Road"})
    unknown = desk.call("POST", "/v1/quotes", body)
    assert (unknown.status, unknown.json["detail"]) == (
        404, "Nobody with this number is a member yet; an order makes them one.",
    )  # fmt: skip
    made(desk.place())
    assert made(desk.call("POST", "/v1/quotes", body), 200)["total"] == desk.shop.money(2_400)
    by_id = desk.basket(member_id=desk.shop.shopper.id)
    assert made(desk.call("POST", "/v1/quotes", by_id), 200)["total"] == desk.shop.money(1_800)


def test_the_audit_log_says_who_did_what(desk: Desk, clock: Clock, sweep: Sweep) -> None:
    order, kept = made(desk.place()), made(desk.place(key="call-2"))
    path = f"/v1/orders/{order['id']}"
    made(desk.call("PATCH", path, {"pickup_point_id": desk.west}), 200)
    made(desk.call("POST", f"{path}/cancel"), 200)
    clock.advance(days=2)
    sweep(2)
    made(desk.call("POST", f"/v1/orders/{kept['id']}/move", {"pickup_point_id": desk.west, "reason": "Rain"}), 200)
    done = ((order, ["order.cancelled", "order.changed", "order.placed"]), (kept, ["order.moved", "order.placed"]))
    for each, actions in done:
        log = made(desk.shop.brand.get(f"/v1/audit?target=order:{each['id']}"), 200)["items"]
        assert [entry["action"] for entry in log] == actions
        assert PHONE not in str(log)


def test_staff_change_and_cancel_until_the_cutoff_and_the_member_is_told(
    desk: Desk, engine: Engine, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    order, late = made(desk.place()), made(desk.place(key="call-2"))
    path = f"/v1/orders/{order['id']}"
    edit = {"lines": [{"offer_id": desk.offer, "quantity": 3}], "pickup_point_id": desk.west}
    changed = desk.call("PATCH", path, edit, "e1")
    assert (made(changed, 200)["totals"]["due"], changed.json["pickup_point_id"]) == (desk.shop.money(2_700), desk.west)
    assert desk.call("PATCH", path, edit, "e1").text == changed.text
    drain()
    cancelled = made(desk.call("POST", f"{path}/cancel"), 200)
    assert (cancelled["status"], cancelled["cancelled_by"].partition(":")[0]) == ("cancelled", "api_key")
    drain()
    told = [mail["text"] for mail in news(engine) if "you asked" in mail["text"] and "Autumn" in mail["text"]]
    assert sum("we placed" in text for text in told) == 2
    assert sum("we changed" in text and "× 3" in text and "West gate" in text for text in told) == 1
    assert sum("we cancelled" in text for text in told) == 1

    history = made(desk.shop.brand.get(f"{path}/history"), 200)["items"]
    assert [(entry["type"], entry["by"].partition(":")[0]) for entry in history] == [
        ("placed", "api_key"), ("edited", "api_key"), ("cancelled", "api_key"),
    ]  # fmt: skip
    clock.advance(days=2)
    sweep(2)
    for reply in (
        desk.call("PATCH", f"/v1/orders/{late['id']}", edit, "e2"),
        desk.call("POST", f"/v1/orders/{late['id']}/cancel"),
    ):
        assert (reply.status, reply.json["code"]) == (409, "cutoff_passed")


def test_a_paid_order_that_becomes_dearer_waits_for_its_member_who_is_told_how_much_and_until_when(
    desk: Desk, engine: Engine, drain: Drain
) -> None:
    order = made(desk.shop.order(campaign=desk.campaign, payment_method="test"))
    paid(desk.shop, order)
    home = {"name": "An", "phone": PHONE, "address": "1 Lilac Road"}
    waiting = made(desk.call("PATCH", f"/v1/orders/{order['id']}", {"delivery": home}), 200)
    assert (waiting["delivery"], waiting["pending"]["delivery"]) == (None, home)
    assert waiting["pending"]["amount"] == desk.shop.money(600)

    drain()
    [text] = [mail["text"] for mail in news(engine) if "please pay" in mail["text"]]
    until = parse_instant(waiting["pending"]["expires_at"]).astimezone(zone("Asia/Shanghai"))
    assert (
        f"CN¥6.00 in our store for the change that you asked for, until {until:%a} {until.day} {until:%b %Y, %H:%M};"
        in text
    )


def test_a_delivery_that_was_paid_for_comes_back_where_the_order_is_collected_instead(
    desk: Desk, engine: Engine, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    home = {"name": "An", "phone": PHONE, "address": "1 Lilac Road"}
    checkout = Checkout(desk.shop, campaign=desk.campaign)
    order = checkout.order
    made(desk.call("PATCH", f"/v1/orders/{order['id']}", {"delivery": home}), 200)
    payment = made(checkout.start())
    checkout.pay(payment["id"])
    made(checkout.notify(payment["id"]), 204)
    drain()
    clock.advance(days=2)
    sweep(2)
    path, collected = f"/v1/orders/{order['id']}", {"delivery": None, "reason": "The road is closed."}
    moved = made(desk.call("POST", f"{path}/move", collected), 200)
    assert (moved["totals"]["total"], moved["totals"]["due"], moved["totals"]["refunded"]) == (
        desk.shop.money(1_800), desk.shop.money(0), desk.shop.money(600),
    )  # fmt: skip
    drain()
    assert any("CN¥6.00 comes back the way you paid" in mail["text"] for mail in news(engine))
    # And nobody pays more after the cutoff.
    made(desk.call("POST", f"{path}/move", {"delivery": home, "reason": "It is open again."}, "back"), 200)
    assert made(desk.shop.brand.get(path), 200)["totals"]["due"] == desk.shop.money(0)


def test_a_member_is_not_shown_who_of_the_team_cancelled(desk: Desk) -> None:
    order = made(desk.shop.order(campaign=desk.campaign))
    made(desk.call("POST", f"/v1/orders/{order['id']}/cancel"), 200)
    path = f"{desk.shop.path}/orders/{order['id']}"
    assert made(desk.shop.caller.call("GET", path, token=desk.shop.shopper.token), 200)["cancelled_by"] == "staff"


def test_staff_move_an_order_after_the_cutoff_until_it_is_handed_over(
    desk: Desk, engine: Engine, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    home = {"name": "An", "phone": PHONE, "address": "1 Lilac Road"}
    order = made(desk.place(delivery=home))
    path, moved = f"/v1/orders/{order['id']}/move", {"pickup_point_id": desk.west, "reason": "The east gate is closed."}
    assert desk.call("POST", path, moved).json["code"] == "campaign_not_locked"
    clock.advance(days=2)
    sweep(2)
    assert desk.call("POST", path, {"reason": "x"}).json["errors"][0]["pointer"] == "/pickup_point_id"
    elsewhere = {"pickup_point_id": desk.shop.pickup_point()["id"], "reason": "x"}
    assert desk.call("POST", path, elsewhere).json["code"] == "unknown_pickup_point"

    there = made(desk.call("POST", path, moved, "m1"), 200)
    assert (there["pickup_point_id"], there["delivery"], there["totals"]["total"]) == (
        desk.west, home, desk.shop.money(2_400),
    )  # fmt: skip
    collected = desk.call("POST", path, {"delivery": None, "reason": "Nobody was at home."}, "m2")
    assert (collected.json["delivery"], collected.json["totals"]["due"]) == (None, desk.shop.money(1_800))
    assert desk.call("POST", path, {"delivery": None, "reason": "Nobody was at home."}, "m2").text == collected.text
    assert desk.call("POST", path, moved, "m2").json["code"] == "idempotency_mismatch"
    drain()
    told = [mail["text"] for mail in news(engine) if "is handed over at" in mail["text"]]
    assert len(told) == 2
    assert any("West gate, 1 Garden Road now. Nobody was at home." in text for text in told)

    desk.shop.arrived(order["campaign_id"])
    handed = {"code": order["pickup_code"], "pickup_point_id": desk.east}
    assert desk.shop.brand.post(f"/v1/orders/{order['id']}/pickup", handed).json["code"] == "wrong_pickup_point"
    made(desk.shop.brand.post(f"/v1/orders/{order['id']}/pickup", handed | {"pickup_point_id": desk.west}), 200)
    assert desk.call("POST", path, {"pickup_point_id": desk.east, "reason": "x"}, "m3").json["code"] == "not_adjustable"


def for_caller(store: Store, campaign: Any, key: str = "call", phone: str = PHONE, units: int = 1) -> Any:
    in_stead = placing.InStead(store.staff, "Rings at noon")
    wish, whose = store.wish(campaign, units), placing.Whose(phone=phone, name="王小明")
    return placing.place_for(store.tenant_id, whose, wish, key, BODY_HASH, in_stead, product_clock.now())


def test_such_an_order_fits_a_kilobyte_and_keeps_its_note(store: Store) -> None:
    order = for_caller(store, store.publish(50))
    assert size_of(order) <= 1_024
    [note] = OrderChangeRecord.every(order.pk, begins_with="change#", consistent=True)
    assert (note.type, note.reason, note.by) == ("noted", "Rings at noon", store.staff.label)


def test_the_members_own_order_costs_what_it_did(store: Store) -> None:
    campaign = store.publish(50)
    store.member()
    with metered() as meter:
        store.place(campaign, 1)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert (meter.write_units, meter.index_write_units) == (4, 2)


def test_whatever_fails_meanwhile_there_is_one_order_and_one_member(
    store: Store, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each request, each kind of fault: the next call answers as the one that was not heard."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    faults.of("place for a caller")
    campaign = store.publish(400)
    numbers: list[Any] = [f"+861380013{n:04}" for n in range(100)]
    before = ordinals_given(store.tenant_id)

    done = changed_once(faults, numbers, lambda number: for_caller(store, campaign, key=str(number), phone=str(number)))

    assert done > 40
    assert ordinals_given(store.tenant_id) == before + done
    assert len(store.orders(campaign)) == done
    store.check_stock(campaign)


def test_two_calls_at_once_for_one_new_number(store: Store) -> None:
    campaign = store.publish(50)

    def call(n: int) -> str:
        with tenant_scope(store.tenant_id):
            return str(for_caller(store, campaign, key=f"call-{n % 3}").id)

    with ThreadPoolExecutor(6) as pool:
        placed = list(pool.map(call, range(6)))
    assert len(set(placed)) == 3
    members = {get_order(store.tenant_id, each).member_id for each in placed}
    assert len(members) == 1
    member = MemberRecord.at(store.tenant_id, members.pop())
    assert member is not None
    assert (member.phone, member.name) == (PHONE, "王小明")
    store.check_stock(campaign)
