"""What is published of complaints."""

from chalicelib.broadcasts.model.event import Entity, Event

COMPLAINTS = Entity(
    "complaint",
    ("complaint_id",),
    (
        Event(
            "complaint.opened",
            "A member complains, or a low score has opened a complaint.",
            "会员提出投诉，或低分评价自动生成投诉。",
        ),
        Event(
            "complaint.escalated",
            "A complaint's first response or resolution is overdue, and it has gone to somebody above.",
            "投诉的首次响应或解决已逾期，并已升级。",
        ),
        Event("complaint.resolved", "A complaint is resolved.", "投诉已解决。"),
        Event("complaint.reopened", "A complaint that was resolved is open again.", "已解决的投诉重新打开。"),
    ),
)
