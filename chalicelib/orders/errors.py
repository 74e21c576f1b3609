"""Why an order was not placed, cancelled or handed over."""

from chalicelib.kernel.errors import Conflict, Forbidden, Invalid, TooManyRequests


class PaymentMethodUnavailable(Invalid):
    """The store does not take this way of paying."""

    code, title, title_zh = "payment_method_unavailable", "This payment method is not available", "暂不支持该支付方式"


class TooManyMembers(Invalid):
    """A search for orders finds more members than can be listed together; more of the name or number is needed."""

    code, title, title_zh = "too_many_members", "Too many members are found", "匹配的会员过多"


class UnknownOffer(Invalid):
    """A line names an offer that is not in the campaign."""

    code, title, title_zh = "unknown_offer", "The campaign has no such offer", "活动中没有该商品"


class RepeatedOffer(Invalid):
    """Two lines name one offer; their quantities belong into one line."""

    code, title, title_zh = "repeated_offer", "Two lines name the same offer", "商品重复，请合并数量"


class NotAPickupPoint(Invalid):
    """The campaign does not hand over at this pickup point."""

    code, title, title_zh = "unknown_pickup_point", "The campaign does not use this pickup point", "活动不支持该自提点"


class DeliveryUnavailable(Invalid):
    """The campaign's orders are collected; it delivers none."""

    code, title, title_zh = "delivery_unavailable", "The campaign does not deliver", "活动不支持送货上门"


class NotInAudience(Forbidden):
    """The campaign is for other members: new ones, those of a tier, those with an interest."""

    code, title, title_zh = "not_in_audience", "This campaign is not for you", "您不在活动对象范围内"


class PriceChanged(Conflict):
    """The basket costs something else than the member agreed to; ``extra`` carries the new total."""

    code, title, title_zh = "price_changed", "The price has changed", "价格已变动"


class OnlyForPoints(Conflict):
    """A gift is had for points alone, and what is no gift for money."""

    code, title, title_zh = "only_for_points", "This is a gift for points", "仅限积分兑换"


class GiftPriceChanged(Conflict):
    """The gift costs other points than the member agreed to; ``extra`` says how many."""

    code, title, title_zh = "gift_price_changed", "The points of the gift have changed", "所需积分已变动"


class GiftNotEditable(Conflict):
    """A gift that was redeemed is cancelled, or stays as it is."""

    code, title, title_zh = "gift_not_editable", "A gift cannot be changed", "积分礼品不能修改"


class SoldOut(Conflict):
    """Fewer units are left than were asked for; ``extra`` names the offer and what is left."""

    code, title, title_zh = "sold_out", "Sold out", "已售罄"


class LimitReached(Conflict):
    """The member would have more of an offer than the campaign allows to one member."""

    code, title, title_zh = "limit_reached", "The limit for one member is reached", "已达限购数量"


class CampaignNotOpen(Conflict):
    """The campaign takes no orders of this member yet; ``opens_at`` in the answer is when it does."""

    code, title, title_zh = "campaign_not_open", "The campaign is not open yet", "活动尚未开始"


class CampaignClosed(Conflict):
    """The campaign takes no orders any more."""

    code, title, title_zh = "campaign_closed", "The campaign is closed", "活动已结束"


class CutoffPassed(Conflict):
    """The order can no longer be cancelled: the campaign has closed."""

    code, title, title_zh = "cutoff_passed", "The cutoff has passed", "已过截止时间"


class NotCancellable(Conflict):
    """The order has moved on to a state from which members cannot cancel it."""

    code, title, title_zh = "not_cancellable", "This order cannot be cancelled", "订单不可取消"


class RefundTooLarge(Conflict):
    """More would go back than was paid and not refunded yet; ``extra`` carries what can be refunded."""

    code, title, title_zh = "refund_too_large", "The refund is larger than what is left", "退款金额超过可退金额"


class CampaignNotLocked(Conflict):
    """Nothing is bought, sorted or handed over before the campaign is locked."""

    code, title, title_zh = "campaign_not_locked", "The campaign is not locked yet", "活动尚未成团"


