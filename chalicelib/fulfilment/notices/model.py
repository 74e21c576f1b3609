"""What leaders are told of a campaign at their pickup points, and the team of goods that fall short. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self

from chalicelib.campaigns.notices.model import days
from chalicelib.kernel.counting import counted
from chalicelib.notices.model.facts import InWords, Listed
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

MOST_KINDS = 20
"""Kinds of goods that a message names; it says how many more there are. The sheet has all of them."""


class Occasion(StrEnum):
    """Why the orders of a campaign are counted at its pickup points."""

    CLOSED = "closed"
    COMING = "coming"
    SHEET = "sheet"
    NOT_COLLECTED = "not_collected"


@dataclass(slots=True)
class AtPoint:
    """What the orders at a pickup point come to: their number, and the units of each kind of goods.

    A kind is the position of an offer among those of the campaign, or the SKU that is given in its place.
    """

    orders: int = 0
    goods: dict[str, int] = field(default_factory=dict)

    def add(self, goods: Mapping[str, int]) -> None:
        """Counts an order."""
        self.orders += 1
        for kind, units in goods.items():
            self.goods[kind] = self.goods.get(kind, 0) + units

    @property
    def units(self) -> int:
        return sum(self.goods.values())

    def as_json(self) -> list[Any]:
        """As the record of the count stores it."""
        return [self.orders, self.goods]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        orders, goods = stored
        return cls(orders, dict(goods))


Named = tuple[str, AtPoint]
"""A pickup point's name, and what the orders there come to."""


def orders_there(points: Iterable[Named]) -> InWords:
    """``Gate 3: 12 orders, 30 units; Gate 4: 0 orders, 0 units``."""
    found = [*points]
    return InWords(
        "; ".join(f"{name}: {counted(at.orders, 'order')}, {counted(at.units, 'unit')}" for name, at in found),
        "；".join(f"{name}：{at.orders:,} 单，{at.units:,} 件" for name, at in found),
    )


def goods_there(points: Iterable[Named], titles: Mapping[str, str]) -> InWords:
    """``Gate 3: 2 orders, Pears × 12, Eggs × 3``; ``titles`` are those of the kinds of goods."""
    en, zh = [], []
    for name, at in points:
        listed = [f"{titles[kind]} × {units:,}" for kind, units in at.goods.items() if units]
        shown, more = listed[:MOST_KINDS], len(listed) - MOST_KINDS
        rest, rest_zh = ([f"and {more} more"], [f"另有 {more} 种"]) if more > 0 else ([], [])
        en.append(f"{name}: " + ", ".join([counted(at.orders, "order"), *shown, *rest]))
        zh.append(f"{name}：" + "，".join([f"{at.orders:,} 单", *shown, *rest_zh]))
    return InWords("; ".join(en), "；".join(zh))


def left_there(points: Iterable[Named]) -> InWords:
    """``Gate 3: 2 orders``."""
    found = [*points]
    return InWords(
        "; ".join(f"{name}: {counted(at.orders, 'order')}" for name, at in found),
        "；".join(f"{name}：{at.orders:,} 单" for name, at in found),
    )


NOT_KNOWN = InWords("", "")
GOODS_FOLLOW = InWords("We tell you when the goods are here.", "商品到货后会再通知您。")
NOTHING_FOLLOWS = InWords("Nothing of it comes to you.", "您无需接收商品。")


def then(points: Iterable[Named], arrives_on: date | None = None) -> InWords:
    """What follows the close at some points, and when: whoever waits for goods must know that none come."""
    if not any(at.orders for _, at in points):
        return NOTHING_FOLLOWS
    if arrives_on is None:
        return GOODS_FOLLOW
    day = days(arrives_on, arrives_on)
    return InWords(
        f"The goods are expected with you on {day.en}; we tell you when they are here.",
        f"商品预计 {day.zh} 送达您处，到货后会再通知您。",
    )


def expected(arrives_on: date | None, today: date) -> InWords:
    """When goods that are on their way are expected; nothing where nobody says so, or the day has passed."""
    if arrives_on is None or arrives_on < today:
        return NOT_KNOWN
    day = days(arrives_on, arrives_on)
    return InWords(f"They are expected with you on {day.en}.", f"预计 {day.zh} 送达您处。")


_TO_LEADER = Telling(Category.ORDER, audience="leader", about="campaign")


@dataclass(frozen=True, slots=True)
class AtPoints(Notice):
    """Of a campaign, at the pickup points that the reader leads; ``there`` has a phrase for each of them."""

    telling = _TO_LEADER
    brand: str
    title: str
    there: InWords


@dataclass(frozen=True, slots=True)
class LeaderCampaignClosed(AtPoints):
    """A campaign has closed and takes place: what was ordered at the reader's points."""

    template = "leader_campaign_closed"
    texts = {
        "en": ("Closed: {title}", "{brand}: “{title}” has closed and takes place. {there}. {then}"),
        "zh": ("已截单：{title}", "{brand}：“{title}”已截单成团。{there}。{then}"),
    }
    then: InWords = GOODS_FOLLOW


