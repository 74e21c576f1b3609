"""Why a purchase list was not frozen or not shown."""

from chalicelib.kernel.errors import Conflict, Invalid, NotFound


class AlreadyReceiving(Conflict):
    """Goods of the campaign have come in: the list they were ordered by stands."""

    code, title, title_zh = "already_receiving", "Goods were received already", "已开始收货，采购单不可更改"


class StillReleasing(Conflict):
    """Orders of the campaign are being adjusted to what can be had; the list is frozen again after that."""

    code, title, title_zh = "still_releasing", "Orders are still being adjusted", "订单调整尚未完成，请稍后再试"


class PurchasingOver(Conflict):
    """The campaign is past its purchase."""

    code, title, title_zh = "purchasing_over", "The campaign is past its purchase", "活动采购阶段已结束"


class NotOnList(Invalid):
    """The campaign's purchase list has no line of the SKU."""

    code, title, title_zh = "not_on_list", "The SKU is not on the list", "采购单中没有该规格"


class NoSuchVersion(NotFound):
    """The campaign's purchase list has no such version."""

    code, title, title_zh = "no_such_version", "The list has no such version", "采购单没有该版本"
