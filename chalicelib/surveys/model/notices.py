"""How a member is asked what they think. Pure."""

from dataclasses import dataclass
from datetime import date

from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class SurveyInvitation(Notice):
    """A link to a survey, open up to and including a local day. The ``title`` is the survey's own, in the language in
    which the brand wrote it, so no subject of ours is made of it.
    """

    template = "survey_invitation"
    telling = Telling(Category.SERVICE, about="survey")
    texts = {
        "en": (
            "How was your order from {brand}?",
            "Thank you for collecting your order from {brand}. How was it? {title}: {url} (until {expires_on})",
        ),
        "zh": (
            "您在{brand}的订单还满意吗？",
            "感谢您在{brand}取货，请告诉我们您的感受。{title}：{url}（有效期至 {expires_on}）",
        ),
    }
    brand: str
    title: str
    url: str
    expires_on: date