@dataclass(frozen=True, slots=True)
class LeaderCampaignCancelled(Notice):
    """A campaign does not take place, so nothing comes to the reader's points."""

    template = "leader_campaign_cancelled"
    telling = _TO_LEADER
    texts = {
        "en": (
            "Cancelled: {title}",
            (
                "{brand}: “{title}” does not take place, so nothing of it comes to {points}. We tell whoever has "
                "ordered, and pay back what was paid."
            ),
        ),
        "zh": (
            "已取消：{title}",
            "{brand}：“{title}”已取消，{points} 不会有相关商品。我们会通知已下单的会员，已付款项将退还。",
        ),
    }
    brand: str
    title: str
    points: Listed


@dataclass(frozen=True, slots=True)
class ComingToPoints(AtPoints):
    """What comes, and ``when``, as far as that is known."""

    when: InWords = NOT_KNOWN


@dataclass(frozen=True, slots=True)
class LeaderGoodsComing(ComingToPoints):
    """The goods of a campaign have arrived at the brand: what comes to the reader's points."""

    template = "leader_goods_coming"
    texts = {
        "en": (
            "Coming to you: {title}",
            (
                "{brand}: the goods of “{title}” have arrived with us and are being sorted. To come: {there}. {when} "
                "The sorting sheet follows when they are packed; make room for them."
            ),
        ),
        "zh": (
            "即将配送：{title}",
            (
                "{brand}：“{title}”的商品已到货，正在分拣。即将送达：{there}。{when}"
                "分拣完成后会发送分拣单，请预留存放空间。"
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class LeaderArrivalMoved(Notice):
    """The goods of a campaign that has closed are expected on another day than was said before."""

    template = "leader_arrival_moved"
    telling = _TO_LEADER
    texts = {
        "en": (
            "When they come: {title}",
            (
                "{brand}: the goods of “{title}” are now expected at {points} on {day}. You need not do anything; we "
                "tell you when they come."
            ),
        ),
        "zh": (
            "预计到货日期：{title}",
            "{brand}：“{title}”的商品现预计 {day} 送达 {points}。您无需操作，送达前会再通知您。",
        ),
    }
    brand: str
    title: str
    points: Listed
    day: date


@dataclass(frozen=True, slots=True)
class LeaderSheetReady(ComingToPoints):
    """The goods are packed, and the sorting sheets of the reader's points can be read."""

    template = "leader_sheet_ready"
    telling = Telling(Category.ORDER, Urgency.ACT, "leader", about="campaign")
    texts = {
        "en": (
            "Sorting sheet ready: {title}",
            (
                "{brand}: “{title}” is packed. {there}. {when} Sign in to our store for the sorting sheet, and check "
                "the parcels against it when they come."
            ),
        ),
        "zh": (
            "分拣单已生成：{title}",
            "{brand}：“{title}”已分拣完成。{there}。{when}请登录店铺查看分拣单，收货时逐一核对。",
        ),
    }


@dataclass(frozen=True, slots=True)
class LeaderNotCollected(AtPoints):
    """The time to collect is over: how many orders at the reader's points were left behind, whole or in part."""

    template = "leader_not_collected"
    texts = {
        "en": (
            "Not collected: {title}",
            (
                "{brand}: the time to collect “{title}” is over. Left behind: {there}. Do not hand these out any more: "
                "see your orders in our store for which they are, and ask us what becomes of the goods."
            ),
        ),
        "zh": (
            "未取货：{title}",
            (
                "{brand}：“{title}”的取货时间已结束。未取货：{there}。请勿再交付这些订单，"
                "可登录店铺查看具体订单，商品如何处理请联系我们。"
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class StockShort(Notice):
    """Less comes than was sold, so orders were lowered: by which goods, such as ``Pears × 6``, and how many orders;
    ``why`` is a sentence.
    """

    template = "stock_short"
    telling = Telling(Category.ORDER, Urgency.KNOW, "team", frozenset({"planner", "manager"}), "campaign")
    texts = {
        "en": (
            "Goods fell short: {title}",
            (
                "“{title}”: {why} Taken out of {orders}, the last placed first: {goods}. We tell their members, and "
                "pay back what they have paid for it; what you can still get is sold in another campaign."
            ),
        ),
        "zh": (
            "商品短缺：{title}",
            (
                "“{title}”：{why}已从 {orders}中减去（后下单的先减）：{goods}。系统会通知相关会员，已付款项将自动退还；"
                "补到的货可在其他活动中销售。"
            ),
        ),
    }
    title: str
    why: InWords
    goods: Listed
    orders: InWords


def orders_cut(number: int) -> InWords:
    """So many orders."""
    return InWords(counted(number, "order"), f"{number:,} 笔订单")
