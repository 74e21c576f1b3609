"""What is published of money on its way back."""

from chalicelib.broadcasts.model.event import Entity, Event

REFUNDS = Entity(
    "refund",
    ("order_id", "refund_id"),
    (
        Event("refund.requested", "Money of an order is to go back.", "订单有一笔款项待退回。"),
        Event(
            "refund.succeeded",
            "All of a refund has arrived: the provider says so, or it was paid out in cash.",
            "退款已全部到账：由支付渠道确认，或已用现金退还。",
        ),
        Event(
            "refund.failed",
            "The provider has declined a refund, or a part of it; someone of the brand has to look at it.",
            "支付渠道拒绝了退款或其中一部分，需要品牌人员处理。",
        ),
    ),
)
