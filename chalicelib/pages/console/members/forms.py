"""What the pages of members take."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=400)]


class Nothing(Body):
    """A form that is no more than its button."""


class AddressPage(Body):
    """What the member signs in with from now on: an e-mail address or a phone number, whichever was typed."""

    address: Annotated[str, StringConstraints(max_length=254)] = ""

    def named(self) -> dict[str, str]:
        """As the API asks it. Raises Invalid where nothing was typed."""
        if not self.address:
            raise Invalid.at(
                "/address", "Type the member's new phone number or e-mail address.", "请填写会员新的手机号或邮箱。"
            )
        return {"email" if "@" in self.address else "phone": self.address}


class CodePage(AddressPage):
    """The same, the code that the member reads out, and why."""

    new_code: Typed | None = None
    reason: Typed | None = None

    def confirmed(self) -> dict[str, str]:
        """As the API asks it; what was left out is refused there."""
        given = {"new_code": self.new_code, "reason": self.reason}
        return self.named() | {name: value for name, value in given.items() if value is not None}


def beside_the_address(refusal: DomainError) -> DomainError:
    """A refusal of the API's field, said of the page's."""
    refusal.errors = tuple(
        FieldError("/address", each.message, each.message_zh) if each.pointer in ("/email", "/phone") else each
        for each in refusal.errors
    )
    return refusal
