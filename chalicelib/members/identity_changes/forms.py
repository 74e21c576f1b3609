"""What the routes of identity changes take."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.typed_codes import read_code
from chalicelib.members.model.identities import Identity
from chalicelib.web import Body, EmailText, PhoneText

Code = Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(read_code)]


class NewIdentity(Body):
    """What to sign in with from now on: an e-mail or a phone number, one of the two."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "new@home.example"}]})

    email: EmailText | None = None
    phone: PhoneText | None = None

    def identity(self) -> Identity:
        """Raises Invalid unless exactly one is given."""
        if (self.email is None) == (self.phone is None):
            raise Invalid.at("/email", "give an e-mail or a phone number, one of the two", "请提供邮箱或手机号其中之一")
        return Identity("email", self.email) if self.email else Identity("phone", self.phone or "")


class ChangeRequest(NewIdentity):
    """Codes go to the new identity and to one that is mine: the one that is replaced, unless it is lost."""

    prove_with: Literal["email", "phone"] | None = Field(
        default=None, description="Which of my own identities gets the other code; by default the one that is replaced."
    )


class Confirmation(NewIdentity):
    """The same again, and both codes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "new@home.example", "own_code": "048213", "new_code": "731905"}]}
    )

    own_code: Code
    new_code: Code


class AssistedConfirmation(NewIdentity):
    """The same again, the code that the member was sent to the new identity, and why: that is in the audit log."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"phone": "+8613800138000", "new_code": "048213", "reason": "Lost the old phone"}]
        }
    )

    new_code: Code
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class EmailChange(Body):
    """The e-mail to sign in with from now on."""

    email: EmailText


class EmailConfirmation(EmailChange):
    """The same again, and the codes that the old and the new e-mail were sent."""

    own_code: Code
    new_code: Code
