"""Rules of surveys: their questions, what counts as an answer, satisfaction figures, and the tokens of invitations."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from chalicelib.kernel.errors import Conflict, FieldError, Invalid
from chalicelib.kernel.ids import derived_id, is_id
from chalicelib.kernel.language import nearest

INVITATION_DAYS = 30
LOWEST, HIGHEST = 1, 5
COMPLAINT_AT_MOST = 2
"""A score of 1 or 2 opens a complaint."""

CSAT_DEFINITION = (
    "csat = answers with a score of 4 or 5, divided by answers with a score; null without any. "
    "average = sum of scores divided by their number. response rate = answered divided by invited."
)


class Trigger(StrEnum):
    """What sends a survey."""

    PICKUP = "pickup"


class Kind(StrEnum):
    """How a question is answered: a number 1–5, one of its options, or words."""

    SCORE = "score"
    CHOICE = "choice"
    TEXT = "text"


class AlreadyAnswered(Conflict):
    """The invitation has its one answer."""

    code, title, title_zh = "already_answered", "This survey is answered already", "该问卷已填写"


class InvitationExpired(Conflict):
    """The invitation was open for 30 days."""

    code, title, title_zh = "invitation_expired", "The invitation has expired", "问卷邀请已过期"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a survey; its id is unique in the survey and names the answer."""

    id: str
    kind: Kind
    text: str
    required: bool = False
    options: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The stored form; what is default is left out."""
        raw: dict[str, Any] = {"id": self.id, "kind": self.kind.value, "text": self.text}
        if self.required:
            raw["required"] = True
        if self.options:
            raw["options"] = list(self.options)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Question":
        options = tuple(raw.get("options", ()))
        return cls(raw["id"], Kind(raw["kind"]), raw["text"], raw.get("required", False), options)


BUILT_IN_TITLE = {"zh": "取货满意度", "en": "How was your order?"}
_BUILT_IN_QUESTION = {
    "zh": "您对这次团购满意吗？（1 分很不满意，5 分很满意）",
    "en": "How satisfied are you? (1 not at all, 5 very)",
}


def built_in_questions(locale: str) -> list[Question]:
    """The survey of a tenant that has written none: one satisfaction score; a comment can always be added."""
    return [Question("score", Kind.SCORE, _BUILT_IN_QUESTION[nearest(locale)], required=True)]


def built_in_id(tenant_id: str) -> str:
    """The id of a tenant's built-in pickup survey."""
    return derived_id(tenant_id, "survey", "built-in", Trigger.PICKUP)


def invitation_id(tenant_id: str, trigger: Trigger, order_id: str) -> str:
    """One invitation for a trigger and an order, whatever survey is in force when a message is delivered again."""
    return derived_id(tenant_id, "invitation", trigger, order_id)


