"""What is published of payments."""

from chalicelib.broadcasts.model.event import Entity, Event

PAYMENTS = Entity(
    "payment",
    ("payment_id",),
    (
        Event("payment.succeeded", "The provider says that a payment has come in.", "支付渠道确认付款成功。"),
        Event(
            "payment.disputed",
            "A payer disputes a payment at their bank; until it is decided, nothing of it is given back.",
            "付款人向银行提出争议；裁定之前不会退回该笔付款。",
        ),
        Event(
            "payment.dispute_ended",
            "A dispute about a payment is decided; its status says for whom.",
            "付款争议已有裁定，结果见其状态。",
        ),
        Event(
            "payment.refunded_at_provider",
            "Money of a payment was given back on the provider's own pages.",
            "有款项在支付渠道后台直接退回。",
        ),
        Event(
            "payment.differs",
            "The provider's word contradicts what was asked for; nothing is booked until someone has looked.",
            "支付渠道的结果与请求不符，须人工核对后入账。",
        ),
    ),
)
