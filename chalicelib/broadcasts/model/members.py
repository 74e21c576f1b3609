"""What is published of members."""

from chalicelib.broadcasts.model.event import Entity, Event

MEMBERS = Entity(
    "member",
    ("member_id",),
    (
        Event(
            "member.joined",
            "Somebody is a member from now on: signed up, written down by the brand, or imported.",
            "新增会员：自行注册、由品牌录入或导入。",
        ),
    ),
)