def checked_questions(questions: Sequence[Question]) -> list[Question]:
    """The questions, when they make a survey. Raises Invalid at the question that does not."""
    seen: set[str] = set()
    for index, question in enumerate(questions):
        if question.id in seen:
            raise Invalid.at(
                f"/questions/{index}/id", f"The id '{question.id}' is used twice.", f"编号“{question.id}”重复。"
            )
        seen.add(question.id)
        if question.kind is Kind.CHOICE and len(set(question.options)) < 2:
            raise Invalid.at(
                f"/questions/{index}/options",
                "A choice needs at least two different options.",
                "选择题至少需要两个不同的选项。",
            )
        if question.kind is not Kind.CHOICE and question.options:
            raise Invalid.at(f"/questions/{index}/options", "Only a choice has options.", "只有选择题才有选项。")
    return list(questions)


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer: the satisfaction score if there is one, and the values by question id."""

    score: int | None
    values: dict[str, int | str]


def checked_answer(questions: Sequence[Question], score: int | None, values: Sequence[tuple[str, int | str]]) -> Answer:
    """Checks an answer against the questions; the survey's score is that of its first ``score`` question.

    The score may be given on its own or as that question's value. Raises Invalid naming every fault.
    """
    by_id = {question.id: question for question in questions}
    first = next((question.id for question in questions if question.kind is Kind.SCORE), None)
    faults: list[FieldError] = []
    kept: dict[str, int | str] = {}
    for index, (question_id, value) in enumerate(values):
        fault = _fault(by_id.get(question_id), question_id in kept, value)
        if fault:
            field, *words = fault
            faults.append(FieldError(f"/answers/{index}/{field}", *words))
        else:
            kept[question_id] = value
    if score is not None:
        if first is None:
            faults.append(FieldError("/score", "This survey asks for no score.", "该问卷没有评分题。"))
        elif kept.setdefault(first, score) != score:
            faults.append(
                FieldError(
                    "/score",
                    f"The score {score} contradicts the answer to '{first}'.",
                    f"评分 {score} 与“{first}”的回答不一致。",
                )
            )
    faults.extend(_unanswered(questions, kept, first))
    if faults:
        raise Invalid("The answer does not fit the survey.", detail_zh="回答与问卷不符。", errors=tuple(faults))
    given = kept.get(first) if first else None
    return Answer(given if isinstance(given, int) else None, kept)


def _fault(question: Question | None, repeated: bool, value: int | str) -> tuple[str, str, str] | None:
    if question is None:
        return "question_id", "This survey has no such question.", "该问卷没有这道题。"
    if repeated:
        return "question_id", "The question is answered twice.", "这道题回答了两次。"
    if question.kind is Kind.SCORE:
        fits = isinstance(value, int) and LOWEST <= value <= HIGHEST
        words = f"A score is a whole number from {LOWEST} to {HIGHEST}.", f"评分须为 {LOWEST} 至 {HIGHEST} 的整数。"
        return None if fits else ("value", *words)
    if question.kind is Kind.CHOICE:
        words = f"Choose one of: {', '.join(question.options)}.", f"请从以下选项中选择：{'、'.join(question.options)}。"
        return None if value in question.options else ("value", *words)
    return None if isinstance(value, str) else ("value", "Answer this question in words.", "请用文字回答此题。")


def _unanswered(questions: Sequence[Question], kept: Mapping[str, object], first: str | None) -> list[FieldError]:
    missing = [question.id for question in questions if question.required and not kept.get(question.id)]
    return [
        FieldError(
            "/score" if question_id == first else "/answers",
            f"The question '{question_id}' needs an answer.",
            f"请回答“{question_id}”。",
        )
        for question_id in missing
    ]


def answer_fault(answered: bool, expires_at: datetime, now: datetime) -> Conflict | None:
    """Why the invitation takes no answer any more, or None while it does."""
    if answered:
        return AlreadyAnswered("This invitation has been answered; thank you.", detail_zh="该问卷已填写，谢谢。")
    if expires_at <= now:
        return InvitationExpired(
            f"The invitation was open for {INVITATION_DAYS} days.",
            detail_zh=f"问卷邀请的有效期为 {INVITATION_DAYS} 天。",
        )
    return None


def expiry(created_at: datetime) -> datetime:
    """When an invitation ends (UTC)."""
    return created_at + timedelta(days=INVITATION_DAYS)


def token_of(secret: bytes, tenant_id: str, invitation: str) -> str:
    """The secret part of an invitation's link: its id, and 144 bits of HMAC-SHA-256 over tenant and id.

    Nothing is stored, so whoever reads the database cannot answer; a new server secret ends all open invitations.
    """
    mac = hmac.digest(secret, b"survey-invitation\0" + f"{tenant_id}/{invitation}".encode(), hashlib.sha256)[:18]
    return invitation + base64.urlsafe_b64encode(mac).decode()


def invitation_of(secret: bytes, tenant_id: str, token: str) -> str | None:
    """The invitation that a token opens in that tenant, or None for a token that is not ours. Constant time."""
    invitation = token[:26]
    if not is_id(invitation) or not token.isascii():
        return None
    return invitation if hmac.compare_digest(token, token_of(secret, tenant_id, invitation)) else None


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures over all answers of a survey. Rates are exact decimals in text with four places, halves to even."""

    invited: int
    answered: int
    scored: int
    average: str | None
    csat: str | None
    response_rate: str | None
    distribution: dict[str, int]


def summarise(invited: int, answered: int, by_score: Mapping[int, int]) -> Summary:
    """Satisfaction from counts: see CSAT_DEFINITION."""
    scored = sum(by_score.values())
    total = sum(score * count for score, count in by_score.items())
    content = sum(count for score, count in by_score.items() if score >= 4)
    return Summary(
        invited, answered, scored, _rate(total, scored), _rate(content, scored), _rate(answered, invited),
        {str(score): by_score.get(score, 0) for score in range(LOWEST, HIGHEST + 1)},
    )  # fmt: skip


def _rate(part: int, whole: int) -> str | None:
    if whole == 0:
        return None
    scaled = round(Fraction(part * 10_000, whole))
    return f"{scaled // 10_000}.{scaled % 10_000:04d}"
