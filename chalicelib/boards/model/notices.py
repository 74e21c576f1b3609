"""What winners are told. Pure."""

from dataclasses import dataclass

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class AwardWon(Notice):
    """A member has won an award of the brand for a period."""

    template = "award_won"
    telling = Telling(Category.SERVICE, about="award")
    texts = {
        "en": (
            "You have won: {award}",
            (
                'You are number {rank} at {brand} ({period}) and have won the award "{award}": {reward}. '
                "The leaderboards in the shop show everybody who has."
            ),
        ),
        "zh": (
            "恭喜获得“{award}”",
            "您在{brand}（{period}）位列第 {rank} 名，获得奖项“{award}”：{reward}。可在商城排行榜页面查看获奖名单。",
        ),
    }
    brand: str
    award: InWords
    period: str
    rank: int
    reward: InWords
