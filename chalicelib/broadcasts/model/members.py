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
        Event(
            "member.profile_changed",
            "What is known of a member, by what they are reached, what they agree to, or their language has changed.",
            "会员的资料、联系方式、授权或语言已变更。",
        ),
        Event(
            "member.left",
            "A member has left the community. What is theirs stays, and nothing new is sent to them.",
            "会员已退出社群：其订单、积分与优惠券保留，不再向其发送营销消息。",
        ),
        Event(
            "member.rejoined",
            "A member who had left is back: by their own word, by an order, or by a word of the team.",
            "已退出的会员重新加入：本人操作、下单，或由团队登记。",
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
