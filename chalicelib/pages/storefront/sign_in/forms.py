"""What the pages of signing in take."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.language import Language
from chalicelib.legal_texts.model import ASKED, read_in
from chalicelib.members.sign_in.forms import CodeRequest, TokenRequest
from chalicelib.pages.shell.onward import Next, Onward
from chalicelib.tenancy import Brand

Revision = Annotated[int | None, Field(ge=1, le=999_999)]


class Invited(Next):
    """Where a visitor was going, and the invite code that their link carries."""

    invite: Annotated[str, StringConstraints(max_length=80)] = ""


class AddressForm(Onward):
    """How a code reaches the visitor: an e-mail address or a phone number, whichever they typed."""

    address: Annotated[str, StringConstraints(max_length=254)] = ""
    invite_code: Annotated[str, StringConstraints(max_length=80)] = ""

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


class ApplyForm(AddressForm):
    """What a store asks before it takes somebody, as it is answered, by the id of each question."""

    code: Annotated[str, StringConstraints(max_length=40)] = ""
    handle: Annotated[str, StringConstraints(max_length=100)] = ""
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    answers: Annotated[dict[str, str], Field(max_length=40)] = {}

    def application(self, slug: str, link: str | None) -> dict[str, Any]:
        """As the API takes it. Raises Invalid where the address is none."""
        named = {kind: value for kind, value in self.named(slug).items() if kind in ("email", "phone")}
        said = {"code": self.code, "handle": self.handle or None, "name": self.name or None, "link": link}
        return named | said | {"answers": self.answers}


ASKING, TRIED = CodeRequest, TokenRequest
