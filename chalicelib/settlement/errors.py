"""Why something is not settled, frozen or paid."""

from chalicelib.kernel.errors import Conflict, Invalid


class PeriodInvalid(Invalid):
    """The last day is before the first, too far after it, or in no century of ours."""

    code, title, title_zh = "period_invalid", "The period is not possible", "账期无效"


class PeriodNotOver(Conflict):
    """Something may still be booked in the period."""

    code, title, title_zh = "period_not_over", "The period is not over", "账期尚未结束"


class TooManyLines(Invalid):
    """The period holds more lines than one statement takes."""

    code, title, title_zh = "too_many_lines", "Too much happened in this period", "账期内明细过多"


class UnknownParty(Invalid):
    """The party is no member, or no supplier, of this brand."""

    code, title, title_zh = "unknown_party", "There is no such party", "结算对象不存在"


class AboveBalance(Conflict):
    """The amount is above what is owed; ``extra`` carries what is."""

    code, title, title_zh = "above_balance", "More than is owed", "金额超过应结余额"


class StatementReplaced(Conflict):
    """The period was frozen again, and payments are noted on the last version, which ``extra`` names."""

    code, title, title_zh = "statement_replaced", "The statement has a newer version", "对账单已有新版本"


class WrongPaymentCurrency(Invalid):
    """The brand's books are in another currency."""

    code, title, title_zh = "wrong_currency", "The books are in another currency", "币种与账簿不一致"


class NotCompleted(Conflict):
    """Only a completed campaign is settled."""

    code, title, title_zh = "campaign_not_completed", "The campaign is not completed", "活动尚未完成"


class AfterSaleOpen(Conflict):
    """Members may still return or exchange what they collected, so what is owed to whom is not final; ``extra`` says
    until when.
    """

    code, title, title_zh = "after_sale_open", "The after-sale time is not over", "售后期尚未结束"


class StillOutstanding(Conflict):
    """Money of the campaign is not where it belongs yet; ``extra`` names what and how much."""

    code, title, title_zh = "still_outstanding", "The campaign cannot be settled yet", "活动尚有未结清款项"
