"""What arrives at the webhooks without being a provider's message to this store changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from chalicelib.kernel import clock
from chalicelib.payments.errors import ProviderRefused
from chalicelib.payments.model import Report, State
from chalicelib.payments.providers import hmac_signature
from chalicelib.payments.providers.port import Opened
from chalicelib.payments.providers.test import HEADER, TestProvider
from chalicelib.payments.providers.wechat import WeChat
from infra.local.engine import Engine
from infra.local.resources import Resources, client
from tests.builders import Shop, made
from tests.payments.checkout import Checkout
from tests.payments.conftest import Keys
from tests.payments.fake_stripe import FakeStripe
from tests.payments.test_settings import PATH, STRIPE, wechat
from tests.payments.test_wechat import WeChatSide

__all__ = ["wechat"]

OTHERS_SECRET = "whsec_OfTheOtherStoreManyLetters"
Forged = tuple[str, dict[str, str], bytes]
Maker = Callable[["Forger"], Forged]


class Forger:
    """Knows everything of a payment but the secret; and another store, with all of its secrets."""

    def __init__(self, payment_id: str, tenant_id: str, other: Shop) -> None:
        self.payment_id, self.tenant_id, self.other = payment_id, tenant_id, other
        self.body = json.dumps({"payment_id": payment_id, "event": "succeeded"}).encode()
        self.event = json.dumps(
            {
                "type": "payment_intent.succeeded",
                "data": {"object": {"id": "pi_1", "metadata": {"payment_id": payment_id}}},
            }
        ).encode()

    def test(self, *, age: float = 0, secret: bytes = b"", body: bytes = b"") -> Forged:
        right = secret or TestProvider(self.tenant_id).secret
        signature = hmac_signature.sign(right, self.body, clock.now() - timedelta(seconds=age))
        return "test", {HEADER: signature}, body or self.body

    def stripe(self, *, age: float = 0, secret: str = STRIPE["webhook_secret"], body: bytes = b"") -> Forged:
        signature = hmac_signature.sign(secret.encode(), self.event, clock.now() - timedelta(seconds=age))
        return "stripe", {"Stripe-Signature": signature}, body or self.event

    def signed(self, body: bytes) -> tuple[Forged, Forged]:
        """Any body with the right signature, at the test provider and at Stripe."""
        return (
            ("test", {HEADER: hmac_signature.sign(TestProvider(self.tenant_id).secret, body, clock.now())}, body),
            (
                "stripe",
                {"Stripe-Signature": hmac_signature.sign(STRIPE["webhook_secret"].encode(), body, clock.now())},
                body,
            ),
        )

    @property
    def others_secret(self) -> bytes:
        return TestProvider(self.other.tenant_id).secret


def _without(forged: Forged) -> Forged:
    return forged[0], {}, forged[2]


def _with(forged: Forged, change: Callable[[str], str]) -> Forged:
    return forged[0], {name: change(value) for name, value in forged[1].items()}, forged[2]


def _other_scheme(value: str) -> str:
    return value.replace("v1=", "v0=")


def _cut(value: str) -> str:
    return value[:-1]


def _no_time(value: str) -> str:
    return value.split(",")[1]


def _moved(value: str) -> str:
    t, signature = value.split(",")
    return f"t={int(t[2:]) + 1},{signature}"


TEST: dict[str, Maker] = {
    "wrong secret": lambda f: f.test(secret=b"guessed"),
    "another store's secret": lambda f: f.test(secret=f.others_secret),
    "stale": lambda f: f.test(age=301),
    "from the future": lambda f: f.test(age=-302),
    "one byte changed": lambda f: f.test(body=f.body.replace(b"succeeded", b"succeedee")),
    "body cut": lambda f: f.test(body=f.body[:-1]),
    "body longer": lambda f: f.test(body=f.body + b"\n"),
    "no header": lambda f: _without(f.test()),
    "signature cut": lambda f: _with(f.test(), _cut),
    "no time": lambda f: _with(f.test(), _no_time),
    "another time": lambda f: _with(f.test(), _moved),
    "another algorithm": lambda f: _with(f.test(), _other_scheme),
    "signed as another provider": lambda f: ("stripe", f.test()[1], f.body),
    "an unknown provider": lambda f: ("paypal", f.test()[1], f.body),
}
STRIPES: dict[str, Maker] = {
    "wrong secret": lambda f: f.stripe(secret="whsec_guessed"),
    "another store's secret": lambda f: f.stripe(secret=OTHERS_SECRET),
    "the API key as secret": lambda f: f.stripe(secret=STRIPE["secret_key"]),
    "stale": lambda f: f.stripe(age=301),
    "from the future": lambda f: f.stripe(age=-302),
    "one byte changed": lambda f: f.stripe(body=f.event.replace(b"pi_1", b"pi_2")),
    "body cut": lambda f: f.stripe(body=f.event[:-1]),
    "body longer": lambda f: f.stripe(body=f.event + b"\n"),
    "no header": lambda f: _without(f.stripe()),
    "signature cut": lambda f: _with(f.stripe(), _cut),
    "no time": lambda f: _with(f.stripe(), _no_time),
    "another time": lambda f: _with(f.stripe(), _moved),
    "another algorithm": lambda f: _with(f.stripe(), _other_scheme),
}


WECHATS: dict[str, Callable[[WeChatSide, bytes], tuple[dict[str, str], bytes]]] = {
    "signed by someone else": lambda side, body: (
        WeChatSide(strangers_keys()).sign(body, clock.now()), body,
    ),
    "stale": lambda side, body: (side.sign(body, clock.now() - timedelta(seconds=301)), body),
    "from the future": lambda side, body: (side.sign(body, clock.now() + timedelta(seconds=302)), body),
    "one byte changed": lambda side, body: (side.sign(body, clock.now()), body.replace(b'"1"', b'"2"')),
    "body cut": lambda side, body: (side.sign(body, clock.now()), body[:-1]),
    "body longer": lambda side, body: (side.sign(body, clock.now()), body + b"\n"),
    "no headers": lambda side, body: ({}, body),
    "another serial": lambda side, body: (side.sign(body, clock.now()) | {"wechatpay-serial": "0" * 32}, body),
    "another nonce": lambda side, body: (side.sign(body, clock.now()) | {"wechatpay-nonce": "x"}, body),
    "no signature": lambda side, body: (side.sign(body, clock.now()) | {"wechatpay-signature": ""}, body),
    "another algorithm": lambda side, body: (
        side.sign(body, clock.now()) | {"wechatpay-signature-type": "WECHATPAY2-SM2-WITH-SM3"}, body,
    ),
    "another store's content": lambda side, body: _signed(side, side.message(key="the-api-v3-key-of-another-store.")),
    "another merchant's payment": lambda side, body: _signed(side, side.message(mchid="1900000002")),
}  # fmt: skip


@cache
def strangers_keys() -> Keys:
    """The keys of someone who is not WeChat Pay."""
    return Keys(generate_private_key(65537, 2048))


def _signed(side: WeChatSide, body: bytes) -> tuple[dict[str, str], bytes]:
    return side.sign(body, clock.now()), body


@pytest.fixture
def contents(engine: Engine, _engine_process: tuple[Engine, Resources]) -> Callable[[], Any]:
    """Everything that is stored, in every table, and everything that waits on streams and queues."""
    dynamodb, (_, resources) = client(engine, "dynamodb"), _engine_process

    def read() -> Any:
        tables = {name: dynamodb.scan(TableName=name)["Items"] for name in resources.tables.values()}
        return json.dumps([tables, engine.work()], sort_keys=True, default=str)

    return read


def _refused_without_a_trace(checkout: Checkout, forged: Mapping[str, Forged], contents: Callable[[], Any]) -> None:
    assert len(forged) >= 12
    before = contents()
    for name, each in forged.items():
        refused = checkout.deliver(*each)
        assert (refused.status, refused.json["code"]) == (400, "webhook_refused"), f"{name}: {refused.text}"
        assert contents() == before, f"{name}: something was written"


def _believed(checkout: Checkout, right: Forged) -> None:
    """Otherwise the refusals would prove nothing: the same message, unforged, has the order paid."""
    assert checkout.deliver(*right).status == 204
    assert checkout.order_record().status == "placed"


def test_forged_messages_of_the_test_provider_change_nothing(
    shop: Shop, new_shop: Callable[..., Shop], contents: Callable[[], Any]
) -> None:
    """The payer has paid at the provider in all of these tests, so believing is all it takes."""
    checkout = Checkout(shop)
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)
    forger = Forger(payment_id, shop.tenant_id, new_shop())

    _refused_without_a_trace(checkout, {name: make(forger) for name, make in TEST.items()}, contents)
    _believed(checkout, forger.test())


def test_forged_messages_of_stripe_change_nothing(
    shop: Shop, new_shop: Callable[..., Shop], stripe_side: FakeStripe, contents: Callable[[], Any]
) -> None:
    checkout, other = Checkout(shop, method="stripe"), new_shop()
    made(other.brand.put(f"{PATH}/stripe", STRIPE | {"webhook_secret": OTHERS_SECRET}), 200)
    payment_id = made(checkout.start())["id"]
    stripe_side.pay(payment_id)
    forger = Forger(payment_id, shop.tenant_id, other)

    _refused_without_a_trace(checkout, {name: make(forger) for name, make in STRIPES.items()}, contents)
    _believed(checkout, forger.stripe())


def test_forged_messages_of_wechat_pay_change_nothing(
    shop: Shop,
    wechat: dict[str, Any],
    platform_keys: Keys,
    contents: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made(shop.brand.put(f"{PATH}/wechat", wechat), 200)
    monkeypatch.setattr(WeChat, "create", lambda *_: Opened("none", {"code_url": "weixin://"}))
    monkeypatch.setattr(WeChat, "query", lambda _self, known, _now: Report(State.SUCCEEDED, known.terms))
    checkout, side = Checkout(shop, method="wechat"), WeChatSide(platform_keys)
    body = side.message(out_trade_no=made(checkout.start())["id"])

    forged = {name: ("wechat", *make(side, body)) for name, make in WECHATS.items()}
    _refused_without_a_trace(checkout, forged, contents)
    _believed(checkout, ("wechat", *_signed(side, body)))


def test_a_right_message_replayed_to_another_store_changes_nothing(
    checkout: Checkout, new_shop: Callable[..., Shop], contents: Callable[[], Any]
) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)
    other = new_shop()
    right, before = Forger(payment_id, checkout.tenant_id, other).test(), contents()

    assert checkout.deliver(*right, tenant_id=other.tenant_id).status == 400
    assert checkout.deliver(*right, tenant_id="01J9ZQ0W7N8RXC5B2M4T6V8Y0A").status == 400
    assert checkout.deliver(*right, tenant_id="nobody").status == 404
    assert contents() == before


UNREADABLE: dict[str, bytes] = {
    "100,000 brackets": b"[" * 100_000,
    "nested objects": b'{"data":' * 20_000 + b"1" + b"}" * 20_000,
    "nested where nobody looks": b'{"event": "paid", "payment_id": "x", "more": ' + b"[" * 200 + b"]" * 200 + b"}",
    "two payments": b'{"event": "paid", "type": "paid", "data": {"object": {}}, "payment_id": "x", "payment_id": "y"}',
    "half a surrogate pair": b'{"event": "refunded", "type": "refund.created", "payment_id": "\\ud800", '
    b'"data": {"object": {"payment_intent": "\\ud800"}}}',
    "a null character": b'{"event": "refunded", "type": "refund.created", "payment_id": "\\u0000", '
    b'"data": {"object": {"payment_intent": "pi\\u0000"}}}',
}


def test_a_signed_message_that_cannot_be_read_is_refused(
    shop: Shop, new_shop: Callable[..., Shop], stripe_side: FakeStripe, contents: Callable[[], Any]
) -> None:
    """A store knows its own secret: what it signs may still be anything."""
    checkout = Checkout(shop, method="stripe")
    forger = Forger("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", shop.tenant_id, new_shop())
    signed = {name: forger.signed(body) for name, body in UNREADABLE.items()}

    forged = {f"{name} at {each[0]}": each for name, both in signed.items() for each in both}
    _refused_without_a_trace(checkout, forged, contents)


def test_a_message_about_a_payment_that_is_not_ours_is_answered_and_forgotten(checkout: Checkout) -> None:
    for payment_id in ("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "no#key", "", "x" * 5000):
        assert checkout.notify(payment_id).status == 204


def test_a_message_is_sent_again_when_the_provider_cannot_be_asked(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that sounds like success would be the last message about the money."""
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)

    def declined(*_: Any) -> Any:
        raise ProviderRefused("The key was revoked.", extra={"provider_code": "api_key_expired"})

    with monkeypatch.context() as patch:
        patch.setattr(TestProvider, "query", declined)
        assert checkout.notify(payment_id).status == 503

    assert checkout.notify(payment_id).status == 204
    assert checkout.order_record().status == "placed"
