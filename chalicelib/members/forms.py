"""What the routes of members and of sign-in take."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.members.model import AgeBand, Gender, Identity
from chalicelib.members.sign_in import SignIn
from chalicelib.web import Body, EmailText, PhoneText, Query, Slug, Title

Label = Annotated[str, StringConstraints(min_length=1, max_length=60)]


def _once_each(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Interests = Annotated[list[Label], Field(max_length=20), AfterValidator(_once_each)]


class ProfileForm(Body):
    """What a member says of himself, all of it optional. In a change, null clears and what is absent stays.

    ``income_band`` is a label of the brand's own bands, such as ``5000-7999``.
    """

    name: Title | None = None
    age_band: Annotated[AgeBand, Field(strict=False)] | None = None
    gender: Annotated[Gender, Field(strict=False)] | None = None
    occupation: Label | None = None
    income_band: Label | None = None
    interests: Interests | None = None


class ConsentForm(Body):
    """What a member agrees to; nothing is agreed to by silence. What is absent stays."""

    marketing: bool | None = None
    analytics: bool | None = None
    personalisation: bool | None = None


class MeEdit(Body):
    """What is absent or null stays; within the profile, null clears."""

    profile: ProfileForm | None = None
    consent: ConsentForm | None = None
    locale: Literal["zh", "en"] | None = None


class CodeRequest(Body):
    """Who asks for a code: by e-mail or by phone, one of them. Staff sign in by e-mail."""

    audience: Literal["staff", "member"]
    tenant: Slug = Field(description="The store's slug.")
    email: EmailText | None = None
    phone: PhoneText | None = None

    def sign_in(self) -> SignIn:
        """Raises Invalid unless exactly one address fits the audience."""
        if (self.email is None) == (self.phone is None):
            raise _refused("/email", "give an e-mail or a phone number, one of the two", "请提供邮箱或手机号其中之一")
        if self.audience == "staff" and self.email is None:
            raise _refused("/phone", "staff sign in with their e-mail", "团队成员请使用邮箱登录")
        identity = Identity("email", self.email) if self.email else Identity("phone", self.phone or "")
        return SignIn(self.audience, self.tenant, identity)


class TokenRequest(CodeRequest):
    """The same and the code. The rest is for a new member and is left aside for one who has joined before."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    invite_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")] | None = None
    profile: ProfileForm | None = None
    consent: ConsentForm | None = None


class MemberQuery(Query):
    """Exact searches; several narrow the result. ``q`` is a reference, an e-mail or a phone number."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=254)] | None = None
    external_ref: Annotated[str, StringConstraints(min_length=1, max_length=254)] | None = None
    email: EmailText | None = None
    phone: PhoneText | None = None


class StatusChange(Body):
    """A blocked member can read his own data but not order. The reason goes into the audit log."""

    status: Literal["active", "blocked"]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300)]


def _refused(pointer: str, message: str, message_zh: str) -> Invalid:
    return Invalid(message, detail_zh=message_zh, errors=(FieldError(pointer, message),))
