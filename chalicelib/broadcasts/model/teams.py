"""What is published of teams."""

from chalicelib.broadcasts.model.event import Entity, Event

TEAMS = Entity(
    "team",
    ("team_id",),
    (
        Event("team.filled", "Every place of a team is taken and paid for.", "拼团已成团，名额均已付款。"),
        Event(
            "team.failed",
            "A team did not fill in time; its orders are cancelled and their money goes back.",
            "拼团未按时成团，相关订单取消并退款。",
        ),
    ),
)
