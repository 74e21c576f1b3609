"""Why a complaint was not changed."""

from chalicelib.kernel.errors import Conflict


class ComplaintResolved(Conflict):
    """The complaint is closed: it takes no change any more."""

    code, title, title_zh = "complaint_resolved", "The complaint is resolved already", "投诉已处理完毕"


class HistoryFull(Conflict):
    """The complaint has had as many changes as it keeps; it can still be resolved."""

    code, title, title_zh = "history_full", "The complaint's history is full", "投诉记录已满"
