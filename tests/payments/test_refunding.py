"""Money on its way back: executed once, through the payments that brought it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.payments.errors import ProviderRefused, ProviderUnavailable
from chalicelib.payments.model import RefundState
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.service import refunding
from tests.builders import made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout


@pytest.fixture
def paid(checkout: Checkout) -> str:
    """The order is paid; the id of its payment."""
    payment_id: str = made(checkout.start())["id"]
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    return payment_id


def test_cancelling_a_paid_order_gives_its_money_back(checkout: Checkout, paid: str, drain: Drain) -> None:
    checkout.cancel()
    drain()

    assert checkout.given_back(paid) == 1800
    assert checkout.refund_states() == ["succeeded"]
    assert checkout.payment(paid).left_minor == 0


def test_an_event_that_comes_again_gives_nothing_more_back(
    checkout: Checkout, paid: str, drain: Drain, clock: Clock
) -> None:
    checkout.cancel()
    drain()
    (refund_id,) = checkout.refund_ids()

    with tenant_scope(checkout.tenant_id):
        for _ in range(3):
            refunding.refund(checkout.tenant_id, checkout.order["id"], refund_id, clock.now())

    assert checkout.given_back(paid) == 1800


def test_a_provider_that_was_away_is_asked_again(
    checkout: Checkout, paid: str, clock: Clock, sweep: Sweep, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund, lost = TestProvider.refund, []

    def lose_the_first_answer(*given: Any) -> RefundState:
        state = refund(*given)
        if not lost:
            lost.append(state)
            raise ProviderUnavailable("lost")
        return state

    monkeypatch.setattr(TestProvider, "refund", lose_the_first_answer)
    checkout.cancel()
    drain()
    for _ in range(2):
        clock.advance(minutes=6)
        sweep()

    assert lost
    assert checkout.given_back(paid) == 1800
    assert checkout.refund_states() == ["succeeded"]


def test_a_refund_that_takes_its_time_is_followed_to_its_end(
    checkout: Checkout, paid: str, clock: Clock, sweep: Sweep, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund = TestProvider.refund
    monkeypatch.setattr(TestProvider, "refund", lambda *given: RefundState.PENDING)
    checkout.cancel()
    drain()
    assert checkout.refund_states() == ["requested"]

    monkeypatch.setattr(TestProvider, "refund", refund)
    clock.advance(minutes=10)
    sweep()

    assert checkout.refund_states() == ["succeeded"]
    assert checkout.payment(paid).due_at is None


def test_a_refund_that_the_provider_declines_is_shown(
    checkout: Checkout, paid: str, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def declined(*given: Any) -> RefundState:
        raise ProviderRefused("declined", extra={"provider_code": "insufficient_funds"})

    monkeypatch.setattr(TestProvider, "refund", declined)
    checkout.cancel()
    drain()

    assert checkout.refund_states() == ["failed"]
    (shown,) = made(checkout.shop.brand.get(f"/v1/orders/{checkout.order['id']}/payments"), 200)["items"]
    assert [refund["status"] for refund in shown["refunds"]] == ["failed"]
