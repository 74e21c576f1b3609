"""Stripe: PaymentIntents, Checkout on its own page, and refunds, over its HTTPS interface.

Source: https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/api/checkout/sessions and
https://docs.stripe.com/api/refunds. A session has no PaymentIntent before its payer tries to pay; from then on that is
what is asked about, and what money goes back by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from chalicelib.kernel import strict_json
from chalicelib.payments.errors import KeysRefused, ProviderRefused, ProviderUnavailable
from chalicelib.payments.model import Dispute, DisputeState, Refunded, RefundState, Report, State, Terms
from chalicelib.payments.providers import hmac_signature
from chalicelib.payments.providers.port import Charge, Known, Notice, Opened, Return
from chalicelib.payments.providers.stripe_amounts import check_currency, from_stripe, to_stripe
from chalicelib.payments.providers.transport import Reply, send

API = "https://api.stripe.com"
VERSION = "2025-09-30.clover"
"""The shape of answers that this file reads, whatever the account's default is."""

_SESSION = "cs_"
"""How the ids of Checkout sessions begin."""

_WITH_CHARGE = "payment_intent.latest_charge"
_SESSION_AFTER_HOLD = timedelta(minutes=31)
"""Stripe opens no session for less than half an hour, so one outlives the hold, whose end has it expired. The moment
follows from the attempt alone: under one idempotency key Stripe takes one form.
"""

_STATES = {"succeeded": State.SUCCEEDED, "canceled": State.CLOSED}
_REFUND_STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
}


_UNDECIDED = frozenset({"processing", "requires_capture"})
"""What a PaymentIntent is while its payer has done all they can, and their bank has not."""

_DISPUTE_STATES = {"won": DisputeState.WON, "lost": DisputeState.LOST}
_MONEY_BACK = ("charge.refund", "refund.", "charge.dispute.")
"""How the types of events begin that are about money that goes back."""


