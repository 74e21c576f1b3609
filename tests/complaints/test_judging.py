"""Words in both languages, and what an order is worth, decide how urgent and important a complaint is."""

import pytest

from chalicelib.complaints.model.cases import Category, Importance, Urgency
from chalicelib.complaints.model.judging import judge
from chalicelib.complaints.model.rules import STANDARD, Rule, RuleBook
from chalicelib.complaints.model.weights import CAMPAIGNS_KEPT, Sold, noted, typical_order, weights
from chalicelib.complaints.model.words import plain

USUAL = RuleBook()
HURT = [
    "my child got sick", "吃完以后食物中毒了", "我孩子吃了拉肚子", "My son is ALLERGIC to it and went to hospital",
    "我們都食物中毒了", "ＳＩＣＫ after eating it", "they made us ill", "we were not warned and my son got sick",
    "全家人上吐下瀉", "過敏了", "I do not know why my child got sick", "没想到吃完就拉肚子", "不小心被碎玻璃划伤",
    "never been so sick", "吃完没多久就呕吐", "No, this is not late: my daughter has diarrhoea", "food-poisoning!",
    "没有人管，我拉肚子了",
]  # fmt: skip
UNHURT = [
    "nobody was hurt", "my child did not get sick", "没有拉肚子", "没人受伤", "不是食物中毒",
    "it wasn't spoiled, nobody got ill", "I love chocolate", "I am sick of waiting", "没有出现过敏",
    "no one got sick", "并没有人受伤", "ill-mannered", "without any allergic",
]  # fmt: skip


@pytest.mark.parametrize("text", HURT)
def test_who_is_hurt_comes_first_however_it_is_written(text):
    assert judge(text, USUAL).urgency is Urgency.CRITICAL


@pytest.mark.parametrize("text", UNHURT)
def test_what_is_denied_or_only_sounds_alike_does_not(text):
    assert judge(text, USUAL).urgency is not Urgency.CRITICAL


@pytest.mark.parametrize(
    ("text", "category", "cause", "urgency"),
    [
        ("吃完以后食物中毒了", Category.QUALITY, "unsafe", Urgency.CRITICAL),
        ("My son is ALLERGIC to it and went to hospital", Category.QUALITY, "unsafe", Urgency.CRITICAL),
        ("草莓都烂了", Category.QUALITY, "spoiled", Urgency.HIGH),
        ("Two boxes were missing", Category.SHORTAGE, "missing_item", Urgency.HIGH),
        ("发错货了", Category.SHORTAGE, "wrong_item", Urgency.HIGH),
        ("I was charged twice", Category.PAYMENT, "overcharged", Urgency.HIGH),
        ("the shop was late again", Category.PICKUP, "late", Urgency.NORMAL),
        ("我的order是late的", Category.PICKUP, "late", Urgency.NORMAL),
        ("团长态度很差", Category.SERVICE, "rude", Urgency.NORMAL),
        ("I love chocolate", Category.OTHER, "unspecified", Urgency.LOW),
        ("", Category.OTHER, "unspecified", Urgency.LOW),
    ],
)
def test_words_in_both_languages_reveal_the_cause(text, category, cause, urgency):
    found = judge(text, USUAL)

    assert (found.category, found.cause, found.urgency) == (category, cause, urgency)


def test_the_gravest_cause_wins():
    assert judge("late, rude, and the fish was rotten", USUAL).cause == "spoiled"


def test_what_the_member_states_is_kept_and_words_only_raise_urgency():
    stated = judge("the milk was spoiled", USUAL, category=Category.PICKUP, cause="long queue")

    assert (stated.category, stated.cause, stated.urgency) == (Category.PICKUP, "long queue", Urgency.HIGH)
    assert judge("late", USUAL, category=Category.PAYMENT).urgency is Urgency.HIGH


def test_a_rule_of_the_brands_own_replaces_the_standard_ones():
    book = RuleBook(
        (Rule("unsafe", Category.QUALITY, Urgency.CRITICAL, ("bitter*",), ("苦",), Importance.HIGH),),
        {Category.OTHER: Urgency.NORMAL},
    )

    bitter = judge("The tea has a bitterness", book)
    assert (bitter.cause, bitter.urgency, bitter.importance) == ("unsafe", Urgency.CRITICAL, Importance.HIGH)
    assert judge("茶很苦", book).cause == "unsafe"
    assert judge("my child got sick", book).urgency is Urgency.NORMAL
    assert judge("late", book, category=Category.PICKUP).urgency is Urgency.NORMAL


def test_the_standard_words_are_found_as_they_stand():
    for rule in STANDARD:
        for word in (*rule.english, *rule.chinese):
            assert rule.speaks_of(plain(word.removesuffix("*"))), word


@pytest.mark.parametrize(
    ("total", "currency", "importance"),
    [
        (19_999, "CNY", Importance.NORMAL), (20_000, "CNY", Importance.HIGH), (4_999, "CNY", Importance.LOW),
        (31_200, "VND", Importance.LOW), (1_980_000, "IDR", Importance.LOW), (10_500, "INR", Importance.LOW),
        (7_000, "PHP", Importance.LOW), (1_000_000, "VND", Importance.HIGH), (50_000, "CHF", Importance.HIGH),
    ],
)  # fmt: skip
def test_importance_follows_the_orders_worth_in_its_currency(total, currency, importance):
    """1.20 dollars are little in every currency: 31,200 dong, 19,800 rupiah, 105 rupees, 70 pesos."""
    assert weights(USUAL, None, currency).of(total) is importance


def test_once_it_has_sold_a_brands_typical_order_is_the_measure():
    kept = []
    for number, (amount, buyers) in enumerate([(10_000, 5), (9_000, 3), (1_000_000, 2), (0, 0)]):
        kept = noted(kept, Sold(f"c{number}", amount, buyers))
    assert [each.campaign_id for each in kept] == ["c0", "c1", "c2"]
    assert typical_order(kept[:2]) is None
    assert typical_order(kept) == 3_000

    ours = weights(USUAL, 3_000, "USD")
    assert [ours.of(total) for total in (2_999, 3_000, 12_000)] == list(Importance)
    own = weights(RuleBook(high_from=5_000), 3_000, "USD")
    assert [own.of(total) for total in (2_999, 3_000, 5_000)] == list(Importance)


def test_only_the_last_campaigns_count_and_each_once():
    kept = []
    for number in range(CAMPAIGNS_KEPT + 3):
        kept = noted(noted(kept, Sold(f"c{number}", 100, 1)), Sold(f"c{number}", 200, 1))

    assert len(kept) == CAMPAIGNS_KEPT
    assert {each.amount_minor for each in kept} == {200}
    assert kept[-1].campaign_id == f"c{CAMPAIGNS_KEPT + 2}"


def test_a_survey_makes_a_complaint_important():
    assert judge("x", USUAL, score=2).importance is Importance.NORMAL
    assert judge("x", USUAL, score=1).importance is Importance.HIGH


def test_a_score_of_one_is_urgent_whatever_the_words():
    assert judge("", USUAL, score=1).urgency is Urgency.HIGH
    assert judge("", USUAL, score=2).urgency is Urgency.LOW


@pytest.mark.parametrize("stated", [{"cause": "late"}, {"cause": "迟到", "category": Category.PICKUP}])
def test_what_is_stated_hides_nothing_grave_that_is_written(stated):
    found = judge("It came late, and the pears gave my child food poisoning.", USUAL, **stated)
    assert (found.category, found.cause) == (Category.PICKUP, stated["cause"])
    assert (found.urgency, found.importance) == (Urgency.CRITICAL, Importance.NORMAL)
