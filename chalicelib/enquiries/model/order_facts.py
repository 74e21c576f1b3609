"""Questions that an order answers by itself, and what it says. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.complaints.model.words import plain
from chalicelib.enquiries.model.words import terms

_OTHER_MATTERS = frozenset(
    {"=refund", "=return", "=exchange", "=cancel", "=damaged", "=missing", "=invoice", "=coupon", "=points", "=unpaid",
     "=change",
     "=somebody else", "=late", "=cheaper", "=become", "=delete", "=not enough", "=quantity", "=home", "=fee"}
)  # fmt: skip
"""Whoever speaks of these as well asks more than where their order is."""

_ASKS = re.compile(
    r"\b(?:where(?:'s| is| are)?|track|status of)\b.{0,20}\b(?:my )?(?:orders?|goods|parcels?|packages?)\b"
    r"|\bwhen (?:can|do|will|may|could|should) i (?:pick|collect|fetch|get)\b"
    r"|\b(?:has|have|did|is|are) my (?:orders?|goods|parcels?|packages?) (?:arriv\w*|there|ready|here)"
    r"|\bwhen (?:will|does|do|is|are) my (?:orders?|goods|parcels?|packages?)\b"
    r"|(?:订单|包裹|我的货|货|东西|商品).{0,4}(?:到哪|在哪|到了|什么时候|几时|进度|状态|发货|到没|好了没)"
    r"|(?:什么时候|几时|何时|多久|哪天).{0,6}(?:取货|提货|能取|可以取|能拿|能领|自提)"
    r"|到货了(?:吗|没)"
)


def asks_for_order(text: str) -> bool:
    """Whether somebody asks where their order is or when they can collect it, and nothing else."""
    said = plain(text)
    return len(said) <= 120 and _ASKS.search(said) is not None and not terms(said) & _OTHER_MATTERS


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is known of an order; days are the brand's. ``state`` is ``held``, ``placed`` or ``ready``."""

    order_id: str
    title: str
    placed_on: date
    state: str
    point: str
    address: str
    hours: str | None
    arrives_on: date | None


_STATES = {
    "en": {
        "held": "it waits for your payment",
        "placed": "it is placed, and your goods are not at the pickup point yet",
        "ready": "your goods are ready to be collected",
    },
    "zh": {"held": "等待付款", "placed": "已下单，商品尚未到达自提点", "ready": "商品已到，可以取货"},
}


def tell(orders: Sequence[OrderFacts], locale: str) -> str:
    """What orders say of themselves, a line or two for each."""
    return "\n".join(_of_one(each, locale) for each in orders)


def _of_one(order: OrderFacts, locale: str) -> str:
    state = _STATES[locale][order.state]
    if locale == "zh":
        parts = [f"“{order.title}”（{order.placed_on} 下单）：{state}。", f"自提点：{order.point}，{order.address}"]
        parts += [f"，营业时间 {order.hours}"] if order.hours else []
        parts += ["。"]
        parts += [f"预计 {order.arrives_on} 到货。"] if order.arrives_on and order.state != "ready" else []
        parts += ["请出示订单页面上的取货码。"] if order.state == "ready" else []
        return "".join(parts)
    parts = [
        f"“{order.title}” (ordered on {order.placed_on}): {state}.",
        f" Pickup point: {order.point}, {order.address}",
    ]
    parts += [f", open {order.hours}"] if order.hours else []
    parts += ["."]
    parts += [f" The goods are expected on {order.arrives_on}."] if order.arrives_on and order.state != "ready" else []
    parts += [" Show the pickup code on the page of your order."] if order.state == "ready" else []
    return "".join(parts)
