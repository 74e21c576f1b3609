"""What people are told of enquiries. Pure."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

_TO_OWNER = Telling(Category.ORDER, Urgency.ACT, audience="team", about="enquiry")
_TO_MEMBER = Telling(Category.ORDER, about="enquiry")


@dataclass(frozen=True, slots=True)
class EnquiryOpened(Notice):
    """An enquiry belongs to the reader, from the team, who answers it in time; ``text`` is what the member asked."""

    template = "enquiry_opened"
    telling = _TO_OWNER
    texts = {
        "en": ("A member asks", "A question of a member is yours: “{text}” Please answer by {first_response_due_at}."),
        "zh": ("会员咨询", "一条会员咨询已分配给您：“{text}”。请在 {first_response_due_at} 前答复。"),
    }
    text: str
    first_response_due_at: datetime


@dataclass(frozen=True, slots=True)
class EnquiryReplied(Notice):
    """The member of an enquiry has written again; ``text`` is what they wrote."""

    template = "enquiry_replied"
    telling = _TO_OWNER
    texts = {
        "en": ("A member writes again", "The member wrote: “{text}” Please answer by {due_at}."),
        "zh": ("会员再次留言", "会员再次留言：“{text}”。请在 {due_at} 前答复。"),
    }
    text: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class EnquiryDueSoon(Notice):
    """An enquiry that belongs to the reader has to be answered soon."""

    template = "enquiry_due_soon"
    telling = _TO_OWNER
    texts = {
        "en": (
            "A question is due soon",
            "A question of yours is to be answered by {due_at}: “{text}” Please do so.",
        ),
        "zh": ("咨询即将到期", "由您负责的一条咨询须在 {due_at} 前答复：“{text}”。请尽快处理。"),
    }
    text: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class EnquiryEscalated(Notice):
    """An enquiry was not answered in time, and belongs to the reader now."""

    template = "enquiry_escalated"
    telling = _TO_OWNER
    texts = {
        "en": ("A question is overdue", "A question was to be answered by {due_at}: “{text}” It is yours now."),
        "zh": ("咨询超时", "一条咨询未在 {due_at} 前答复：“{text}”。现由您负责，请尽快处理。"),
    }
    text: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class EnquiryAnswered(Notice):
    """The store answers a member's question; ``text`` is what it says."""

    template = "enquiry_answered"
    telling = _TO_MEMBER
    texts = {
        "en": ("Your question is answered", "{brand} answers: “{text}” You can write back in the store."),
        "zh": ("您的咨询有回复了", "{brand}回复：“{text}”。您可在店铺内继续留言。"),
    }
    brand: str
    text: str


@dataclass(frozen=True, slots=True)
class EnquiryEnded(Notice):
    """A member's enquiry was closed, by the team or because nobody wrote any more."""

    template = "enquiry_ended"
    telling = _TO_MEMBER
    texts = {
        "en": (
            "Your enquiry is closed",
            "{brand} has closed your enquiry “{text}” Write in the store to open it again.",
        ),
        "zh": ("您的咨询已关闭", "{brand}已关闭您的咨询“{text}”。如需继续，请在店铺内再次留言。"),
    }
    brand: str
    text: str
