"""Stripe as far as we use it: PaymentIntents, Checkout sessions, refunds and idempotency keys, in memory, behind our
own transport.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalicelib.kernel import clock
from chalicelib.payments.providers import hmac_signature

STRIPE = {
    "account_id": "acct_1Store",
    "publishable_key": "pk_test_51Store",
    "secret_key": "sk_test_51StoreSecretOfManyLetters",
    "webhook_secret": "whsec_StoreSecretOfManyLetters",
}
"""A store's account, as its owner sets it up."""

_numbers = itertools.count(1)
Delivered = tuple[dict[str, str], bytes]


@dataclass(frozen=True)
class Answer:
    """A response as urllib3 gives it."""

    status: int
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class FakeStripe:
    """Keeps its own records. ``request`` takes the place of urllib3's pool; ``declines`` has the next refunds declined.

    While ``revoked``, no key is accepted; while ``loses``, refunds are made but the answer is lost; while ``slow``,
    they stay pending. ``keys`` are those with which it was asked.
    """

    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    disputes: list[dict[str, Any]] = field(default_factory=list)
    answered: dict[str, tuple[bytes, Answer]] = field(default_factory=dict)
    declines: bool = False
    revoked: bool = False
    loses: bool = False
    slow: bool = False
    calls: int = 0
    keys: list[str] = field(default_factory=list)

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, redirect: bool) -> Answer:
        """Answers; the same POST under the same key is answered as the first time and done once."""
        self.calls += 1
        self.keys.append(headers["Authorization"].removeprefix("Bearer "))
        if self.revoked:
            return _problem(401, "api_key_expired")
        answer = self._answer(method, url, headers.get("Idempotency-Key", ""), body)
        return Answer(503, b"{}") if self.loses and method == "POST" and url.endswith("/refunds") else answer

    def _answer(self, method: str, url: str, key: str, body: bytes | None) -> Answer:
        if method == "GET":
            return self._do(method, url, {})
        assert key, "every POST carries its key"
        if key in self.answered:
            first, answer = self.answered[key]
            return answer if first == body else _problem(400, "idempotency_error")
        form = {name: values[0] for name, values in parse_qs((body or b"").decode()).items()}
        answer = self._do(method, url, form)
        self.answered[key] = (body or b"", answer)
        return answer

    def _do(self, method: str, url: str, form: dict[str, str]) -> Answer:
        split = urlsplit(url)
        match [method, *split.path.strip("/").split("/")[1:]]:
            case ["POST", "payment_intents"]:
                return self._open(form)
            case ["GET", "payment_intents", intent]:
                if intent not in self.intents:
                    return _problem(404, "resource_missing")
                return self._read(intent, parse_qs(split.query).get("expand[]", []))
            case ["POST", "payment_intents", intent, "cancel"]:
                return self._cancel(self.intents[intent])
            case [_, "checkout", "sessions", *below]:
                return self._do_session(form, *below)
            case ["GET", "refunds"]:
                (intent,) = parse_qs(split.query)["payment_intent"]
                return _fine({"data": [each for each in self.refunds.values() if each["payment_intent"] == intent]})
            case ["GET", "disputes"]:
                (intent,) = parse_qs(split.query)["payment_intent"]
                return _fine({"data": [each for each in self.disputes if each["payment_intent"] == intent]})
            case ["POST", "refunds"]:
                return self._refund(form)
        raise AssertionError(f"{method} {url}")

    def _open(self, form: dict[str, str]) -> Answer:
        intent_id = f"pi_{next(_numbers)}"
        self.intents[intent_id] = {
            "id": intent_id,
            "status": "requires_payment_method",
            "client_secret": f"{intent_id}_secret",
            "amount": int(form["amount"]),
            "amount_received": 0,
            "currency": form["currency"],
            "metadata": _metadata(form),
        }
        return _fine(self.intents[intent_id])

    def _do_session(self, form: dict[str, str], session_id: str = "", ending: str = "") -> Answer:
        if not session_id:
            return self._open_session(form)
        return self._expire(session_id) if ending else self._read_session(session_id)

    def _open_session(self, form: dict[str, str]) -> Answer:
        """With the limits of Stripe: a session is open for half an hour at least, and for a day at most."""
        seconds = int(form["expires_at"]) - clock.now().timestamp()
        of_intent = {name[len(_OF_INTENT) : -1]: value for name, value in form.items() if name.startswith(_OF_INTENT)}
        if not 1_800 <= seconds <= 86_400:
            return _problem(400, "parameter_invalid_integer")
        session_id = f"cs_test_{next(_numbers)}"
        self.sessions[session_id] = {
            "id": session_id,
            "url": f"https://checkout.stripe.com/c/pay/{session_id}",
            "status": "open",
            "payment_intent": None,
            "amount_total": int(form["line_items[0][price_data][unit_amount]"]),
            "currency": form["line_items[0][price_data][currency]"],
            "metadata": _metadata(form),
            "success_url": form["success_url"],
            "of_intent": of_intent,
        }
        return _fine(self.sessions[session_id])

    def _read_session(self, session_id: str) -> Answer:
        session = self.sessions[session_id]
        intent_id = session["payment_intent"]
        shown = json.loads(self._read(intent_id, ["latest_charge"]).data) if intent_id else None
        return _fine(session | {"payment_intent": shown})

    def _expire(self, session_id: str) -> Answer:
        if self.sessions[session_id]["status"] != "open":
            return _problem(400, "resource_already_exists")
        self.sessions[session_id]["status"] = "expired"
        return self._read_session(session_id)

    def _read(self, intent_id: str, expanded: list[str]) -> Answer:
        """An intent; of its charge only the id, where it is not asked for in full."""
        charge = {"id": f"ch_{intent_id}", "amount_refunded": self.given_back(intent_id)}
        charged = self.intents[intent_id]["status"] == "succeeded"
        shown = charge if "latest_charge" in expanded else charge["id"]
        return _fine(self.intents[intent_id] | {"latest_charge": shown if charged else None})

    def _cancel(self, intent: dict[str, Any]) -> Answer:
        if intent["status"] in ("succeeded", "canceled"):
            return _problem(400, "payment_intent_unexpected_state")
        intent["status"] = "canceled"
        return _fine(intent)

    def _refund(self, form: dict[str, str]) -> Answer:
        intent, amount = self.intents[form["payment_intent"]], int(form["amount"])
        if self.declines or self.given_back(intent["id"]) + amount > intent["amount_received"]:
            return _problem(400, "charge_already_refunded")
        made = {"id": f"re_{next(_numbers)}", "status": "pending" if self.slow else "succeeded", "amount": amount}
        made |= {"payment_intent": intent["id"], "metadata": _metadata(form)}
        self.refunds[str(made["id"])] = made
        return _fine(made)

    # What payers and tests do.

    def intent_of(self, payment_id: str) -> dict[str, Any]:
        """The one intent of a payment of ours."""
        (found,) = [each for each in self.intents.values() if each["metadata"]["payment_id"] == payment_id]
        return found

    def pay(self, payment_id: str) -> None:
        """The payer pays; on a page of Stripe's, while that is open."""
        for session in self.sessions.values():
            if session["metadata"]["payment_id"] == payment_id:
                if session["status"] != "open":
                    return
                about = {f"metadata[{name}]": value for name, value in session["of_intent"].items()}
                self._open({"amount": session["amount_total"], "currency": session["currency"], **about})
                session |= {"status": "complete", "payment_intent": self.intent_of(payment_id)["id"]}
        intent = self.intent_of(payment_id)
        if intent["status"] != "canceled":
            intent |= {"status": "succeeded", "amount_received": intent["amount"]}

    def given_back(self, intent_id: str) -> int:
        """What went back of an intent or is on its way, in minor units."""
        of_it = [each for each in self.refunds.values() if each["payment_intent"] == intent_id]
        return sum(each["amount"] for each in of_it if each["status"] != "failed")

    def give_back(self, payment_id: str, amount_minor: int) -> None:
        """Staff refund in Stripe's dashboard: the refund carries no id of ours."""
        made = {"id": f"re_{next(_numbers)}", "status": "succeeded", "amount": amount_minor, "metadata": {}}
        self.refunds[str(made["id"])] = made | {"payment_intent": self.intent_of(payment_id)["id"]}

    def dispute(self, payment_id: str, status: str, amount_minor: int, fee_minor: int = 0) -> None:
        """The payer objects at their bank, or the bank has decided."""
        made = {"id": "dp_1", "payment_intent": self.intent_of(payment_id)["id"], "status": status}
        taken = [{"amount": -amount_minor, "fee": fee_minor}] if fee_minor else []
        self.disputes[:] = [made | {"amount": amount_minor, "metadata": {}, "balance_transactions": taken}]

    def arrive(self) -> None:
        """Every refund that was pending has arrived."""
        for each in self.refunds.values():
            each["status"] = "succeeded"

    def message(self, payment_id: str) -> Delivered:
        """A signed event about a payment: headers and body."""
        event = {"type": "payment_intent.succeeded", "data": {"object": self.intent_of(payment_id)}}
        body = json.dumps(event).encode()
        return {"stripe-signature": hmac_signature.sign(STRIPE["webhook_secret"].encode(), body, clock.now())}, body


_OF_INTENT = "payment_intent_data[metadata]["


def _metadata(form: dict[str, str]) -> dict[str, str]:
    return {name[9:-1]: value for name, value in form.items() if name.startswith("metadata[")}


def _fine(document: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(document).encode())


def _problem(status: int, code: str) -> Answer:
    return Answer(status, json.dumps({"error": {"code": code}}).encode())
