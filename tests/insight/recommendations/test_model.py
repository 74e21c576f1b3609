"""What a member may want next: each source by hand, what is not told, and how they are blended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.insight.model.associations import Rule
from chalicelib.insight.recommendations.model import (
    Bought,
    Candidate,
    Evidence,
    Group,
    Source,
    agreed,
    blend,
    by_tag,
    due_again,
    may_tell,
    of_group,
    together,
)

TODAY = date(2017, 6, 15)
TITLES = {"tea": "Tea", "cake": "Cake"}


def days(*before: int) -> list[date]:
    return [TODAY - timedelta(days=each) for each in before]


def scores(some: list[Candidate]) -> dict[str, float]:
    return {each.product_id: each.score for each in some}


class TestDueAgain:
    def test_what_was_bought_on_a_single_day_is_never_due(self) -> None:
        assert due_again({"tea": days(5, 5)}, 10, TODAY) == []

    def test_by_the_share_of_days_and_less_after_twice_the_interval(self) -> None:
        [tea] = due_again({"tea": days(30, 20, 10)}, 6, TODAY)
        [late] = due_again({"tea": days(60, 50, 40)}, 6, TODAY)
        assert (tea.score, tea.evidence.every_days) == (0.5, 10)
        assert late.score == 0.25

    def test_the_days_may_come_in_any_order_and_be_of_today(self) -> None:
        assert due_again({"tea": days(0, 1)}, 2, TODAY) == due_again({"tea": days(1, 0, 0)}, 2, TODAY)


class TestTogether:
    RULES = (
        Rule(("tea",), "cake", 8, 10, 20, 100),
        Rule(("milk", "tea"), "cake", 5, 5, 20, 100),
        Rule(("tea",), "bread", 5, 10, 90, 100),
        Rule(("milk",), "tea", 9, 10, 20, 100),
    )

    def test_the_rule_of_the_greatest_confidence_speaks(self) -> None:
        assert scores(together(self.RULES, {"tea"})) == {"cake": 0.8}
        [cake] = together(self.RULES, {"tea", "milk"})
        assert (cake.score, cake.evidence.products) == (1.0, ("milk", "tea"))

    def test_not_what_one_has_nor_what_is_bought_rather_without(self) -> None:
        assert "tea" not in scores(together(self.RULES, {"tea", "milk"}))
        assert "bread" not in scores(together(self.RULES, {"tea"}))


class TestSmallGroups:
    @pytest.mark.parametrize(
        ("bought", "members", "told"), [(5, 10, True), (4, 10, False), (6, 10, False), (5, 5, False), (0, 100, False)]
    )
    def test_neither_few_who_bought_nor_few_who_did_not(self, bought: int, members: int, told: bool) -> None:
        assert may_tell(bought, members) is told

    def test_a_point_of_five_people_recommends_nothing_of_itself(self) -> None:
        five = Group(50, 5, {"tea": Bought(40, 5), "cake": Bought(9, 4), "test": Bought(1, 1)})
        assert of_group(Source.POINT, five) == []

    def test_what_many_of_a_larger_one_buy_is_told_by_the_share_of_orders(self) -> None:
        point = Group(50, 20, {"tea": Bought(40, 12), "test": Bought(30, 4)})
        assert scores(of_group(Source.POINT, point, Evidence(point_id="p"))) == {"tea": 0.8}

    def test_nor_by_its_tag(self) -> None:
        drinks, gifts = (
            Group(60, 20, {"tea": Bought(30, 12), "test": Bought(30, 4)}),
            Group(20, 20, {"tea": Bought(5, 5)}),
        )
        liked = by_tag({"drinks": 0.5, "gifts": 0.5, "gone": 1.0}, {"drinks": drinks, "gifts": gifts})
        assert [(each.product_id, each.score, each.evidence.tag) for each in liked] == [("tea", 0.25, "drinks")]


class TestBlend:
    DUE = Candidate("tea", Source.DUE_AGAIN, 0.3, Evidence(every_days=7))
    POPULAR = Candidate("tea", Source.POPULAR, 0.4)
    CAKE = Candidate("cake", Source.TOGETHER, 0.5, Evidence(products=("tea",)))
    EVEN = {Source.DUE_AGAIN: 1.0, Source.POPULAR: 0.5, Source.TOGETHER: 1.0}

    def test_scores_of_sources_add_up_and_the_greatest_is_the_reason(self) -> None:
        first, second = blend([self.POPULAR, self.CAKE, self.DUE], lambda _: True, 5, self.EVEN)
        assert [(each.product_id, each.because.source) for each in (first, second)] == [
            ("cake", Source.TOGETHER), ("tea", Source.DUE_AGAIN),
        ]  # fmt: skip
        assert (first.score, second.score) == (0.5, 0.5)

    def test_nothing_that_the_reader_may_not_see_and_no_more_than_asked(self) -> None:
        asked: list[str] = []

        def sold(product_id: str) -> bool:
            asked.append(product_id)
            return product_id != "cake"

        some = [self.CAKE, self.DUE, Candidate("milk", Source.DUE_AGAIN, 0.1)]
        assert [each.product_id for each in blend(some, sold, 1, self.EVEN)] == ["tea"]
        assert asked == ["cake", "tea"]
        assert blend(some, lambda _: False, 5) == []

    def test_a_source_without_weight_and_a_score_of_nothing_are_no_candidates(self) -> None:
        assert blend([self.CAKE], lambda _: True, 5, {Source.TOGETHER: 0.0}) == []
        assert blend([Candidate("tea", Source.POPULAR, 0.0)], lambda _: True, 5) == []

    def test_who_does_not_agree_gets_what_is_told_without_looking_at_them(self) -> None:
        some = [Candidate("tea", each, 0.5) for each in Source]
        assert [each.source for each in agreed(some, agrees=False)] == [Source.TOGETHER, Source.POPULAR]
        assert agreed(some, agrees=True) == some

    def test_equal_ones_stand_by_id_whatever_comes_first(self) -> None:
        some = [Candidate(each, Source.POPULAR, 0.5) for each in "cab"]
        assert [each.product_id for each in blend(some, lambda _: True, 5)] == ["a", "b", "c"]


@pytest.mark.parametrize("source", list(Source))
def test_every_reason_is_said_in_both_languages(source: Source) -> None:
    evidence = Evidence(products=("tea",), tag="drinks", every_days=7)
    [found] = blend([Candidate("cake", source, 0.5, evidence)], lambda _: True, 1)
    said, untitled = found.text(TITLES), found.text({})
    assert said.en.endswith(".")
    assert said.zh.endswith("。")
    assert "Tea" in said.en or source is not Source.TOGETHER
    assert "tea" not in untitled.en


def test_every_day_is_said_as_such() -> None:
    [found] = blend(due_again({"tea": days(2, 1)}, 2, TODAY), lambda _: True, 1)
    assert found.text({}).en == "You buy this about every day."
