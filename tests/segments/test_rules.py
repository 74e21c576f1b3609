"""Rules: what they take and refuse, of whom they hold, why, when they may turn by time alone, and in words."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.histories.model import Part, Purchase
from chalicelib.members.model.classes import Thresholds
from chalicelib.segments.errors import RuleRefused
from chalicelib.segments.model.evaluating import explained, holds, next_look_on
from chalicelib.segments.model.facts import Facts
from chalicelib.segments.model.fields import FIELDS, Kind
from chalicelib.segments.model.membership import Defined, belongs, depending_on, in_order
from chalicelib.segments.model.rules import Rule, located, read_rule
from chalicelib.segments.model.words import VALUES, Speaker

TODAY = date(2026, 11, 30)


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def bought(days: int, product: str = "p1", category: str = "fruit", units: int = 1, minor: int = 1_000) -> Purchase:
    return Purchase(
        f"o{days}", ago(days), "CNY", minor, units, pickup_point_id="point",
        parts=(Part(product, category, units, minor),),
    )  # fmt: skip


def facts(*purchases: Purchase, **more: Any) -> Facts:
    days = sorted(each.on for each in purchases)
    first, last = (days[0], days[-1]) if days else (None, None)
    usual = {"first_ordered_on": first, "last_ordered_on": last, "seen_on": last, "purchases": purchases}
    return Facts(**{"today": TODAY, "joined_on": ago(200), "currency": "CNY", **usual, **more})


def condition(field: str, op: str, value: Any) -> Rule:
    return read_rule({"field": field, "op": op, "value": value})


@pytest.mark.parametrize(
    ("field", "op", "value", "who", "expected"),
    [
        ("class", "any_of", ["dormant"], facts(bought(100), bought(40)), True),
        ("class", "any_of", ["dormant"], facts(bought(100), bought(29)), False),
        ("class", "none_of", ["churned"], facts(), True),
        ("class", "any_of", ["churned"], facts(left=True), True),
        ("tier", "any_of", ["gold", "silver"], facts(tier="gold"), True),
        ("tier", "any_of", ["gold"], facts(), False),
        ("tags", "all_of", ["spicy", "vip"], facts(tags=frozenset({"spicy", "vip", "x"})), True),
        ("tags", "all_of", ["spicy", "vip"], facts(tags=frozenset({"spicy"})), False),
        ("tags", "none_of", ["spicy"], facts(), True),
        ("points", "at_least", 100, facts(points=100), True),
        ("points", "at_most", 99, facts(points=100), False),
        ("recency", "at_least", 30, facts(bought(30)), True),
        ("recency", "at_least", 30, facts(bought(29)), False),
        ("recency", "at_least", 0, facts(), False),
        ("joined_on", "from", "2026-05-14", facts(), True),
        ("joined_on", "until", "2026-05-13", facts(), False),
        ("frequency", "at_least", 2, facts(bought(3), bought(3, "p2"), bought(9)), True),
        ("frequency", "at_least", 3, facts(bought(3), bought(3, "p2"), bought(9)), False),
        ("orders", "at_least", {"number": 3}, facts(bought(3), bought(3, "p2"), bought(9)), True),
        ("orders", "at_least", {"number": 1, "within_days": 3}, facts(bought(3)), False),
        ("orders", "at_least", {"number": 1, "within_days": 4}, facts(bought(3)), True),
        ("units", "at_least", {"number": 5, "product_ids": ["p1"]}, facts(bought(3, units=5)), True),
        ("units", "at_least", {"number": 5, "product_ids": ["p2"]}, facts(bought(3, units=5)), False),
        ("monetary", "at_least", {"number": 2_000}, facts(bought(3), bought(4)), True),
        ("monetary", "at_most", {"number": 999, "categories": ["fruit"]}, facts(bought(3)), False),
        ("purchases", "bought", {"product_ids": ["p1"], "within_days": 30}, facts(bought(29)), True),
        ("purchases", "bought", {"product_ids": ["p1"], "within_days": 30}, facts(bought(30)), False),
        ("purchases", "not_bought", {"product_ids": ["p2"]}, facts(bought(1)), True),
        ("purchases", "not_bought", {}, facts(), True),
        ("purchases", "bought", {"from_on": "2026-11-01", "to_on": "2026-11-29"}, facts(bought(0)), False),
        ("pickup_points", "any_of", ["point"], facts(bought(1)), True),
        ("interests", "any_of", ["tea"], facts(profile={"interests": ["tea", "fish"]}), True),
        ("gender", "any_of", ["female"], facts(profile={}), False),
        ("consents", "any_of", ["marketing"], facts(consents=frozenset({"marketing"})), True),
        ("origin", "any_of", ["import"], facts(origin="import"), True),
        ("language", "any_of", ["zh"], facts(), False),
        ("rfm_recency", "at_least", 5, facts(scores=(5, 1, 3)), True),
        ("rfm_recency", "at_most", 4, facts(scores=(5, 1, 3)), False),
        ("rfm_frequency", "at_most", 1, facts(scores=(5, 1, 3)), True),
        ("rfm_monetary", "at_least", 4, facts(scores=(5, 1, 3)), False),
        ("rfm_monetary", "at_least", 1, facts(), False),
        ("rfm_monetary", "at_most", 5, facts(), False),
    ],
)  # fmt: skip
def test_each_field_is_compared(field: str, op: str, value: Any, who: Facts, expected: bool) -> None:
    assert holds(condition(field, op, value), who) is expected
    assert holds(read_rule({"not": {"field": field, "op": op, "value": value}}), who) is not expected


def test_every_field_is_asked_by_some_comparison() -> None:
    someone = facts(bought(3), profile={})
    usual: dict[Kind, Any] = {Kind.NUMBER: 3, Kind.DAY: "2026-11-01", Kind.PURCHASES: {}, Kind.SUM: {"number": 1}}
    for name, field in FIELDS.items():
        value = usual.get(field.kind) or ({} if field.kind is Kind.PURCHASES else [(*field.values, "x")[0]])
        for op in field.ops:
            rule = condition(name, op.value, value)
            assert isinstance(holds(rule, someone), bool)
            assert rule == read_rule(rule.as_json())
            for language in ("zh", "en"):
                words = Speaker(language, "CNY").rule(rule)
                assert words, name


def test_money_of_another_currency_is_not_added() -> None:
    abroad = Purchase("x", ago(1), "USD", 99_999, 1)
    assert not holds(condition("monetary", "at_least", {"number": 1_001}), facts(bought(2), abroad))


DEEP = {"all": [{"any": [{"not": {"all": [{"field": "points", "op": "at_least", "value": 1}]}}]}]}


@pytest.mark.parametrize(
    ("rule", "pointer", "said"),
    [
        ({}, "/rule", "This is no rule"),
        (None, "/rule", "This is no rule"),
        ({"all": []}, "/rule/all", "Name one condition"),
        ({"all": [{"field": "shoe", "op": "any_of", "value": ["x"]}]}, "/rule/all/0/field", "there are: class, tier"),
        ({"field": "class", "op": "at_least", "value": 3}, "/rule/op", "any_of, none_of"),
        ({"field": "class", "op": "any_of", "value": ["new", "old"]}, "/rule/value/1", "new, active, dormant, churned"),
        ({"field": "tier", "op": "any_of", "value": []}, "/rule/value", "one value at least"),
        ({"field": "tier", "op": "any_of", "value": [7]}, "/rule/value/0", "text of 1 to 60"),
        ({"field": "points", "op": "at_least", "value": "3"}, "/rule/value", "whole number from 0"),
        ({"field": "points", "op": "at_least", "value": True}, "/rule/value", "whole number from 0"),
        *(
            ({"field": "rfm_monetary", "op": "at_least", "value": wrong}, "/rule/value",
             "A value score is a whole number from 1 to 5")
            for wrong in (0, 6, -1, 2.5, "5", None, True, [5])
        ),
        ({"field": "rfm_recency", "op": "any_of", "value": [5]}, "/rule/op", "at_least, at_most"),
        ({"field": "joined_on", "op": "from", "value": "2026-02-30"}, "/rule/value", "YYYY-MM-DD"),
        ({"field": "joined_on", "op": "from", "value": "20260228xx"}, "/rule/value", "YYYY-MM-DD"),
        ({"field": "orders", "op": "at_least", "value": 3}, "/rule/value", "which purchases count"),
        ({"field": "orders", "op": "at_least", "value": {}}, "/rule/value/number", "whole number"),
        ({"field": "purchases", "op": "bought", "value": {"shop": 1}}, "/rule/value/shop", "product_ids, categories"),
        ({"field": "purchases", "op": "bought", "value": {"within_days": 0}}, "/rule/value/within_days", "from 1 to"),
        ({"field": "purchases", "op": "bought", "value": {"within_days": 3, "from_on": "2026-01-01"}},
         "/rule/value/within_days", "not both"),
        ({"field": "purchases", "op": "bought", "value": {"from_on": "2026-02-01", "to_on": "2026-01-01"}},
         "/rule/value/to_on", "before the first"),
        (DEEP, "/rule/all/0/any/0/not/all/0", "4 levels"),
        ({"any": [{"field": "points", "op": "at_least", "value": 1}] * 31}, "/rule/any/30", "30 conditions"),
        ({"field": "tags", "op": "any_of", "value": [f"t{n}" for n in range(101)]}, "/rule", "100 values"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_at_its_place(rule: Any, pointer: str, said: str) -> None:
    with pytest.raises(RuleRefused) as refusal:
        read_rule(rule)
    (error,) = refusal.value.errors
    assert (error.pointer, said in error.message) == (pointer, True), error.message
    assert error.message_zh
    assert error.message_zh != error.message


def test_conditions_are_found_at_their_pointers() -> None:
    rule = read_rule({"all": [{"not": {"field": "points", "op": "at_least", "value": 1}}, {"any": [
        {"field": "tier", "op": "any_of", "value": ["x"]}]}]})  # fmt: skip
    assert [pointer for _, pointer in located(rule)] == ["/rule/all/0/not", "/rule/all/1/any/0"]


def test_why_names_each_condition_with_what_it_met() -> None:
    rule = read_rule({"any": [
        {"field": "recency", "op": "at_least", "value": 30},
        {"field": "monetary", "op": "at_least", "value": {"number": 5_000}},
        {"field": "tier", "op": "any_of", "value": ["gold"]},
        {"field": "rfm_recency", "op": "at_most", "value": 1},
    ]})  # fmt: skip
    met = explained(rule, facts(bought(40, minor=1_250)))
    speaker = Speaker("en", "CNY", {"tiers:gold": "Gold card"})
    assert [(speaker.condition(each.condition), each.holds, speaker.found(each)) for each in met] == [
        ("days since the last order at least 30", True, "40"),
        ("money spent at least CN¥50.00", False, "CN¥12.50"),
        ("tier: Gold card", False, "nothing known"),
        ("recency score at most 1", False, "no score yet"),
    ]
    scored = explained(rule, facts(bought(40), scores=(1, 4, 5)))[-1]
    in_chinese = Speaker("zh", "CNY")
    assert (in_chinese.condition(scored.condition), scored.holds, in_chinese.found(scored)) == (
        "最近购买评分至多 1", True, "1",
    )  # fmt: skip


def test_a_rule_in_words() -> None:
    rule = read_rule({"all": [
        {"field": "orders", "op": "at_least", "value": {"number": 3}},
        {"any": [
            {"field": "purchases", "op": "not_bought", "value": {"categories": ["水果"], "within_days": 30}},
            {"not": {"field": "class", "op": "any_of", "value": ["active", "new"]}},
        ]},
    ]})  # fmt: skip
    assert Speaker("en", "CNY").rule(rule) == (
        "orders at least 3 and (has not bought 水果 in the last 30 days or not (class: active or new))"
    )
    assert (
        Speaker("zh", "CNY").rule(rule)
        == "订单数至少 3，且（最近 30 天未购买水果，或不满足（会员分类为活跃、新会员））"
    )


_CONDITIONS = some.one_of(
    some.tuples(some.just("recency"), some.sampled_from(["at_least", "at_most"]), some.integers(0, 40)),
    some.tuples(some.just("days_since_joined"), some.sampled_from(["at_least", "at_most"]), some.integers(0, 40)),
    some.tuples(some.just("days_since_first_order"), some.sampled_from(["at_least", "at_most"]), some.integers(0, 40)),
    some.tuples(
        some.just("class"), some.just("any_of"), some.lists(some.sampled_from(["new", "active", "dormant"]), min_size=1)
    ),
    some.tuples(
        some.sampled_from(["orders", "units", "monetary"]), some.sampled_from(["at_least", "at_most"]),
        some.builds(lambda n, w: {"number": n, "within_days": w}, some.integers(0, 3), some.integers(1, 40)),
    ),
    some.tuples(
        some.just("purchases"), some.sampled_from(["bought", "not_bought"]),
        some.builds(lambda w: {"within_days": w, "product_ids": ["p1"]}, some.integers(1, 40)),
    ),
)  # fmt: skip


@given(
    some.lists(_CONDITIONS, min_size=1, max_size=3), some.lists(some.integers(0, 50), max_size=4), some.integers(0, 50)
)
def test_no_rule_turns_before_the_day_that_was_named(conditions: list[Any], orders: list[int], joined: int) -> None:
    rule = read_rule({"any": [{"field": field, "op": op, "value": value} for field, op, value in conditions]})
    purchases = tuple(bought(each, "p1" if each % 2 else "p2") for each in orders)

    def on(day: date) -> Facts:
        return facts(*purchases, today=day, joined_on=ago(joined), thresholds=Thresholds(7, 14, 28))

    day = TODAY
    while (following := next_look_on([rule], on(day))) is not None:
        quiet = [day + timedelta(n) for n in range((following - day).days)]
        assert {holds(rule, on(each)) for each in quiet} == {holds(rule, on(day))}
        day = following
    far = [day + timedelta(n) for n in range(100)]
    assert {holds(rule, on(each)) for each in far} == {holds(rule, on(day))}


def test_segments_are_decided_after_those_that_they_ask_for() -> None:
    tagged = Defined("A", condition("points", "at_least", 10), "vip")
    asks_tag = Defined("B", condition("tags", "any_of", ["vip"]))
    asks_segment = Defined("C", read_rule({"not": {"field": "segments", "op": "any_of", "value": ["B"]}}))
    listed = Defined("D", None, "tester")
    order = in_order([asks_segment, asks_tag, listed, tagged]).segments
    assert belongs(order, facts(points=10), frozenset(), ["spicy"]).segments == {"A", "B"}
    assert belongs(order, facts(points=10), frozenset(), ["spicy"]).tags == ("spicy", "vip")
    assert belongs(order, facts(), frozenset({"D"}), ()).segments == {"C", "D"}
    assert depending_on([asks_segment, asks_tag, listed, tagged], "A") == {"A", "B", "C"}


def test_a_ring_of_segments_is_found() -> None:
    one = Defined("A", condition("segments", "any_of", ["B"]))
    two = Defined("B", condition("tags", "any_of", ["vip"]))
    three = Defined("C", condition("segments", "any_of", ["A"]), "vip")
    assert {each.id for each in in_order([one, two, three]).rings} == {"A", "B", "C"}


def test_every_value_that_the_product_knows_has_words_in_both_languages() -> None:
    for name, field in FIELDS.items():
        for value in field.values:
            assert all(VALUES[f"{name}:{value}"]), value
