"""What members are told of changes of their orders: their own, the team's, and what the campaign brings. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords, Listed
from chalicelib.orders.notices.model.about import MONEY, MONEY_NOW, ORDER, ORDER_NOW, AboutOrder
from chalicelib.orders.notices.model.phrases import NOTHING
from chalicelib.orders.notices.model.placing import OrderAsAsked, OrderAsItStands


@dataclass(frozen=True, slots=True)
class OrderChanged(OrderAsItStands):
    """Its member changed an order, and has paid for that where it became dearer: how it stands now."""

    template = "order_changed"
    telling = ORDER
    texts = {
        "en": (
            "Your order is changed",
            (
                "{brand}: your order of “{title}” is changed as you asked. Now: {items}. {total} in all. {payment} "
                "{handover} Your pickup code stays {code}."
            ),
        ),
        "zh": (
            "订单已修改",
            (
                "{brand}：您在“{title}”的订单已按您的修改更新，现为：{items}。共 {total}。{payment}{handover}"
                "取货码不变：{code}。"
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class OrderChangedForMember(OrderAsAsked):
    """The team changed an order for a member who asked them to."""

    template = "order_changed_for_member"
    telling = ORDER_NOW
    texts = {
        "en": (
            "We changed your order",
            (
                "{brand}: as you asked, we changed your order of “{title}”: {items}. {total} in all, at {where}. "
                "{payment} Your pickup code: {code}"
            ),
        ),
        "zh": (
            "已为您修改订单",
            "{brand}：已按您的要求修改“{title}”的订单：{items}。共 {total}，地点：{where}。{payment}取货码 {code}。",
        ),
    }
    payment: InWords = NOTHING


@dataclass(frozen=True, slots=True)
class OrderChangeWaits(AboutOrder):
    """The team noted a change that takes effect when the member pays its difference in time."""

    template = "order_change_waits"
    telling = MONEY_NOW
    texts = {
        "en": (
            "Your order changes when you pay the difference",
            (
                "{brand}, “{title}”: please pay {amount} in our store for the change that you asked for, until "
                "{until}; without it your order stays as it was."
            ),
        ),
        "zh": (
            "请支付订单差价",
            "{brand}：请在 {until} 前到店铺为您“{title}”的订单修改支付差价 {amount}，逾期未付则订单保持不变。",
        ),
    }
    amount: Money
    until: datetime


@dataclass(frozen=True, slots=True)
class ChangeLapsed(AboutOrder):
    """A change that made the order dearer was not paid for in time."""

    template = "order_change_lapsed"
    telling = ORDER
    texts = {
        "en": (
            "Your order stays as it was",
            (
                "{brand}: the change of your order of “{title}” was not paid in time, so the order stays as it was: "
                "{items}. Nothing was charged for the change."
            ),
        ),
        "zh": (
            "订单保持不变",
            "{brand}：您在“{title}”的订单修改未按时支付，订单保持不变：{items}。修改未扣款。",
        ),
    }
    items: Listed


@dataclass(frozen=True, slots=True)
class OrderMoved(AboutOrder):
    """The team moved an order after the cutoff: where it is handed over now, and why in their own words."""

    template = "order_moved"
    telling = ORDER_NOW
    texts = {
        "en": (
            "Your order is at another place",
            "{brand}: your order of “{title}” is handed over at {where} now. {note} Your pickup code stays {code}.",
        ),
        "zh": (
            "您的订单交付地点有变",
            "{brand}：您在“{title}”的订单交付地点改为：{where}。{note}取货码不变：{code}。",
        ),
    }
    where: Listed
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class OrderSubstituted(AboutOrder):
    """What comes in an order instead of what was ordered, such as ``2 × Nashi``, one after the other."""

    template = "order_substituted"
    telling = ORDER
    texts = {
        "en": (
            "Something else comes in your order",
            "{brand}: not all that you ordered in “{title}” came. At the same price you get instead: {instead}.",
        ),
        "zh": (
            "您的订单有替代商品",
            "{brand}：您在“{title}”订购的部分商品未到货，将以相同价格为您提供：{instead}。",
        ),
    }
    instead: Listed


@dataclass(frozen=True, slots=True)
class OrderComesAsOrdered(AboutOrder):
    """What was announced to come instead does not, because there is enough of what was ordered."""

    template = "order_comes_as_ordered"
    telling = ORDER
    texts = {
        "en": (
            "What you ordered comes after all",
            "{brand}: what you ordered in “{title}” comes after all, and nothing else in its place: {items}.",
        ),
        "zh": (
            "您订的商品有货了",
            "{brand}：您在“{title}”订购的商品有货了，不再以其他商品替代：{items}。",
        ),
    }
    items: Listed


@dataclass(frozen=True, slots=True)
class OrderNotComing(AboutOrder):
    """Nothing of the order, which is not paid yet, can be handed over; ``note`` are the team's own words, or empty."""

    template = "order_not_coming"
    telling = ORDER_NOW
    texts = {
        "en": (
            "Your order does not come",
            "{brand}: nothing of your order of “{title}” can be handed over, and you have nothing to pay. {note}",
        ),
        "zh": ("订单全部缺货", "{brand}：您在“{title}”的订单全部无法交付，订单已取消，无需付款。{note}"),
    }
    note: str = ""


