"""Why a return, exchange or repair was not taken up, or not moved on."""

from chalicelib.kernel.errors import Conflict, Invalid


class NothingReceived(Conflict):
    """The order has not been picked up, so nothing of it can come back."""

    code, title, title_zh = "nothing_received", "Nothing of this order was picked up yet", "订单尚未取货"


class AfterSaleNotOffered(Conflict):
    """The product is not taken back, exchanged or repaired; the line says which."""

    code, title, title_zh = "after_sale_not_offered", "This is not offered for the product", "该商品不支持此类售后"


class WindowPassed(Conflict):
    """The days in which the product could come back are over; ``extra`` says since when."""

    code, title, title_zh = "window_passed", "The after-sale window has passed", "已超过售后期限"


class MoreThanReceived(Conflict):
    """More units are claimed than were handed over and are not part of another case; ``extra`` says how many are."""

    code, title, title_zh = "more_than_received", "More units than you can claim", "申请数量超过可售后数量"


class MoreThanClaimed(Conflict):
    """More units come back than the case is about."""

    code, title, title_zh = "more_than_claimed", "More units than the case is about", "数量超过售后数量"


class GoodsNotExpected(Conflict):
    """The member keeps the goods, so none of them come back."""

    code, title, title_zh = "goods_not_expected", "The goods stay with the member", "商品无需寄回"


class GoodsNotArrived(Conflict):
    """Money goes back when the goods have arrived, and these have not; ``extra`` says how many units have."""

    code, title, title_zh = "goods_not_arrived", "The goods have not arrived yet", "商品尚未收到"


class KeyOrRevisionNeeded(Conflict):
    """Something of the case came before, so this may be the same request again: only a key or a revision tells."""

    code, title, title_zh = (
        "key_or_revision_needed",
        "Say whether this is another part",
        "请说明是否为另一次收货",
    )


class MoveRefused(Conflict):
    """The case cannot go there from where it stands; ``extra`` names its state and where it can go."""

    code, title, title_zh = (
        "after_sale_move_refused",
        "The case cannot take this step now",
        "售后单当前状态不允许此操作",
    )


class NotAnExchange(Conflict):
    """Only an exchange is turned into a refund; a return pays back by its decision, a repair pays back nothing."""

    code, title, title_zh = "not_an_exchange", "The case is not an exchange", "该售后单不是换货"


class NothingOutstanding(Conflict):
    """Every unit of the exchange was handed over or paid back; ``extra`` names the exchange order."""

    code, title, title_zh = "exchange_settled", "Nothing of this exchange is outstanding", "换货已交付或已退款"


class CaseEnded(Conflict):
    """The case is closed, so it takes no owner."""

    code, title, title_zh = "after_sale_ended", "The case has ended", "售后单已结束"


class HistoryFull(Conflict):
    """The case has changed hands as often as its history bears; it can still be decided and worked off."""

    code, title, title_zh = "history_full", "The case's history is full", "售后单记录已满"


class RefundBeyondCase(Invalid):
    """The decision pays back units that the case is not about."""

    code, title, title_zh = "refund_beyond_case", "More units than the case is about", "退款数量超过售后数量"
