"""Why a complaint was not changed."""

from chalicelib.kernel.errors import Conflict, Forbidden, Invalid


class ComplaintResolved(Conflict):
    """The complaint is closed: it takes no change unless it is opened again."""

    code, title, title_zh = "complaint_resolved", "The complaint is resolved already", "投诉已处理完毕"


class HistoryFull(Conflict):
    """The complaint has had as many changes as it keeps; it can still be resolved."""

    code, title, title_zh = "history_full", "The complaint's history is full", "投诉记录已满"


class NotResolved(Conflict):
    """Only what was resolved can be opened again."""

    code, title, title_zh = "complaint_open", "The complaint is open", "投诉尚未解决"


class VerdictGiven(Conflict):
    """The member has given another verdict on this resolution: there is one, until it is opened again."""

    code, title, title_zh = "verdict_given", "You have given your verdict", "您已评价过处理结果"


class ResolutionReplaced(Conflict):
    """The verdict is on an answer that is no longer the last one, or does not say which of several it judges;
    ``resolution`` is the number of the last.
    """

    code, title, title_zh = "resolution_replaced", "There is a newer answer to judge", "已有更新的处理结果"


class RemedyImpossible(Conflict):
    """The remedy cannot be given as things stand, such as an exchange of goods that were not collected."""

    code, title, title_zh = "remedy_impossible", "This remedy is not possible now", "当前无法提供该补偿"


class RemedyInvalid(Invalid):
    """The remedy asks for what this complaint does not have, such as the refund of no order."""

    code, title, title_zh = "remedy_invalid", "The remedy does not fit the complaint", "补偿与该投诉不符"


class CouponNotForComplaints(Forbidden):
    """The role may give only coupons whose batch is to make something good (its purpose is ``remedy``)."""

    code, title, title_zh = (
        "coupon_not_for_complaints",
        "These coupons are not for complaints",
        "该优惠券不用于投诉补偿",
    )


class CauseUnknown(Invalid):
    """The cause is not on the brand's list, or paused there; ``allowed`` has those that can be named."""

    code, title, title_zh = "cause_unknown", "There is no such cause of complaints", "没有该投诉原因"


class TooManyCauses(Conflict):
    """The brand has as many causes of its own as it may have."""

    code, title, title_zh = "too_many_causes", "There are too many causes", "投诉原因过多"
