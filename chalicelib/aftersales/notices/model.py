"""What people are told of after-sale cases. Pure."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.counting import counted
from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords, Listed
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

_TO_OWNER = Telling(Category.ORDER, Urgency.ACT, audience="team", about="aftersale")
_TO_KNOW = Telling(Category.ORDER, about="aftersale")
_TO_GO = Telling(Category.ORDER, Urgency.ACT, about="aftersale")
"""The member has a way to go: to bring goods, or to fetch them."""
_MONEY = Telling(Category.MONEY, about="aftersale")


@dataclass(frozen=True, slots=True)
class AfterSaleOpened(Notice):
    """An after-sale case belongs to the reader, from the team, who decides it in time."""

    template = "aftersale_opened"
    telling = _TO_OWNER
    texts = {
        "en": ("After-sale: {kind}", "A member asks for {kind}: {goods}. It is yours; decide by {act_by}."),
        "zh": ("售后申请：{kind}", "会员申请{kind}：{goods}。已分配给您，请在 {act_by} 前处理。"),
    }
    kind: InWords
    goods: Listed
    act_by: datetime


@dataclass(frozen=True, slots=True)
class AfterSaleEscalated(Notice):
    """An after-sale case was not decided in time, and belongs to the reader now."""

    template = "aftersale_escalated"
    telling = _TO_OWNER
    texts = {
        "en": ("Overdue after-sale: {kind}", "A request for {kind} ({goods}) passed its due time and is now yours."),
        "zh": ("售后超时：{kind}", "{kind}申请（{goods}）已超过处理时限，现由您负责。"),
    }
    kind: InWords
    goods: Listed


@dataclass(frozen=True, slots=True)
class AfterSaleDueSoon(Notice):
    """An after-sale case that belongs to the reader is to be decided, or finished, soon."""

    template = "aftersale_due_soon"
    telling = _TO_OWNER
    texts = {
        "en": (
            "After-sale due soon: {kind}",
            "A request for {kind} of yours ({goods}) is to be {act} by {act_by}. Please do it now.",
        ),
        "zh": ("售后即将到期：{kind}", "由您负责的{kind}申请（{goods}）须在 {act_by} 前{act}。请尽快处理。"),
    }
    kind: InWords
    goods: Listed
    act: InWords
    act_by: datetime


@dataclass(frozen=True, slots=True)
class AfterSaleWaits(Notice):
    """Goods of an after-sale case that belongs to the reader were not brought for long."""

    template = "aftersale_waits"
    telling = _TO_OWNER
    texts = {
        "en": (
            "Goods not brought yet: {kind}",
            "The member has not brought {goods} for {kind} yet. Please ask them once more, or close the case.",
        ),
        "zh": ("商品尚未送回：{kind}", "会员尚未送回{kind}的商品（{goods}）。请再次联系会员，或结束该售后单。"),
    }
    kind: InWords
    goods: Listed


@dataclass(frozen=True, slots=True)
class AfterSaleApproved(Notice):
    """A member's request is granted, and no money waits for it: where the goods are to be brought; ``besides`` what
    else it comes to, ``note`` are the team's own words, or empty.
    """

    template = "aftersale_approved"
    telling = _TO_GO
    texts = {
        "en": (
            "Your after-sale request is approved",
            "{brand}: your request is approved. Please bring {goods} to {point}, {address}. {besides} {note}",
        ),
        "zh": (
            "您的售后申请已通过",
            "{brand}：您的售后申请已通过，请将 {goods} 带到 {point}（{address}）。{besides}{note}",
        ),
    }
    brand: str
    goods: Listed
    point: str
    address: str
    besides: InWords
    note: str


@dataclass(frozen=True, slots=True)
class AfterSaleKept(Notice):
    """A member's request is granted, and the goods stay with them; ``note`` are the team's own words, or empty."""

    template = "aftersale_kept"
    telling = _TO_KNOW
    texts = {
        "en": (
            "Your after-sale request is approved",
            "{brand}: your request is approved, and you need not send {goods} back. {besides} {note}",
        ),
        "zh": ("您的售后申请已通过", "{brand}：您的售后申请已通过，{goods} 无需寄回。{besides}{note}"),
    }
    brand: str
    goods: Listed
    besides: InWords
    note: str


@dataclass(frozen=True, slots=True)
class AfterSaleRefunded(Notice):
    """Units of an exchange, or of a repair, are paid back; ``note`` are the team's own words, or empty."""

    template = "aftersale_refunded"
    telling = _MONEY
    texts = {
        "en": ("You get money back", "{brand}: {amount} of your order comes back to you. {note}"),
        "zh": ("售后退款", "{brand}：您的订单将退还 {amount}。{note}"),
    }
    brand: str
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class RepairReady(Notice):
    """Repaired goods may be fetched, and where."""

    template = "repair_ready"
    telling = _TO_GO
    texts = {
        "en": ("Your repair is done", "{brand}: {goods} is repaired and ready for you at {point}, {address}."),
        "zh": ("维修已完成", "{brand}：{goods} 已维修完成，请到 {point}（{address}）领取。"),
    }
    brand: str
    goods: Listed
    point: str
    address: str


