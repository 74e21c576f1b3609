"""What members are told of orders that have ended, where no refund of their own says it. Pure."""

from dataclasses import dataclass

from chalicelib.notices.model.facts import InWords
from chalicelib.orders.notices.model.about import ORDER, ORDER_NOW, AboutOrder
from chalicelib.orders.notices.model.phrases import WHATEVER_WAS_PAID


@dataclass(frozen=True, slots=True)
class OrderCancelled(AboutOrder):
    """Its member cancelled an order; ``money`` says what comes back."""

    template = "order_cancelled"
    telling = ORDER
    texts = {
        "en": ("Your order is cancelled", "{brand}: your order of “{title}” is cancelled as you asked. {money}"),
        "zh": ("订单已取消", "{brand}：您在“{title}”的订单已按您的要求取消。{money}"),
    }
    money: InWords


@dataclass(frozen=True, slots=True)
class OrderCancelledForMember(AboutOrder):
    """The team cancelled an order for a member who asked them to."""

    template = "order_cancelled_for_member"
    telling = ORDER_NOW
    texts = {
        "en": ("We cancelled your order", "{brand}: as you asked, we cancelled your order of “{title}”. {money}"),
        "zh": ("已为您取消订单", "{brand}：已按您的要求取消“{title}”的订单。{money}"),
    }
    money: InWords = WHATEVER_WAS_PAID


@dataclass(frozen=True, slots=True)
class OrderUncollected(AboutOrder):
    """The order, of which nothing was paid, was not collected in time, and has ended."""

    template = "order_uncollected"
    telling = ORDER
    texts = {
        "en": (
            "Your order has ended",
            "{brand}: your order of “{title}” was not collected in time and has ended. You have nothing to pay.",
        ),
        "zh": ("订单已结束", "{brand}：您在“{title}”的订单未按时取货，订单已结束，无需付款。"),
    }


@dataclass(frozen=True, slots=True)
class CampaignMissed(AboutOrder):
    """The campaign missed its target; nothing was paid."""

    template = "campaign_missed"
    telling = ORDER_NOW
    texts = {
        "en": (
            "“{title}” does not take place",
            "{brand}: too little was ordered of “{title}”, so it does not take place. You have nothing to pay.",
        ),
        "zh": ("“{title}”未成团", "{brand}：“{title}”未达到成团目标，您的订单已取消，无需付款。"),
    }


@dataclass(frozen=True, slots=True)
class CampaignCancelled(AboutOrder):
    """The brand cancelled the campaign; nothing was paid."""

    template = "campaign_cancelled"
    telling = ORDER_NOW
    texts = {
        "en": (
            "“{title}” does not take place",
            "{brand}: “{title}” is cancelled, and your order with it. You have nothing to pay.",
        ),
        "zh": ("“{title}”已取消", "{brand}：“{title}”已由商家取消，您的订单一并取消，无需付款。"),
    }


@dataclass(frozen=True, slots=True)
class ForfeitedUncollected(AboutOrder):
    """The order was not collected in time, and its money is kept, as the campaign said before it was ordered."""

    template = "forfeited_uncollected"
    telling = ORDER
    texts = {
        "en": (
            "Your order is forfeited",
            (
                "{brand}: your order of “{title}” was not collected in time. Its money stays with us, by its rules. If "
                "you think that this is wrong, write to our store."
            ),
        ),
        "zh": (
            "订单已失效",
            "{brand}：您在“{title}”的订单未按时取货，按活动规则已付款项不予退还。如有异议，请联系店铺。",
        ),
    }


@dataclass(frozen=True, slots=True)
class ForfeitedUnpaid(AboutOrder):
    """The order was not paid in full in time, and its money is kept, as the campaign said before it was ordered."""

    template = "forfeited_unpaid"
    telling = ORDER
    texts = {
        "en": (
            "Your order is forfeited",
            (
                "{brand}: your order of “{title}” was not paid in full in time. Its money stays with us, by its rules. "
                "If you think that this is wrong, write to our store."
            ),
        ),
        "zh": (
            "订单已失效",
            "{brand}：您在“{title}”的订单未按时付清，按活动规则已付款项不予退还。如有异议，请联系店铺。",
        ),
    }
