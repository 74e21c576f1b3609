"""What is published of surveys."""

from chalicelib.broadcasts.model.event import Entity, Event

INVITATIONS = Entity(
    "invitation",
    ("invitation_id",),
    (
        Event(
            "survey.answered",
            "A member has answered a survey; the invitation shows the score.",
            "会员已填写问卷，评分见对应邀请。",
        ),
    ),
)
