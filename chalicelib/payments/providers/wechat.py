"""WeChat Pay v3: JSAPI (inside WeChat) and Native (a code to scan).

Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791855 and the pages beside it. JSAPI must be told who pays: an
account that has its app's secret learns that by OAuth,
https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlencode

from chalicelib.kernel import strict_json
from chalicelib.kernel.text import fit
from chalicelib.payments.errors import (
    CurrencyNotTaken,
    KeysRefused,
    PayerUnknown,
    ProviderRefused,
    ProviderUnavailable,
)
from chalicelib.payments.model import Dispute, Refunded, RefundState, Report, State, Terms
from chalicelib.payments.providers import wechat_crypto
from chalicelib.payments.providers.hmac_signature import refused
from chalicelib.payments.providers.port import Charge, Known, Notice, Opened, Return
from chalicelib.payments.providers.transport import Reply, send

API = "https://api.mch.weixin.qq.com"
OPEN = "https://open.weixin.qq.com"
ACCOUNTS = "https://api.weixin.qq.com"
CURRENCY = "CNY"
_BEIJING = timezone(timedelta(hours=8))
_MOST_TITLE_BYTES = 127
_LEAST_TIME = timedelta(seconds=61)  # WeChat Pay refuses a payment that ends within a minute
_STATES = {
    "SUCCESS": State.SUCCEEDED,
    "REFUND": State.SUCCEEDED,
    "CLOSED": State.CLOSED,
    "REVOKED": State.CLOSED,
    "NOTPAY": State.PENDING,
    "USERPAYING": State.PENDING,
    "ACCEPT": State.PENDING,
    "PAYERROR": State.FAILED,
}
_REFUND_STATES = {
    "SUCCESS": RefundState.SUCCEEDED,
    "PROCESSING": RefundState.PENDING,
    "CLOSED": RefundState.FAILED,
    "ABNORMAL": RefundState.FAILED,
}
_APP_FAULTS = frozenset({"40001", "40013", "40125", "40164"})
"""WeChat's codes for an app's id or secret that does not count, or an address that it is not called from."""

_KEY_FAULTS = frozenset({"SIGN_ERROR", "NO_AUTH", "MCH_NOT_EXISTS"})
"""By code: WeChat Pay answers with 403 also where a refund is declined, as for want of money."""


@dataclass(frozen=True, slots=True)
class WeChat:
    """A store's own WeChat Pay account. ``merchant`` is its ``mchid``; ``platform_serial`` names WeChat's key."""

    merchant: str
    app_id: str
    serial: str
    platform_serial: str
    platform_key: str
    private_key: str = field(repr=False)
    api_v3_key: str = field(repr=False)
    app_secret: str = field(default="", repr=False)

    def create(self, charge: Charge, now: datetime) -> Opened:
        """Opens a payment: with a payer's ``openid`` for JSAPI, else Native. The payment's id is its number there."""
        terms = charge.terms
        if terms.currency != CURRENCY:
            raise CurrencyNotTaken(
                f"WeChat Pay takes {CURRENCY} only, not {terms.currency}.", detail_zh="微信支付仅支持人民币。"
            )
        way = "jsapi" if charge.way == "jsapi" else "native"
        order: dict[str, Any] = {
            "appid": self.app_id,
            "mchid": self.merchant,
            "description": fit(charge.description, _MOST_TITLE_BYTES),
            "out_trade_no": terms.payment_id,
            "attach": terms.order_id,
            "time_expire": max(charge.expires_at, now + _LEAST_TIME).astimezone(_BEIJING).isoformat(timespec="seconds"),
            "notify_url": charge.notify_url,
            "amount": {"total": terms.amount_minor, "currency": CURRENCY},
        }
        if way == "jsapi":
            order["payer"] = {"openid": charge.payer}
        answer = self._call("POST", f"/v3/pay/transactions/{way}", order, now)
        if way == "native":
            return Opened(terms.payment_id, {"code_url": str(answer["code_url"])})
        return Opened(terms.payment_id, self._for_the_bridge(str(answer["prepay_id"]), now))

    def asks_payer(self, return_url: str, state: str) -> str:
        """Where a payer inside WeChat is led, who then comes back to ``return_url`` with a code for
        :meth:`payer_of`, and with the ``state``: at most 128 letters and digits. They are asked nothing.
        """
        query = {
            "appid": self.app_id,
            "redirect_uri": return_url,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        return f"{OPEN}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"

    def payer_of(self, code: str) -> str:
        """The openid of whoever came back with a code, which is good once. Raises PayerUnknown, KeysRefused."""
        query = {
            "appid": self.app_id,
            "secret": self.app_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        answer = send("GET", f"{ACCOUNTS}/sns/oauth2/access_token?{urlencode(query)}", {"User-Agent": "Lintuan"}).json()
        openid = answer.get("openid")
        if isinstance(openid, str) and openid:
            return openid
        provider_code = str(answer.get("errcode", ""))
        if provider_code in _APP_FAULTS:
            raise KeysRefused(
                f"WeChat does not accept the secret of the account's app: '{provider_code}'.",
                detail_zh=f"微信不接受该公众号的 AppSecret：{provider_code}。",
                extra={"provider_code": provider_code},
            )
        raise PayerUnknown(
            "WeChat did not say who is paying; go back to the order and pay once more.",
            detail_zh="微信未能确认付款人，请回到订单重新支付。",
            extra={"provider_code": provider_code},
        )

    def query(self, known: Known, now: datetime) -> Report:
        """Asks by our own number. A payment that WeChat Pay does not have was never opened, so it is closed."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(known.terms.payment_id)}?mchid={quote(self.merchant)}"
        try:
            return self._report(self._call("GET", path, None, now), known)
        except ProviderRefused as declined:
            if declined.extra["provider_code"] in {"ORDER_NOT_EXIST", "ORDERNOTEXIST"}:
                return Report(State.CLOSED, known.terms)
            raise

    def close(self, known: Known, now: datetime) -> Report:
        """Closes an unpaid payment; then asks, since a paid one cannot be closed."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(known.terms.payment_id)}/close"
        try:
            self._call("POST", path, {"mchid": self.merchant}, now)
        except ProviderRefused as declined:
            if declined.extra["provider_code"] not in {"ORDERPAID", "ORDER_CLOSED", "ORDERCLOSED", "ORDER_NOT_EXIST"}:
                raise
        return self.query(known, now)

    def refund(self, known: Known, back: Return, now: datetime) -> RefundState:
        """Refunds a part; the same refund id again gives the state of the same refund."""
        amount = {"refund": back.amount_minor, "total": known.terms.amount_minor, "currency": CURRENCY}
        wanted = {"out_trade_no": known.terms.payment_id, "out_refund_no": back.refund_id, "amount": amount}
        answer = self._call("POST", "/v3/refund/domestic/refunds", wanted, now)
        return _REFUND_STATES.get(str(answer["status"]), RefundState.PENDING)

    def refund_state(self, known: Known, refund_id: str, now: datetime) -> RefundState | None:
        """Asks by our own number of the refund."""
        answer = self._refund_of(refund_id, now)
        return None if answer is None else _REFUND_STATES.get(str(answer["status"]), RefundState.PENDING)

    def _refund_of(self, refund_id: str, now: datetime) -> dict[str, Any] | None:
        try:
            return self._call("GET", f"/v3/refund/domestic/refunds/{quote(refund_id)}", None, now)
        except KeysRefused:
            raise
        except ProviderRefused as refused:
            if refused.extra["provider_code"] == "RESOURCE_NOT_EXISTS":
                return None
            raise ProviderUnavailable(
                "WeChat Pay does not say what became of this refund; send it again later.",
                detail_zh="暂时无法向微信支付查询退款，请稍后重试。",
                extra=refused.extra,
                retry_after=60,
            ) from refused

    def refunded(self, known: Known, refund: str, now: datetime) -> list[Refunded]:
        """The refund that a message named, by its number there: WeChat Pay lists none."""
        if not refund:
            return []
        answer = self._refund_of(refund, now)
        is_of_it = answer is not None and answer.get("out_trade_no") == known.terms.payment_id
        if answer is None or not is_of_it or answer.get("status") != "SUCCESS":
            return []
        return [Refunded(refund, int(answer["amount"]["refund"]))]

    def disputes(self, known: Known, now: datetime) -> list[Dispute]:
        """WeChat Pay takes no money back by itself: a payer's complaint is a message to the merchant, who refunds."""
        return []

    def payment_of(self, reference: str, now: datetime) -> str:
        """Its messages name our payment."""
        return ""

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice | None:
        """Checks the signature, then opens the content, which must be about this merchant."""
        if not wechat_crypto.is_signed(self.platform_key, self.platform_serial, headers, body, now):
            raise refused()
        try:
            message = strict_json.read(body)
            content = wechat_crypto.decrypt(self.api_v3_key, message["resource"])
            kind, merchant = str(message["event_type"]), content["mchid"]
        except (ValueError, KeyError, TypeError) as fault:
            raise refused() from fault
        if merchant != self.merchant:
            raise refused()
        payment_id = content.get("out_trade_no")
        if not isinstance(payment_id, str):
            return None
        return Notice(
            payment_id, kind, money_back=kind.startswith("REFUND."), refund=str(content.get("out_refund_no", ""))
        )

    def _for_the_bridge(self, prepay_id: str, now: datetime) -> dict[str, str]:
        """What the page inside WeChat hands to ``WeixinJSBridge``, signed by us."""
        t, nonce, package = str(int(now.timestamp())), secrets.token_hex(16), f"prepay_id={prepay_id}"
        signature = wechat_crypto.sign(self.private_key, self.app_id, t, nonce, package)
        return {
            "appId": self.app_id,
            "timeStamp": t,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": signature,
        }

    def _report(self, found: dict[str, Any], known: Known) -> Report:
        # An unpaid payment may come without its amount.
        amount = found.get("amount") or {"total": known.terms.amount_minor}
        terms = Terms(
            payment_id=str(found["out_trade_no"]),
            order_id=str(found.get("attach") or ""),
            amount_minor=int(amount["total"]),
            currency=str(amount.get("currency") or CURRENCY),
            merchant=str(found["mchid"]),
        )
        trade_state = str(found["trade_state"])
        state = _STATES.get(trade_state, State.PENDING)
        reference = str(found.get("transaction_id") or "")
        # It is in this state from its first refund on, whoever made that, and however small it was.
        return Report(state, terms, reference, trade_state, given_back=trade_state == "REFUND")

    def _call(self, method: str, path: str, document: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
        body = "" if document is None else json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        signed = wechat_crypto.authorization(self.private_key, self.merchant, self.serial, method, path, body, now)
        headers = {
            "Authorization": signed,
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "Lintuan",
            "Wechatpay-Serial": self.platform_serial,
        }
        return self._answer(send(method, API + path, headers, body.encode() or None), now)

    def _answer(self, reply: Reply, now: datetime) -> dict[str, Any]:
        if reply.status >= 300:
            code = str(reply.json().get("code") or reply.status)
            refusal = KeysRefused if reply.status == 401 or code in _KEY_FAULTS else ProviderRefused
            raise refusal(
                f"WeChat Pay declined with '{code}'.",
                detail_zh=f"微信支付拒绝了请求：{code}。",
                extra={"provider_code": code},
            )
        if not wechat_crypto.is_signed(self.platform_key, self.platform_serial, reply.headers, reply.body, now):
            raise ProviderUnavailable("The answer of WeChat Pay is not signed by its key.", retry_after=5)
        return reply.json() if reply.body else {}
