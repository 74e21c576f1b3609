"""Why an improvement cannot be measured."""

from chalicelib.kernel.errors import Conflict


class NotDone(Conflict):
    """What is not done cannot be measured anew, nor published."""

    code, title, title_zh = "not_done", "The improvement is not done yet", "改进尚未完成"


class TooFewAnswers(Conflict):
    """Fewer than five have answered since it was done."""

    code, title, title_zh = "too_few_answers", "Too few answers since", "此后的回答过少"
