"""What people are told of complaints. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.cases.model.clocks import Priority
from chalicelib.complaints.model.cases import Category as About
from chalicelib.complaints.model.remedies import RemedyKind
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

ABOUT: Mapping[About, InWords] = {
    About.QUALITY: InWords("the quality of the goods", "商品质量"),
    About.SHORTAGE: InWords("goods that were missing", "少发漏发"),
    About.PICKUP: InWords("collecting an order", "取货"),
    About.PAYMENT: InWords("a payment", "支付"),
    About.SERVICE: InWords("our service", "服务态度"),
    About.OTHER: InWords("something else", "其他问题"),
}
"""What a complaint is about, after *a complaint about*."""

PRESSING: Mapping[Priority, InWords] = {
    Priority.P1: InWords("top priority", "最高优先级"),
    Priority.P2: InWords("high priority", "高优先级"),
    Priority.P3: InWords("normal priority", "普通优先级"),
    Priority.P4: InWords("low priority", "低优先级"),
}

REMEDY: Mapping[RemedyKind, InWords] = {
    RemedyKind.REFUND: InWords("refund", "退款"),
    RemedyKind.EXCHANGE: InWords("exchange", "换货"),
    RemedyKind.COUPON: InWords("coupon", "优惠券"),
    RemedyKind.POINTS: InWords("points", "积分"),
    RemedyKind.APOLOGY: InWords("apology", "致歉"),
}
"""What makes a complaint good, after *the*."""

_TO_OWNER = Telling(Category.ORDER, Urgency.ACT, audience="team", about="complaint")


@dataclass(frozen=True, slots=True)
class ComplaintOpened(Notice):
    """A complaint belongs to the reader, from the team, who answers and solves it in time; ``text`` is what the
    member said.
    """

    template = "complaint_opened"
    telling = _TO_OWNER
    texts = {
        "en": (
            "Complaint about {category}",
            (
                "A complaint about {category} is yours ({priority}): “{text}” Answer by {first_response_due_at}, solve "
                "by {resolution_due_at}."
            ),
        ),
        "zh": (
            "投诉：{category}",
            (
                "一条关于{category}的投诉已分配给您（{priority}）：“{text}”。首次响应截止 {first_response_due_at}，"
                "处理截止 {resolution_due_at}。"
            ),
        ),
    }
    text: str
    category: InWords
    priority: InWords
    first_response_due_at: datetime
    resolution_due_at: datetime


@dataclass(frozen=True, slots=True)
class ComplaintUnanswered(ComplaintOpened):
    """Nobody answered a complaint in time, and it belongs to the reader now."""

    template = "complaint_unanswered"
    texts = {
        "en": (
            "Unanswered complaint about {category}",
            (
                "Nobody answered a complaint about {category} ({priority}), which was to be answered by "
                "{first_response_due_at}: “{text}” It is yours now; solve it by {resolution_due_at}."
            ),
        ),
        "zh": (
            "投诉未响应：{category}",
            (
                "一条关于{category}的投诉（{priority}）未在 {first_response_due_at} 前得到响应：“{text}”。"
                "现由您负责，请在 {resolution_due_at} 前处理完毕。"
            ),
        ),
    }


@dataclass(frozen=True, slots=True)
class ComplaintEscalated(Notice):
    """A complaint was not solved in time, and belongs to the reader now."""

    template = "complaint_escalated"
    telling = _TO_OWNER
    texts = {
        "en": (
            "Overdue complaint about {category}",
            (
                "A complaint about {category} ({priority}) was to be solved by {resolution_due_at}, and was not: "
                "“{text}” It is yours now; please solve it as soon as you can."
            ),
        ),
        "zh": (
            "投诉超时：{category}",
            (
                "一条关于{category}的投诉（{priority}）未在 {resolution_due_at} 前处理完毕：“{text}”。"
                "现由您负责，请尽快处理。"
            ),
        ),
    }
    text: str
    category: InWords
    priority: InWords
    resolution_due_at: datetime


@dataclass(frozen=True, slots=True)
class ComplaintDueSoon(Notice):
    """A complaint that belongs to the reader has to be answered, or solved, soon."""

    template = "complaint_due_soon"
    telling = _TO_OWNER
    texts = {
        "en": (
            "Complaint about {category} due soon",
            "A complaint about {category} ({priority}) of yours is to be {act} by {due_at}: “{text}” Please do it now.",
        ),
        "zh": (
            "投诉即将到期：{category}",
            "由您负责的一条关于{category}的投诉（{priority}）须在 {due_at} 前{act}：“{text}”。请尽快处理。",
        ),
    }
    text: str
    category: InWords
    priority: InWords
    act: InWords
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ComplaintWaits(Notice):
    """A complaint that belongs to the reader has waited long for the member's answer."""

    template = "complaint_waits"
    telling = _TO_OWNER
    texts = {
        "en": (
            "Complaint about {category} waits for the member",
            "The member has not answered yet about {category}: “{text}” Please ask them once more, or resolve it.",
        ),
        "zh": (
            "投诉等待会员回复：{category}",
            "会员尚未回复关于{category}的投诉：“{text}”。请再次联系会员，或结束该投诉。",
        ),
    }
    text: str
    category: InWords


@dataclass(frozen=True, slots=True)
class ComplaintRemedyFailed(Notice):
    """What was to make a complaint of the reader's good came to nothing, for a ``reason``; it is open again."""

    template = "complaint_remedy_failed"
    telling = _TO_OWNER
    texts = {
        "en": (
            "Complaint about {category}: the {remedy} failed",
            (
                "The {remedy} for a complaint about {category} came to nothing: {reason} The complaint is open again: "
                "“{text}” Please decide on something else."
            ),
        ),
        "zh": (
            "投诉补偿未成功：{category}",
            "关于{category}的投诉，其{remedy}未能完成：{reason}该投诉已重新打开：“{text}”。请另行处理。",
        ),
    }
    text: str
    category: InWords
    remedy: InWords
    reason: InWords


@dataclass(frozen=True, slots=True)
class ComplaintReplied(Notice):
    """The member of a complaint has written to the reader, from the team; ``text`` is what they wrote."""

    template = "complaint_replied"
    telling = _TO_OWNER
    texts = {
        "en": (
            "Reply to a complaint about {category}",
            "The member wrote about {category}: “{text}” Please answer, and solve it by {resolution_due_at}.",
        ),
        "zh": (
            "会员回复了投诉：{category}",
            "会员就{category}的投诉回复：“{text}”。请答复，并在 {resolution_due_at} 前处理完毕。",
        ),
    }
    text: str
    category: InWords
    resolution_due_at: datetime


@dataclass(frozen=True, slots=True)
class ComplaintTold(Notice):
    """The store wrote to a member about their complaint, who may answer; ``text`` is what it wrote."""

    template = "complaint_told"
    telling = Telling(Category.ORDER, about="complaint")
    texts = {
        "en": ("About your complaint", "{brand} writes about your complaint: “{text}” You can answer in the store."),
        "zh": ("关于您的投诉", "{brand}就您的投诉来信：“{text}”。您可在店铺内回复。"),
    }
    brand: str
    text: str


@dataclass(frozen=True, slots=True)
class ComplaintResolved(Notice):
    """What came of a member's complaint."""

    template = "complaint_resolved"
    telling = Telling(Category.ORDER, about="complaint")
    texts = {
        "en": ("Your complaint has been answered", "{brand}: your complaint has been answered: {outcome}"),
        "zh": ("您的投诉已有处理结果", "{brand}：您的投诉已有处理结果：{outcome}"),
    }
    brand: str
    outcome: str
