"""What journeys tell: members in the brand's own words, the team in a line."""

from dataclasses import dataclass

from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency


@dataclass(frozen=True, slots=True)
class JourneyMessage(Notice):
    """What a journey tells a member, in the brand's own words."""

    template = "journey_message"
    telling = Telling(Category.NEWS, about="journey")
    texts = {"en": ("{subject}", "{brand}: {text}"), "zh": ("{subject}", "{brand}：{text}")}
    brand: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class JourneyTask(Notice):
    """What a journey asks the team to do for a member."""

    template = "journey_task"
    telling = Telling(
        Category.SERVICE, Urgency.KNOW, audience="team", roles=frozenset({"manager", "service"}), about="member"
    )
    texts = {
        "en": ("{member}: {journey}", "The journey “{journey}” asks you to do something for {member}: {text}"),
        "zh": ("{member}：{journey}", "旅程“{journey}”提醒您为会员 {member} 处理：{text}"),
    }
    journey: str
    member: str
    text: str
