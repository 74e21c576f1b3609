"""What the API shows of enquiries and the FAQ."""

from typing import Any, Literal, Self

from chalicelib.enquiries.forms import EnquiryStatus, FaqLocale, Priorities, TopicName
from chalicelib.enquiries.model.rules import CannedReply, EnquiryRules
from chalicelib.enquiries.records import EnquiryRecord, FaqRecord
from chalicelib.enquiries.service.rates import Rates
from chalicelib.web import Instant, LocalDate, UlidStr, View


class SourceView(View):
    """What an automatic answer comes from: an entry of the FAQ as it was then, or orders of the member."""

    id: UlidStr | None = None
    question: str | None = None
    order_ids: list[UlidStr] | None = None


class EntryView(View):
    """One thing that happened: ``by`` is ``member:…``, ``staff:…``, ``api_key:…`` or ``system``.

    ``asked`` and ``replied`` are the member's words, ``told`` the team's, ``answered`` is an automatic answer.
    ``handed_over`` says why a person is needed: ``field`` is ``off``, ``grave``, ``unknown``, ``more`` or
    ``not_helped``. An escalation names the due time that passed: ``first_response`` or ``resolution``.
    """

    type: Literal[
        "asked", "replied", "told", "answered", "helped", "handed_over", "note", "assigned", "changed", "escalated",
        "closed", "reopened",
    ]  # fmt: skip
    at: Instant
    by: str
    text: str | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    answered_by: Literal["faq", "order"] | None = None
    source: SourceView | None = None
    confidence: float | None = None


class OwnEnquiryView(View):
    """An enquiry as its member sees it: without the team's own matters. ``answered_by``, ``source`` and ``confidence``
    are those of an automatic answer, which ``answered`` says waits for the member's word whether it helped.
    """

    id: UlidStr
    status: EnquiryStatus
    topic: TopicName
    text: str
    order_id: UlidStr | None
    product_id: UlidStr | None
    opened_at: Instant
    first_response_due_at: Instant
    first_response_at: Instant | None
    waiting_for: Literal["member"] | None
    answered_by: Literal["faq", "order"] | None
    source: SourceView | None
    confidence: float | None
    helped: bool | None
    closed_at: Instant | None
    closed_by: Literal["team", "member", "helped", "time"] | None
    messages: list[EntryView]

    @classmethod
    def of(cls, enquiry: EnquiryRecord) -> Self:
        view = cls(**_fields(cls, enquiry))
        view.messages = [entry for entry in view.messages if entry.type in _FOR_MEMBER]
        return view


_FOR_MEMBER = ("asked", "replied", "told", "answered", "helped", "handed_over", "closed", "reopened")


class EnquiryView(OwnEnquiryView):
    """An enquiry as the team sees it. ``asked_at`` is since when a person is needed; while it waits for its member it
    closes by itself at ``close_at``.
    """

    member_id: UlidStr
    owner: UlidStr
    priority: Priorities
    locale: FaqLocale
    asked_at: Instant
    resolution_due_at: Instant
    response_escalated_at: Instant | None
    escalated_at: Instant | None
    close_at: Instant | None

    @classmethod
    def of(cls, enquiry: EnquiryRecord) -> Self:
        return cls(**_fields(cls, enquiry))


def _fields(view: type[OwnEnquiryView], enquiry: EnquiryRecord) -> dict[str, Any]:
    others: dict[str, Any] = {"messages": enquiry.history, "close_at": enquiry.follow_up_at}
    names = view.model_fields
    return {name: others[name] if name in others else getattr(enquiry, name) for name in names}


class EnquiryRulesView(View):
    """The rules in force. Nothing is answered automatically while ``answers`` is false."""

    answers: bool
    threshold: float
    close_after_days: int

    @classmethod
    def of(cls, rules: EnquiryRules) -> Self:
        return cls(**rules.as_json())


class CannedReplyView(View):
    """A reply that is written once."""

    title: str
    en: str
    zh: str


class CannedRepliesView(View):
    """All canned replies, in their order."""

    replies: list[CannedReplyView]

    @classmethod
    def of(cls, replies: list[CannedReply]) -> Self:
        return cls(replies=[CannedReplyView(title=each.title, en=each.en, zh=each.zh) for each in replies])


class RatesView(View):
    """How enquiries that were opened in a period were answered, as they stand now. ``handed_over`` came to a person, at
    once or after an automatic answer. ``median_response_minutes`` is working time by the brand's calendar from when a
    person was needed to the team's first answer, over those that have one.
    """

    first_on: LocalDate
    last_on: LocalDate
    opened: int
    answered_by_faq: int
    answered_by_order: int
    handed_over: int
    helped: int
    not_helped: int
    closed: int
    median_response_minutes: int | None

    @classmethod
    def of(cls, rates: Rates) -> Self:
        return cls(**{name: getattr(rates, name) for name in cls.model_fields})


class StoreFaqView(View):
    """A question with its answer."""

    id: UlidStr
    locale: FaqLocale
    question: str
    answer: str
    tags: list[str]

    @classmethod
    def of(cls, entry: FaqRecord) -> Self:
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


class FaqView(StoreFaqView):
    """An entry of the FAQ as the team sees it."""

    published: bool
    position: int
    created_at: Instant
    updated_at: Instant
