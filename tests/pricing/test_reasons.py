"""What a discount is called in both languages."""

import pytest

from chalicelib.kernel.money import Money
from chalicelib.pricing.model import (
    Item,
    Reduction,
    Rule,
    Step,
    Words,
    delivery_words,
    gift_words,
    off_each_words,
    off_words,
    percent_off,
    percent_words,
    price_words,
    quote,
    reduction_words,
    titled,
)


def yuan(amount: int) -> Money:
    return Money(amount * 100, "CNY")


STEPS = [Reduction(5_000, 1_000), Reduction(10_000, 2_500)]


@pytest.mark.parametrize(
    ("said", "en", "zh"),
    [
        (percent_words(1_000), "10% off", "打 9 折"),
        (percent_words(1_250), "12.5% off", "打 8.75 折"),
        (percent_words(5_000), "50% off", "打 5 折"),
        (percent_words(9_500), "95% off", "打 0.5 折"),
        (percent_words(10_000), "free", "免费"),
        (off_each_words(yuan(2)), "CN¥2.00 off each", "每件减 ¥2.00"),
        (price_words(yuan(8)), "CN¥8.00 each", "每件 ¥8.00"),
        (off_words(yuan(20)), "CN¥20.00 off", "立减 ¥20.00"),
        (delivery_words(), "free delivery", "免配送费"),
        (delivery_words(yuan(6)), "CN¥6.00 off delivery", "配送费减 ¥6.00"),
        (
            reduction_words(STEPS, "CNY"),
            "CN¥10.00 off from CN¥50.00, CN¥25.00 off from CN¥100.00",
            "满 ¥50.00 减 ¥10.00，满 ¥100.00 减 ¥25.00",
        ),
        (
            reduction_words(STEPS[:1], "CNY", repeat=True),
            "CN¥10.00 off for every CN¥50.00",
            "每满 ¥50.00 减 ¥10.00",
        ),
        (gift_words("Cup", 1, yuan(100)), "1 × Cup free from CN¥100.00", "满 ¥100.00 赠 Cup × 1"),
        (gift_words("Cup", 2, None, 3), "2 × Cup free from 3 units", "满 3 件赠 Cup × 2"),
        (titled("Harvest", percent_words(2_000)), "Harvest: 20% off", "Harvest：打 8 折"),
    ],
)
def test_a_discount_says_what_it_is(said: Words, en: str, zh: str) -> None:
    assert said == Words(en, zh)


def test_a_discount_that_a_lowest_price_limits_says_so() -> None:
    rule = Rule(Step.TIMED_PRICE, percent_words(3_000), percent_off(3_000))
    [discount] = quote([Item("tea", "tea", 1, 100, floor_minor=80)], "CNY", [rule]).discounts
    assert discount.reason == Words("30% off (limited: an item is at its lowest price)", "打 7 折（已达商品最低限价）")
