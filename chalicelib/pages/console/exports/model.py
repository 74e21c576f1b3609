"""What orders and background work are said to be on the page of exports. Pure."""

from collections.abc import Mapping

from chalicelib.jobs.model import Status
from chalicelib.orders.model import PaymentState
from chalicelib.orders.model import Status as OrderStatus
from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

STATES: Mapping[str, State] = {
    Status.AWAITING_UPLOAD: State(N_("Waits for its file"), tone="warn"),
    Status.CHECKED: State(N_("Tried out"), tone="warn"),
    Status.QUEUED: State(N_("Begins in a moment")),
    Status.RUNNING: State(N_("Running")),
    Status.DONE: State(N_("Done"), tone="good"),
    Status.FAILED: State(N_("Failed"), tone="bad"),
    Status.CANCELLED: State(N_("Cancelled")),
}

KINDS: Mapping[str, str] = {
    "order_export": N_("Orders as a file"),
    "report_file": N_("A report as a file"),
    "orders": N_("Import of orders"),
    "members": N_("Import of members"),
    "products": N_("Import of products"),
    "undo": N_("Undoing of an import"),
    "rollup": N_("Figures of past days"),
    "lifetime": N_("What members will bring"),
    "associations": N_("Bought together"),
    "coupon_codes": N_("Codes of coupons"),
    "coupon_grants": N_("Coupons for members"),
}
"""What runs in the background, by its kind."""

ALL = ("", N_("All"))

ORDERS: Mapping[str, str] = {
    OrderStatus.HELD: N_("Waiting for payment"),
    OrderStatus.PLACED: N_("Placed"),
    OrderStatus.READY: N_("Ready for pickup"),
    OrderStatus.PICKED_UP: N_("Picked up"),
    OrderStatus.CANCELLED: N_("Cancelled"),
    OrderStatus.EXPIRED: N_("Expired"),
    OrderStatus.REFUNDED: N_("Refunded"),
}

PAYMENTS: Mapping[str, str] = {
    PaymentState.UNPAID: N_("Unpaid"),
    PaymentState.PART_PAID: N_("Partly paid"),
    PaymentState.PAID: N_("Paid"),
    PaymentState.PART_REFUNDED: N_("Partly refunded"),
    PaymentState.REFUNDED: N_("Refunded"),
    PaymentState.NOTHING_DUE: N_("Nothing to pay"),
}

FURTHER = ("member_id", "phone", "pickup_code", "q", "payment_method", "due")
"""Filters that the list of orders has and this page only keeps."""


def runs(status: str) -> bool:
    """Whether more is to come of it: its page looks again by itself."""
    return status in (Status.QUEUED, Status.RUNNING)
