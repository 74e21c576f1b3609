"""What arrives at the webhooks without being a provider's message to this store changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.payments.providers import hmac_signature
from chalicelib.payments.providers.test import HEADER, TestProvider
from tests.builders import Shop, made
from tests.payments.conftest import Keys
from tests.payments.test_settings import PATH, STRIPE, wechat
from tests.payments.test_wechat import WeChatSide
from tests.payments.till import Till

__all__ = ["wechat"]

Forged = tuple[str, dict[str, str], bytes]
Maker = Callable[["Forger"], Forged]


class Forger:
    """Knows everything of a payment but the secret; and another store, with all of its secrets."""

    def __init__(self, till: Till, payment_id: str, other: Shop) -> None:
        self.till, self.payment_id, self.other = till, payment_id, other
        self.body = json.dumps({"payment_id": payment_id, "event": "succeeded"}).encode()
        self.event = json.dumps(
            {
                "type": "payment_intent.succeeded",
                "data": {"object": {"id": "pi_1", "metadata": {"payment_id": payment_id}}},
            }
        ).encode()

    def test(self, *, age: float = 0, secret: bytes = b"", body: bytes = b"") -> Forged:
        right = secret or self.till.provider.secret
        signature = hmac_signature.sign(right, self.body, clock.now() - timedelta(seconds=age))
        return "test", {HEADER: signature}, body or self.body

    def stripe(self, *, age: float = 0, secret: str = STRIPE["webhook_secret"], body: bytes = b"") -> Forged:
        signature = hmac_signature.sign(secret.encode(), self.event, clock.now() - timedelta(seconds=age))
        return "stripe", {"Stripe-Signature": signature}, body or self.event

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
    "another store's secret": lambda f: f.stripe(secret="whsec_OfTheOtherStoreManyLetters"),
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


@pytest.fixture
def forger(till: Till, new_shop: Callable[..., Shop]) -> Forger:
    """Someone who would have the order taken for paid: the provider's books say it is, so believing is all it takes."""
    made(till.shop.brand.put(f"{PATH}/stripe", STRIPE), 200)
    payment_id = made(till.start())["id"]
    till.press(payment_id)
    return Forger(till, payment_id, new_shop())


@pytest.mark.parametrize("name", TEST)
def test_a_forged_message_of_the_test_provider_changes_nothing(forger: Forger, name: str) -> None:
    _refused_without_a_trace(forger, TEST[name](forger))


@pytest.mark.parametrize("name", STRIPES)
def test_a_forged_message_of_stripe_changes_nothing(forger: Forger, name: str) -> None:
    _refused_without_a_trace(forger, STRIPES[name](forger))


WECHATS: dict[str, Callable[[WeChatSide, bytes], tuple[dict[str, str], bytes]]] = {
    "signed by someone else": lambda side, body: (
        WeChatSide(Forging.keys).sign(body, clock.now()), body,
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


class Forging:
    """The keys of someone who is not WeChat Pay."""

    keys: Keys


def _signed(side: WeChatSide, body: bytes) -> tuple[dict[str, str], bytes]:
    return side.sign(body, clock.now()), body


@pytest.mark.parametrize("name", WECHATS)
def test_a_forged_message_of_wechat_changes_nothing(
    forger: Forger, wechat: dict[str, Any], merchant_keys: Keys, platform_keys: Keys, name: str
) -> None:
    made(forger.till.shop.brand.put(f"{PATH}/wechat", wechat), 200)
    Forging.keys, side = merchant_keys, WeChatSide(platform_keys)

    _refused_without_a_trace(forger, ("wechat", *WECHATS[name](side, side.message(out_trade_no=forger.payment_id))))


def test_the_same_message_unforged_is_believed(forger: Forger, wechat: dict[str, Any], platform_keys: Keys) -> None:
    """Otherwise the tests above would prove nothing; each is answered, the last one settles the payment."""
    made(forger.till.shop.brand.put(f"{PATH}/wechat", wechat), 200)
    side = WeChatSide(platform_keys)
    right = [forger.stripe(), ("wechat", *_signed(side, side.message(out_trade_no=forger.payment_id))), forger.test()]

    assert [forger.till.deliver(*each).status for each in right] == [204, 204, 204]
    assert forger.till.order_record().status == "placed"


def test_a_right_message_replayed_to_another_store_changes_nothing(forger: Forger) -> None:
    before = forger.till.state(forger.payment_id)

    assert forger.till.deliver(*forger.test(), tenant_id=forger.other.tenant_id).status == 400
    assert forger.till.deliver(*forger.test(), tenant_id="01J9ZQ0W7N8RXC5B2M4T6V8Y0A").status == 400
    assert forger.till.deliver(*forger.test(), tenant_id="nobody").status == 404
    assert forger.till.state(forger.payment_id) == before


def test_a_message_about_a_payment_that_is_not_ours_is_answered_and_forgotten(till: Till) -> None:
    for payment_id in ("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "no#key", "", "x" * 5000):
        assert till.tell(payment_id).status == 204


def _refused_without_a_trace(forger: Forger, forged: Forged) -> None:
    before = forger.till.state(forger.payment_id)

    refused = forger.till.deliver(*forged)

    assert (refused.status, refused.json["code"]) == (400, "webhook_refused"), refused.text
    assert forger.till.state(forger.payment_id) == before
