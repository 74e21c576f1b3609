"""The test provider: takes no money, and exists only on the embedded stack and in tests.

It behaves as the real ones do: it keeps its own records, signs its messages, and knows each payment and refund by the
id it was given. A person pays, or declines to, on its page.
"""

import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal
from urllib.parse import urljoin

from chalicelib.db import Refused, Transaction, change
from chalicelib.kernel import strict_json
from chalicelib.payments.errors import ProviderRefused
from chalicelib.payments.model import Dispute, DisputeState, Refunded, RefundState, Report, State, Terms, after
from chalicelib.payments.providers import hmac_signature
from chalicelib.payments.providers.port import Charge, Known, Notice, Opened, Return
from chalicelib.payments.records import TestCharge
from chalicelib.settings import secret

HEADER = "lintuan-test-signature"


@dataclass(frozen=True, slots=True)
class TestProvider:
    """A store's account at the test provider; every store has one."""

    __test__ = False  # no test, though its name begins like one

    tenant_id: str

    @property
    def merchant(self) -> str:
        """The store's account there."""
        return f"test-{self.tenant_id}"

    @property
    def secret(self) -> bytes:
        """Signs its messages to this store, and to no other."""
        return hmac.digest(secret("test provider").current.value, self.tenant_id.encode(), "sha256")

    def create(self, charge: Charge, now: datetime) -> Opened:
        """Opens a payment; the same charge again is the same payment."""
        terms = charge.terms
        tx = Transaction()
        record = TestCharge(
            *TestCharge.address(self.tenant_id, terms.payment_id),
            order_id=terms.order_id,
            amount_minor=terms.amount_minor,
            currency=terms.currency,
            description=charge.description,
            return_url=charge.return_url or None,
        )
        tx.create("charge", record)
        with suppress(Refused):  # it was opened before
            tx.commit()
        page = urljoin(charge.notify_url, f"/local/payments/{self.tenant_id}/{terms.payment_id}")
        return Opened(f"test-{terms.payment_id}", {"page_url": page})

    def query(self, known: Known, now: datetime) -> Report:
        """What it has on record."""
        return self._report(known.terms.payment_id, self._charge(known.terms.payment_id))

    def close(self, known: Known, now: datetime) -> Report:
        """Ends an unpaid payment."""
        return self._report(known.terms.payment_id, self.move(known.terms.payment_id, State.CLOSED))

    def refund(self, known: Known, back: Return, now: datetime) -> RefundState:
        """Gives back at once, and never more than was paid."""

        def decide(charge: TestCharge, tx: Transaction) -> RefundState:
            if back.refund_id not in charge.refunds:
                given = sum(charge.refunds.values()) + back.amount_minor
                if charge.state != State.SUCCEEDED or given > charge.amount_minor:
                    raise _declined("refund_too_large")
                charge.refunds = charge.refunds | {back.refund_id: back.amount_minor}
                tx.replace("charge", charge)
            return RefundState.SUCCEEDED

        return change(partial(self._charge, known.terms.payment_id), decide)

    def refund_state(self, known: Known, refund_id: str, now: datetime) -> RefundState | None:
        """What it has on record of a refund; each is done at once."""
        return RefundState.SUCCEEDED if refund_id in self._charge(known.terms.payment_id).refunds else None

    def refunded(self, known: Known, refund: str, now: datetime) -> list[Refunded]:
        """What it has given back, each at once."""
        return [Refunded(each, amount) for each, amount in self._charge(known.terms.payment_id).refunds.items()]

    def disputes(self, known: Known, now: datetime) -> list[Dispute]:
        """The disputes it has on record."""
        stored = self._charge(known.terms.payment_id).disputes or {}
        return [Dispute(each, DisputeState(state), amount, fee) for each, (state, amount, fee) in stored.items()]

    def payment_of(self, reference: str, now: datetime) -> str:
        """Its messages name our payment."""
        return ""

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice | None:
        """Checks its signature."""
        hmac_signature.check(self.secret, headers.get(HEADER, ""), body, now)
        try:
            message = strict_json.read(body)
            event = str(message["event"])
            return Notice(str(message["payment_id"]), event, money_back=event in ("refunded", "disputed"))
        except (ValueError, KeyError, TypeError) as fault:
            raise hmac_signature.refused() from fault

    # What only its page and the tests do.

    def move(self, payment_id: str, to: Literal[State.SUCCEEDED, State.FAILED, State.CLOSED]) -> TestCharge:
        """The payer pays, or their bank declines, or the store closes; whatever comes first."""

        def decide(charge: TestCharge, tx: Transaction) -> TestCharge:
            if charge.state == State.PENDING:
                charge.state = after(State.PENDING, to).value
                tx.replace("charge", charge)
            return charge

        return change(partial(self._charge, payment_id), decide)

    def give_back(self, payment_id: str, amount_minor: int) -> None:
        """Staff refund on its page: the refund carries no id of ours."""

        def decide(charge: TestCharge, tx: Transaction) -> None:
            if charge.state == State.SUCCEEDED and sum(charge.refunds.values()) + amount_minor <= charge.amount_minor:
                charge.refunds = charge.refunds | {f"page-{len(charge.refunds) + 1}": amount_minor}
                tx.replace("charge", charge)

        change(partial(self._charge, payment_id), decide)

    def dispute(self, payment_id: str, state: DisputeState, amount_minor: int, fee_minor: int = 0) -> None:
        """The payer objects at their bank, or the bank has decided."""

        def decide(charge: TestCharge, tx: Transaction) -> None:
            charge.disputes = {f"dispute-{payment_id}": [state.value, amount_minor, fee_minor]}
            tx.replace("charge", charge)

        change(partial(self._charge, payment_id), decide)

    def message(self, payment_id: str, event: str, now: datetime) -> tuple[dict[str, str], bytes]:
        """A signed message to the store: headers and body."""
        body = json.dumps({"payment_id": payment_id, "event": event}).encode()
        return {HEADER: hmac_signature.sign(self.secret, body, now)}, body

    def charge(self, payment_id: str) -> TestCharge | None:
        """Its record of a payment."""
        return TestCharge.fetch(*TestCharge.address(self.tenant_id, payment_id), consistent=True)

    def _charge(self, payment_id: str) -> TestCharge:
        found = self.charge(payment_id)
        if found is None:
            raise _declined("unknown_payment")
        return found

    def _report(self, payment_id: str, charge: TestCharge) -> Report:
        terms = Terms(payment_id, charge.order_id, int(charge.amount_minor), charge.currency, self.merchant)
        return Report(State(charge.state), terms, f"test-{payment_id}", given_back=bool(charge.refunds))


def _declined(code: str) -> ProviderRefused:
    return ProviderRefused(
        f"The test provider declined with '{code}'.",
        detail_zh=f"测试支付渠道拒绝了请求：{code}。",
        extra={"provider_code": code},
    )
