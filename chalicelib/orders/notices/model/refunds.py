"""What members are told of money that is on its way back, since they did not ask for it. Pure."""

from dataclasses import dataclass

from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords
from chalicelib.orders.notices.model.about import MONEY, MONEY_NOW, AboutOrder
from chalicelib.orders.notices.model.phrases import NOTHING, THE_WAY_IT_CAME


@dataclass(frozen=True, slots=True)
class ComesBack(AboutOrder):
    """So much comes back, and which way."""

    amount: Money
    way: InWords = THE_WAY_IT_CAME


@dataclass(frozen=True, slots=True)
class RefundOfLadder(ComesBack):
    """The final price is lower than what was paid."""

    template = "refund_ladder"
    telling = MONEY
    texts = {
        "en": (
            "You get money back",
            "{brand}: the final price of “{title}” is lower. {amount} comes back {way}.",
        ),
        "zh": (
            "差价退款",
            "{brand}：“{title}”的最终价格更低，您的差价 {amount} 将{way}。",
        ),
    }


@dataclass(frozen=True, slots=True)
class RefundOfMissed(ComesBack):
    """The campaign missed its target."""

    template = "refund_missed"
    telling = MONEY_NOW
    texts = {
        "en": (
            "“{title}” does not take place",
            (
                "{brand}: too little was ordered of “{title}”, so it does not take place. Your "
                "{amount} comes back {way}. You need not do anything."
            ),
        ),
        "zh": (
            "“{title}”未成团",
            "{brand}：“{title}”未达到成团目标，您支付的 {amount} 将{way}，您无需操作。",
        ),
    }


@dataclass(frozen=True, slots=True)
class RefundOfCampaign(ComesBack):
    """The brand cancelled the campaign."""

    template = "refund_campaign"
    telling = MONEY_NOW
    texts = {
        "en": (
            "“{title}” does not take place",
            (
                "{brand}: “{title}” is cancelled, and your order with it. Your {amount} comes back {way}. "
                "You need not do anything."
            ),
        ),
        "zh": (
            "“{title}”已取消",
            "{brand}：“{title}”已由商家取消，您支付的 {amount} 将{way}，您无需操作。",
        ),
    }


@dataclass(frozen=True, slots=True)
class RefundOfUncollected(ComesBack):
    """Nothing of the order was collected in time."""

    template = "refund_uncollected"
    telling = MONEY
    texts = {
        "en": (
            "Your order has ended",
            "{brand}: your order of “{title}” was not collected in time. {amount} comes back {way}.",
        ),
        "zh": (
            "订单已结束",
            "{brand}：您在“{title}”的订单未按时取货，已付款项 {amount} 将{way}。",
        ),
    }


@dataclass(frozen=True, slots=True)
class RefundOfLeftBehind(ComesBack):
    """A part of the order was not collected in time."""

    template = "refund_left_behind"
    telling = MONEY
    texts = {
        "en": (
            "Part of your order has ended",
            "{brand}: part of your order of “{title}” was not collected in time. {amount} comes back {way}.",
        ),
        "zh": (
            "部分商品未取货",
            "{brand}：您在“{title}”的订单有部分商品未按时取货，对应的 {amount} 将{way}。",
        ),
    }


@dataclass(frozen=True, slots=True)
class RefundOfUnpaid(ComesBack):
    """The order was not paid in full in time."""

    template = "refund_unpaid"
    telling = MONEY
    texts = {
        "en": (
            "Your order has ended",
            "{brand}: your order of “{title}” was not paid in full in time and has ended. {amount} comes back {way}.",
        ),
        "zh": (
            "订单已结束",
            "{brand}：您在“{title}”的订单未按时付清，已付款项 {amount} 将{way}。",
        ),
    }


@dataclass(frozen=True, slots=True)
class RefundOfDelivery(ComesBack):
    """The team moved an order, whose delivery was paid for, to a pickup point: where it is collected, against which
    code, and why in their own words.
    """

    template = "refund_delivery"
    telling = MONEY_NOW
    texts = {
        "en": (
            "The delivery is paid back",
            (
                "{brand}: your order of “{title}” is collected instead of delivered. {handover} {note} {amount} comes "
                "back {way}."
            ),
        ),
        "zh": (
            "退还配送费",
            "{brand}：您在“{title}”的订单改为自提。{handover}{note}配送费 {amount} 将{way}。",
        ),
    }
    handover: InWords = NOTHING
    note: str = ""


