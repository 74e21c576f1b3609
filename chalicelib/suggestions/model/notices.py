"""What people are told of suggestions. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

_TO_OWNER = Telling(Category.ORDER, Urgency.ACT, audience="team", about="suggestion")
_TO_MEMBER = Telling(Category.SERVICE, about="suggestion")

ANSWERED, DECIDED, DONE = InWords("assessed", "评估"), InWords("decided", "决定"), InWords("done", "落实")


@dataclass(frozen=True, slots=True)
class SuggestionOpened(Notice):
    """A suggestion belongs to the reader, from the team, who assesses and decides it in time."""

    template = "suggestion_opened"
    telling = _TO_OWNER
    texts = {
        "en": (
            "A suggestion is yours",
            "A suggestion is yours: “{text}” Assess it by {first_response_due_at}, decide by {resolution_due_at}.",
        ),
        "zh": (
            "有一条建议由您处理",
            "一条建议已分配给您：“{text}”。评估截止 {first_response_due_at}，决定截止 {resolution_due_at}。",
        ),
    }
    text: str
    first_response_due_at: datetime
    resolution_due_at: datetime


@dataclass(frozen=True, slots=True)
class SuggestionDueSoon(Notice):
    """A suggestion of the reader, from the team, is to be assessed, decided or done by an instant."""

    template = "suggestion_due_soon"
    telling = _TO_OWNER
    texts = {
        "en": ("A suggestion is to be {act} soon", "It is to be {act} by {due_at}: “{text}”. Please see to it."),
        "zh": ("建议即将到期，请尽快{act}", "请在 {due_at} 前{act}：“{text}”。"),
    }
    text: str
    act: InWords
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SuggestionEscalated(Notice):
    """A suggestion was not assessed or decided in time, and is the reader's now."""

    template = "suggestion_escalated"
    telling = _TO_OWNER
    texts = {
        "en": (
            "A suggestion is late, and yours now",
            "It was to be {act} by {due_at}: “{text}”. Please see to it soon.",
        ),
        "zh": ("一条建议已超时，现由您处理", "应在 {due_at} 前{act}：“{text}”。请尽快处理。"),
    }
    text: str
    act: InWords
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SuggestionAdopted(Notice):
    """What a member suggested will be done."""

    template = "suggestion_adopted"
    telling = _TO_MEMBER
    texts = {
        "en": (
            "{brand} will do what you suggested",
            "Thank you! About your suggestion “{text}”: {plan} It is to be done by {done_by}.",
        ),
        "zh": ("{brand}采纳了您的建议", "谢谢您！关于您的建议“{text}”：{plan} 预计 {done_by} 前完成。"),
    }
    brand: str
    text: str
    plan: str
    done_by: date


@dataclass(frozen=True, slots=True)
class SuggestionDeclined(Notice):
    """What a member suggested will not be done, and why."""

    template = "suggestion_declined"
    telling = _TO_MEMBER
    texts = {
        "en": ("{brand} has looked at your suggestion", "Thank you for “{text}”. We will not do it for now: {reason}"),
        "zh": ("{brand}已评估您的建议", "感谢您的建议“{text}”。暂不采纳，原因：{reason}"),
    }
    brand: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class SuggestionDone(Notice):
    """What a member suggested is done."""

    template = "suggestion_done"
    telling = _TO_MEMBER
    texts = {
        "en": ("{brand} has done what you suggested", "You said “{text}”, and it is done: {plan}"),
        "zh": ("{brand}已落实您的建议", "您提出的“{text}”已落实：{plan}"),
    }
    brand: str
    text: str
    plan: str
