"""Payments, and what our own test provider knows; with their keys."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.payments.errors import KeysRefused, ProviderNotSetUp
from chalicelib.payments.model import (
    OPEN,
    Acceptance,
    Attention,
    Back,
    Dismissal,
    Dispute,
    DisputeState,
    Fees,
    Refunded,
    RefundState,
    Signs,
    State,
    Terms,
    attention,
    is_awaited,
    next_pause,
)

QUEUE = "payments"
KEY_FAULTS = frozenset({KeysRefused.code, ProviderNotSetUp.code})
"""Why a provider could not be asked, where its account's owner can put it right."""


class PaymentRecord(TenantRecord):
    """One attempt to pay what an order wants. ``client`` is what the payer's device needs, sealed; ``held_until`` is
    when the attempt ends; ``applied`` is ``captured`` where the order took the money and ``returned`` where it did not;
    ``differs`` names in what the provider's word differs from this record; ``stored_backs`` is the money on its way
    back, by refund id; the fees are the provider's rates as agreed when it was started. While anything is open, the
    provider is asked again at ``ask_at``; ``unasked`` is the code of the fault for which it could not be asked the last
    time, at ``unasked_at``. ``elsewhere`` is what the provider gave back without us: by its reference the amount, and
    whether it is booked.
    """

    order_id = UnicodeAttribute()
    provider = UnicodeAttribute()
    merchant = UnicodeAttribute()
    amount_minor = NumberAttribute()
    currency = UnicodeAttribute()
    stored_state = UnicodeAttribute(attr_name="state", default=State.CREATED.value)
    reference = UnicodeAttribute(null=True)
    client = UnicodeAttribute(null=True)
    body_hash = UnicodeAttribute()
    created_at = InstantAttribute()
    held_until = InstantAttribute()
    succeeded_at = InstantAttribute(null=True)
    applied = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    differs = JsonAttribute(null=True)
    stored_backs = JsonAttribute(attr_name="backs", null=True)
    fee_bps = NumberAttribute(null=True)
    fee_fixed_minor = NumberAttribute(null=True)
    tries = NumberAttribute(default=0)
    ask_at = optional(InstantAttribute(null=True))
    unasked = optional(UnicodeAttribute(null=True))
    unasked_at = optional(InstantAttribute(null=True))
    is_listed = optional(BooleanAttribute(attr_name="listed", null=True))
    stored_acceptance = JsonAttribute(attr_name="accepted", null=True)
    stored_disputes = optional(JsonAttribute(attr_name="disputes", null=True))
    elsewhere = optional(JsonAttribute(null=True))
    stored_dismissals = optional(JsonAttribute(attr_name="dismissed", null=True))

    @staticmethod
    def address(tenant_id: str, payment_id: str) -> tuple[str, str]:
        """The key of a payment."""
        return key(tenant_id, "payment", payment_id), "payment"

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def state(self) -> State:
        return State(self.stored_state)

    @property
    def terms(self) -> Terms:
        """What it is for, as we have it."""
        return Terms(self.id, self.order_id, int(self.amount_minor), self.currency, self.merchant)

    @property
    def fee_minor(self) -> int:
        """What the provider keeps of it, by the rates agreed when it was started."""
        return Fees(int(self.fee_bps or 0), int(self.fee_fixed_minor or 0)).of(int(self.amount_minor))

    @property
    def acceptance(self) -> Acceptance | None:
        """That staff took it as it came, if they did."""
        return Acceptance.from_json(self.stored_acceptance) if self.stored_acceptance else None

    @property
    def asked_minor(self) -> int:
        """What the payer was asked for, also where another amount came."""
        return self.acceptance.asked_minor if self.acceptance else int(self.amount_minor)

    def accept(self, amount_minor: int, reason: str, by: str, now: datetime) -> None:
        """Takes the amount that really came, from a provider whose word differed in nothing else."""
        self.stored_acceptance = Acceptance(int(self.amount_minor), now, by, reason).as_json()
        self.amount_minor = amount_minor
        self.differs = None
        self.move_to(State.SUCCEEDED, now)

    @property
    def waits_for_keys(self) -> bool:
        """Whether its account's keys are why the provider could not be asked the last time."""
        return self.is_open and self.unasked in KEY_FAULTS

    @property
    def backs(self) -> dict[str, Back]:
        """Money on its way back, by refund id. The third entry of each says that it is of the order, as all is."""
        stored: Mapping[str, Any] = self.stored_backs or {}
        return {
            each: Back(amount, RefundState(state), *attempt) for each, (amount, state, _, *attempt) in stored.items()
        }

    @property
    def is_open(self) -> bool:
        """Whether the provider still has something to tell: the payer may pay, money is on its way back, or a dispute
        is not decided.
        """
        return self.state in OPEN or self.is_disputed or any(back.is_open for back in self.backs.values())

    @property
    def disputes(self) -> dict[str, Dispute]:
        """The disputes about it, by the provider's reference."""
        return {each: Dispute.from_json(each, stored) for each, stored in (self.stored_disputes or {}).items()}

    @property
    def is_disputed(self) -> bool:
        """Whether a dispute about it is open: until it ends, nothing of it is given back, or it would go back twice."""
        return any(each.state is DisputeState.OPEN for each in self.disputes.values())

    def dispute(self, dispute: Dispute, now: datetime) -> None:
        """Notes how a dispute stands, which a person has to look at, and emits the event of its opening or end."""
        self.stored_disputes = dict(self.stored_disputes or {}) | {dispute.reference: dispute.as_json()}
        self._look_again("disputed")
        self._moved(now)
        event = "payment.disputed" if dispute.state is DisputeState.OPEN else "payment.dispute_ended"
        about = {"payment_id": self.id, "order_id": self.order_id, "dispute": dispute.reference}
        self.emit(event, now, **about, state=dispute.state.value)

    def given_back_elsewhere(self, reference: str, amount_minor: int, *, booked: bool, now: datetime) -> None:
        """Notes what the provider gave back without us, which a person has to look at, and emits the event of it."""
        if reference not in (self.elsewhere or {}):
            self._look_again("refunded_at_provider")
            self.emit("payment.refunded_at_provider", now, payment_id=self.id, order_id=self.order_id)
        self.elsewhere = dict(self.elsewhere or {}) | {reference: [amount_minor, int(booked)]}

    @property
    def unbooked(self) -> list[Refunded]:
        """What the provider gave back without us and no order has shown yet, since it held less by then."""
        found = (self.elsewhere or {}).items()
        return [Refunded(each, int(amount)) for each, (amount, booked) in found if not booked]

    @property
    def dismissals(self) -> dict[str, Dismissal]:
        """What staff have seen to, by the reason to look."""
        return {each: Dismissal.from_json(stored) for each, stored in (self.stored_dismissals or {}).items()}

    @property
    def attention(self) -> Attention | None:
        """Why a person should look at it, if for anything."""
        disputed = any(each.state is not DisputeState.WON for each in self.disputes.values())
        signs = Signs(bool(self.differs), disputed, self._is_unasked, bool(self.elsewhere), self.applied == "returned")
        return attention(signs, self.backs.values(), self.dismissals)

    def dismiss(self, reason: Attention, dismissal: Dismissal, now: datetime) -> None:
        """Notes that staff have seen to it, and emits the event: what waited for it goes on."""
        self.stored_dismissals = dict(self.stored_dismissals or {}) | {reason: dismissal.as_json()}
        self.emit("payment.dismissed", now, payment_id=self.id, order_id=self.order_id)

    @property
    def is_given_up(self) -> bool:
        """Whether no deadline waits for the provider's word on it any more, as staff have said."""
        return "not_asked" in self.dismissals

    def _look_again(self, reason: Attention) -> None:
        self.stored_dismissals = {n: s for n, s in (self.stored_dismissals or {}).items() if n != reason} or None

    def give_back(self, refund_id: str, back: Back, now: datetime) -> None:
        """Notes money that is to go back, by its first attempt or another one."""
        self._set_back(refund_id, back)
        self.tries = 0
        self._moved(now)

    def _set_back(self, refund_id: str, back: Back) -> None:
        stored = [back.amount_minor, back.state.value, 1]
        if back.attempt:
            stored.append(back.attempt)
        self.stored_backs = dict(self.stored_backs or {}) | {refund_id: stored}

    @property
    def left_minor(self) -> int:
        """What it still holds of its order's money: captured, and promised to no refund, declined ones included."""
        if self.applied != "captured":
            return 0
        return int(self.amount_minor) - sum(back.amount_minor for back in self.backs.values())

    def move_to(self, state: State, now: datetime) -> None:
        """Takes a state that the provider reports, and emits the event that money came in."""
        self.stored_state = state.value
        self._moved(now)
        if state is State.SUCCEEDED:
            self.succeeded_at = now
            self.emit("payment.succeeded", now, payment_id=self.id, order_id=self.order_id)

    def move_back(self, refund_id: str, state: RefundState, now: datetime) -> None:
        """Takes a state of money on its way back, and emits the event that it arrived or was declined."""
        back = replace(self.backs[refund_id], state=state)
        self._set_back(refund_id, back)
        self._moved(now)
        if state is RefundState.FAILED:
            self._look_again("refund_failed")
        event = {RefundState.SUCCEEDED: "payment.given_back", RefundState.FAILED: "payment.refund_declined"}.get(state)
        if event is not None:
            about = {"payment_id": self.id, "order_id": self.order_id, "refund_id": refund_id}
            self.emit(event, now, **about, amount_minor=back.amount_minor)

    def contradict(self, differs: Sequence[str], now: datetime) -> None:
        """Notes in what the provider's word differs from this record, and emits the event."""
        self.differs = list(differs)
        self._look_again("differs")
        self._moved(now)
        self.emit("payment.differs", now, payment_id=self.id, order_id=self.order_id)

    def note_unasked(self, code: str, now: datetime) -> None:
        """Notes why the provider could not be asked."""
        self.unasked, self.unasked_at = code, now

    def ask_now(self, now: datetime) -> None:
        """Has the provider asked at once, and every five minutes again, by an event."""
        self.tries, self.ask_at = 0, now
        self.emit("payment.keys_mended", now, payment_id=self.id)

    def note_asked(self) -> None:
        """Notes that the provider could be asked."""
        self.unasked = self.unasked_at = None
        self._look_again("not_asked")

    def asked_in_vain(self, now: datetime) -> None:
        """Notes that nothing has moved, after which the next look comes later and later."""
        self.tries = int(self.tries) + 1
        self._moved(now)

    def _moved(self, now: datetime) -> None:
        self.ask_at = now + next_pause(int(self.tries))

    def arrange(self) -> None:
        """Lists it among the payments of its order, by the time of starting, and where people look; has the provider
        asked again for as long as anything is open.
        """
        self.gsi1pk = order_payments(self.tenant_id, self.order_id)
        self.gsi1sk = f"{sortable(self.created_at)}#{self.id}"
        if not self.is_open:
            self.ask_at = None
            self.note_asked()
        self.schedule(self.ask_at, "payment.reconcile", QUEUE)
        reason = self.attention
        self._emit_not_asked(reason)
        self.gsi2pk = payments_to_look_at(self.tenant_id, reason) if reason else None
        self.gsi2sk = self.gsi1sk if reason else None

    def _emit_not_asked(self, reason: Attention | None) -> None:
        """Emits the event that the provider cannot be asked, where this is why a person should look from now on."""
        if reason != "not_asked" or self.gsi2pk == payments_to_look_at(self.tenant_id, reason):
            return
        if self.unasked is not None and self.unasked_at is not None:
            self.emit("payment.not_asked", self.unasked_at, payment_id=self.id, fault=self.unasked)

    @property
    def _is_unasked(self) -> bool:
        """Whether the provider alone knows what became of money, and could not be asked the last time."""
        if self.unasked is None or self.unasked_at is None:
            return False
        return is_awaited(self.state, self.backs.values(), self.held_until, self.unasked_at)


