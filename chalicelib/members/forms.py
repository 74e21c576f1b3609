"""What the routes of members and of sign-in take."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kernel.language import Language
from chalicelib.legal_texts.model import Accepted
from chalicelib.members.model.profiles import AgeBand, Gender, ProfileChanges
from chalicelib.web import Body, EmailText, Harmless, LocaleTag, OneLine, PhoneAsked, Query, Title

Label = Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]


def _once_each(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Interests = Annotated[list[Label], Field(max_length=20), AfterValidator(_once_each)]


class ProfileForm(Body):
    """What a member says of themselves, all of it optional. In a change, null clears and what is absent stays.

    ``income_band`` is a label of the brand's own bands, such as ``5000-7999``.
    """

    name: Title | None = None
    age_band: Annotated[AgeBand, Field(strict=False)] | None = None
    gender: Annotated[Gender, Field(strict=False)] | None = None
    occupation: Label | None = None
    income_band: Label | None = None
    interests: Interests | None = None

    def changes(self) -> ProfileChanges:
        """The fields that were sent."""
        return ProfileChanges(**self.model_dump(mode="json", exclude_unset=True))


class ConsentForm(Body):
    """What a member agrees to; nothing is agreed to by silence. What is absent stays."""

    marketing: bool | None = None
    analytics: bool | None = None
    personalisation: bool | None = None

    def answers(self) -> dict[str, bool]:
        """The purposes that were answered, with a yes or a no."""
        return self.model_dump(exclude_none=True)


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


class StatusChange(Body):
    """A blocked member can read their own data but not order. The reason goes into the audit log."""

    status: Literal["active", "blocked"]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300), Harmless]


class OfficialAccountLink(Body):
    """How the brand's official account at WeChat knows a member, as WeChat told it when they followed."""

    open_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")] = Field(
        examples=["o6_bmjrPTlm6_2sgVt7hMZOPfL2M"]
    )
