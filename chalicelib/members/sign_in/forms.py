"""What the routes of sign-in take."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.typed_codes import read_code
from chalicelib.members.forms import Acceptances, ConsentForm, ProfileForm
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.profiles import ProfileChanges
from chalicelib.members.sign_in.service.people import SignIn
from chalicelib.members.sign_in.service.sign_in import Welcome
from chalicelib.web import Body, EmailText, PhoneText, Slug, UlidStr


def _half_width(typed: Any) -> Any:
    return "".join(unicodedata.normalize("NFKC", typed).split()) if isinstance(typed, str) else typed


class CodeRequest(Body):
    """Who asks for a code: by e-mail or by phone, one of them. Staff sign in by e-mail."""

    audience: Literal["staff", "member"]
    tenant: Slug = Field(description="The store's slug.")
    email: EmailText | None = None
    phone: PhoneText | None = None

    def sign_in(self, source: str) -> SignIn:
        """Raises Invalid unless exactly one address fits the audience."""
        if (self.email is None) == (self.phone is None):
            raise _refused("/email", "give an e-mail or a phone number, one of the two", "请提供邮箱或手机号其中之一")
        if self.audience == "staff" and self.email is None:
            raise _refused("/phone", "staff sign in with their e-mail", "团队成员请使用邮箱登录")
        identity = Identity("email", self.email) if self.email else Identity("phone", self.phone or "")
        return SignIn(self.audience, self.tenant, identity, source)


class TokenRequest(CodeRequest):
    """The same, the handle that the request for the code was answered with, and the code as people type it. The rest is
    for a new member, and ignored for one who has joined.
    """

    code: Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(read_code)]
    handle: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = Field(
        default=None, description="Send it: then the tries of others never count against yours."
    )
    invite_code: (
        Annotated[str, BeforeValidator(_half_width), StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")] | None
    ) = Field(default=None, description="Of the brand, or of a member who invites; read in any case and width.")
    link: UlidStr | None = Field(
        default=None, description="The code of the link that led to the shop: the channel or member who brought them."
    )
    profile: ProfileForm | None = None
    consent: ConsentForm | None = None
    accepted: Acceptances | None = Field(
        default=None,
        description="The brand's legal texts that I was shown and accept; noted of known members, too. Where one "
        "of them is no longer in force none is noted, and they are asked for again.",
    )

    def welcome(self, now: datetime) -> Welcome:
        """What is said by who is new."""
        return Welcome(
            profile=self.profile.changes() if self.profile else ProfileChanges(),
            consent=self.consent.answers() if self.consent else {},
            invite_code=self.invite_code,
            link=self.link,
            accepted=[each.accepted(now) for each in self.accepted or ()],
        )


def _refused(pointer: str, message: str, message_zh: str) -> Invalid:
    return Invalid(message, detail_zh=message_zh, errors=(FieldError(pointer, message),))
