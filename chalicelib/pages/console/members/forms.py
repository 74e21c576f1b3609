"""What the pages of members take."""

import re
from dataclasses import replace
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.members.model.profiles import PROFILE_FIELDS
from chalicelib.web import Body

_BETWEEN = re.compile(r"[,，、;；\n]+")
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


class TagsPage(Body):
    """A tag that a member is given, or that is taken from them."""

    add: Typed | None = None
    remove: Typed | None = None

    def changes(self) -> dict[str, list[str]]:
        """As the API takes it."""
        return {"add": [self.add] if self.add else [], "remove": [self.remove] if self.remove else []}


class CodePage(AddressPage):
    """The same, the code that the member reads out, and why."""

    new_code: Typed | None = None
    reason: Typed | None = None

    def confirmed(self) -> dict[str, str]:
        """As the API asks it; what was left out is refused there."""
        given = {"new_code": self.new_code, "reason": self.reason}
        return self.named() | {name: value for name, value in given.items() if value is not None}


class ProfilePage(Body):
    """What a member has told the team, as it was typed; what is left empty is cleared. Interests stand in one line,
    between commas.
    """

    profile: dict[str, str] = {}

    def stated(self) -> dict[str, Any]:
        """As the API takes it."""
        typed: dict[str, Any] = {name: self.profile.get(name) or None for name in ("name", *PROFILE_FIELDS)}
        interests = [each.strip() for each in _BETWEEN.split(typed["interests"] or "")]
        return {**typed, "interests": [each for each in interests if each] or None}

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's fields, said of the page's."""
        refusal.errors = tuple(
            replace(each, pointer="/profile" + each.pointer.removeprefix("/profile")) for each in refusal.errors
        )
        return refusal


class LeavePage(Body):
    """Why the member leaves, as far as it is said."""

    leaving: dict[str, str] = {}

    def stated(self) -> dict[str, str]:
        """As the API takes it."""
        return {name: self.leaving[name] for name in ("reason", "note") if self.leaving.get(name)}

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's fields, said of the page's."""
        refusal.errors = tuple(replace(each, pointer=f"/leaving{each.pointer}") for each in refusal.errors)
        return refusal


class WithdrawPage(Body):
    """The consent that a member has asked to end, and why."""

    withdrawal: dict[str, str] = {}

    def stated(self) -> dict[str, str]:
        """As the API takes it; what was left out is refused there."""
        return {name: self.withdrawal[name] for name in ("purpose", "reason") if self.withdrawal.get(name)}

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's fields, said of the page's."""
        refusal.errors = tuple(replace(each, pointer=f"/withdrawal{each.pointer}") for each in refusal.errors)
        return refusal


def beside_the_address(refusal: DomainError) -> DomainError:
    """A refusal of the API's field, said of the page's."""
    refusal.errors = tuple(
        FieldError("/address", each.message, each.message_zh) if each.pointer in ("/email", "/phone") else each
        for each in refusal.errors
    )
    return refusal
