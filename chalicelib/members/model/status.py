"""How somebody became a member, and whether they may order. Pure."""

from enum import StrEnum
from typing import Literal

from chalicelib.kernel.errors import Forbidden

IMPORTED = "import"
"""The origin of a member whom a file of the brand named."""

WRITTEN_DOWN = "staff"
"""The origin of a member whom the brand's people wrote down."""

Origin = Literal["sign_in", "import", "staff", "invite", "referral", "application"]
"""How a member came, in a word; of ``invite:<code>`` the word alone."""

UNPROVED = frozenset({IMPORTED, WRITTEN_DOWN})
"""The origins of those who have not signed in by themselves."""


class Status(StrEnum):
    """A blocked member still reads their own data, but cannot order."""

    ACTIVE = "active"
    BLOCKED = "blocked"


class MemberBlocked(Forbidden):
    """The brand has blocked the member: they may look, not order."""

    code, title, title_zh = "member_blocked", "This membership is blocked", "该会员已被限制下单"
