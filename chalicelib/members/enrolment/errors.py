"""Why somebody who has proved an address does not become a member."""

from chalicelib.kernel.errors import Forbidden, Invalid, TooManyRequests


class InviteCodeRefused(Invalid):
    """The invite code lets nobody in: it is unknown, over, used up, or another's. Never says which."""

    code, title, title_zh = "invite_code_refused", "The invite code cannot be used", "邀请码不可用"


class OwnInvitation(Invalid):
    """The invite code is one's own: it leads back to the person who is joining, by another of their addresses."""

    code, title, title_zh = "own_invitation", "The invite code is your own", "不能使用自己的邀请码"


class TooManyInviteCodes(TooManyRequests):
    """Too many invite codes were tried from one place, or for one address."""

    code, title, title_zh = "too_many_invite_codes", "Too many invite codes were tried", "邀请码尝试过于频繁"


class InviteCodeNeeded(Forbidden):
    """The store takes new members by an invite code alone."""

    code, title, title_zh = "invite_code_needed", "An invite code is needed", "需要邀请码"


class ApplicationNeeded(Forbidden):
    """The store takes new members by application, and there is none of this address."""

    code, title, title_zh = "application_needed", "The store asks for an application", "需要提交入会申请"


class ApplicationPending(Forbidden):
    """The application of this address has not been decided yet."""

    code, title, title_zh = "application_pending", "Your application is being looked at", "入会申请审核中"


class ApplicationDeclined(Forbidden):
    """The application of this address was declined."""

    code, title, title_zh = "application_declined", "Your application was declined", "入会申请未通过"


ADMISSION = (
    InviteCodeRefused,
    OwnInvitation,
    TooManyInviteCodes,
    InviteCodeNeeded,
    ApplicationNeeded,
    ApplicationPending,
    ApplicationDeclined,
)
"""All of them, as the routes by which people join name what they refuse."""
