"""Whether a member may order. Pure."""

from enum import StrEnum

from chalicelib.kernel.errors import Forbidden


class Status(StrEnum):
    """A blocked member still reads their own data, but cannot order."""

    ACTIVE = "active"
    BLOCKED = "blocked"


class MemberBlocked(Forbidden):
    """The brand has blocked the member: they may look, not order."""

    code, title, title_zh = "member_blocked", "This membership is blocked", "该会员已被限制下单"
