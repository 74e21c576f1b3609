"""Why an invitation takes no answer."""

from chalicelib.kernel.errors import Conflict


class AlreadyAnswered(Conflict):
    """The invitation has its one answer."""

    code, title, title_zh = "already_answered", "This survey is answered already", "该问卷已填写"


class InvitationExpired(Conflict):
    """The invitation was open for 30 days."""

    code, title, title_zh = "invitation_expired", "The invitation has expired", "问卷邀请已过期"
