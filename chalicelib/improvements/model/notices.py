"""What the owner of an improvement hears. Pure."""

from dataclasses import dataclass

from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency


@dataclass(frozen=True, slots=True)
class ImprovementDue(Notice):
    """An improvement that belongs to the reader, from the team, is due today."""

    template = "improvement_due"
    telling = Telling(Category.ORDER, Urgency.ACT, audience="team", about="improvement")
    texts = {
        "en": (
            "Due today: {title}",
            "The improvement “{title}” is yours, and due today. Say what was done, or move the day.",
        ),
        "zh": ("今日到期：{title}", "您负责的改进任务“{title}”今日到期，请填写完成情况或调整日期。"),
    }
    title: str
