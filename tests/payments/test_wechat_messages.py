"""WeChat Pay: which of its messages are believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from wechatpayv3 import utils as official

from chalicelib.payments.errors import WebhookRefused
from chalicelib.payments.providers import wechat_crypto
from chalicelib.payments.providers.wechat import WeChat
from tests.payments.conftest import NOW, Keys
from tests.payments.wechat_side import API_V3_KEY, SERIAL, TERMS, Headers, WeChatSide, account, side

__all__ = ["account", "side"]


def test_a_message_that_wechat_signed_is_believed(account: WeChat, side: WeChatSide) -> None:
    body = side.message()

    notice = account.verify(side.sign(body), body, NOW)

    assert notice is not None
    assert (notice.payment_id, notice.event) == (TERMS.payment_id, "TRANSACTION.SUCCESS")


def test_a_message_about_a_refund_names_it(account: WeChat, side: WeChatSide) -> None:
    body = side.message(event="REFUND.SUCCESS", out_refund_no="page-1")

    notice = account.verify(side.sign(body), body, NOW)

    assert notice is not None
    assert (notice.payment_id, notice.money_back, notice.refund) == (TERMS.payment_id, True, "page-1")


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
    "signed, but nested 100,000 deep": lambda side, other: _of(side, b"[" * 100_000),
    "content nested 100,000 deep": lambda side, other: _of(side, side.sealed(b"[" * 100_000)),
    "content with a merchant too many": lambda side, other: _of(
        side, side.sealed(b'{"mchid": "1900000002", "mchid": "1900000001", "out_trade_no": "x"}')
    ),
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
