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

REMOVED_MEMBERS = Entity(
    "removed_member",
    ("member_id",),
    (
        Event(
            "member.removed",
            "A member whom an import had made, and who had not signed in, is one no more: the import was undone.",
            "导入后从未登录的会员已移除：该导入已撤销。",
        ),
    ),
)
