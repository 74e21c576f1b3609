"""What the API takes of recruitment."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.kernel.errors import FieldError, Invalid, InvalidField
from chalicelib.kernel.typed_codes import read_code
from chalicelib.kernel.unset import UNSET
from chalicelib.members.model.identities import Identity
from chalicelib.members.sign_in.service.people import SignIn
from chalicelib.recruitment.model.codes import LONGEST, SHORTEST, Length, chosen
from chalicelib.recruitment.model.rules import (
    LONGEST_ANSWER,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Joining,
    Question,
    QuestionKind,
    ReferralTerms,
    Rules,
)
from chalicelib.recruitment.service.codes import CodeChanges, NewCode
from chalicelib.web import (
    Body,
    EmailText,
    Harmless,
    Instant,
    OneLine,
    PhoneText,
    Query,
    ShortText,
    Title,
    UlidStr,
)

MOST_USES = 1_000_000
Uses = Annotated[int, Field(ge=1, le=MOST_USES)]
Friends = Annotated[int, Field(ge=1, le=10_000)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]


class QuestionForm(Body):
    """What an applicant is asked: to be answered in words, or by a ``choice`` among two options or more."""

    text: Title
    kind: QuestionKind = "text"
    options: Annotated[list[Label], Field(max_length=MOST_OPTIONS)] = []
    required: bool = False

    @model_validator(mode="after")
    def _options_fit(self) -> "QuestionForm":
        distinct = len(set(self.options))
        if self.kind == "choice" and (distinct < 2 or distinct < len(self.options)):
            raise InvalidField("give two options or more, each once", "请填写至少两个不重复的选项")
        if self.kind == "text" and self.options:
            raise InvalidField("only a choice has options", "仅选择题可填写选项")
        return self

    def question(self) -> Question:
        """As the rules keep it."""
        return Question(self.text, self.kind, tuple(self.options), self.required)


class ReferralForm(Body):
    """Once for each friend who joined by a member's link, after the first order that the friend has paid for and
    collected: a coupon of a batch for the member, one for the friend, and the points of the points rule ``referral``.
    Beyond ``per_month`` and ``per_member`` friends a member gets no more.
    """

    coupon_batch_id: UlidStr | None = None
    friend_coupon_batch_id: UlidStr | None = None
    per_month: Friends | None = None
    per_member: Friends | None = None


class WelcomeForm(Body):
    """What a new member gets: a message, in the words of the template ``welcomed``, and a coupon of a batch."""

    message: bool = False
    coupon_batch_id: UlidStr | None = None


class RulesForm(Body):
    """How the store is joined: ``open`` to whoever signs in, by a ``code`` alone, or by ``application``, which the
    brand decides upon; an invite code of the brand lets in without one. Without ``referral`` members invite nobody.
    """

    EXAMPLES = {
        "members bring their neighbours": {"joining": "open", "referral": {"per_month": 10}},
        "the brand decides": {
            "joining": "application",
            "questions": [{"text": "住在哪个小区？", "required": True}],
        },
    }  # fmt: skip

    joining: Annotated[Joining, Field(strict=False)] = Joining.OPEN
    questions: Annotated[list[QuestionForm], Field(max_length=MOST_QUESTIONS)] = []
    referral: ReferralForm | None = None
    welcome: WelcomeForm = WelcomeForm()

    def rules(self) -> Rules:
        """As they are kept. Raises Invalid for a question that is asked twice."""
        questions = tuple(each.question() for each in self.questions)
        ids = [each.id for each in questions]
        for at, each in enumerate(ids):
            if each in ids[:at]:
                raise Invalid.at(f"/questions/{at}/text", "This question is asked already.", "该问题已存在。")
        told = self.referral
        terms = None
        if told is not None:
            terms = ReferralTerms(
                told.coupon_batch_id, told.friend_coupon_batch_id, told.per_month, told.per_member
            )  # fmt: skip
        return Rules(self.joining, questions, terms, self.welcome.message, self.welcome.coupon_batch_id)


class NewInviteCode(Body):
    """An invite code: ``code`` as the brand chooses it (4 to 30 letters and digits), or a drawn one, ``long`` for links
    or ``short`` to be read out. It lets in ``max_uses`` people, without limit where that is null, until ``expires_at``.
    Who joins by it is put down to the channel, and gets a coupon of the batch.
    """

    EXAMPLES = {
        "for one person": {"max_uses": 1},
        "for a chat group": {"code": "GARDEN-7", "title": "花园小区一群", "max_uses": 200},
    }

    code: Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine] | None = None
    length: Length = "long"
    title: Title | None = None
    max_uses: Uses | None = None
    expires_at: Instant | None = None
    channel_id: UlidStr | None = None
    coupon_batch_id: UlidStr | None = None

    def wanted(self) -> NewCode:
        """As it is made. Raises Invalid for a code that cannot be."""
        code = None if self.code is None else chosen(self.code)
        if self.code is not None and code is None:
            raise Invalid.at(
                "/code", f"Choose {SHORTEST} to {LONGEST} letters from A to Z and digits; dashes may stand between.",
                f"请填写 {SHORTEST} 至 {LONGEST} 位英文字母或数字，中间可用短横线分隔。",
            )  # fmt: skip
        return NewCode(
            code, self.length, self.title, self.max_uses, self.expires_at, self.channel_id, self.coupon_batch_id
        )


class InviteCodeChanges(Body):
    """Fields of an invite code; what is left out stays, null takes it away. The code itself stays for ever."""

    EXAMPLES = {"for a hundred more": {"max_uses": 300}}

    title: Title | None = None
    max_uses: Uses | None = None
    expires_at: Instant | None = None
    channel_id: UlidStr | None = None
    coupon_batch_id: UlidStr | None = None

    def changes(self) -> CodeChanges:
        """The fields that were sent."""
        sent = self.model_fields_set
        names = {"title": "title", "max_uses": "most", "expires_at": "until_at", "channel_id": "channel_id",
                 "coupon_batch_id": "batch_id"}  # fmt: skip
        return CodeChanges(**{own: getattr(self, name) if name in sent else UNSET for name, own in names.items()})


class InviteCodesQuery(Query):
    """Those of one channel alone."""

    channel_id: UlidStr | None = None


class ApplicationsQuery(Query):
    """Those of one status alone."""

    status: Literal["pending", "approved", "declined", "joined"] | None = None


class ApplicationForm(Body):
    """Who applies: the address with the sign-in code that was sent to it, which proves it and is used up; ``answers``
    by the id of the question. ``link`` is the code of the link that led to the shop.
    """

    EXAMPLES = {"by e-mail": {"email": "fang@home.example", "code": "123456", "name": "Fang", "answers": {}}}

    email: EmailText | None = None
    phone: PhoneText | None = None
    code: Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(read_code)]
    handle: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    name: Title | None = None
    answers: Annotated[
        dict[
            Annotated[str, StringConstraints(max_length=40)],
            Annotated[str, StringConstraints(max_length=LONGEST_ANSWER), Harmless],
        ],
        Field(max_length=2 * MOST_QUESTIONS),
    ] = {}
    link: UlidStr | None = None

    def sign_in(self, slug: str, source: str) -> SignIn:
        """Raises Invalid unless there is exactly one address."""
        if (self.email is None) == (self.phone is None):
            message, chinese = "give an e-mail or a phone number, one of the two", "请提供邮箱或手机号其中之一"
            raise Invalid(message, detail_zh=chinese, errors=(FieldError("/email", message, chinese),))
        identity = Identity("email", self.email) if self.email else Identity("phone", self.phone or "")
        return SignIn("member", slug, identity, source)


class DeclineForm(Body):
    """Why; the applicant reads it."""

    EXAMPLES = {"too far": {"reason": "我们目前只服务花园小区。"}}

    reason: ShortText
