"""What the routes of members and of sign-in take."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kernel.errors import Invalid, InvalidField
from chalicelib.kernel.language import Language
from chalicelib.legal_texts.model import Accepted
from chalicelib.members.model.asking import QuestionName
from chalicelib.members.model.birthdays import is_birthday
from chalicelib.members.model.classes import MOST_DAYS, USUAL, MemberClass, Thresholds
from chalicelib.members.model.consents import WORDS
from chalicelib.members.model.profiles import AgeBand, Gender, Household, ProfileChanges
from chalicelib.members.model.status import Origin
from chalicelib.web import Body, EmailText, Harmless, LocaleTag, OneLine, PhoneAsked, Query, Title, UlidStr

Label = Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]


def _once_each(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Interests = Annotated[list[Label], Field(max_length=20), AfterValidator(_once_each)]


def _a_day_of_a_year(text: str) -> str:
    if not is_birthday(text):
        raise InvalidField(
            "write a month and a day of it as MM-DD, such as 03-08; the year is not asked",
            "请按“月-日”填写存在的日期，例如 03-08；无需填写年份",
        )
    return text


Birthday = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{2}-[0-9]{2}$"),
    AfterValidator(_a_day_of_a_year),
    Field(examples=["03-08"], description="The month and the day, MM-DD, 02-29 among them. The year is not asked."),
]


class ProfileForm(Body):
    """What a member says of themselves, all of it optional. In a change, null clears and what is absent stays.

    ``income_band`` is a label of the brand's own bands, such as ``5000-7999``; ``household`` goes by the youngest of
    it, and ``favourite_point_id`` is a pickup point of the brand's.
    """

    name: Title | None = None
    birthday: Birthday | None = None
    age_band: Annotated[AgeBand, Field(strict=False)] | None = None
    gender: Annotated[Gender, Field(strict=False)] | None = None
    household: Annotated[Household, Field(strict=False)] | None = None
    occupation: Label | None = None
    income_band: Label | None = None
    interests: Interests | None = None
    favourite_point_id: UlidStr | None = None

    def changes(self) -> ProfileChanges:
        """The fields that were sent."""
        return ProfileChanges(**self.model_dump(mode="json", exclude_unset=True))


class ConsentForm(Body):
    """What a member agrees to; nothing is agreed to by silence. What is absent stays. ``words`` is the version of the
    words that they were shown; without it, the one in force.
    """

    marketing: bool | None = None
    analytics: bool | None = None
    personalisation: bool | None = None
    leaderboards: bool | None = Field(None, description="Whether other members read my name on leaderboards.")
    words: Annotated[int, Field(ge=1, le=WORDS)] | None = None

    def answers(self) -> dict[str, bool]:
        """The purposes that were answered, with a yes or a no."""
        return self.model_dump(exclude={"words"}, exclude_none=True)


class AcceptanceForm(Body):
    """A version of one of the brand's legal texts, and the language in which it was read."""

    kind: Literal["privacy", "terms"]
    revision: Annotated[int, Field(ge=1, le=999_999)]
    language: Language

    def accepted(self, now: datetime) -> Accepted:
        """As it is noted."""
        return Accepted(self.kind, self.revision, self.language, now)


Acceptances = Annotated[list[AcceptanceForm], Field(min_length=1, max_length=2)]


class AcceptancesForm(Body):
    """What a member accepts: texts of the brand as they are in force."""

    EXAMPLES = {"the terms": {"accepted": [{"kind": "terms", "revision": 1, "language": "zh"}]}}

    accepted: Acceptances


class MeEdit(Body):
    """What is absent or null stays; within the profile, null clears."""

    profile: ProfileForm | None = None
    consent: ConsentForm | None = None
    locale: LocaleTag | None = None


class QuestionForm(Body):
    """What I was asked and do not want to answer now."""

    EXAMPLES = {"not my birthday": {"question": "birthday"}}

    question: QuestionName


class MemberQuery(Query):
    """Several narrow the result; all but ``q`` are exact."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=254), Harmless] | None = Field(
        default=None,
        examples=["小明", "8000", "ada@"],
        description="A part of the name from the beginning of a word, or from any character of a Chinese one; the "
        "beginning of the e-mail address; the last four or more digits of the phone number; or the whole reference.",
    )
    external_ref: Annotated[str, StringConstraints(min_length=1, max_length=254), Harmless] | None = None
    email: EmailText | None = None
    phone: PhoneAsked | None = None
    tier: Annotated[str, StringConstraints(min_length=1, max_length=40), Harmless] | None = Field(
        default=None,
        description="The code of a tier. Where few members have it, a page may be short and still have a next one.",
    )
    class_: Annotated[MemberClass, Field(strict=False)] | None = Field(
        default=None,
        alias="class",
        description="What a member is by the days of their orders. As with a tier, a page may be short.",
    )
    origin: Origin | None = Field(
        default=None,
        description="How they came, in a word; `invite` is by an invite code or a personal invitation. As with a tier, "
        "a page may be short.",
    )
    segment: UlidStr | None = Field(default=None, description="The id of a segment that they are in.")
    tag: Annotated[str, StringConstraints(min_length=1, max_length=30), Harmless] | None = Field(
        default=None, description="A tag that they carry. As with a tier, a page may be short."
    )


class ClassesForm(Body):
    """Where the classes of members part, in local days. A member is ``new`` for ``new_days`` from their first order;
    then ``active``, ``dormant`` after ``dormant_days`` without an order, ``churned`` after ``churned_days``. Where
    ``taking_part_counts``, a day on which they answered a survey or checked in counts as one of an order does, once
    they have ordered.
    """

    EXAMPLES = {
        "for weekly group buys": {"new_days": 14, "dormant_days": 21, "churned_days": 60},
        "who checks in is not quiet": {"taking_part_counts": True},
    }

    new_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = USUAL.new_days
    dormant_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = USUAL.dormant_days
    churned_days: Annotated[int, Field(ge=2, le=MOST_DAYS)] = USUAL.churned_days
    taking_part_counts: bool = USUAL.taking_part_counts

    def thresholds(self) -> Thresholds:
        """Raises Invalid where a member would be churned before they are dormant."""
        if self.churned_days <= self.dormant_days:
            raise Invalid.at(
                "/churned_days",
                f"Members are churned later than they are dormant: give more than {self.dormant_days} here.",
                f"会员 {self.dormant_days} 天未下单即为沉睡，流失须更晚；请填写大于 {self.dormant_days} 的天数。",
            )
        return Thresholds(self.new_days, self.dormant_days, self.churned_days, self.taking_part_counts)


class StatusChange(Body):
    """A blocked member can read their own data but not order. The reason goes into the audit log."""

    status: Literal["active", "blocked"]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300), Harmless]


class ConsentWithdrawal(Body):
    """A consent that a member has asked the team to end. The reason goes into the audit log."""

    EXAMPLES = {"on the phone": {"purpose": "marketing", "reason": "Called: wants no more offers"}}

    purpose: Literal["marketing", "analytics", "personalisation", "leaderboards"]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300), Harmless]


class OfficialAccountLink(Body):
    """How the brand's official account at WeChat knows a member, as WeChat told it when they followed."""

    open_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")] = Field(
        examples=["o6_bmjrPTlm6_2sgVt7hMZOPfL2M"]
    )
