"""Why a team was not joined, or not left."""

from chalicelib.kernel.errors import Conflict, Invalid


class NotATeamCampaign(Invalid):
    """The campaign sells without teams."""

    code, title, title_zh = "not_a_team_campaign", "The campaign has no teams", "该活动不是拼团活动"


class UnknownTeam(Invalid):
    """The campaign has no such team."""

    code, title, title_zh = "unknown_team", "The campaign has no such team", "活动中没有该拼团"


class TeamClosed(Conflict):
    """The team takes nobody any more: it has filled, failed or dissolved; ``extra`` carries its status."""

    code, title, title_zh = "team_closed", "The team takes nobody any more", "该拼团已结束"


class TeamExpired(Conflict):
    """The team's time is up; ``extra`` says since when."""

    code, title, title_zh = "team_expired", "The team's time is up", "该拼团已过期"


class TeamFull(Conflict):
    """Every place is taken, some perhaps by members who have not paid yet."""

    code, title, title_zh = "team_full", "The team has no place left", "该拼团名额已满"


class AlreadyInTeam(Conflict):
    """A team counts people: a member has one place in it."""

    code, title, title_zh = "already_in_team", "You are in this team already", "您已在该拼团中"


class TeamFilled(Conflict):
    """The team has filled; the order stands, since the others' orders rest on it."""

    code, title, title_zh = "team_filled", "The team has filled; its orders stand", "拼团已成功，订单不可取消"
