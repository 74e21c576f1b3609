"""What the team is told of prices that need a look. Pure."""

from dataclasses import dataclass

from chalicelib.kernel.money import Money
from chalicelib.notices.model.notices import Category, Notice, Telling

_TO_TEAM = Telling(Category.SERVICE, audience="team", roles=frozenset({"manager", "planner"}), about="pricing")


@dataclass(frozen=True, slots=True)
class CompetitorIsCheaper(Notice):
    """A competitor asks less than the brand, by more than it wants to leave unseen."""

    template = "competitor_is_cheaper"
    telling = _TO_TEAM
    texts = {
        "en": (
            "{competitor} is cheaper: {goods}",
            (
                "{brand}: “{goods}” is {theirs} at {competitor}, {below} below your {ours}. The product's price page "
                "shows what was seen and what your own rules suggest; no price has been changed."
            ),
        ),
        "zh": (
            "{competitor} 价格更低：{goods}",
            (
                "{brand}：“{goods}”在 {competitor} 售 {theirs}，比您的 {ours} 低 {below}。"
                "请到商品的价格页查看记录与建议，系统不会自动改价。"
            ),
        ),
    }
    brand: str
    goods: str
    competitor: str
    theirs: Money
    ours: Money
    below: str


@dataclass(frozen=True, slots=True)
class CompetitorNoCheaper(Notice):
    """What was told of a competitor is over."""

    template = "competitor_no_cheaper"
    telling = _TO_TEAM
    texts = {
        "en": (
            "{competitor} is no longer cheaper: {goods}",
            "{brand}: “{goods}” is no longer that much cheaper at {competitor}. Nothing is to be done.",
        ),
        "zh": (
            "{competitor} 不再更低：{goods}",
            "{brand}：“{goods}”在 {competitor} 的价格已不再明显更低，无需处理。",
        ),
    }
    brand: str
    goods: str
    competitor: str


@dataclass(frozen=True, slots=True)
class PriceBelowFloor(Notice):
    """A price leaves less than the brand's margin floor asks for."""

    template = "price_below_floor"
    telling = _TO_TEAM
    texts = {
        "en": (
            "Below your margin floor: {goods}",
            (
                "{brand}: “{goods}” sells for {ours}, and your margin floor is {floor} since its cost or your rules "
                "changed. Raise the price, or set another floor on the product's price page; nothing has been changed."
            ),
        ),
        "zh": (
            "低于最低限价：{goods}",
            (
                "{brand}：“{goods}”现售 {ours}，因成本或规则变动，最低限价为 {floor}。"
                "请调整价格，或在商品的价格页修改限价；系统不会自动改价。"
            ),
        ),
    }
    brand: str
    goods: str
    ours: Money
    floor: Money


@dataclass(frozen=True, slots=True)
class PriceAboveFloor(Notice):
    """What was told of a margin floor is over."""

    template = "price_above_floor"
    telling = _TO_TEAM
    texts = {
        "en": (
            "Your margin floor is kept again: {goods}",
            "{brand}: the price of “{goods}” is no longer below your margin floor. Nothing is to be done.",
        ),
        "zh": (
            "已恢复最低限价：{goods}",
            "{brand}：“{goods}”的售价已不再低于最低限价，无需处理。",
        ),
    }
    brand: str
    goods: str


NOTICES = (CompetitorIsCheaper, CompetitorNoCheaper, PriceBelowFloor, PriceAboveFloor)
