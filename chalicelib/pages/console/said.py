"""The states of things as the brand's team reads them on every screen of the console."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.orders.model import PaymentState, RefundStatus, Status
from chalicelib.pages.shell import N_
from chalicelib.payments.model import RefundState
from chalicelib.payments.model import State as Paying


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two; what it means, or empty; and its tone: good, warn, bad or none."""

    name: str
    means: str = ""
    tone: str = ""


ORDER: Mapping[Status, State] = {
    Status.HELD: State(N_("Not paid yet"), tone="warn"),
    Status.PLACED: State(N_("Ordered"), tone="good"),
    Status.READY: State(N_("Ready for pickup"), tone="good"),
    Status.PICKED_UP: State(N_("Collected")),
    Status.CANCELLED: State(N_("Cancelled")),
    Status.EXPIRED: State(N_("Not paid in time")),
    Status.REFUNDED: State(N_("Ended, with money back")),
}
"""Where an order stands."""

ORDER_PAID: Mapping[PaymentState, State] = {
    PaymentState.UNPAID: State(N_("Unpaid"), tone="warn"),
    PaymentState.PART_PAID: State(N_("Paid in part"), tone="warn"),
    PaymentState.PAID: State(N_("Paid"), tone="good"),
    PaymentState.PART_REFUNDED: State(N_("Refunded in part")),
    PaymentState.REFUNDED: State(N_("Refunded")),
    PaymentState.NOTHING_DUE: State(N_("Nothing is to be paid")),
}
"""How far an order is paid."""

REFUND: Mapping[RefundStatus, State] = {
    RefundStatus.REQUESTED: State(N_("On its way"), tone="warn"),
    RefundStatus.SUCCEEDED: State(N_("Arrived"), tone="good"),
    RefundStatus.FAILED: State(N_("Declined"), tone="bad"),
}
"""How far a refund of an order has come."""

PAYMENT: Mapping[Paying, State] = {
    Paying.CREATED: State(N_("Begun")),
    Paying.PENDING: State(N_("Waiting for the payer"), tone="warn"),
    Paying.FAILED: State(N_("It did not go through"), tone="bad"),
    Paying.CLOSED: State(N_("Closed unpaid")),
    Paying.SUCCEEDED: State(N_("Paid"), tone="good"),
}
"""How far a payment has come."""

MONEY_BACK: Mapping[RefundState, State] = {
    RefundState.REQUESTED: State(N_("Asked for"), tone="warn"),
    RefundState.PENDING: State(N_("On its way"), tone="warn"),
    RefundState.FAILED: State(N_("Declined"), tone="bad"),
    RefundState.SUCCEEDED: State(N_("Arrived"), tone="good"),
}
"""How far money on its way back through a payment has come."""

METHODS: Mapping[str, str] = {
    "pickup": N_("Cash when it is handed over"),
    "test": N_("Test payment, no real money"),
    "stripe": N_("Card"),
    "wechat": N_("WeChat Pay"),
}
"""How something is paid."""
