"""What people are told of orders, and of their money. Pure."""

from dataclasses import dataclass

from chalicelib.kernel.money import Money
from chalicelib.notices.model.notices import Listed, Notice


@dataclass(frozen=True, slots=True)
class _AboutOrder(Notice):
    """Of a member's order in the campaign of that title."""

    brand: str
    title: str


@dataclass(frozen=True, slots=True)
class TeamFilled(_AboutOrder):
    template = "team_filled"


@dataclass(frozen=True, slots=True)
class TeamFailed(_AboutOrder):
    """The team did not fill in time: the order is cancelled, and what was paid comes back."""

    template = "team_failed"


@dataclass(frozen=True, slots=True)
class OrderReady(_AboutOrder):
    """Where the order is ready, and against which code it is handed over."""

    template = "order_ready"
    point: str
    address: str
    code: str


@dataclass(frozen=True, slots=True)
class _OrderAsAsked(_AboutOrder):
    """What the team did in an order as its member asked them to: its items, its price, where it is handed over."""

    items: Listed
    total: Money
    where: Listed
    code: str


@dataclass(frozen=True, slots=True)
class OrderPlacedForMember(_OrderAsAsked):
    """The team placed an order for a member who called."""

    template = "order_placed_for_member"


@dataclass(frozen=True, slots=True)
class OrderChangedForMember(_OrderAsAsked):
    """The team changed an order for a member who asked them to."""

    template = "order_changed_for_member"


@dataclass(frozen=True, slots=True)
class OrderChangeWaits(_AboutOrder):
    """The team noted a change that takes effect when the member pays its difference in time."""

    template = "order_change_waits"
    amount: Money
    until: str


@dataclass(frozen=True, slots=True)
class OrderCancelledForMember(_AboutOrder):
    """The team cancelled an order for a member who asked them to."""

    template = "order_cancelled_for_member"


@dataclass(frozen=True, slots=True)
class OrderMoved(_AboutOrder):
    """The team moved an order after the cutoff: where it is handed over now, and why in their own words."""

    template = "order_moved"
    where: Listed
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class OrderSubstituted(_AboutOrder):
    """What comes in an order instead of what was ordered, such as ``2 × Nashi``, one after the other."""

    template = "order_substituted"
    instead: Listed


@dataclass(frozen=True, slots=True)
class OrderUncollected(_AboutOrder):
    """The order, of which nothing was paid, was not collected in time, and has ended."""

    template = "order_uncollected"


@dataclass(frozen=True, slots=True)
class OrderNotComing(_AboutOrder):
    """Nothing of the order, which is not paid yet, can be handed over; ``note`` are the team's own words, or empty."""

    template = "order_not_coming"
    note: str = ""


@dataclass(frozen=True, slots=True)
class OrderLessened(_AboutOrder):
    """Not all of the order, of which nothing comes back, can be handed over: what is left of it, and to be paid."""

    template = "order_lessened"
    items: Listed
    due: Money
    note: str = ""


@dataclass(frozen=True, slots=True)
class CampaignMissed(_AboutOrder):
    """The campaign missed its target; nothing was paid."""

    template = "campaign_missed"


@dataclass(frozen=True, slots=True)
class CampaignCancelled(_AboutOrder):
    """The brand cancelled the campaign; nothing was paid."""

    template = "campaign_cancelled"


@dataclass(frozen=True, slots=True)
class ForfeitedUncollected(_AboutOrder):
    """The order was not collected in time, and its money is kept, as the campaign said before it was ordered."""

    template = "forfeited_uncollected"


@dataclass(frozen=True, slots=True)
class ForfeitedUnpaid(_AboutOrder):
    """The order was not paid in full in time, and its money is kept, as the campaign said before it was ordered."""

    template = "forfeited_unpaid"


@dataclass(frozen=True, slots=True)
class BalanceDue(_AboutOrder):
    """How much is to be paid until when."""

    template = "balance_due"
    amount: Money
    until: str


@dataclass(frozen=True, slots=True)
class RefundOfLadder(_AboutOrder):
    """The final price is lower than what was paid."""

    template = "refund_ladder"
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundOfMissed(_AboutOrder):
    """The campaign missed its target."""

    template = "refund_missed"
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundOfCampaign(_AboutOrder):
    """The brand cancelled the campaign."""

    template = "refund_campaign"
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundOfUncollected(_AboutOrder):
    """Nothing of the order was collected in time."""

    template = "refund_uncollected"
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundOfLeftBehind(_AboutOrder):
    """A part of the order was not collected in time."""

    template = "refund_left_behind"
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundOfUnpaid(_AboutOrder):
    """The order was not paid in full in time."""

    template = "refund_unpaid"
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundOfDelivery(_AboutOrder):
    """The order is collected, although its delivery was paid for."""

    template = "refund_delivery"
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundOfShort(_AboutOrder):
    """Not all of the order can be handed over; ``note`` are the team's own words, or empty."""

    template = "refund_short"
    amount: Money
    note: str = ""


@dataclass(frozen=True, slots=True)
class RefundOfAllShort(RefundOfShort):
    """Nothing of the order can be handed over."""

    template = "refund_all_short"


@dataclass(frozen=True, slots=True)
class RefundOfGoodwill(_AboutOrder):
    """The brand gives money back because it wants to; ``note`` are the team's own words."""

    template = "refund_goodwill"
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class RefundOfGoodwillInCash(RefundOfGoodwill):
    """The same, in cash at the pickup point."""

    template = "refund_goodwill_in_cash"


@dataclass(frozen=True, slots=True)
class PaymentTooLate(_AboutOrder):
    """A payment came when its order had ended, and goes back whole."""

    template = "payment_too_late"
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentTwice(_AboutOrder):
    """A payment came that the order did not need any more, and goes back whole."""

    template = "payment_twice"
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundByBrand(_AboutOrder):
    """The brand has given money back on its payment provider's own pages."""

    template = "refund_by_brand"
    amount: Money
