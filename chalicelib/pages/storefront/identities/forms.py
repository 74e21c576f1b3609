"""What the pages of identities take."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=40)]


class AddressPage(Body):
    """The new e-mail address or phone number, whichever was typed, and which of one's own proves who one is."""

    address: Annotated[str, StringConstraints(max_length=254)] = ""
    prove_with: Literal["email", "phone"] | None = None

    def named(self) -> dict[str, str]:
        """As the API asks it. Raises Invalid where nothing was typed."""
        if not self.address:
            raise Invalid.at("/address", "Type your new phone number or e-mail address.", "请填写新的手机号或邮箱。")
        return {"email" if "@" in self.address else "phone": self.address}


class CodesPage(AddressPage):
    """Both codes, as they were typed."""

    own_code: Typed = ""
    new_code: Typed = ""