class NotAtPickup(Conflict):
    """Nothing is handed over before the campaign's goods wait at the pickup points."""

    code, title, title_zh = "not_at_pickup", "The goods are not at the pickup point yet", "商品尚未到达自提点"


class NotTheLeader(Forbidden):
    """Only the brand's people and the leader of this pickup point hand over here."""

    code, title, title_zh = "not_the_leader", "You do not run this pickup point", "您不是该自提点的团长"


class WrongPickupPoint(Conflict):
    """The order waits at another pickup point."""

    code, title, title_zh = "wrong_pickup_point", "The order waits at another pickup point", "自提点不符"


class WrongCode(Conflict):
    """The pickup code is not this order's; the try was counted."""

    code, title, title_zh = "wrong_code", "The pickup code is wrong", "取货码错误"


class NotTheirs(Conflict):
    """The parcel does not wait at this pickup point for the member whose code was said."""

    code, title, title_zh = "not_theirs", "Not a parcel of this member", "非该会员的包裹"


class CodeMissing(Invalid):
    """Only what is brought to the member's door is handed over without its pickup code."""

    code, title, title_zh = "code_missing", "The pickup code is missing", "缺少取货码"


class CodeImpossible(Invalid):
    """What was typed cannot be a pickup code, however it is read: no guess at one, so it is not counted as a try."""

    code, title, title_zh = "code_impossible", "This cannot be a pickup code", "取货码格式不正确"


class CodeLocked(TooManyRequests):
    """Too many wrong codes were tried on this order; nothing is handed over for a while, not even for the right one."""

    code, title, title_zh = "code_locked", "Too many wrong pickup codes", "取货码错误次数过多"


class BalanceUnpaid(Conflict):
    """The balance of a pre-order is paid online, and has not come."""

    code, title, title_zh = "balance_unpaid", "The balance is not paid yet", "尾款未支付"


class AlreadyPickedUp(Conflict):
    """The order was handed over before; a code serves once."""

    code, title, title_zh = "already_picked_up", "The order was picked up already", "订单已取货"


class NotCollectable(Conflict):
    """The order is not in a state to be handed over: it was cancelled, expired or refunded."""

    code, title, title_zh = "not_collectable", "The order cannot be handed over", "订单不可取货"


class NotEditable(Conflict):
    """The order is in a state in which its member cannot change it; ``extra`` names the state."""

    code, title, title_zh = "not_editable", "This order cannot be changed", "订单不可修改"


class NothingLeft(Invalid):
    """A change would leave the order without any line."""

    code, title, title_zh = "nothing_left", "The order would be empty", "订单不能为空"


class NotAdjustable(Conflict):
    """The order is not in a state in which staff adjust it; ``extra`` names the state."""

    code, title, title_zh = "not_adjustable", "This order cannot be adjusted", "订单不可调整"


class NotLower(Invalid):
    """An adjustment only takes units out of an order."""

    code, title, title_zh = "not_lower", "An adjustment can only lower a quantity", "调整只能减少数量"


class UnitsPickedUp(Conflict):
    """Units that were handed over already cannot be taken out of an order, replaced, or handed over again."""

    code, title, title_zh = "units_picked_up", "These units were handed over already", "该商品已取货"


class NotInOrder(Invalid):
    """The order has no line of this offer."""

    code, title, title_zh = "not_in_order", "The order has no such line", "订单中没有该商品"


class MoreThanOrdered(Conflict):
    """More units of a line were to be handed over than are left of it; ``extra`` says how many are."""

    code, title, title_zh = "more_than_ordered", "More than what is left of the line", "超过可取数量"


class OrderForfeited(Conflict):
    """The order was not collected in time, and forfeited as the campaign's terms say."""

    code, title, title_zh = "order_forfeited", "The order was forfeited", "订单逾期未取已失效"


class NotPaidInCash(Conflict):
    """The refund goes through a payment provider, which reports it itself."""

    code, title, title_zh = "not_paid_in_cash", "This refund is not paid out by hand", "该退款非现金退款"
