"""How a member is asked what they think. Pure."""

from dataclasses import dataclass
from datetime import date

from chalicelib.notices.model.notices import Category, Notice, Telling
from chalicelib.surveys.model.questions import Trigger


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


@dataclass(frozen=True, slots=True)
class ComplaintSurvey(Notice):
    """The same once a complaint was closed."""

    template = "complaint_survey"
    telling = Telling(Category.SERVICE, about="survey")
    texts = {
        "en": (
            "How did {brand} handle your complaint?",
            "We have closed your complaint. How did we handle it? {title}: {url} (until {expires_on})",
        ),
        "zh": (
            "{brand}对您投诉的处理，您满意吗？",
            "您的投诉已处理完毕，请评价我们的处理。{title}：{url}（有效期至 {expires_on}）",
        ),
    }
    brand: str
    title: str
    url: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class GeneralSurvey(Notice):
    """The same after a campaign, some days after somebody joined, or from time to time."""

    template = "general_survey"
    telling = Telling(Category.SERVICE, about="survey")
    texts = {
        "en": (
            "What do you think of {brand}?",
            "{brand} would like to know what you think; it takes half a minute. {title}: {url} (until {expires_on})",
        ),
        "zh": (
            "{brand}想听听您的意见",
            "{brand}想听听您的意见，半分钟即可填完。{title}：{url}（有效期至 {expires_on}）",
        ),
    }
    brand: str
    title: str
    url: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class SurveyReminder(Notice):
    """Who has not answered is reminded, once."""

    template = "survey_reminder"
    telling = Telling(Category.SERVICE, about="survey")
    texts = {
        "en": (
            "{brand} would still like to hear from you",
            "You can still tell us what you think, until {expires_on}. {title}: {url} We do not ask again.",
        ),
        "zh": (
            "{brand}期待您的反馈",
            "问卷仍可填写，有效期至 {expires_on}。{title}：{url}。我们不会再次提醒。",
        ),
    }
    brand: str
    title: str
    url: str
    expires_on: date


Letter = type[SurveyInvitation] | type[ComplaintSurvey] | type[GeneralSurvey]


def letter_of(trigger: Trigger) -> Letter:
    """The notice by which an invitation is told."""
    if trigger is Trigger.PICKUP:
        return SurveyInvitation
    return ComplaintSurvey if trigger is Trigger.COMPLAINT_CLOSED else GeneralSurvey
