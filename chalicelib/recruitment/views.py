"""What the API shows of recruitment."""

from datetime import datetime
from typing import Literal, Self, cast

from pydantic import Field

from chalicelib.channels.views import address
from chalicelib.recruitment.model.codes import Status
from chalicelib.recruitment.model.rules import Question, QuestionKind, ReferralTerms, Rules
from chalicelib.recruitment.records import ApplicationRecord, ReferralRecord
from chalicelib.recruitment.service.codes import Invite, status_of
from chalicelib.recruitment.service.inviting import Inviting
from chalicelib.web import Contact, Instant, UlidStr, View

ApplicationStatus = Literal["pending", "approved", "declined", "joined"]


class QuestionView(View):
    """What an applicant is asked. A question that is asked in other words has another id."""

    id: UlidStr
    text: str
    kind: QuestionKind
    options: list[str]
    required: bool

    @classmethod
    def of(cls, question: Question) -> Self:
        return cls(id=question.id, text=question.text, kind=question.kind, options=list(question.options),
                   required=question.required)  # fmt: skip


class ReferralTermsView(View):
    """What is given once for each friend; null is nothing, or no limit."""

    coupon_batch_id: UlidStr | None
    friend_coupon_batch_id: UlidStr | None
    per_month: int | None
    per_member: int | None

    @classmethod
    def of(cls, terms: ReferralTerms) -> Self:
        return cls(coupon_batch_id=terms.batch_id, friend_coupon_batch_id=terms.friend_batch_id,
                   per_month=terms.most_a_month, per_member=terms.most_in_all)  # fmt: skip


class WelcomeView(View):
    """What a new member gets."""

    message: bool
    coupon_batch_id: UlidStr | None


class JoiningView(View):
    """How the store is joined, and what it asks of who applies."""

    joining: Literal["open", "code", "application"]
    questions: list[QuestionView]

    @classmethod
    def of(cls, rules: Rules) -> Self:
        return cls(joining=rules.joining.value, questions=[QuestionView.of(each) for each in rules.questions])


class RulesView(JoiningView):
    """The brand's rules of recruitment."""

    referral: ReferralTermsView | None
    welcome: WelcomeView

    @classmethod
    def of(cls, rules: Rules) -> Self:
        return cls(
            joining=rules.joining.value,
            questions=[QuestionView.of(each) for each in rules.questions],
            referral=None if rules.referral is None else ReferralTermsView.of(rules.referral),
            welcome=WelcomeView(message=rules.welcome, coupon_batch_id=rules.welcome_batch_id),
        )


class InviteCodeView(View):
    """An invite code with the link that carries it. ``uses`` is how many have joined by it."""

    id: UlidStr
    code: str
    url: str
    title: str | None
    status: Status
    uses: int
    max_uses: int | None
    expires_at: Instant | None
    channel_id: UlidStr | None
    coupon_batch_id: UlidStr | None
    created_at: Instant
    created_by: str

    @classmethod
    def of(cls, invite: Invite, shop: str, now: datetime) -> Self:
        """``shop`` is the shop's address."""
        code, uses = invite.code, invite.uses
        names = ("id", "code", "title", "channel_id", "created_at", "created_by")
        return cls(
            **{name: getattr(code, name) for name in names}, url=f"{shop}/sign-in?invite={code.code}",
            status=status_of(invite, now), uses=int(uses.uses), max_uses=uses.limit, expires_at=uses.until_at,
            coupon_batch_id=code.batch_id,
        )  # fmt: skip


class AnswerView(View):
    """A question in the words in which it was asked, and what was answered."""

    question: str
    answer: str


class OwnApplicationView(View):
    """One's application. ``reason`` is why it was declined."""

    id: UlidStr
    status: ApplicationStatus
    reason: str | None
    applied_at: Instant

    @classmethod
    def of(cls, application: ApplicationRecord) -> Self:
        names = ("id", "status", "reason", "applied_at")
        return cls(**{name: getattr(application, name) for name in names})


class ApplicationView(View):
    """Somebody who asks to join. ``referred_by`` and ``channel_id`` are whose link led them to the shop. An application
    is kept for a year after it was decided, or after they joined, and then forgotten.
    """

    id: UlidStr
    status: ApplicationStatus
    name: Contact[str]
    email: Contact[str]
    phone: Contact[str]
    answers: list[AnswerView]
    reason: str | None
    referred_by: UlidStr | None
    channel_id: UlidStr | None
    applied_at: Instant
    decided_at: Instant | None
    decided_by: str | None

    @classmethod
    def of(cls, application: ApplicationRecord) -> Self:
        names = ("id", "status", "name", "reason", "referred_by", "channel_id", "applied_at", "decided_at",
                 "decided_by")  # fmt: skip
        value, by_email = application.value, application.kind == "email"
        return cls(
            **{name: getattr(application, name) for name in names},
            email=value if by_email else None,
            phone=None if by_email else value,
            answers=[AnswerView(question=question, answer=answer) for question, answer in application.answers],
        )


class OwnReferralView(View):
    """My link and code, by which neighbours join; null while the store lets nobody invite. ``joined`` is how many did,
    ``rewarded`` for how many of them I have a reward. ``reward`` says what I get for each, ``friend_reward`` what the
    neighbour gets, null for nothing.
    """

    link: str | None
    code: str | None
    joined: int
    rewarded: int
    reward: str | None
    friend_reward: str | None
    per_month: int | None = Field(description="For so many neighbours I am rewarded a month; null is no limit.")
    per_member: int | None = Field(description="The same in all.")

    @classmethod
    def of(cls, found: Inviting, shop: str, locale: str) -> Self:
        """``shop`` is the shop's address."""
        said = [
            None if each is None else each.zh if locale == "zh" else each.en for each in (found.reward, found.friend)
        ]
        terms = found.terms
        return cls(
            link=address(shop, found.code) if found.code else None, code=found.code, joined=found.joined,
            rewarded=found.rewarded, reward=said[0], friend_reward=said[1],
            per_month=terms.most_a_month if terms else None, per_member=terms.most_in_all if terms else None,
        )  # fmt: skip


class ReferralView(View):
    """A friend whom a member brought. ``rewarded`` by the friend's first order that was paid for and collected; where
    that was refunded wholly, the reward stands by another one that was, as ``order_id`` says, and is ``reversed``
    without one. ``unrewarded`` where the first order came beyond the cap, ``void`` where both turned out to be one
    person.
    """

    friend_id: UlidStr
    state: Literal["joined", "rewarded", "reversed", "unrewarded", "void"]
    joined_at: Instant
    order_id: UlidStr | None
    rewarded_at: Instant | None
    points: int

    @classmethod
    def of(cls, referral: ReferralRecord) -> Self:
        names = ("friend_id", "joined_at", "rewarded_at")
        state = cast("Literal['joined', 'rewarded', 'reversed', 'unrewarded', 'void']", referral.state)
        known = {name: getattr(referral, name) for name in names}
        return cls(**known, state=state, order_id=referral.stands_by, points=int(referral.points))
