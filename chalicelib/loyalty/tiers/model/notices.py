"""How a member hears of their tier. Pure."""

from dataclasses import dataclass

from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class TierReached(Notice):
    """They have risen to a tier, or were given it."""

    template = "tier_reached"
    telling = Telling(Category.SERVICE, about="loyalty")
    texts = {
        "en": (
            "You are now {tier} at {brand}",
            "Welcome! From now on you have everything that comes with {tier}.",
        ),
        "zh": ("您已成为{brand}的{tier}", "恭喜升级为{tier}，即刻享受该等级的全部权益。"),
    }
    brand: str
    tier: str


@dataclass(frozen=True, slots=True)
class TierLowered(Notice):
    """They have another tier than before, a lower one."""

    template = "tier_lowered"
    telling = Telling(Category.SERVICE, about="loyalty")
    texts = {
        "en": (
            "You are now {tier} at {brand}",
            "You were {former}. Your points page shows what leads back to it.",
        ),
        "zh": ("您在{brand}的等级变为{tier}", "您此前为{former}。积分页面会显示如何恢复原等级。"),
    }
    brand: str
    tier: str
    former: str


@dataclass(frozen=True, slots=True)
class TierEnded(Notice):
    """They have no tier any more."""

    template = "tier_ended"
    telling = Telling(Category.SERVICE, about="loyalty")
    texts = {
        "en": ("You are no longer {former} at {brand}", "Your points page shows what leads back to it."),
        "zh": ("您不再是{brand}的{former}", "积分页面会显示如何恢复该等级。"),
    }
    brand: str
    former: str
