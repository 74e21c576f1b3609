"""What is published of after-sale."""

from chalicelib.broadcasts.model.event import Entity, Event

AFTER_SALES = Entity(
    "after_sale",
    ("aftersale_id",),
    (
        Event(
            "aftersale.opened",
            "A member asks to return, exchange or repair what they collected.",
            "会员申请退货、换货或维修。",
        ),
        Event(
            "aftersale.decided",
            "The brand has approved or rejected a case, or pays back what was to be replaced.",
            "品牌已同意或拒绝售后申请，或改为退款。",
        ),
        Event("aftersale.received", "Goods of a case came back, all or a part.", "售后商品已退回全部或部分。"),
        Event("aftersale.escalated", "A case waited too long and has another owner.", "售后逾期未处理，已升级给他人。"),
        Event("aftersale.ended", "A case has ended.", "售后已结束。"),
    ),
)
