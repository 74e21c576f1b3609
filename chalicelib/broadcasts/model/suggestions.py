"""What is published of suggestions."""

from chalicelib.broadcasts.model.event import Entity, Event

SUGGESTIONS = Entity(
    "suggestion",
    ("suggestion_id",),
    (
        Event(
            "suggestion.opened",
            "A member has suggested something, or the team has noted what they said.",
            "会员提出建议，或由团队登记。",
        ),
        Event(
            "suggestion.escalated",
            "A suggestion was not assessed or decided in time, and has gone to somebody above.",
            "建议未按时评估或决定，已升级。",
        ),
        Event(
            "suggestion.decided",
            "A suggestion is adopted, declined or done, as its `status` says, and all of `others` with it.",
            "建议已采纳、未采纳或已落实（见 `status`），`others` 中的建议结果相同。",
        ),
        Event(
            "suggestion.joined",
            "A suggestion is one with another that was decided before, and has its outcome.",
            "建议已并入另一条已有结果的建议，结果相同。",
        ),
    ),
)
