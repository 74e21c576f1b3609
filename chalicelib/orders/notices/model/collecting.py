"""What members are told of orders that wait to be collected, or are brought. Pure."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.notices.model.facts import InWords
from chalicelib.orders.notices.model.about import ORDER, ORDER_NOW, AboutOrder
from chalicelib.orders.notices.model.phrases import NOTHING


@dataclass(frozen=True, slots=True)
class OrderReady(AboutOrder):
    """Where the order is ready, when that is open, against which code it is handed over, and what is to be paid; kept
    without an end, as what is given in exchange.
    """

    template = "order_ready"
    telling = ORDER_NOW
    texts = {
        "en": (
            "Your order is ready",
            (
                "{brand}: your order of “{title}” is ready at {point}, {address}. {hours} Your pickup code: {code}. "
                "{to_pay}"
            ),
        ),
        "zh": (
            "您的订单可以取货了",
            "{brand}：您在“{title}”的订单已到 {point}（{address}）。{hours}取货码 {code}。{to_pay}",
        ),
    }
    point: str
    address: str
    code: str
    hours: InWords = NOTHING
    to_pay: InWords = NOTHING


@dataclass(frozen=True, slots=True)
class _Kept(AboutOrder):
    point: str
    address: str
    code: str
    hours: InWords
    to_pay: InWords
    until: datetime


@dataclass(frozen=True, slots=True)
class OrderReadyUntil(_Kept):
    """The same of an order that is kept until then, as most are."""

    template = "order_ready_until"
    telling = ORDER_NOW
    texts = {
        "en": (
            "Your order is ready",
            (
                "{brand}: your order of “{title}” is ready at {point}, {address}. {hours} Your pickup code: {code}. "
                "{to_pay} It is kept for you until {until}."
            ),
        ),
        "zh": (
            "您的订单可以取货了",
            (
                "{brand}：您在“{title}”的订单已到 {point}（{address}）。{hours}取货码 {code}。{to_pay}"
                "请在 {until} 前取货。"
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class CollectSoon(_Kept):
    """A day before the time to collect is over; ``otherwise`` says what becomes of the order then."""

    template = "collect_soon"
    telling = ORDER_NOW
    texts = {
        "en": (
            "Please collect your order by {until}",
            (
                "{brand}: your order of “{title}” still waits for you at {point}, {address}. {hours} Your pickup code: "
                "{code}. {to_pay} Please collect it by {until}. {otherwise}"
            ),
        ),
        "zh": (
            "请在 {until} 前取货",
            (
                "{brand}：您在“{title}”的订单仍在 {point}（{address}）等您取货。{hours}取货码 {code}。{to_pay}"
                "请在 {until} 前取货。{otherwise}"
            ),
        ),
    }
    otherwise: InWords


@dataclass(frozen=True, slots=True)
class OrderComing(AboutOrder):
    """What is brought has arrived at the pickup point that it is brought from."""

    template = "order_coming"
    telling = ORDER
    texts = {
        "en": (
            "Your order will be brought to you",
            "{brand}: your order of “{title}” has arrived and will be brought to {address}. {to_pay}",
        ),
        "zh": ("您的订单即将送达", "{brand}：您在“{title}”的订单已到货，将送到：{address}。{to_pay}"),
    }
    address: str
    to_pay: InWords
