"""Why a suggestion is not taken, or not changed."""

from chalicelib.kernel.errors import Conflict, TooManyRequests


class SuggestionDecided(Conflict):
    """It stands at another point than the one from which this could be done."""

    code, title, title_zh = "suggestion_decided", "The suggestion cannot be changed so", "该建议当前状态不可如此处理"


class SuggestionGrouped(Conflict):
    """It is one with another suggestion, which is decided for both; ``same_as`` of ``extra`` is that one's id."""

    code, title, title_zh = "suggestion_grouped", "The suggestion is one with another", "该建议已合并到另一条"


class TooManySuggestions(TooManyRequests):
    """The member has made as many suggestions as a day takes."""

    code, title, title_zh = "too_many_suggestions", "Enough suggestions for today", "今日建议次数已满"