def order_payments(tenant_id: str, order_id: str) -> str:
    """The gsi1 partition with an order's payments, by the time of starting."""
    return key(tenant_id, "order-payments", order_id)


def payments_to_look_at(tenant_id: str, reason: str) -> str:
    """The gsi2 partition with payments that a person should look at, for one reason; few payments are ever in it."""
    return key(tenant_id, "payments-to-look-at", reason)


class WaitingRecord(TenantRecord):
    """That a payment waits for its account's keys. One stands there for as long as the payment says so itself."""

    @staticmethod
    def partition(tenant_id: str, provider: str, merchant: str) -> str:
        """Where those of an account lie."""
        return key(tenant_id, "waiting-for-keys", provider, merchant)

    @classmethod
    def of(cls, payment: PaymentRecord) -> tuple[str, str]:
        """The key of a payment's."""
        return cls.partition(payment.tenant_id, payment.provider, payment.merchant), payment.id

    @property
    def payment_id(self) -> str:
        return str(self.sk)


class TestCharge(TenantRecord):
    """A payment as our test provider has it; nobody but the test provider reads it. Its payer goes back to
    ``return_url``.
    """

    __test__ = False  # no test, though its name begins like one

    order_id = UnicodeAttribute()
    amount_minor = NumberAttribute()
    currency = UnicodeAttribute()
    description = UnicodeAttribute()
    return_url = optional(UnicodeAttribute(null=True))
    state = UnicodeAttribute(default=State.PENDING.value)
    refunds = JsonAttribute(default=dict)
    disputes = optional(JsonAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, payment_id: str) -> tuple[str, str]:
        """The key of a charge."""
        return key(tenant_id, "test-charge", payment_id), "charge"
