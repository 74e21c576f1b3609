"""What is published of enquiries."""

from chalicelib.broadcasts.model.event import Entity, Event

ENQUIRIES = Entity(
    "enquiry",
    ("enquiry_id",),
    (
        Event("enquiry.opened", "A member asks the brand something.", "会员提出咨询。"),
        Event(
            "enquiry.answered",
            "An enquiry was answered from the FAQ, or from orders of the member.",
            "咨询已根据常见问题或会员订单自动答复。",
        ),
        Event("enquiry.handed_over", "An enquiry needs a person to answer it.", "咨询转由人工答复。"),
        Event("enquiry.told", "The team has written to the member who asked.", "团队已答复会员。"),
        Event("enquiry.replied", "The member who asked has written again.", "会员在咨询中再次留言。"),
        Event(
            "enquiry.escalated",
            "An enquiry's first response or end is overdue, and somebody above was told.",
            "咨询的首次响应或处理已逾期，并已升级。",
        ),
        Event(
            "enquiry.closed",
            "An enquiry is closed: by the team, by its member, or because nobody answered.",
            "咨询已关闭：由团队或会员关闭，或因长期未回复。",
        ),
    ),
)
