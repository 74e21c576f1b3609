"""Why a goods receipt was not recorded."""

from chalicelib.kernel.errors import Conflict, Invalid


class ReceiptAboveOrder(Conflict):
    """More of a SKU would be accounted for than the purchase list has; ``extra`` carries the figures."""

    code, title, title_zh = "receipt_above_order", "The receipt is above the order", "收货数量超过采购数量"


class NotOrderedHere(Invalid):
    """The SKU is not on the purchase list for this supplier."""

    code, title, title_zh = "not_ordered_here", "The SKU was not ordered from this supplier", "该规格未向此供应商采购"


class RepeatedSku(Invalid):
    """Two lines name one SKU; their figures belong into one line."""

    code, title, title_zh = "repeated_sku", "Two lines name the same SKU", "规格重复，请合并"


class DamagedAboveReceived(Invalid):
    """More units are damaged than came."""

    code, title, title_zh = "damaged_above_received", "More damaged than received", "破损数量超过收货数量"


class NothingReceived(Invalid):
    """A line says nothing: no unit came, is short, or was substituted."""

    code, title, title_zh = "nothing_received", "The line has no units", "该行没有任何数量"


class SubstituteIsTheSame(Invalid):
    """A SKU cannot come in place of itself."""

    code, title, title_zh = "substitute_is_the_same", "The substitute is the same SKU", "替代规格与原规格相同"


class UnknownSubstitute(Invalid):
    """The brand has no such SKU."""

    code, title, title_zh = "unknown_substitute", "There is no such SKU", "替代规格不存在"


class NoSurplus(Conflict):
    """Units are to go to the shelf that orders need; ``extra`` says how many are over."""

    code, title, title_zh = "no_surplus", "These units are ordered", "这些商品已被订购，不能入库"


class GoodsUnaccounted(Conflict):
    """Of goods that were bought nobody has said whether they came; ``extra`` names each SKU with its figures."""

    code, title, title_zh = "goods_unaccounted", "Some goods are unaccounted for", "部分商品到货情况未登记"


class OrdersBeingAdjusted(Conflict):
    """Orders are being lowered to what there is; members are told that theirs are ready only after that."""

    code, title, title_zh = "orders_being_adjusted", "Orders are still being adjusted", "订单调整尚未完成，请稍后再试"


def being_adjusted() -> OrdersBeingAdjusted:
    """The refusal of what has to wait until it is known what is in each order."""
    return OrdersBeingAdjusted(
        "Orders are being adjusted to what there is; try again in a moment.",
        detail_zh="订单正在按到货情况调整，请稍后再试。",
    )


class ReceivingOver(Conflict):
    """The campaign has been handed over; nothing is received for it any more."""

    code, title, title_zh = "receiving_over", "The campaign is past its receipts", "活动收货阶段已结束"