@dataclass(frozen=True, slots=True)
class RefundOfShort(ComesBack):
    """Not all of the order can be handed over; ``note`` are the team's own words, or empty, and ``rest`` what still
    comes.
    """

    template = "refund_short"
    telling = MONEY
    texts = {
        "en": (
            "Part of your order does not come",
            (
                "{brand}: not all of your order of “{title}” can be handed over. {rest} {amount} of it comes back "
                "{way}. {note}"
            ),
        ),
        "zh": (
            "订单部分缺货",
            "{brand}：您在“{title}”的订单无法全部交付。{rest}缺货部分 {amount} 将{way}。{note}",
        ),
    }
    note: str = ""
    rest: InWords = NOTHING


@dataclass(frozen=True, slots=True)
class RefundOfAllShort(ComesBack):
    """Nothing of the order can be handed over."""

    template = "refund_all_short"
    telling = MONEY_NOW
    texts = {
        "en": (
            "Your order does not come",
            (
                "{brand}: nothing of your order of “{title}” can be handed over. {amount} comes back {way}, and you "
                "need not do anything. {note}"
            ),
        ),
        "zh": (
            "订单全部缺货",
            "{brand}：您在“{title}”的订单全部无法交付，已付款项 {amount} 将{way}，您无需操作。{note}",
        ),
    }
    note: str = ""


@dataclass(frozen=True, slots=True)
class RefundOfGoodwill(ComesBack):
    """The brand gives money back because it wants to; ``note`` are the team's own words."""

    template = "refund_goodwill"
    telling = MONEY
    texts = {
        "en": (
            "You get money back",
            "{brand}: for your order of “{title}” {amount} comes back {way}. {note}",
        ),
        "zh": (
            "您有一笔退款",
            "{brand}：您在“{title}”的订单有一笔退款，{amount} 将{way}。{note}",
        ),
    }
    note: str = ""


@dataclass(frozen=True, slots=True)
class RefundOfGoodwillInCash(AboutOrder):
    """The same, in cash at the pickup point."""

    template = "refund_goodwill_in_cash"
    telling = MONEY
    texts = {
        "en": (
            "You get money back",
            "{brand}: {amount} of your order of “{title}” waits for you in cash at your pickup point. {note}",
        ),
        "zh": (
            "您有一笔退款",
            "{brand}：您在“{title}”的订单将退还 {amount}，请到自提点领取现金。{note}",
        ),
    }
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class PaymentTooLate(ComesBack):
    """A payment came when its order had ended, and goes back whole."""

    template = "payment_too_late"
    telling = MONEY_NOW
    texts = {
        "en": (
            "Your payment came too late",
            (
                "{brand}: your {amount} for “{title}” came after your order had ended; all of it comes back {way}. You "
                "need not do anything."
            ),
        ),
        "zh": (
            "您的付款未及时到账",
            "{brand}：您为“{title}”支付的 {amount} 到账时订单已结束，全额将{way}，您无需操作。",
        ),
    }


@dataclass(frozen=True, slots=True)
class PaymentTwice(ComesBack):
    """A payment came that the order did not need any more, and goes back whole."""

    template = "payment_twice"
    telling = MONEY
    texts = {
        "en": (
            "Your order was paid already",
            (
                "{brand}: your {amount} for “{title}” came twice, or for what has changed since; it comes back {way}. "
                "You need not do anything."
            ),
        ),
        "zh": (
            "重复付款已退回",
            "{brand}：您为“{title}”重复支付或变更前支付的 {amount} 将{way}，您无需操作。",
        ),
    }


@dataclass(frozen=True, slots=True)
class RefundByBrand(AboutOrder):
    """The brand has given money back on its payment provider's own pages."""

    template = "refund_by_brand"
    telling = MONEY
    texts = {
        "en": (
            "You get money back",
            "{brand} has given {amount} of your order of “{title}” back to you.",
        ),
        "zh": (
            "退款通知",
            "{brand} 已退还您“{title}”订单的 {amount}。",
        ),
    }
    amount: Money
