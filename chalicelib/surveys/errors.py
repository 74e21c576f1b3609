"""Why an invitation takes no answer, and a survey shows no figures."""

from chalicelib.kernel.errors import Conflict


class AlreadyAnswered(Conflict):
    """The invitation has its one answer."""

    code, title, title_zh = "already_answered", "This survey is answered already", "该问卷已填写"


class InvitationExpired(Conflict):
    """The invitation was open for 30 days."""

    code, title, title_zh = "invitation_expired", "The invitation has expired", "问卷邀请已过期"


class TooManyAnswers(Conflict):
    """A survey has more invitations than one request looks at."""

    code, title, title_zh = "too_many_answers", "Too many answers to count at once", "回答过多，无法一次统计"


class LinkClosed(Conflict):
    """The link takes no answers any more, or its survey is in the archive."""

    code, title, title_zh = "link_closed", "This survey has ended", "问卷已截止"


class SurveyArchived(Conflict):
    """A survey in the archive is sent to nobody."""

    code, title, title_zh = "survey_archived", "The survey is in the archive", "问卷已归档"


class PublishedTooOften(Conflict):
    """Figures of a survey have been published as often as can be looked through for what they tell together."""

    code, title, title_zh = "published_too_often", "Published too often", "公布次数过多"
