"""How a member hears that points expire. Pure."""

from dataclasses import dataclass
from datetime import date

from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class PointsExpire(Notice):
    """So many points expire within a fortnight, the first of them after ``last_day``, a day of the brand."""

    template = "points_expire"
    telling = Telling(Category.SERVICE, about="loyalty")
    texts = {
        "en": (
            "{points} of your points at {brand} expire soon",
            "The first of them can be used until {last_day}. Your points page shows which expire when.",
        ),
        "zh": (
            "您在{brand}的 {points} 积分即将到期",
            "最早一批有效期至 {last_day}，请及时使用。积分页面会显示各批到期日。",
        ),
    }
    brand: str
    points: int
    last_day: date
