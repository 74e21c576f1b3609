"""Why members leave, and how they hear of it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.notices.model.notices import Category, Notice, Telling


class LeaveReason(StrEnum):
    """Why somebody leaves: the reason that counts most."""

    MOVED = "moved_away"
    MESSAGES = "too_many_messages"
    PRICES = "prices"
    RANGE = "nothing_for_me"
    QUALITY = "quality"
    PICKUP = "pickup_unsuitable"
    SERVICE = "service"
    PRIVACY = "privacy"
    OTHER = "other"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class MemberLeft(Notice):
    """To who left, or for whom the team noted it."""

    template = "member_left"
    telling = Telling(Category.SERVICE, about="membership")
    texts = {
        "en": (
            "You have left {brand}",
            (
                "No more news come from us. Orders that are open go on, and points and coupons stay yours until they "
                "expire. If you did not want to leave, sign in and press the button to come back, or just order."
            ),
        ),
        "zh": (
            "您已退出{brand}",
            (
                "我们不再向您发送优惠与活动。未完成的订单照常进行，积分与优惠券在有效期内仍归您所有。"
                "如非本意，请登录后点击“重新加入”，或直接下单即可恢复。"
            ),
        ),
    }
    brand: str
