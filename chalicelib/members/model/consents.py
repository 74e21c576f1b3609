"""The words by which members are asked what they agree to. Pure.

An answer is kept with the version of the words that it answered. Whoever changes one of them raises ``WORDS``, which a
test demands: what somebody agreed to under other words stays known as that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.kernel.language import Language

WORDS: Final = 1
"""The version of all of them together, as they stand."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a purpose: its title and its meaning, by language."""

    title: Mapping[Language, str]
    text: Mapping[Language, str]


QUESTIONS: Mapping[str, Question] = {
    "marketing": Question(
        {"en": "News and offers", "zh": "优惠与活动"},
        {"en": "The shop sends you news and offers.", "zh": "店铺会向您发送优惠和活动消息。"},
    ),
    "analytics": Question(
        {"en": "How the shop is used", "zh": "使用统计"},
        {
            "en": "The shop counts which pages and offers you look at, and counts your answers about yourself in its "
            "figures. Your name is in none of them.",
            "zh": "店铺会统计您浏览的页面和商品，并将您填写的资料计入统计数据；数据中不含您的姓名。",
        },
    ),
    "personalisation": Question(
        {"en": "Chosen for you", "zh": "个性化推荐"},
        {
            "en": "The shop chooses what to show and offer you by what you saw, bought, and say of yourself.",
            "zh": "店铺会根据您的浏览、购买及填写的资料，为您挑选展示和推荐的内容。",
        },
    ),
    "leaderboards": Question(
        {"en": "My name on leaderboards", "zh": "在排行榜显示我的姓名"},
        {
            "en": "Other members read your name on the shop's leaderboards. Otherwise they read no more than its first "
            "character.",
            "zh": "其他会员可在本店排行榜看到您的姓名；不同意时仅显示首字。",
        },
    ),
}
"""What members are asked, by purpose."""
