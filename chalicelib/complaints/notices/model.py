"""What people are told of complaints. Pure."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

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
            "Complaint {priority}: {category}",
            "A complaint is yours: “{text}” Answer by {first_response_due_at}, solve by {resolution_due_at}.",
        ),
        "zh": (
            "投诉 {priority}：{category}",
            "投诉“{text}”已分配给您。首次响应截止 {first_response_due_at}，处理截止 {resolution_due_at}。",
        ),
    }
    text: str
    category: InWords
    priority: str
    first_response_due_at: datetime
    resolution_due_at: datetime


@dataclass(frozen=True, slots=True)
class ComplaintUnanswered(ComplaintOpened):
    """Nobody answered a complaint in time, and it belongs to the reader now."""

    template = "complaint_unanswered"
    texts = {
        "en": (
            "Unanswered complaint {priority}: {category}",
            (
                "Nobody answered the complaint “{text}”, which was due to be answered by {first_response_due_at}. "
                "It is yours now; solve it by {resolution_due_at}."
            ),
        ),
        "zh": (
            "投诉未响应 {priority}：{category}",
            "投诉“{text}”未在 {first_response_due_at} 前得到响应，现由您负责，请在 {resolution_due_at} 前处理完毕。",
        ),
    }


@dataclass(frozen=True, slots=True)
class ComplaintEscalated(Notice):
    """A complaint was not solved in time, and belongs to the reader now."""

    template = "complaint_escalated"
    telling = _TO_OWNER
    texts = {
        "en": (
            "Overdue complaint {priority}: {category}",
            "The complaint “{text}” passed its due time {resolution_due_at} and is now yours.",
        ),
        "zh": (
            "投诉超时 {priority}：{category}",
            "投诉“{text}”已超过处理截止时间 {resolution_due_at}，现由您负责。",
        ),
    }
    text: str
    category: InWords
    priority: str
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
