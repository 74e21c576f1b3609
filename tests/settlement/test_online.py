"""Money that comes and goes through a provider, with every message on its real way through streams and queues."""

from __future__ import annotations

from chalicelib.db import tenant_scope
from chalicelib.settlement.service import balances
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.till import Till


def _books(shop: Shop) -> dict[str, int]:
    with tenant_scope(shop.tenant_id):
        assert balances.recount(shop.tenant_id).differences == {}
        proof = balances.proof(shop.tenant_id)
        assert proof.holds, proof
        return {each.account: each.balance_minor for each in balances.every(shop.tenant_id) if each.balance_minor}


def _paid(till: Till) -> str:
    payment = made(till.start())["id"]
    till.press(payment)
    made(till.tell(payment), 204)
    return str(payment)


def test_a_paid_order_that_is_cancelled_leaves_nothing_behind(shop: Shop, drain: Drain) -> None:
    till = Till(shop)
    _paid(till)
    drain()
    assert _books(shop) == {"clearing:test": 1_800, "customer_funds": 1_800}
    till.cancel()
    drain()
    assert till.refund_states() == ["succeeded"]
    assert _books(shop) == {}


def test_a_payment_that_comes_when_the_order_is_gone_goes_back_whole(shop: Shop, drain: Drain) -> None:
    till = Till(shop)
    payment = made(till.start())["id"]
    till.cancel()
    till.press(payment)
    till.tell(payment)
    drain()
    assert till.given_back(payment) == 1_800
    assert _books(shop) == {}


def test_an_order_that_is_handed_over_becomes_a_sale(shop: Shop, clock: Clock, drain: Drain, sweep: Sweep) -> None:
    till = Till(shop)
    _paid(till)
    clock.advance(days=8)
    sweep()
    code = till.order_record().pickup_code
    handed = {"code": code, "pickup_point_id": till.order["pickup_point_id"]}
    made(shop.brand.post(f"/v1/orders/{till.order['id']}/pickup", handed), 200)
    drain()
    assert _books(shop) == {"clearing:test": 1_800, "sales": 1_800}
