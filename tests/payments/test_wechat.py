"""WeChat Pay: what is sent, what its answers mean, and which of its messages are believed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from wechatpayv3 import utils as official

from chalicelib.payments.errors import (
    CurrencyNotTaken,
    KeysRefused,
    ProviderRefused,
    ProviderUnavailable,
    WebhookRefused,
)
from chalicelib.payments.model import RefundState, State, Terms
from chalicelib.payments.providers import wechat, wechat_crypto
from chalicelib.payments.providers.port import Charge, Known, Return
from chalicelib.payments.providers.wechat import WeChat
from tests.payments.conftest import NOW, Asked, Counterpart, Keys

API_V3_KEY = "an-api-v3-key-of-32-characters-."
SERIAL, PLATFORM_SERIAL = "5157F09EFDC096DE15EBE81A47057A72", "PUB_KEY_ID_0116000000002026"
TERMS = Terms("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "01J9ZQ0W7N8RXC5B2M4T6V8Y0B", 1250, "CNY", "1900000001")
KNOWN = Known(TERMS, TERMS.payment_id)
Headers = dict[str, str]


@pytest.fixture
def account(merchant_keys: Keys, platform_keys: Keys) -> WeChat:
    return WeChat(
        merchant="1900000001",
        app_id="wxd678efh567hg6787",
        serial=SERIAL,
        platform_serial=PLATFORM_SERIAL,
        platform_key=platform_keys.public_pem,
        private_key=merchant_keys.private_pem,
        api_v3_key=API_V3_KEY,
    )


@pytest.fixture
def provider(account: WeChat, counterpart: Counterpart, monkeypatch: pytest.MonkeyPatch) -> WeChat:
    monkeypatch.setattr(wechat, "API", counterpart.url)
    return account


@dataclass
class WeChatSide:
    """Signs and encrypts as WeChat Pay does."""

    keys: Keys
    serial: str = PLATFORM_SERIAL

    def sign(self, body: bytes, at: datetime = NOW) -> Headers:
        t, nonce = str(int(at.timestamp())), "593BEC0C930BF1AFEB40B4A08C8FB242"
        text = f"{t}\n{nonce}\n{body.decode()}\n"
        return {
            "wechatpay-timestamp": t,
            "wechatpay-nonce": nonce,
            "wechatpay-signature": official.rsa_sign(self.keys.private, text),
            "wechatpay-serial": self.serial,
        }

    def message(self, key: str = API_V3_KEY, **fields: Any) -> bytes:
        content = {"mchid": TERMS.merchant, "out_trade_no": TERMS.payment_id, "trade_state": "SUCCESS"} | fields
        sealed = AESGCM(key.encode()).encrypt(b"fdasflkja484", json.dumps(content).encode(), b"transaction")
        resource = {
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "nonce": "fdasflkja484",
            "associated_data": "transaction",
        }
        return json.dumps({"id": "1", "event_type": "TRANSACTION.SUCCESS", "resource": resource}).encode()

    def answer(self, status: int, document: Any = None) -> Callable[[Asked], tuple[int, Headers, bytes]]:
        body = b"" if document is None else json.dumps(document).encode()
        return lambda asked: (status, self.sign(body), body)


@pytest.fixture
def side(platform_keys: Keys) -> WeChatSide:
    return WeChatSide(platform_keys)


def charge(**fields: Any) -> Charge:
    wanted = Charge(TERMS, "秋梨团购", NOW + timedelta(minutes=15), "https://shop.example/v1/webhooks/wechat/x")
    return replace(wanted, **fields)


def transaction(**fields: Any) -> dict[str, Any]:
    return {
        "mchid": TERMS.merchant,
        "appid": "wxd678efh567hg6787",
        "out_trade_no": TERMS.payment_id,
        "attach": TERMS.order_id,
        "transaction_id": "42000000",
        "trade_state": "NOTPAY",
        "amount": {"total": 1250, "payer_total": 1250, "currency": "CNY"},
    } | fields


def test_a_request_is_signed_as_the_official_library_signs(
    merchant_keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body, nonce = "/v3/pay/transactions/native", '{"amount":{"total":1}}', "593BEC0C930BF1AFEB40B4A08C8FB242"
    monkeypatch.setattr(official.time, "time", NOW.timestamp)
    expected = official.build_authorization(path, "POST", "1900000001", SERIAL, merchant_keys.private, body, nonce)

    signed = wechat_crypto.authorization(
        merchant_keys.private_pem, "1900000001", SERIAL, "POST", path, body, NOW, nonce
    )

    assert signed == expected


def test_native_gives_a_code_to_scan(provider: WeChat, counterpart: Counterpart, side: WeChatSide) -> None:
    counterpart.will_do(side.answer(200, {"code_url": "weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}))

    opened = provider.create(charge(), NOW)

    (asked,) = counterpart.asked
    sent = json.loads(asked.body)
    assert asked.path == "/v3/pay/transactions/native"
    assert (sent["out_trade_no"], sent["attach"]) == (TERMS.payment_id, TERMS.order_id)
    assert sent["amount"] == {"total": 1250, "currency": "CNY"}
    assert sent["time_expire"] == "2026-11-22T16:15:00+08:00"
    assert sent["notify_url"] == "https://shop.example/v1/webhooks/wechat/x"
    assert opened.client == {"code_url": "weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}


def test_a_payment_is_open_for_a_minute_at_least(provider: WeChat, counterpart: Counterpart, side: WeChatSide) -> None:
    """WeChat Pay refuses less; what comes too late for the order goes back."""
    counterpart.will_do(side.answer(200, {"code_url": "weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}))

    provider.create(charge(expires_at=NOW + timedelta(seconds=5)), NOW)

    assert json.loads(counterpart.asked[0].body)["time_expire"] == "2026-11-22T16:01:01+08:00"


def test_the_signature_that_is_sent_holds(
    provider: WeChat, counterpart: Counterpart, side: WeChatSide, merchant_keys: Keys
) -> None:
    counterpart.will_do(side.answer(200, transaction()))

    provider.query(KNOWN, NOW)

    (asked,) = counterpart.asked
    scheme, _, fields = asked.headers["authorization"].partition(" ")
    given = dict(part.split("=", 1) for part in fields.replace('"', "").split(","))
    text = f"GET\n{asked.path}\n{given['timestamp']}\n{given['nonce_str']}\n\n"
    assert scheme == "WECHATPAY2-SHA256-RSA2048"
    assert (given["mchid"], given["serial_no"]) == ("1900000001", SERIAL)
    assert given["signature"] == official.rsa_sign(merchant_keys.private, text)


def test_jsapi_gives_what_the_page_inside_wechat_needs(
    provider: WeChat, counterpart: Counterpart, side: WeChatSide, merchant_keys: Keys
) -> None:
    counterpart.will_do(side.answer(200, {"prepay_id": "wx201410272009395522657a690389285100"}))

    client = provider.create(charge(way="jsapi", payer="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"), NOW).client

    (asked,) = counterpart.asked
    assert asked.path == "/v3/pay/transactions/jsapi"
    assert json.loads(asked.body)["payer"] == {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}
    text = f"{client['appId']}\n{client['timeStamp']}\n{client['nonceStr']}\n{client['package']}\n"
    assert client["package"] == "prepay_id=wx201410272009395522657a690389285100"
    assert client["paySign"] == official.rsa_sign(merchant_keys.private, text)


def test_other_currencies_are_not_taken(provider: WeChat) -> None:
    with pytest.raises(CurrencyNotTaken):
        provider.create(charge(terms=replace(TERMS, currency="USD")), NOW)


@pytest.mark.parametrize(
    ("trade_state", "state"),
    [
        ("SUCCESS", State.SUCCEEDED),
        ("REFUND", State.SUCCEEDED),
        ("NOTPAY", State.PENDING),
        ("USERPAYING", State.PENDING),
        ("CLOSED", State.CLOSED),
        ("REVOKED", State.CLOSED),
        ("PAYERROR", State.FAILED),
        ("SOMETHING_NEW", State.PENDING),
    ],
)
def test_what_a_trade_state_means(
    provider: WeChat, counterpart: Counterpart, side: WeChatSide, trade_state: str, state: State
) -> None:
    counterpart.will_do(side.answer(200, transaction(trade_state=trade_state)))

    report = provider.query(KNOWN, NOW)

    assert (report.state, report.terms) == (state, TERMS)


def test_a_payment_that_wechat_does_not_have_was_never_opened(provider: WeChat, counterpart: Counterpart) -> None:
    counterpart.will_answer(404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"})

    assert provider.query(KNOWN, NOW).state is State.CLOSED


def test_what_was_paid_meanwhile_cannot_be_closed(provider: WeChat, counterpart: Counterpart, side: WeChatSide) -> None:
    counterpart.will_answer(400, {"code": "ORDERPAID"})
    counterpart.will_do(side.answer(200, transaction(trade_state="SUCCESS")))

    assert provider.close(KNOWN, NOW).state is State.SUCCEEDED
    assert counterpart.asked[0].path.endswith("/close")


def test_closing_answers_with_nothing_but_a_signature(
    provider: WeChat, counterpart: Counterpart, side: WeChatSide
) -> None:
    counterpart.will_do(side.answer(204))
    counterpart.will_do(side.answer(200, transaction(trade_state="CLOSED")))

    assert provider.close(KNOWN, NOW).state is State.CLOSED


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("SUCCESS", RefundState.SUCCEEDED),
        ("PROCESSING", RefundState.PENDING),
        ("ABNORMAL", RefundState.FAILED),
        ("CLOSED", RefundState.FAILED),
    ],
)
def test_a_refund_is_made_under_its_own_id(
    provider: WeChat, counterpart: Counterpart, side: WeChatSide, status: str, state: RefundState
) -> None:
    counterpart.will_do(side.answer(200, {"refund_id": "503", "status": status}))

    assert provider.refund(KNOWN, Return("refund-1", 300, ""), NOW) is state

    sent = json.loads(counterpart.asked[0].body)
    assert (sent["out_trade_no"], sent["out_refund_no"]) == (TERMS.payment_id, "refund-1")
    assert sent["amount"] == {"refund": 300, "total": 1250, "currency": "CNY"}


def test_an_answer_that_wechat_did_not_sign_is_not_believed(provider: WeChat, counterpart: Counterpart) -> None:
    counterpart.will_answer(200, transaction(trade_state="SUCCESS"))

    with pytest.raises(ProviderUnavailable):
        provider.query(KNOWN, NOW)


def test_a_refusal_carries_wechats_code(provider: WeChat, counterpart: Counterpart) -> None:
    counterpart.will_answer(403, {"code": "NO_AUTH", "message": "商户号未开通"})

    with pytest.raises(ProviderRefused) as refused:
        provider.create(charge(), NOW)
    assert refused.value.extra == {"provider_code": "NO_AUTH"}


@pytest.mark.parametrize(
    ("status", "code", "raised"),
    [
        (401, "SIGN_ERROR", KeysRefused),
        (403, "NO_AUTH", KeysRefused),
        (404, "MCH_NOT_EXISTS", KeysRefused),
        (403, "NOT_ENOUGH", ProviderRefused),
    ],
)
def test_keys_that_are_not_accepted_are_told_from_a_refund_that_is_declined(
    provider: WeChat, counterpart: Counterpart, status: int, code: str, raised: type[Exception]
) -> None:
    counterpart.will_answer(status, {"code": code})

    with pytest.raises(ProviderRefused) as refused:
        provider.refund(KNOWN, Return("refund-1", 300, ""), NOW)
    assert type(refused.value) is raised


def test_a_refund_is_looked_for_by_its_own_id(provider: WeChat, counterpart: Counterpart, side: WeChatSide) -> None:
    counterpart.will_do(side.answer(200, {"status": "PROCESSING"}))
    counterpart.will_answer(404, {"code": "RESOURCE_NOT_EXISTS"})

    assert provider.refund_state(KNOWN, "refund-1", NOW) is RefundState.PENDING
    assert provider.refund_state(KNOWN, "refund-1", NOW) is None
    assert counterpart.asked[0].path == "/v3/refund/domestic/refunds/refund-1"


@pytest.mark.parametrize(
    ("status", "code", "raised"), [(400, "PARAM_ERROR", ProviderUnavailable), (401, "SIGN_ERROR", KeysRefused)]
)
def test_a_refused_look_up_is_no_word_on_the_refund(
    provider: WeChat, counterpart: Counterpart, status: int, code: str, raised: type[Exception]
) -> None:
    counterpart.will_answer(status, {"code": code})

    with pytest.raises(raised):
        provider.refund_state(KNOWN, "refund-1", NOW)


# --- messages ---------------------------------------------------------------------------------------------------


def test_a_message_that_wechat_signed_is_believed(account: WeChat, side: WeChatSide) -> None:
    body = side.message()

    notice = account.verify(side.sign(body), body, NOW)

    assert notice is not None
    assert (notice.payment_id, notice.event) == (TERMS.payment_id, "TRANSACTION.SUCCESS")


def test_the_official_library_reads_the_same(side: WeChatSide, platform_keys: Keys) -> None:
    body = side.message()
    headers, resource = side.sign(body), json.loads(body)["resource"]
    public = platform_keys.private.public_key()

    assert official.rsa_verify(
        headers["wechatpay-timestamp"],
        headers["wechatpay-nonce"],
        body.decode(),
        headers["wechatpay-signature"],
        public,
    )
    plain = official.aes_decrypt(resource["nonce"], resource["ciphertext"], resource["associated_data"], API_V3_KEY)
    assert json.loads(plain) == wechat_crypto.decrypt(API_V3_KEY, resource)


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_the_window_includes_its_ends(account: WeChat, side: WeChatSide, age: float) -> None:
    body = side.message()

    assert account.verify(side.sign(body, NOW - timedelta(seconds=age)), body, NOW)


Forgery = tuple[Headers, bytes]


def _changed(side: WeChatSide, **headers: str) -> Forgery:
    body = side.message()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {name: value for name, value in (side.sign(body) | named).items() if value}, body


def _of(side: WeChatSide, body: bytes, at: datetime = NOW) -> Forgery:
    return side.sign(body, at), body


def _without_change(side: WeChatSide, change: Callable[[bytes], bytes]) -> Forgery:
    body = side.message()
    return side.sign(body), change(body)


def _algorithm(side: WeChatSide) -> Forgery:
    message = json.loads(side.message())
    message["resource"]["algorithm"] = "AEAD_AES_128_GCM"
    return _of(side, json.dumps(message).encode())


FORGED: dict[str, Callable[[WeChatSide, Keys], Forgery]] = {
    "signed by someone else": lambda side, other: _of(WeChatSide(other), side.message()),
    "signed with the merchant's serial": lambda side, other: _of(WeChatSide(side.keys, SERIAL), side.message()),
    "stale": lambda side, other: _of(side, side.message(), NOW - timedelta(seconds=301)),
    "from the future": lambda side, other: _of(side, side.message(), NOW + timedelta(seconds=301)),
    "old signature under a new time": lambda side, other: (
        side.sign(side.message(), NOW - timedelta(seconds=400)) | {"wechatpay-timestamp": str(int(NOW.timestamp()))},
        side.message(),
    ),
    "one byte of the body changed": lambda side, other: _without_change(side, lambda b: b.replace(b'"1"', b'"2"')),
    "body cut": lambda side, other: _without_change(side, lambda body: body[:-1]),
    "body with a line end more": lambda side, other: _without_change(side, lambda body: body + b"\n"),
    "another nonce": lambda side, other: _changed(side, wechatpay_nonce="another"),
    "no signature": lambda side, other: _changed(side, wechatpay_signature=""),
    "no time": lambda side, other: _changed(side, wechatpay_timestamp=""),
    "no nonce": lambda side, other: _changed(side, wechatpay_nonce=""),
    "no serial": lambda side, other: _changed(side, wechatpay_serial=""),
    "another algorithm": lambda side, other: _changed(side, wechatpay_signature_type="WECHATPAY2-SM2-WITH-SM3"),
    "WeChat's own probe": lambda side, other: _changed(side, wechatpay_signature="WECHATPAY/SIGNTEST/abc"),
    "no headers": lambda side, other: ({}, side.message()),
    "another store's content": lambda side, other: _of(side, side.message(key="the-api-v3-key-of-another-store.")),
    "another merchant's payment": lambda side, other: _of(side, side.message(mchid="1900000002")),
    "content of another algorithm": lambda side, other: _algorithm(side),
    "signed, but no message": lambda side, other: _of(side, b"[]"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_message_is_refused(account: WeChat, side: WeChatSide, merchant_keys: Keys, name: str) -> None:
    headers, body = FORGED[name](side, merchant_keys)

    with pytest.raises(WebhookRefused):
        account.verify(headers, body, NOW)


@pytest.mark.parametrize("text", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----"])
def test_a_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        wechat_crypto.private_key(text)
    with pytest.raises(ValueError, match=r".+"):
        wechat_crypto.public_key(text)
