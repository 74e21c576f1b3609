"""Payments, the stores' accounts at providers, and what our own test provider knows; with their keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.kernel.clock import sortable
from chalicelib.payments.model import OPEN, Back, RefundState, State, Terms, next_pause

QUEUE = "payments"


class PaymentRecord(TenantRecord):
    """One attempt to pay an order. ``client`` is what the payer's device needs, sealed; ``held_until`` is when the
    order's hold ends; ``differs`` names in what the provider's word differs from these books; ``stored_backs`` is the
    money on its way back, by refund id.
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
    tries = NumberAttribute(default=0)

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
        """What it is for, as our books have it."""
        return Terms(self.id, self.order_id, int(self.amount_minor), self.currency, self.merchant)

    @property
    def backs(self) -> dict[str, Back]:
        """Money on its way back, by refund id."""
        stored: Mapping[str, Any] = self.stored_backs or {}
        return {each: Back(amount, RefundState(state), bool(own)) for each, (amount, state, own) in stored.items()}

    def set_back(self, refund_id: str, back: Back) -> None:
        """Notes or changes money on its way back."""
        stored = [back.amount_minor, back.state.value, int(back.of_order)]
        self.stored_backs = dict(self.stored_backs or {}) | {refund_id: stored}

    @property
    def left_minor(self) -> int:
        """What it still holds of its order's money: captured, and neither given back nor on its way back."""
        if self.applied != "captured":
            return 0
        return int(self.amount_minor) - sum(b.amount_minor for b in self.backs.values() if b.state != "failed")

    def move_to(self, state: State, now: datetime) -> None:
        """Takes a state and tells the world, on this record."""
        self.stored_state = state.value
        if state is State.SUCCEEDED:
            self.succeeded_at = now
        self.emit(f"payment.{state.value}", now, payment_id=self.id, order_id=self.order_id)

    def look_again(self, now: datetime) -> None:
        """Has the provider asked again after a while, for as long as anything is open."""
        is_open = self.state in OPEN or any(back.is_open for back in self.backs.values())
        self.schedule(now + next_pause(int(self.tries)) if is_open else None, "payment.reconcile", QUEUE)

    def index(self) -> None:
        """Lists it among the payments of its order, by the time of starting."""
        self.gsi1pk = order_payments(self.tenant_id, self.order_id)
        self.gsi1sk = f"{sortable(self.created_at)}#{self.id}"


def order_payments(tenant_id: str, order_id: str) -> str:
    """The gsi1 partition with an order's payments, by the time of starting."""
    return key(tenant_id, "order-payments", order_id)


class TestCharge(TenantRecord):
    """A payment as our test provider has it; nobody but the test provider reads it."""

    __test__ = False  # no test, though its name begins like one

    order_id = UnicodeAttribute()
    amount_minor = NumberAttribute()
    currency = UnicodeAttribute()
    description = UnicodeAttribute()
    state = UnicodeAttribute(default=State.PENDING.value)
    refunds = JsonAttribute(default=dict)

    @staticmethod
    def address(tenant_id: str, payment_id: str) -> tuple[str, str]:
        """The key of a charge."""
        return key(tenant_id, "test-charge", payment_id), "charge"


class ProviderSettings(TenantRecord):
    """A store's account at a provider. ``open_part`` may be shown; ``sealed`` holds the secrets, encrypted for this
    tenant and provider; ``hints`` are their last letters, so that people can tell which key is in use.
    """

    merchant = UnicodeAttribute()
    enabled = BooleanAttribute(default=True)
    open_part = JsonAttribute()
    sealed = UnicodeAttribute()
    hints = JsonAttribute()
    changed_at = InstantAttribute()

    @staticmethod
    def partition(tenant_id: str) -> str:
        """Where all accounts of a tenant lie."""
        return key(tenant_id, "payment-settings")

    @staticmethod
    def address(tenant_id: str, provider: str) -> tuple[str, str]:
        """The key of a tenant's account at a provider."""
        return key(tenant_id, "payment-settings"), provider

    @property
    def provider(self) -> str:
        return str(self.sk)
