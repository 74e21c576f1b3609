"""What members are told of orders that are placed, or were not paid for in time. Pure."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords, Listed
from chalicelib.orders.notices.model.about import ORDER, ORDER_NOW, AboutOrder
from chalicelib.orders.notices.model.phrases import WHATEVER_WAS_PAID


@dataclass(frozen=True, slots=True)
class OrderAsItStands(AboutOrder):
    """What is in an order, its price and how it is paid, where it is handed over and against which code."""

    items: Listed
    total: Money
    payment: InWords
    handover: InWords
    code: str


@dataclass(frozen=True, slots=True)
class OrderPlaced(OrderAsItStands):
    """The receipt of an order, which is paid for by now or paid when it is handed over; changeable ``until``."""

    template = "order_placed"
    telling = ORDER
    texts = {
        "en": (
            "Your order is placed",
            (
                "{brand}: we have your order of “{title}”: {items}. {total} in all. {payment} {handover} Your pickup "
                "code: {code}. You can change or cancel it until {until}."
            ),
        ),
        "zh": (
            "下单成功",
            (
                "{brand}：您在“{title}”的订单已下单成功：{items}。共 {total}。{payment}{handover}取货码 {code}。"
                "{until} 前可修改或取消。"
            ),
        ),
    }
    until: datetime


@dataclass(frozen=True, slots=True)
class OrderPlacedInTeam(OrderAsItStands):
    """The receipt of an order in a team that has ``until`` then to fill."""

    template = "order_placed_in_team"
    telling = ORDER
    texts = {
        "en": (
            "You have a place in a team",
            (
                "{brand}: you have a place in a team for “{title}”: {items}. {total} in all. {payment} {handover} Your "
                "pickup code: {code}. The team has until {until} to fill: invite your neighbours."
            ),
        ),
        "zh": (
            "您已参团",
            (
                "{brand}：您已参加“{title}”拼团：{items}。共 {total}。{payment}{handover}取货码 {code}。"
                "请在 {until} 前邀请邻居参团。"
            ),
        ),
    }
    until: datetime


@dataclass(frozen=True, slots=True)
class TeamCompleted(OrderAsItStands):
    """The receipt of the order that has completed its team."""

    template = "team_completed"
    telling = ORDER
    texts = {
        "en": (
            "Your team is complete",
            (
                "{brand}: your order of “{title}” is placed and makes your team complete: {items}. {total} in all. "
                "{payment} {handover} Your pickup code: {code}. We write to you when it is ready."
            ),
        ),
        "zh": (
            "拼团成功",
            (
                "{brand}：您在“{title}”的订单已下单，拼团成功：{items}。共 {total}。{payment}{handover}"
                "取货码 {code}。可取货时会通知您。"
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class OrderAsAsked(AboutOrder):
    """What the team did in an order as its member asked them to: its items, its price, where it is handed over."""

    items: Listed
    total: Money
    where: Listed
    code: str


@dataclass(frozen=True, slots=True)
class OrderPlacedForMember(OrderAsAsked):
    """The team placed an order for a member who called."""

    template = "order_placed_for_member"
    telling = ORDER_NOW
    texts = {
        "en": (
            "We placed your order",
            (
                "{brand}: as you asked, we placed your order of “{title}”: {items}. {total}, paid when you get it, at "
                "{where}. Your pickup code: {code}. Sign in to our store to see or change it."
            ),
        ),
        "zh": (
            "已为您下单",
            (
                "{brand}：已按您的要求下单“{title}”：{items}。共 {total}，取货时支付，地点：{where}。取货码 {code}。"
                "登录店铺即可查看或修改订单。"
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class HoldLapsed(AboutOrder):
    """The order was not paid for in time; it may be ordered again ``until`` the campaign closes."""

    template = "hold_lapsed"
    telling = ORDER_NOW
    texts = {
        "en": (
            "Your order was not paid in time",
            (
                "{brand}: your order of “{title}” was not paid in time and has ended. Nothing was charged. If you "
                "still want it, order again in our store until {until}."
            ),
        ),
        "zh": (
            "订单未按时支付",
            "{brand}：您在“{title}”的订单未按时支付，已结束，未扣款。如仍需要，请在 {until} 前到店铺重新下单。",
        ),
    }
    until: datetime


@dataclass(frozen=True, slots=True)
class HoldLapsedForGood(AboutOrder):
    """The same, where the campaign takes no more orders."""

    template = "hold_lapsed_for_good"
    telling = ORDER
    texts = {
        "en": (
            "Your order was not paid in time",
            (
                "{brand}: your order of “{title}” was not paid in time and has ended. Nothing was charged. "
                "“{title}” takes no more orders."
            ),
        ),
        "zh": (
            "订单未按时支付",
            "{brand}：您在“{title}”的订单未按时支付，已结束，未扣款。“{title}”已截止，不再接受下单。",
        ),
    }


@dataclass(frozen=True, slots=True)
class TeamFilled(AboutOrder):
    template = "team_filled"
    telling = ORDER
    texts = {
        "en": (
            "Your team is complete",
            ("{brand}: your team for “{title}” is complete, and your order stands. We write to you when it is ready."),
        ),
        "zh": ("拼团成功", "{brand}：您参加的“{title}”拼团已成功，订单已确认，可取货时会通知您。"),
    }


@dataclass(frozen=True, slots=True)
class TeamFailed(AboutOrder):
    """The team did not fill in time, and the order is cancelled; ``money`` says whether something comes back."""

    template = "team_failed"
    telling = ORDER_NOW
    texts = {
        "en": (
            "Your team did not fill",
            (
                "{brand}: your team for “{title}” did not fill in time, and your order is cancelled. {money} You need "
                "not do anything."
            ),
        ),
        "zh": (
            "拼团未成功",
            "{brand}：您参加的“{title}”拼团未能在规定时间内成团，订单已取消。{money}您无需操作。",
        ),
    }
    money: InWords = WHATEVER_WAS_PAID
