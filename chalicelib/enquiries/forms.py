"""What the API takes of enquiries and the FAQ."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.cases.model.clocks import Priority
from chalicelib.enquiries.model.conversation import Topic
from chalicelib.enquiries.model.matching import DEFAULT_THRESHOLD
from chalicelib.enquiries.model.rules import LEAST_THRESHOLD, MOST_REPLIES, CannedReply, EnquiryRules
from chalicelib.enquiries.service.faq import FaqEntry
from chalicelib.enquiries.service.handling import EnquiryChanges, EnquiryFilter
from chalicelib.kernel.errors import InvalidField
from chalicelib.web import Body, Harmless, LocalDate, OneLine, Query, ShortText, Title, UlidStr

TopicName = Literal["order", "product", "pickup", "payment", "account", "other"]
EnquiryStatus = Literal["open", "in_progress", "answered", "closed"]
Priorities = Literal["p1", "p2", "p3", "p4"]
FaqLocale = Literal["en", "zh"]
Words = Annotated[str, StringConstraints(min_length=1, max_length=1000), Harmless]
Note = Annotated[str, StringConstraints(min_length=1, max_length=500), Harmless]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40), OneLine]


class NewEnquiry(Body):
    """What I ask, and what it is about: an order of mine, or a product of the shop."""

    EXAMPLES = {"a question": {"text": "Can somebody else collect my order for me?", "topic": "pickup"}}

    text: Words
    topic: TopicName | None = None
    order_id: UlidStr | None = None
    product_id: UlidStr | None = None


class EnquiryMessage(Body):
    """What I write to the store."""

    text: Words


class HelpedForm(Body):
    """Whether the automatic answer helped: yes closes the enquiry, no hands it to a person."""

    helped: bool


class TeamMessage(Body):
    """What the team writes to the member, who reads it word for word. With ``waits`` the enquiry waits for their
    answer: its clock stands still, and it closes by itself where none comes.
    """

    EXAMPLES = {"an answer": {"text": "Yes, whoever shows your pickup code gets the goods."}}

    text: Words
    waits: bool = True


class EnquiryEdit(Body):
    """What is absent stays. ``owner`` is a staff id; ``note`` is seen by the team alone."""

    topic: TopicName | None = None
    priority: Priorities | None = None
    owner: UlidStr | None = None
    note: Note | None = None

    def changes(self) -> EnquiryChanges:
        return EnquiryChanges(
            Topic(self.topic) if self.topic else None, Priority(self.priority) if self.priority else None,
            self.owner, self.note,
        )  # fmt: skip


class EnquiryQuery(Query):
    """Narrows the list. ``overdue`` is about what the team has to do."""

    member_id: UlidStr | None = None
    status: EnquiryStatus | None = None
    owner: UlidStr | None = None
    topic: TopicName | None = None
    answered_by: Literal["faq", "order"] | None = None
    overdue: bool | None = None

    def filter(self) -> EnquiryFilter:
        return EnquiryFilter(**self.model_dump())


class RatesQuery(Query):
    """The days on which enquiries were opened, both included, in the brand's zone; at most 92."""

    from_on: Annotated[LocalDate, Field(alias="from")]
    to_on: Annotated[LocalDate, Field(alias="to")]

    @property
    def days(self) -> tuple[date, date]:
        return self.from_on, self.to_on


class EnquiryRulesForm(Body):
    """All of the rules; what is left out becomes as standard. ``answers`` says whether enquiries are answered from the
    FAQ and from the member's orders; ``threshold`` from which confidence (0 to 1) on; ``close_after_days`` after how
    many days an enquiry closes by itself that waits for its member.
    """

    EXAMPLES = {"only what is very sure": {"threshold": 0.8, "close_after_days": 5}}

    answers: bool = True
    threshold: Annotated[float, Field(ge=LEAST_THRESHOLD, le=1)] = DEFAULT_THRESHOLD
    close_after_days: Annotated[int, Field(ge=1, le=60)] = 7

    def rules(self) -> EnquiryRules:
        return EnquiryRules(self.answers, round(self.threshold, 3), self.close_after_days)


class CannedReplyForm(Body):
    """A reply in one language or both. ``{member}`` stands for the member's name, ``{order}`` for the order's
    number.
    """

    title: Title
    en: Annotated[str, StringConstraints(max_length=1000), Harmless] = ""
    zh: Annotated[str, StringConstraints(max_length=1000), Harmless] = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.en.strip() and not self.zh.strip():
            raise InvalidField("write the reply in English, in Chinese, or in both", "请至少填写一种语言的回复内容")
        return self


class CannedRepliesForm(Body):
    """All canned replies, in the order in which they are offered."""

    EXAMPLES = {
        "two": {
            "replies": [
                {"title": "On its way", "en": "Order {order} comes tomorrow.", "zh": "订单 {order} 明天到。"},
                {"title": "Thanks", "en": "Thank you for telling us, {member}."},
            ]
        }
    }  # fmt: skip

    replies: Annotated[list[CannedReplyForm], Field(max_length=MOST_REPLIES)]

    def canned(self) -> list[CannedReply]:
        return [CannedReply(each.title, each.en.strip(), each.zh.strip()) for each in self.replies]


class NewFaqEntry(Body):
    """A question with its answer in one language; ``tags`` are other words for the same. Those with a lower
    ``position`` stand first; what is not ``published`` is neither shown nor answered from.
    """

    EXAMPLES = {
        "a question": {
            "question": "Can somebody else collect my order for me?",
            "answer": "Yes. Send them the pickup code; whoever shows it gets the goods.",
            "locale": "en",
            "tags": ["friend", "family", "neighbour"],
        }
    }

    question: ShortText
    answer: Words
    locale: FaqLocale
    tags: Annotated[list[Tag], Field(max_length=20)] = []
    published: bool = True
    position: Annotated[int, Field(ge=0, le=99_999)] = 0

    def entry(self) -> FaqEntry:
        return FaqEntry(self.question, self.answer, self.locale, tuple(self.tags), self.published, self.position)


class FaqEdit(Body):
    """What is absent stays."""

    question: ShortText | None = None
    answer: Words | None = None
    locale: FaqLocale | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] | None = None
    published: bool | None = None
    position: Annotated[int, Field(ge=0, le=99_999)] | None = None

    def changes(self) -> dict[str, Any]:
        """The attributes that are set."""
        given = self.model_dump(exclude_none=True)
        return given | ({"tags": tuple(given["tags"])} if "tags" in given else {})


class FaqQuery(Query):
    """``q`` finds entries that have each of its words in question, answer or tags."""

    locale: FaqLocale | None = None
    q: Annotated[str, StringConstraints(max_length=100)] | None = None
