"""Why an order was not changed, adjusted or handed over in part."""

from chalicelib.kernel.errors import Conflict, Invalid


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
    """The refund goes through a payment provider, who reports it himself."""

    code, title, title_zh = "not_paid_in_cash", "This refund is not paid out by hand", "该退款非现金退款"
