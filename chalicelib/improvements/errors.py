"""Why an improvement cannot be measured, and a report not published."""

from chalicelib.kernel.errors import Conflict


class NotDone(Conflict):
    """What is not done cannot be measured anew, nor published."""

    code, title, title_zh = "not_done", "The improvement is not done yet", "改进尚未完成"


class TooFewAnswers(Conflict):
    """Fewer than five have answered since it was done."""

    code, title, title_zh = "too_few_answers", "Too few answers since", "此后的回答过少"


class NothingToShow(Conflict):
    """Too few have answered, or their figures would tell, beside those published before, what a few said."""

    code, title, title_zh = "nothing_to_show", "No figures that can be published", "没有可公布的结果"


class AlreadyPublished(Conflict):
    """What has been published of a survey stays as it was counted."""

    code, title, title_zh = "already_published", "The report has been published", "报告已公布过"
