"""Money that comes and goes through a provider, with every message on its real way through streams and queues."""

from __future__ import annotations

from chalicelib.db import tenant_scope
from chalicelib.settlement.books.service import balances
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout


def _books(shop: Shop) -> dict[str, int]:
    with tenant_scope(shop.tenant_id):
        assert balances.recount(shop.tenant_id).differences == {}
        proof = balances.proof(shop.tenant_id)
        assert proof.holds, proof
        return {each.account: each.balance_minor for each in balances.every(shop.tenant_id) if each.balance_minor}


def _paid(checkout: Checkout) -> str:
    payment = made(checkout.start())["id"]
    checkout.pay(payment)
    made(checkout.notify(payment), 204)
    return str(payment)


def test_a_paid_order_that_is_cancelled_leaves_nothing_behind(shop: Shop, drain: Drain) -> None:
    checkout = Checkout(shop)
    _paid(checkout)
    drain()
    assert _books(shop) == {"clearing:test": 1_800, "customer_funds": 1_800}
    checkout.cancel()
    drain()
    assert checkout.refund_states() == ["succeeded"]
    assert _books(shop) == {}


def test_a_payment_that_comes_when_the_order_is_gone_goes_back_whole(shop: Shop, drain: Drain) -> None:
    checkout = Checkout(shop)
    payment = made(checkout.start())["id"]
    checkout.cancel()
    checkout.pay(payment)
    checkout.notify(payment)
    drain()
    assert checkout.given_back(payment) == 1_800
    assert _books(shop) == {}


def test_an_order_that_is_handed_over_becomes_a_sale(shop: Shop, clock: Clock, drain: Drain, sweep: Sweep) -> None:
    checkout = Checkout(shop)
    _paid(checkout)
    clock.advance(days=8)
    sweep()
    shop.arrived(checkout.order["campaign_id"])
    code = checkout.order_record().pickup_code
    handed = {"code": code, "pickup_point_id": checkout.order["pickup_point_id"]}
    made(shop.brand.post(f"/v1/orders/{checkout.order['id']}/pickup", handed), 200)
    drain()
    assert _books(shop) == {"clearing:test": 1_800, "sales": 1_800}


def test_a_short_delivery_is_owed_to_the_supplier_and_the_rest_goes_back_to_who_came_last(
    shop: Shop, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    """Two were paid at ¥9.00 and bought at ¥4.00; one came. ¥9.00 goes back, ¥4.00 is owed."""
    supplier = made(shop.brand.post("/v1/suppliers", {"name": "Farm"}))["id"]
    checkout = Checkout(shop)
    sku = checkout.order["lines"][0]["sku_id"]
    made(shop.brand.put(f"/v1/suppliers/{supplier}/skus/{sku}", {"cost": shop.money(400)}), 200)
    _paid(checkout)
    clock.advance(days=8)
    sweep()
    lines = [{"sku_id": sku, "received": 1, "short": 1}]
    path, keyed = f"/v1/campaigns/{checkout.campaign['id']}/receipts", {"Idempotency-Key": "receipt"}
    made(shop.brand.post(path, {"supplier_id": supplier, "lines": lines}, headers=keyed))
    drain()
    assert _books(shop) == {
        "clearing:test": 900, "customer_funds": 900, "goods_cost": 400, f"supplier_payable:{supplier}": 400,
    }  # fmt: skip
