"""Why something cannot be kept or waited for."""

from chalicelib.kernel.errors import Conflict, Invalid


class ListFull(Conflict):
    """The member's list has as many entries as it may have; one has to go before another comes."""

    code, title, title_zh = "list_full", "Your list is full", "您的列表已满"


class StillAvailable(Conflict):
    """There is something left of the offer, so there is nothing to wait for; ``extra`` says how many are ``left``."""

    code, title, title_zh = "offer_available", "The offer can be ordered now", "该商品现在可以下单"


class NothingToWaitFor(Conflict):
    """The campaign takes no orders of this member now, so nothing becomes free for them."""

    code, title, title_zh = "nothing_to_wait_for", "The campaign takes no orders now", "该活动目前不接受下单"


class TooMany(Invalid):
    """More are asked for than a member may have of the offer, or wait for where there is no such limit."""

    code, title, title_zh = "quantity_too_large", "That is more than one member may wait for", "超过每人可候补的数量"
