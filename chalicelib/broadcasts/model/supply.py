"""What is published of what is bought for campaigns, and of what came."""

from chalicelib.broadcasts.model.event import Entity, Event

PURCHASE_LISTS = Entity(
    "purchase_list",
    ("campaign_id", "version"),
    (
        Event(
            "purchase_list.frozen",
            "What has to be bought for a campaign is written down, or anew in another version.",
            "团购采购单已生成，或已更新为新版本。",
            emitted="list.frozen",
        ),
    ),
)

RECEIPTS = Entity(
    "receipt",
    ("campaign_id", "receipt_id"),
    (
        Event(
            "receipt.recorded",
            "Goods came from a supplier and were counted.",
            "供应商到货并已清点入库。",
        ),
    ),
)
