"""What the author of a review hears, and who may write one. Pure."""

from dataclasses import dataclass

from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class ReviewReplied(Notice):
    """The brand has answered a review."""

    template = "review_replied"
    telling = Telling(Category.SERVICE, about="review")
    texts = {
        "en": ("{brand} has answered your review", "{brand} has answered your review of {goods}: “{text}”."),
        "zh": ("{brand}回复了您的评价", "{brand}回复了您对{goods}的评价：“{text}”。"),
    }
    brand: str
    goods: str
    text: str


@dataclass(frozen=True, slots=True)
class ReviewHidden(Notice):
    """The brand shows a review no more."""

    template = "review_hidden"
    telling = Telling(Category.SERVICE, about="review")
    texts = {
        "en": (
            "Your review at {brand} is not shown any more",
            (
                "{brand} does not show your review of {goods} any more: {reason} You still see it, and can change it "
                "for a while or take it back."
            ),
        ),
        "zh": (
            "您在{brand}的评价已不再展示",
            "{brand}不再展示您对{goods}的评价，原因：{reason} 您仍可查看，并可在期限内修改或删除。",
        ),
    }
    brand: str
    goods: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewShownAgain(Notice):
    """The brand shows a review again that it had hidden."""

    template = "review_shown_again"
    telling = Telling(Category.SERVICE, about="review")
    texts = {
        "en": ("Your review at {brand} is shown again", "{brand} shows your review of {goods} again."),
        "zh": ("您在{brand}的评价已恢复展示", "{brand}已恢复展示您对{goods}的评价。"),
    }
    brand: str
    goods: str


@dataclass(frozen=True, slots=True)
class ReviewWanted(Notice):
    """Asks a buyer what they think of what they collected."""

    template = "review_wanted"
    telling = Telling(Category.SERVICE, about="order")
    texts = {
        "en": (
            "How is what you collected from {brand}?",
            "Stars, and a word if you like: other neighbours read what you think of it. {url}",
        ),
        "zh": ("您在{brand}取的商品还满意吗？", "给几颗星，也可以写两句话，供其他邻居参考：{url}"),
    }
    brand: str
    url: str
