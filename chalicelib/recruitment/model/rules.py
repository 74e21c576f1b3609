"""How a store is joined, what it asks of applicants, and what it gives for bringing somebody. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal, Self

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.ids import derived_id

MOST_QUESTIONS = 10
MOST_OPTIONS = 20
LONGEST_ANSWER = 1_000
"""Characters."""

KEPT = timedelta(days=365)
"""How long an application is kept once it was decided, or its applicant has joined."""

QuestionKind = Literal["text", "choice"]


class Joining(StrEnum):
    """``open``: whoever signs in; ``code``: with an invite code of the brand or, where members may invite, of one of
    them; ``application``: whom the brand has approved, and who has an invite code of the brand.
    """

    OPEN = "open"
    CODE = "code"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Question:
    """What an applicant is asked. Its id follows from its words: one that is asked differently is another question."""

    text: str
    kind: QuestionKind = "text"
    options: tuple[str, ...] = ()
    required: bool = False

    @property
    def id(self) -> str:
        return derived_id("question", self.kind, self.text, *self.options)

    def as_json(self) -> list[Any]:
        """As the record stores it."""
        return [self.text, self.kind, list(self.options), self.required]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        text, kind, options, required = stored
        return cls(text, kind, tuple(options), required)


@dataclass(frozen=True, slots=True)
class ReferralTerms:
    """What is given once for each friend, after the first order that they have paid for and collected: a coupon of a
    batch to who brought them, and one to the friend; points come by the points rule ``referral``. One member is
    rewarded for so many friends a month of the brand, and in all; None is no limit.
    """

    batch_id: str | None = None
    friend_batch_id: str | None = None
    most_a_month: int | None = None
    most_in_all: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As the record stores it; what is not said is absent."""
        said = {"batch": self.batch_id, "friend": self.friend_batch_id, "month": self.most_a_month,
                "all": self.most_in_all}  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(*(stored.get(name) for name in ("batch", "friend", "month", "all")))


@dataclass(frozen=True, slots=True)
class Rules:
    """A brand's rules of recruitment. Without ``referral`` members invite nobody; ``welcome`` says that a new member
    gets a message, and ``welcome_batch_id`` of what batch a coupon.
    """

    joining: Joining = Joining.OPEN
    questions: tuple[Question, ...] = ()
    referral: ReferralTerms | None = None
    welcome: bool = False
    welcome_batch_id: str | None = None

    @property
    def batches(self) -> dict[str, str]:
        """The batches of coupons that the rules name, by the field that names them."""
        terms = self.referral or ReferralTerms()
        named = {
            "/welcome/coupon_batch_id": self.welcome_batch_id,
            "/referral/coupon_batch_id": terms.batch_id,
            "/referral/friend_coupon_batch_id": terms.friend_batch_id,
        }
        return {field: batch_id for field, batch_id in named.items() if batch_id}

    def as_json(self) -> dict[str, Any]:
        """As the record and the audit log keep them."""
        said: dict[str, Any] = {"joining": self.joining.value, "questions": [each.as_json() for each in self.questions],
                                "welcome": self.welcome, "welcome_batch": self.welcome_batch_id}  # fmt: skip
        return said | ({"referral": self.referral.as_json()} if self.referral else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        referral = ReferralTerms.from_json(stored["referral"]) if "referral" in stored else None
        questions = tuple(Question.from_json(each) for each in stored["questions"])
        return cls(Joining(stored["joining"]), questions, referral, stored["welcome"], stored["welcome_batch"])


def checked(questions: Sequence[Question], answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was answered: the words of each question with the answer, in the order in which they are asked. Raises
    Invalid, with every answer that is missing, not among the options, or to a question that is not asked.
    """
    asked = {each.id: each for each in questions}
    given = {name: text.strip() for name, text in answers.items()}
    faults = [_unknown(name) for name in given if name not in asked]
    for name, question in asked.items():
        answer = given.get(name, "")
        if question.required and not answer:
            faults.append(_fault(name, "Please answer this question.", "请回答此问题。"))
        elif answer and question.kind == "choice" and answer not in question.options:
            faults.append(_fault(name, "Choose one of the answers that are offered.", "请从给出的选项中选择。"))
        elif len(answer) > LONGEST_ANSWER:
            faults.append(_fault(name, f"Use {LONGEST_ANSWER} characters at most.", f"最多 {LONGEST_ANSWER} 个字。"))
    if faults:
        raise Invalid("Some answers are missing or cannot be taken; see errors.",
                      detail_zh="部分回答缺失或无法接受，请查看各项说明。", errors=tuple(faults))  # fmt: skip
    return [(question.text, given[name]) for name, question in asked.items() if given.get(name)]


def _unknown(name: str) -> FieldError:
    return _fault(name, "This question is not asked any more; read the questions again.", "问题已更新，请重新读取。")


def _fault(name: str, message: str, message_zh: str) -> FieldError:
    return FieldError(f"/answers/{name}", message, message_zh)
