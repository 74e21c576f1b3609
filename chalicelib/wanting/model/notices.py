"""What members are told of what they want. Pure."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class OfferAvailable(Notice):
    """A sold-out offer that a member waits for can be ordered again."""

    template = "offer_available"
    telling = Telling(Category.SERVICE, about="campaign")
    texts = {
        "en": (
            "You can order it now",
            '"{offer}" can be ordered again at {brand}, in "{title}". It is not kept for you: order before {until}.',
        ),
        "zh": (
            "您等待的商品可以下单了",
            "您在{brand}等待的“{offer}”（{title}）又有货了。系统不会为您预留，请尽快下单，最晚 {until} 前。",
        ),
    }
    brand: str
    offer: str
    title: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ProductsAgain(Notice):
    """Products of which a member asked to hear are in a group buy that has opened."""

    template = "products_again"
    telling = Telling(Category.SERVICE, about="campaign")
    texts = {
        "en": (
            "It is here again: {products}",
            '{brand} has {products} in "{title}". Order before {until}. You can stop these messages in the shop.',
        ),
        "zh": (
            "又开团了：{products}",
            "{brand}的团购“{title}”有您订阅的{products}，请在 {until} 前下单。可在店铺内取消提醒。",
        ),
    }
    brand: str
    products: InWords
    title: str
    until: datetime