@dataclass(frozen=True, slots=True)
class Stripe:
    """A store's own Stripe account. ``merchant`` is its id, ``acct_…``."""

    merchant: str
    publishable_key: str
    secret_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)

    def create(self, charge: Charge, now: datetime) -> Opened:
        """Opens a page at Stripe for the way ``page``; else a PaymentIntent, which the browser confirms with
        ``client_secret`` and the publishable key.
        """
        check_currency(charge.terms.currency)
        return self._session(charge) if charge.way == "page" else self._intent(charge)

    def _intent(self, charge: Charge) -> Opened:
        terms = charge.terms
        form = {
            "amount": to_stripe(terms.amount_minor, terms.currency),
            "currency": terms.currency.lower(),
            "automatic_payment_methods[enabled]": "true",
            "description": charge.description,
            **self._metadata(terms),
        }
        intent = self._post("/v1/payment_intents", form, f"payment-{terms.payment_id}")
        client = {"client_secret": intent["client_secret"], "publishable_key": self.publishable_key}
        return Opened(str(intent["id"]), client)

    def _session(self, charge: Charge) -> Opened:
        """The PaymentIntent to come carries our ids as well, so that messages about it, its refunds and its disputes
        find the payment as they do without a session.
        """
        terms = charge.terms
        item = "line_items[0]"
        form = {
            "mode": "payment",
            "client_reference_id": terms.payment_id,
            f"{item}[quantity]": 1,
            f"{item}[price_data][currency]": terms.currency.lower(),
            f"{item}[price_data][unit_amount]": to_stripe(terms.amount_minor, terms.currency),
            f"{item}[price_data][product_data][name]": charge.description,
            "payment_intent_data[description]": charge.description,
            "success_url": charge.return_url,
            "cancel_url": charge.return_url,
            "expires_at": int((charge.expires_at + _SESSION_AFTER_HOLD).timestamp()),
            **self._metadata(terms),
            **self._metadata(terms, "payment_intent_data[metadata]"),
        }
        session = self._post("/v1/checkout/sessions", form, f"payment-{terms.payment_id}")
        return Opened(str(session["id"]), {"page_url": str(session["url"])})

    def _metadata(self, terms: Terms, name: str = "metadata") -> dict[str, str]:
        ours = {"payment_id": terms.payment_id, "order_id": terms.order_id, "merchant": self.merchant}
        return {f"{name}[{each}]": value for each, value in ours.items()}

    def query(self, known: Known, now: datetime) -> Report:
        """Asks for the PaymentIntent, with its charge: refunds show on that alone."""
        if known.reference.startswith(_SESSION):
            return self._report_session(self._get(self._session_of(known)), known)
        path = f"/v1/payment_intents/{quote(known.reference, safe='')}"
        return self._report(self._get(f"{path}?{urlencode({'expand[]': 'latest_charge'})}"))

    def close(self, known: Known, now: datetime) -> Report:
        """Cancels the PaymentIntent, or has the session expire, unless it was paid meanwhile."""
        key = f"close-{known.terms.payment_id}"
        try:
            if known.reference.startswith(_SESSION):
                path = f"/v1/checkout/sessions/{quote(known.reference, safe='')}/expire"
                return self._report_session(self._post(path, {"expand[]": _WITH_CHARGE}, key), known)
            path = f"/v1/payment_intents/{quote(known.reference, safe='')}"
            return self._report(self._post(f"{path}/cancel", {}, key))
        except ProviderRefused:
            # It can no longer be ended: it has succeeded, is being processed, or has ended already.
            return self.query(known, now)

    def refund(self, known: Known, back: Return, now: datetime) -> RefundState:
        """Refunds a part of the PaymentIntent.

        Stripe forgets idempotency keys after a day, and repeats under them what it first answered; so the refund is
        looked up first by our id, which it carries.
        """
        there = self.refund_state(known, back.refund_id, now)
        if there is not None:
            return there
        form = {
            "payment_intent": self._intent_of(known),
            "amount": to_stripe(back.amount_minor, known.terms.currency),
            "reason": "requested_by_customer",
            "metadata[refund_id]": back.refund_id,
            "metadata[payment_id]": known.terms.payment_id,
        }
        made = self._post("/v1/refunds", form, f"refund-{back.refund_id}")
        return _REFUND_STATES.get(str(made["status"]), RefundState.PENDING)

    def refund_state(self, known: Known, refund_id: str, now: datetime) -> RefundState | None:
        """Looks for our id among the refunds of the PaymentIntent, newest first, page by page."""
        query, more = {"payment_intent": self._intent_of(known), "limit": "100"}, True
        while more:
            page = self._surely(f"/v1/refunds?{urlencode(query)}")
            for refund in page["data"]:
                if (refund.get("metadata") or {}).get("refund_id") == refund_id:
                    return _REFUND_STATES.get(str(refund["status"]), RefundState.PENDING)
            more = bool(page.get("has_more"))
            query |= {"starting_after": str(page["data"][-1]["id"])} if more else {}
        return None

    def refunded(self, known: Known, refund: str, now: datetime) -> list[Refunded]:
        """Every refund of the PaymentIntent that has arrived; those of the dashboard carry no id of ours."""
        found, query, more = [], {"payment_intent": self._intent_of(known), "limit": "100"}, True
        while more:
            page = self._surely(f"/v1/refunds?{urlencode(query)}")
            found += [each for each in page["data"] if each["status"] == "succeeded"]
            more = bool(page.get("has_more"))
            query |= {"starting_after": str(page["data"][-1]["id"])} if more else {}
        return [
            Refunded(
                str((each.get("metadata") or {}).get("refund_id") or each["id"]),
                from_stripe(int(each["amount"]), known.terms.currency),
            )
            for each in found
        ]

    def disputes(self, known: Known, now: datetime) -> list[Dispute]:
        """The disputes about the PaymentIntent; an inquiry takes no money, so it is none yet.

        Source: https://docs.stripe.com/api/disputes. What Stripe took for it stands in its balance transactions.
        """
        query = urlencode({"payment_intent": self._intent_of(known), "limit": "100"})
        listed = self._get(f"/v1/disputes?{query}")["data"]
        return [
            _dispute(each, known.terms.currency) for each in listed if not str(each["status"]).startswith("warning_")
        ]

    def payment_of(self, reference: str, now: datetime) -> str:
        """Reads the PaymentIntent's metadata: those of its dispute or of a dashboard's refund are empty."""
        try:
            intent = self._get(f"/v1/payment_intents/{quote(reference, safe='')}")
        except KeysRefused:
            raise
        except ProviderRefused:
            return ""
        return str((intent.get("metadata") or {}).get("payment_id", ""))

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice | None:
        """Checks ``Stripe-Signature``; events about anything but our payments are of no interest."""
        hmac_signature.check(self.webhook_secret.encode(), headers.get("stripe-signature", ""), body, now)
        try:
            event = strict_json.read(body)
            kind, thing = str(event["type"]), event["data"]["object"]
            payment_id = (thing.get("metadata") or {}).get("payment_id")
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise hmac_signature.refused() from fault
        # A platform's endpoint also gets messages about other accounts; each names its own.
        if event.get("account", self.merchant) != self.merchant:
            raise hmac_signature.refused()
        money_back = kind.startswith(_MONEY_BACK)
        reference = str(thing.get("payment_intent") or "") if money_back else ""
        if not isinstance(payment_id, str):
            payment_id = ""
        return Notice(payment_id, kind, reference, money_back) if payment_id or reference else None

    def _session_of(self, known: Known) -> str:
        """Where a session is read, with the PaymentIntent of its payer and what was charged."""
        query = urlencode({"expand[]": _WITH_CHARGE})
        return f"/v1/checkout/sessions/{quote(known.reference, safe='')}?{query}"

    def _intent_of(self, known: Known) -> str:
        """The id of the PaymentIntent that a payment's money came by."""
        if not known.reference.startswith(_SESSION):
            return known.reference
        intent = self._surely(self._session_of(known)).get("payment_intent")
        if not isinstance(intent, dict):
            raise ProviderUnavailable(
                "Stripe does not say by which PaymentIntent this session was paid; send it again later.",
                detail_zh="暂时无法向 Stripe 查询该笔支付，请稍后重试。",
                retry_after=60,
            )
        return str(intent["id"])

    def _surely(self, path: str) -> dict[str, Any]:
        """Reads what nothing may be concluded from where it is refused."""
        try:
            return self._get(path)
        except KeysRefused:
            raise
        except ProviderRefused as refused:
            # This says nothing of the refund that is looked for: taken as its end, it would be made a second time.
            raise ProviderUnavailable(
                "Stripe does not say what it has given back of this payment; send it again later.",
                detail_zh="暂时无法向 Stripe 查询退款，请稍后重试。",
                extra=refused.extra,
                retry_after=60,
            ) from refused

    def _report(self, intent: dict[str, Any]) -> Report:
        metadata = intent.get("metadata") or {}
        state = _STATES.get(str(intent["status"]), State.PENDING)
        # Before it is paid nothing has been received: the amount asked for is what must agree.
        currency = str(intent["currency"]).upper()
        amount = intent["amount_received"] if state is State.SUCCEEDED else intent["amount"]
        terms = Terms(
            payment_id=str(metadata.get("payment_id", "")),
            order_id=str(metadata.get("order_id", "")),
            amount_minor=from_stripe(int(amount), currency),
            currency=currency,
            merchant=str(metadata.get("merchant", "")),
        )
        fault = intent.get("last_payment_error") or {}
        charged = intent.get("latest_charge")
        # Only its id where the charge was not asked for, as in the answer to a cancellation: nothing was paid then.
        given_back = isinstance(charged, dict) and int(charged["amount_refunded"]) > 0
        return Report(state, terms, str(intent["id"]), str(fault.get("code") or ""), given_back)

    def _report_session(self, session: dict[str, Any], known: Known) -> Report:
        """The PaymentIntent's word, once its payer has tried to pay; the session says whether they still can."""
        intent = session.get("payment_intent")
        tried = intent if isinstance(intent, dict) else {}
        report = self._report(tried) if tried else self._unpaid(session)
        if report.state is not State.PENDING or tried.get("status") in _UNDECIDED:
            return report
        ended = State.FAILED if tried and session["status"] == "complete" else State.PENDING
        return replace(report, state=State.CLOSED if session["status"] == "expired" else ended)

    def _unpaid(self, session: dict[str, Any]) -> Report:
        """A session that nobody has tried to pay yet, in the terms that it was opened with."""
        about = {name: session.get(name) for name in ("metadata", "currency")}
        return self._report({**about, "id": session["id"], "status": "", "amount": session["amount_total"]})

    def _get(self, path: str) -> dict[str, Any]:
        return _answer(send("GET", API + path, self._headers()))

    def _post(self, path: str, form: Mapping[str, Any], key: str) -> dict[str, Any]:
        headers = self._headers() | {
            "Content-Type": "application/x-www-form-urlencoded",
            "Idempotency-Key": key,
        }
        return _answer(send("POST", API + path, headers, urlencode(form).encode()))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret_key}", "Stripe-Version": VERSION}


def _dispute(found: dict[str, Any], currency: str) -> Dispute:
    state = _DISPUTE_STATES.get(str(found["status"]), DisputeState.OPEN)
    fee = sum(int(each["fee"]) for each in found.get("balance_transactions") or ())
    amount = from_stripe(int(found["amount"]), currency)
    return Dispute(str(found["id"]), state, amount, from_stripe(fee, currency))


def _answer(reply: Reply) -> dict[str, Any]:
    found = reply.json()
    if reply.status < 300:
        return found
    if reply.status == 409:  # the same request is being carried out at this moment
        raise ProviderUnavailable("Stripe is still at work on this request.", retry_after=5)
    fault = found.get("error") or {}
    code = str(fault.get("code") or fault.get("type") or reply.status)
    refusal = KeysRefused if reply.status in (401, 403) else ProviderRefused
    raise refusal(
        f"Stripe declined with '{code}'.", detail_zh=f"Stripe 拒绝了请求：{code}。", extra={"provider_code": code}
    )