@dataclass(frozen=True, slots=True)
class OrderLessened(AboutOrder):
    """Not all of the order, of which nothing comes back, can be handed over: what is left of it, and to be paid."""

    template = "order_lessened"
    telling = ORDER
    texts = {
        "en": (
            "Part of your order does not come",
            (
                "{brand}: not all of your order of “{title}” can be handed over. You get {items} and pay {due}. "
                "{instead} {note}"
            ),
        ),
        "zh": ("订单部分缺货", "{brand}：您在“{title}”的订单无法全部交付，现有：{items}；待付 {due}。{instead}{note}"),
    }
    items: Listed
    due: Money
    note: str = ""
    instead: InWords = NOTHING


@dataclass(frozen=True, slots=True)
class PriceFell(AboutOrder):
    """A ladder has come to a lower price, for whoever has paid nothing that would come back."""

    template = "price_fell"
    telling = MONEY
    texts = {
        "en": (
            "Your order costs less",
            (
                "{brand}: many have ordered, so the final price of “{title}” is lower. Your order is {total} now. "
                "{payment}"
            ),
        ),
        "zh": ("订单降价了", "{brand}：“{title}”参与人数多，最终价格更低，您的订单现为 {total}。{payment}"),
    }
    total: Money
    payment: InWords


@dataclass(frozen=True, slots=True)
class CampaignExtended(AboutOrder):
    """The campaign takes orders longer than was announced."""

    template = "campaign_extended"
    telling = ORDER
    texts = {
        "en": (
            "“{title}” takes orders longer",
            (
                "{brand}: “{title}” takes orders until {until} now, so it comes a little later. Your order stands; you "
                "need not do anything."
            ),
        ),
        "zh": (
            "“{title}”延长下单时间",
            "{brand}：“{title}”的下单时间延长至 {until}，到货将稍晚。您的订单不变，无需操作。",
        ),
    }
    until: datetime


@dataclass(frozen=True, slots=True)
class OrderArrivalMoved(AboutOrder):
    """The day on which what was ordered is expected, which was another or none before."""

    template = "order_arrival_moved"
    telling = ORDER
    texts = {
        "en": (
            "When your order comes",
            (
                "{brand}: your order of “{title}” is expected on {day} now. It stands, and you need not do anything; "
                "we write to you when it is ready."
            ),
        ),
        "zh": (
            "预计到货日期",
            "{brand}：您在“{title}”的订单现预计 {day} 到货。订单不变，您无需操作，可取货时会再通知您。",
        ),
    }
    day: date
