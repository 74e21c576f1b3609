"""What is published of reviews."""

from chalicelib.broadcasts.model.event import Entity, Event

REVIEWS = Entity(
    "review",
    ("review_id",),
    (
        Event("review.written", "A member has reviewed something that they collected.", "会员评价了已取货的商品。"),
        Event("review.edited", "A member has changed their review.", "会员修改了评价。"),
        Event("review.deleted", "A member has taken their review back, for good.", "会员删除了评价，不可恢复。"),
        Event("review.replied", "The brand has answered a review for the first time.", "品牌首次回复了评价。"),
        Event(
            "review.hidden",
            "The brand shows a review no more; it counts in no average.",
            "品牌隐藏了评价，不再计入评分。",
        ),
        Event("review.shown", "The brand shows a hidden review again.", "品牌恢复展示已隐藏的评价。"),
    ),
)
