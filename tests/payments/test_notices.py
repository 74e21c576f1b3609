"""Who runs a store is told what has to be seen to in its payments: each person once, with what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.messaging import Message
from chalicelib.payments.errors import KeysRefused, ProviderRefused, ProviderUnavailable
from chalicelib.payments.notices.events import consumer
from chalicelib.payments.providers.test import TestProvider
from tests.builders import made
from tests.conftest import Clock, Drain, Sweep
from tests.notices.hearing import Hearing
from tests.payments.checkout import Checkout

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture
def hearing(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> Hearing:
    """A store with an owner, who manages it too, a manager, and somebody in customer care."""
    brand = checkout.shop.brand
    owner = made(brand.get("/v1/staff"), 200)["items"][0]["id"]
    made(brand.patch(f"/v1/staff/{owner}", {"roles": ["owner", "manager"]}), 200)
    people = {"owner": owner}
    for role in ("manager", "service"):
        body = {"email": f"{role}@{checkout.shop.slug}.example", "name": role, "roles": [role]}
        people[role] = made(brand.post("/v1/staff", body))["id"]
    return Hearing.begin(monkeypatch, **people)


def hear(checkout: Checkout, event: str, at: datetime = AT, times: int = 2, **data: Any) -> None:
    """The event comes, and comes again."""
    for _ in range(times):
        consumer.handle(Message(f"{event}-{at}", event, checkout.tenant_id, at, data), at)


def paid(checkout: Checkout, drain: Drain) -> str:
    payment_id: str = made(checkout.start())["id"]
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    drain()
    return payment_id


def test_a_refund_that_did_not_go_out_is_told_to_whoever_can_have_it_tried_again(
    checkout: Checkout, hearing: Hearing, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def declined(*given: Any) -> Any:
        raise ProviderRefused("declined", extra={"provider_code": "insufficient_funds"})

    payment_id = paid(checkout, drain)
    with monkeypatch.context() as patched:
        patched.setattr(TestProvider, "refund", declined)
        checkout.cancel()
        drain()
    title, code = checkout.campaign["title"], checkout.order["pickup_code"]

    assert hearing.texts("refund_failed_at_provider") == [
        (
            who,
            "A refund did not go out",
            (
                f"The {checkout.shop.slug}, “{title}”: the test provider did not send CN¥18.00 back for the order with "
                f"pickup code {code}. See at the test provider why, such as too low a balance; then have it tried "
                "again, under payments to look at."
            ),
        )
        for who in ("manager", "owner")
    ]
    assert hearing.texts("refund_failed_at_provider", language="zh")[0][2] == (
        f"The {checkout.shop.slug}：“{title}”取货码 {code} 的订单有一笔 ¥18.00 的退款被 测试支付渠道 拒绝。"
        "请到 测试支付渠道 查明原因（如余额不足），再到“待处理支付”重新退款。"
    )

    (refund_id,) = checkout.refund_ids()
    about = {"payment_id": payment_id, "refund_id": refund_id}
    hear(checkout, "payment.refund_declined", **about)
    hear(checkout, "payment.refund_declined", AT.replace(minute=59), **about)
    assert len(hearing.who("refund_failed_at_provider")) == 4, "once for what was declined then, once for this hour"

    made(checkout.retry(payment_id), 200)
    drain()
    hear(checkout, "payment.refund_declined", AT.replace(hour=11), **about)
    assert len(hearing.who("refund_failed_at_provider")) == 4, "it has gone out since"


def test_a_payment_that_differs_is_told_for_as_long_as_it_does(
    checkout: Checkout, hearing: Hearing, drain: Drain
) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.change_charge(payment_id, amount_minor=1_700)
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    drain()

    assert hearing.who("payment_differs") == [("manager", "payment_differs"), ("owner", "payment_differs")]
    text = hearing.texts("payment_differs")[0][2]
    assert "from the CN¥18.00 that was asked" in text
    assert "accept or dismiss it" in text

    body = {"reason": "The rest was cash"}
    made(checkout.shop.brand.post(f"/v1/payments/{payment_id}/accept", body), 200)
    hear(checkout, "payment.differs", payment_id=payment_id)
    assert len(hearing.who("payment_differs")) == 2


@pytest.mark.parametrize(
    ("fault", "template", "said"),
    [
        (KeysRefused("no"), "payment_keys_refused", "Put the keys right, under payment settings"),
        (ProviderUnavailable("away"), "payment_not_asked", "We go on asking"),
    ],
)
def test_a_provider_that_cannot_be_asked_is_told_once_and_not_at_each_look(
    checkout: Checkout,
    hearing: Hearing,
    drain: Drain,
    sweep: Sweep,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    template: str,
    said: str,
) -> None:
    def away(*given: Any) -> Any:
        raise fault

    payment_id = paid(checkout, drain)
    with monkeypatch.context() as patched:
        patched.setattr(TestProvider, "refund", away)
        checkout.cancel()
        drain()
        for _ in range(3):
            clock.advance(minutes=6)
            sweep()
    assert checkout.look_at("not_asked") == [payment_id]
    assert hearing.who(template) == [("manager", template), ("owner", template)]
    assert said in hearing.texts(template)[0][2]
    assert [each.subject_id for _, each in hearing.told(template)] == [payment_id, payment_id]

    clock.advance(minutes=6)
    sweep()
    assert (checkout.look_at("not_asked"), len(hearing.who(template))) == ([], 2)


def test_keys_that_are_refused_are_told_once_a_day_however_many_payments_wait(
    checkout: Checkout, hearing: Hearing, drain: Drain
) -> None:
    payment_id = paid(checkout, drain)
    for at in (AT, AT.replace(hour=12), AT.replace(hour=17)):
        hear(checkout, "payment.not_asked", at, payment_id=payment_id, fault="provider_keys_refused")

    days = [each.template for _, each in hearing.told("payment_keys_refused")]
    assert len(days) == 4, "17:00 UTC is the next day in Shanghai; each day both are told"


def test_a_store_with_owners_only_has_them_told(checkout: Checkout, hearing: Hearing, drain: Drain) -> None:
    brand = checkout.shop.brand
    for person, name in hearing.names.items():
        if name != "owner":
            made(brand.call("DELETE", f"/v1/staff/{person}"), 204)
    hear(checkout, "payment.not_asked", payment_id=paid(checkout, drain), fault="provider_not_set_up")

    assert hearing.who("payment_keys_refused") == [("owner", "payment_keys_refused")]
