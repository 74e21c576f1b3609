"""What is published of invoices."""

from chalicelib.broadcasts.model.event import Entity, Event

INVOICES = Entity(
    "invoice",
    ("invoice_id",),
    (
        Event("invoice.requested", "A member asks for the invoice of an order.", "会员申请订单发票。"),
        Event(
            "invoice.changed",
            "What a member asked for has changed, or money of the order went back after the invoice was issued.",
            "发票申请已修改，或开票后订单发生退款。",
        ),
        Event("invoice.issued", "The brand has noted that an invoice was issued.", "品牌已登记开具发票。"),
        Event("invoice.voided", "The brand has voided an invoice.", "品牌已作废发票。"),
        Event(
            "invoice.withdrawn",
            "The order of a requested invoice has ended, and nothing is left to invoice.",
            "订单已结束，发票申请已撤回。",
        ),
    ),
)
