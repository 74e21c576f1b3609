"""What is published of orders."""

from chalicelib.broadcasts.model.event import Entity, Event

ORDERS = Entity(
    "order",
    ("order_id",),
    (
        Event(
            "order.placed",
            "An order is placed: one that is paid online once its payment, or its deposit, has come in; any other at "
            "once.",
            "订单已下单：在线支付的订单在付款（或定金）到账后通知，其他订单下单后立即通知。",
        ),
        Event(
            "order.changed",
            "Something of an order has changed: its lines, its money, where it is handed over, or what was handed over "
            "of it.",
            "订单内容有变化：明细、金额、取货地点或已交付的部分。",
        ),
        Event(
            "order.cancelled",
            "An order has ended without a sale: cancelled by its member or the brand, with its campaign or team, or "
            "because nothing is left of it.",
            "订单已取消：由会员或品牌取消，随团购或拼团取消，或已无剩余商品。",
        ),
        Event(
            "order.expired",
            "An order was not paid online in time; its units are on sale again.",
            "订单未在时限内完成在线支付，其商品已重新开放销售。",
        ),
        Event(
            "order.ready",
            "An order waits at its pickup point, or is on its way to the door.",
            "订单已到取货点待取，或正在送货上门。",
        ),
        Event(
            "order.picked_up",
            "All of an order was handed over.",
            "订单已全部交付。",
        ),
        Event(
            "order.forfeited",
            "An order was not collected, or its balance not paid, in time; what the brand's terms keep of its money is "
            "kept.",
            "订单逾期未取或未付尾款，按品牌条款扣留相应款项。",
        ),
        Event(
            "order.refunded",
            "An order has ended and its money goes back.",
            "订单已结束，款项退回。",
        ),
    ),
)
