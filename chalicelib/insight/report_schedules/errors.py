"""What keeps a report from being scheduled."""

from chalicelib.kernel.errors import Conflict, Invalid


class NotOnTheTeam(Invalid):
    """A recipient is nobody of the brand's team, or has no role that reads the report."""

    code, title, title_zh = "not_on_the_team", "A recipient cannot get this report", "收件人不能接收该报表"


class TooManySchedules(Conflict):
    """The brand has as many scheduled reports as there may be."""

    code, title, title_zh = "too_many_schedules", "There are too many scheduled reports", "定时报表过多"
