"""WeChat Pay: what is sent, and what its answers mean."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from wechatpayv3 import utils as official

from chalicelib.kernel.errors import DomainError
from chalicelib.payments.errors import (
    CurrencyNotTaken,
    KeysRefused,
    PayerUnknown,
    ProviderRefused,
    ProviderUnavailable,
)
from chalicelib.payments.model import Refunded, RefundState, State
from chalicelib.payments.providers import wechat, wechat_crypto
from chalicelib.payments.providers.port import Charge, Known, Return
from chalicelib.payments.providers.wechat import WeChat
from tests.payments.conftest import NOW, Counterpart, Keys
from tests.payments.wechat_side import SERIAL, TERMS, WeChatSide, account, side

__all__ = ["account", "side"]

KNOWN = Known(TERMS, TERMS.payment_id)


@pytest.fixture
def provider(account: WeChat, counterpart: Counterpart, monkeypatch: pytest.MonkeyPatch) -> WeChat:
    monkeypatch.setattr(wechat, "API", counterpart.url)
    return account


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


@pytest.mark.parametrize("title", ["秋梨" * 60, "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20, "Pears " * 40])
def test_a_description_fits_without_a_torn_character(
    provider: WeChat, counterpart: Counterpart, side: WeChatSide, title: str
) -> None:
    """WeChat Pay takes 127 bytes."""
    counterpart.will_do(side.answer(200, {"code_url": "weixin://"}))

    provider.create(charge(description=title), NOW)

    sent = json.loads(counterpart.asked[0].body)["description"]
    assert 100 <= len(sent.encode()) <= 127
    assert title.startswith(sent)
    assert not title.removeprefix(sent).startswith("\u200d")


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


def test_a_payer_is_asked_for_by_the_accounts_app_alone(account: WeChat) -> None:
    back = "https://shop.example/api/s/pears/orders/x/pay/payer"

    url = account.asks_payer(back, "ab12")

    whole, _, ending = url.partition("#")
    assert whole.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    assert ending == "wechat_redirect", "WeChat shows nothing without it"
    assert dict(parse_qsl(urlsplit(whole).query)) == {
        "appid": account.app_id,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "ab12",
    }


def test_a_code_is_exchanged_for_the_payer(
    account: WeChat, counterpart: Counterpart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat, "ACCOUNTS", counterpart.url)
    counterpart.will_answer(200, {"access_token": "x", "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"})

    assert replace(account, app_secret="s3cret").payer_of("c0de&x") == "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"

    asked = urlsplit(counterpart.asked[0].path)
    assert (counterpart.asked[0].method, asked.path) == ("GET", "/sns/oauth2/access_token")
    assert dict(parse_qsl(asked.query)) == {
        "appid": account.app_id,
        "secret": "s3cret",
        "code": "c0de&x",
        "grant_type": "authorization_code",
    }


@pytest.mark.parametrize(
    ("errcode", "raised"),
    [(40029, PayerUnknown), (40163, PayerUnknown), (41008, PayerUnknown), (40001, KeysRefused), (40125, KeysRefused)],
)
def test_a_code_that_is_no_longer_good_and_a_secret_that_is_not_are_told_apart(
    account: WeChat, counterpart: Counterpart, monkeypatch: pytest.MonkeyPatch, errcode: int, raised: type[Exception]
) -> None:
    monkeypatch.setattr(wechat, "ACCOUNTS", counterpart.url)
    counterpart.will_answer(200, {"errcode": errcode, "errmsg": "s3cret was wrong"})

    with pytest.raises(DomainError) as refused:
        replace(account, app_secret="s3cret").payer_of("code")
    assert type(refused.value) is raised
    assert refused.value.extra == {"provider_code": str(errcode)}
    assert "s3cret" not in refused.value.detail


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
    assert report.given_back == (trade_state == "REFUND")


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
def test_refused_keys_are_another_error_than_a_declined_refund(
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


def test_a_refund_that_a_message_named_is_asked_about_by_its_number(
    provider: WeChat, counterpart: Counterpart, side: WeChatSide
) -> None:
    """Made on the merchant's pages: WeChat Pay lists no refunds, so no other can be found."""
    made_there = {"status": "SUCCESS", "out_trade_no": TERMS.payment_id, "amount": {"refund": 500, "total": 1250}}
    counterpart.will_do(side.answer(200, made_there))
    counterpart.will_do(side.answer(200, made_there | {"out_trade_no": "another"}))
    counterpart.will_do(side.answer(200, made_there | {"status": "PROCESSING"}))

    assert provider.refunded(KNOWN, "page-1", NOW) == [Refunded("page-1", 500)]
    assert provider.refunded(KNOWN, "page-1", NOW) == [], "it is of another payment"
    assert provider.refunded(KNOWN, "page-1", NOW) == [], "it is still on its way"
    assert provider.refunded(KNOWN, "", NOW) == []
    assert provider.disputes(KNOWN, NOW) == []


@pytest.mark.parametrize(
    ("status", "code", "raised"), [(400, "PARAM_ERROR", ProviderUnavailable), (401, "SIGN_ERROR", KeysRefused)]
)
def test_a_refused_look_up_is_no_word_on_the_refund(
    provider: WeChat, counterpart: Counterpart, status: int, code: str, raised: type[Exception]
) -> None:
    counterpart.will_answer(status, {"code": code})

    with pytest.raises(raised):
        provider.refund_state(KNOWN, "refund-1", NOW)