@dataclass(frozen=True, slots=True)
class ReturnApproved(Notice):
    """A return is granted: where to bring the goods, and how much goes back when they have arrived; ``besides`` says
    which points come back, and what is kept back for a gift.
    """

    template = "return_approved"
    telling = _TO_GO
    texts = {
        "en": (
            "Your return is approved",
            (
                "{brand}: please bring {goods} to {point}, {address}, or send it; {amount} comes back on arrival. "
                "{besides} {note}"
            ),
        ),
        "zh": (
            "您的退货申请已通过",
            (
                "{brand}：退货申请已通过。请将 {goods} 带到 {point}（{address}）或寄回，收到后退还 {amount}。"
                "{besides}{note}"
            ),
        ),
    }
    brand: str
    goods: Listed
    point: str
    address: str
    amount: Money
    besides: InWords
    note: str


@dataclass(frozen=True, slots=True)
class ReturnPaid(ReturnApproved):
    """A return is granted and paid back; the goods are still to be brought."""

    template = "return_paid"
    texts = {
        "en": (
            "Your return is approved",
            "{brand}: {amount} is on its way back to you. Please bring {goods} to {point}, {address}. {besides} {note}",
        ),
        "zh": (
            "您的退货申请已通过",
            (
                "{brand}：您的退货申请已通过，{amount} 正在退还。请将 {goods} 带到 {point}（{address}）或寄回。"
                "{besides}{note}"
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class ReturnKept(Notice):
    """A return is granted and paid back, and the goods stay with the member."""

    template = "return_kept"
    telling = _MONEY
    texts = {
        "en": (
            "Your return is approved",
            "{brand}: {amount} is on its way back to you, and you need not send {goods} back. {besides} {note}",
        ),
        "zh": (
            "您的退货申请已通过",
            "{brand}：您的退货申请已通过，{amount} 正在退还，{goods} 无需寄回。{besides}{note}",
        ),
    }
    brand: str
    goods: Listed
    amount: Money
    besides: InWords
    note: str


@dataclass(frozen=True, slots=True)
class ReturnArrived(Notice):
    """Goods have arrived, and the money for them goes back."""

    template = "return_arrived"
    telling = _MONEY
    texts = {
        "en": ("What you sent back has arrived", "{brand}: {goods} has arrived; {amount} is on its way back to you."),
        "zh": ("已收到您退回的商品", "{brand}：已收到 {goods}，{amount} 正在退还。"),
    }
    brand: str
    goods: Listed
    amount: Money


@dataclass(frozen=True, slots=True)
class ReturnArrivedInPart(ReturnArrived):
    """Some goods have arrived, and the money for them goes back; ``rest`` are the others."""

    template = "return_arrived_in_part"
    texts = {
        "en": (
            "A part of what you send back has arrived",
            "{brand}: {goods} has arrived; {amount} is on its way back to you. Still to come: {rest}.",
        ),
        "zh": ("已收到部分退回商品", "{brand}：已收到 {goods}，{amount} 正在退还；尚待收到：{rest}。"),
    }
    rest: Listed


@dataclass(frozen=True, slots=True)
class ReturnClosed(Notice):
    """A return is closed with what came; ``rest`` did not, and nothing goes back for it."""

    template = "return_closed"
    telling = _TO_KNOW
    texts = {
        "en": (
            "Your return is closed",
            "{brand}: {rest} did not arrive, so no money comes back for it. You may ask again while it is in time.",
        ),
        "zh": (
            "您的退货已完结",
            "{brand}：您的退货已完结。未收到 {rest}，该部分不予退款；退货期限内可再次申请。",
        ),
    }
    brand: str
    rest: Listed


@dataclass(frozen=True, slots=True)
class AfterSaleRejected(Notice):
    """A member's request is declined, with the team's own words."""

    template = "aftersale_rejected"
    telling = _TO_KNOW
    texts = {
        "en": ("Your after-sale request is declined", "{brand}: your request is declined. {note}"),
        "zh": ("您的售后申请未通过", "{brand}：您的售后申请未通过。{note}"),
    }
    brand: str
    note: str


def besides(points: int, gifts_kept: Money | None) -> InWords:
    """What else a granted return comes to, in whole sentences: points that come back, and what is kept back for a gift
    that stays.
    """
    en, zh = [], []
    if gifts_kept is not None:
        en.append(f"{gifts_kept:en} is taken off, since the gift stays with you.")
        zh.append(f"因赠品未退回，已扣除 {gifts_kept:zh}。")
    if points:
        en.append(f"{counted(points, 'point')} {'comes' if points == 1 else 'come'} back to you.")
        zh.append(f"退回 {points} 积分。")
    return InWords(" ".join(en), "".join(zh))
