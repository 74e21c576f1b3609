"""What states of things are called where the team reads them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.orders.model import PaymentState, RefundStatus, Status
from chalicelib.pages.shell.words import N_
from chalicelib.payments.model import RefundState
from chalicelib.payments.model import State as Paying


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two; its tone: good, warn, bad or none; and what it means, or empty."""

    name: str
    tone: str = ""
    means: str = ""


CAMPAIGN: Mapping[str, State] = {
    "draft": State(N_("Draft"), "warn", N_("Nobody but your team sees it. It can be changed freely.")),
    "scheduled": State(N_("Announced"), "warn", N_("Neighbours see it, and can order from the opening on.")),
    "open": State(N_("Open for orders"), "good", N_("Neighbours order now.")),
    "extended": State(N_("Extended"), "good", N_("The target was missed at first, so there is more time, once.")),
    "closing": State(N_("Being counted"), "", N_("It has closed. Whether it takes place is known in a moment.")),
    "cancelled": State(N_("Cancelled"), "bad", N_("It does not take place. The money goes back by itself.")),
    "refunding": State(N_("Being refunded"), "bad", N_("It does not take place. The money is on its way back.")),
    "refunded": State(N_("Refunded"), "bad", N_("It did not take place. All money has gone back.")),
    "locked": State(N_("Takes place"), "good", N_("The orders stand. The goods can be bought now.")),
    "purchasing": State(N_("Being bought"), "", N_("The goods are on order at the suppliers.")),
    "received": State(N_("Goods are here"), "", N_("The goods have come and are being sorted.")),
    "sorted": State(N_("Sorted"), "", N_("The goods go to the pickup points.")),
    "at_pickup": State(N_("Waiting for pickup"), "good", N_("The goods wait at the pickup points.")),
    "completed": State(N_("All handed over"), "", N_("Every order has ended.")),
    "settled": State(N_("Accounts closed"), "", N_("Everybody has what they are owed.")),
}

GIFT: Mapping[str, State] = {
    **CAMPAIGN,
    "scheduled": State(
        N_("Announced"), "warn", N_("Members see it, and can redeem points for it from the opening on.")
    ),
    "open": State(N_("Can be redeemed"), "good", N_("Members redeem their points for it now.")),
}
"""The same of a gift for points."""

TEAM: Mapping[str, State] = {
    "forming": State(N_("Waiting for more"), "warn"),
    "filled": State(N_("Team complete"), "good"),
    "failed": State(N_("Not complete in time"), "bad"),
    "dissolved": State(N_("Team ended")),
}

SERIES: Mapping[str, State] = {
    "active": State(N_("Running"), "good"),
    "paused": State(N_("Paused"), "warn", N_("No new group buys are made until you resume it.")),
    "ended": State(N_("Ended"), "", N_("No more group buys are made.")),
}

ANNOUNCEMENT: Mapping[str, State] = {
    "scheduled": State(N_("Waiting for its time"), "warn"),
    "sending": State(N_("Going out"), "good"),
    "paused": State(N_("Paused"), "warn", N_("Nobody further is told until you resume it.")),
    "sent": State(N_("Has gone out")),
    "cancelled": State(N_("Cancelled"), "bad", N_("Nobody further hears of it.")),
}

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

COMPLAINT: Mapping[str, State] = {
    "open": State(N_("Not answered yet"), tone="warn"),
    "in_progress": State(N_("In work")),
    "resolved": State(N_("Resolved"), tone="good"),
}

ENQUIRY: Mapping[str, State] = {
    "open": State(N_("Not answered yet"), tone="warn"),
    "in_progress": State(N_("In work")),
    "answered": State(N_("Answered automatically"), tone="good"),
    "closed": State(N_("Closed")),
}

AFTER_SALE: Mapping[str, State] = {
    "requested": State(N_("To be decided"), "warn", N_("Look at it, and approve or reject it.")),
    "approved": State(N_("Approved"), "good", N_("The goods are expected, unless the member keeps them.")),
    "rejected": State(N_("Rejected"), "bad", N_("The member was told why.")),
    "withdrawn": State(N_("Withdrawn"), "", N_("The member has taken the request back.")),
    "received": State(N_("Goods are back"), "good", N_("Close it when all is done.")),
    "completed": State(N_("Closed"), "", N_("Nothing is left to do.")),
}

MEMBER: Mapping[str, State] = {
    "active": State(N_("May order"), tone="good"),
    "blocked": State(N_("Blocked"), "bad", N_("They can read what is theirs, but not order.")),
}

CLASS: Mapping[str, State] = {
    "new": State(N_("New member"), "good", N_("Their first order is not long ago.")),
    "active": State(N_("Active member"), "good", N_("They ordered lately.")),
    "dormant": State(N_("Dormant member"), "warn", N_("They have not ordered for a while.")),
    "churned": State(N_("Churned member"), "bad", N_("They have not ordered for long, or have left.")),
}
"""What a member is by the days of their orders."""

COUPON: Mapping[str, State] = {
    "granted": State(N_("To be used"), tone="good"),
    "held": State(N_("In an unpaid order"), tone="warn"),
    "used": State(N_("In an order")),
    "returned": State(N_("Back from an order"), tone="good"),
    "expired": State(N_("Its time is over")),
}
"""Where a member's coupon is."""

SURVEY: Mapping[str, State] = {
    "active": State(N_("In use"), tone="good"),
    "archived": State(N_("Archived")),
}

REVIEW: Mapping[str, State] = {
    "shown": State(N_("Shown"), "good"),
    "hidden": State(N_("Hidden"), "warn"),
}

SUGGESTION: Mapping[str, State] = {
    "open": State(N_("To be decided"), "warn"),
    "grouped": State(N_("One with another")),
    "adopted": State(N_("Adopted"), "good"),
    "declined": State(N_("Declined")),
    "done": State(N_("Done"), "good"),
}
