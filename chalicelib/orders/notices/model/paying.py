"""What members are told of money that they pay for an order, or still have to. Pure."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords, Listed
from chalicelib.orders.notices.model.about import MONEY, MONEY_NOW, AboutOrder


@dataclass(frozen=True, slots=True)
class OrderPaid(AboutOrder):
    """The receipt of money that came for an order placed before: a balance, or what was missing."""

    template = "order_paid"
    telling = MONEY
    texts = {
        "en": (
            "We have your payment",
            (
                "{brand}: your {amount} for your order of “{title}” has arrived. {rest} Your pickup code: {code}. "
                "We write to you when it is ready."
            ),
        ),
        "zh": (
            "已收到您的付款",
            "{brand}：已收到您为“{title}”的订单支付的 {amount}。{rest}取货码 {code}。可取货时会通知您。",
        ),
    }
    amount: Money
    rest: InWords
    code: str


@dataclass(frozen=True, slots=True)
class BalanceDue(AboutOrder):
    """How much is to be paid until when."""

    template = "balance_due"
    telling = MONEY_NOW
    texts = {
        "en": (
            "The balance of your order is due",
            "{brand}, “{title}”: please pay the balance of {amount} for your order in our store until {until}.",
        ),
        "zh": ("请支付尾款", "{brand}：请在 {until} 前到店铺支付您“{title}”订单的尾款 {amount}。"),
    }
    amount: Money
    until: datetime


@dataclass(frozen=True, slots=True)
class RestDue(AboutOrder):
    """Less came for an order than it costs, and was accepted: it is placed, and the rest is to be paid."""

    template = "rest_due"
    telling = MONEY_NOW
    texts = {
        "en": (
            "A part of your order is not paid yet",
            (
                "{brand}: we have your order of “{title}”: {items}. Your payment was less than its price: please pay "
                "the missing {amount} in our store until {until}. Your pickup code: {code}"
            ),
        ),
        "zh": (
            "订单尚未付清",
            (
                "{brand}：您在“{title}”的订单已下单：{items}。您的付款少于应付金额，请在 {until} 前到店铺补付 "
                "{amount}。取货码 {code}。"
            ),
        ),
    }
    items: Listed
    amount: Money
    until: datetime
    code: str


@dataclass(frozen=True, slots=True)
class BalanceSoon(AboutOrder):
    """A day before what is not paid of an order ends it; ``otherwise`` says how."""

    template = "balance_soon"
    telling = MONEY_NOW
    texts = {
        "en": (
            "Please pay by {until}",
            (
                "{brand}: {amount} for your order of “{title}” is still to be paid. Please pay it in our store by "
                "{until}. {otherwise}"
            ),
        ),
        "zh": (
            "请在 {until} 前付款",
            "{brand}：您在“{title}”的订单还有 {amount} 未付，请在 {until} 前到店铺支付。{otherwise}",
        ),
    }
    amount: Money
    until: datetime
    otherwise: InWords
