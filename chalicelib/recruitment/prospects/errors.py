"""Why a personal invitation refuses something."""

from chalicelib.kernel.errors import Conflict


class InvitationOver(Conflict):
    """A personal invitation is over: nothing of it can be withdrawn any more."""

    code, title, title_zh = "invitation_over", "The invitation is over", "该邀请已结束"
