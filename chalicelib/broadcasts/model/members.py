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
        Event(
            "member.points_changed",
            "A member has earned, spent or lost points, or was given some.",
            "会员积分发生变动：获得、使用、过期或由品牌调整。",
        ),
        Event(
            "member.tier_changed",
            "A member has another tier than before, or none any more.",
            "会员等级发生变动。",
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
