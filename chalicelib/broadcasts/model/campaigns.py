"""What is published of campaigns."""

from chalicelib.broadcasts.model.event import Entity, Event

CAMPAIGNS = Entity(
    "campaign",
    ("campaign_id",),
    (
        Event("campaign.published", "A campaign is announced; it opens at its time.", "团购已发布，将按时开团。"),
        Event("campaign.opened", "A campaign takes orders.", "团购已开团，可以下单。"),
        Event(
            "campaign.extended",
            "A campaign has missed its target and takes orders for longer.",
            "团购未达目标，已延长下单时间。",
        ),
        Event(
            "campaign.closed",
            "A campaign takes no more orders; whether it comes about is decided next.",
            "团购已截止下单，随后决定是否成团。",
        ),
        Event("campaign.locked", "A campaign comes about, at its final prices.", "团购已成团，价格已确定。"),
        Event(
            "campaign.cancelled", "A campaign is called off; its orders are cancelled.", "团购已取消，相关订单取消。"
        ),
        Event("campaign.refunding", "Money of a cancelled campaign's orders goes back.", "已取消团购的款项正在退回。"),
        Event("campaign.refunded", "All money of a cancelled campaign has gone back.", "已取消团购的款项已全部退回。"),
        Event(
            "campaign.arrival_moved",
            "A campaign that has taken orders is expected at the pickup points on another day.",
            "已有订单的团购更改了预计到货日期。",
        ),
        Event("campaign.purchasing", "What a campaign has sold is being bought.", "团购商品正在采购。"),
        Event("campaign.received", "What was bought for a campaign has come in.", "团购商品已到货。"),
        Event("campaign.sorted", "A campaign's goods are sorted by pickup point.", "团购商品已按取货点分拣。"),
        Event("campaign.at_pickup", "A campaign's goods are at the pickup points.", "团购商品已到取货点。"),
        Event("campaign.completed", "Every order of a campaign has ended.", "团购的所有订单均已结束。"),
        Event("campaign.settled", "A campaign's accounts are closed.", "团购账目已结清。"),
    ),
)
