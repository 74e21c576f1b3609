"""What people are told of complaints. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.complaints.model.cases import Category as About
from chalicelib.complaints.model.cases import Priority
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
