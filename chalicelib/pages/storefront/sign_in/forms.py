"""What the pages of signing in take."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.language import Language
from chalicelib.legal_texts.model import ASKED, read_in
from chalicelib.members.sign_in.forms import CodeRequest, TokenRequest
from chalicelib.pages.shell.onward import Onward
from chalicelib.tenancy import Brand

Revision = Annotated[int | None, Field(ge=1, le=999_999)]


class AddressForm(Onward):
    """How a code reaches the visitor: an e-mail address or a phone number, whichever they typed."""

    address: Annotated[str, StringConstraints(max_length=254)] = ""

    def named(self, slug: str) -> dict[str, str]:
        """As the API asks it. Raises Invalid where it is neither."""
        if not self.address:
            raise Invalid.at("/address", "Type your phone number or your e-mail address.", "请填写手机号或邮箱。")
        kind = "email" if "@" in self.address else "phone"
        if kind == "phone" and any(map(str.isalpha, self.address)):
            raise Invalid.at(
                "/address",
                "This is neither a phone number nor an e-mail address. Please check it.",
                "这既不是手机号，也不是邮箱，请检查后重新填写。",
            )
        return {"audience": "member", "tenant": slug, kind: self.address}


class CodeForm(AddressForm):
    """The code, as it was typed, and the handle that it was asked for under."""

    code: Annotated[str, StringConstraints(max_length=40)] = ""
    handle: Annotated[str, StringConstraints(max_length=100)] = ""
    profile: dict[str, str] = {}
    consent: dict[str, str] = {}
    invite_code: str = ""
    accept: bool = False
    privacy: Revision = None
    terms: Revision = None

    def welcome(self, brand: Brand, language: Language) -> dict[str, Any]:
        """What is said by who is new, as the API takes it: only what was ticked and filled in."""
        ticked = {purpose: True for purpose, answer in self.consent.items() if answer == "true"}
        accepted = [
            {"kind": kind, "revision": revision, "language": read_in(brand.legal_texts[kind], language)}
            for kind in ASKED
            if self.accept and kind in brand.legal_texts and (revision := getattr(self, kind)) is not None
        ]
        said = {"profile": self.profile, "consent": ticked, "invite_code": self.invite_code, "accepted": accepted}
        return {name: value for name, value in said.items() if value}


ASKING, TRIED = CodeRequest, TokenRequest
