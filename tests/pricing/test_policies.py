"""Margin floors, policies of stages and what needs a look, worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.catalog.model.contents import Content
from chalicelib.pricing.model.floors import Floor, floor_of, margin_bps
from chalicelib.pricing.model.policies import PriceRules, StagePolicy, advise, percent
from chalicelib.pricing.model.stages import Stage
from chalicelib.pricing.model.watching import Finding, Incident, Kind, Ours, Seen, find, for_our_pack, look, newest

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("floor", "cost", "expected"),
    [
        (Floor(percent_bps=1_500), 1_000, 1_150),
        (Floor(percent_bps=1_500), 333, 383),  # 382.95, and never less than asked
        (Floor(percent_bps=0), 1_000, 1_000),
        (Floor(over_minor=200), 1_000, 1_200),
        (Floor(percent_bps=1_500), None, 0),
    ],
)
def test_a_floor_is_so_much_over_the_cost(floor: Floor, cost: int | None, expected: int) -> None:
    assert floor.minor(cost) == expected
    assert Floor.from_json(floor.as_json()) == floor


def test_a_products_own_floor_comes_before_the_brands() -> None:
    own, default = Floor(over_minor=0), Floor(percent_bps=5_000)
    assert (floor_of(own, default, 100), floor_of(None, default, 100), floor_of(None, None, 100)) == (100, 150, 0)


def test_the_margin_is_a_share_of_the_price() -> None:
    assert (margin_bps(1_000, 700), margin_bps(1_000, None), margin_bps(0, 5)) == (3_000, None, None)
    assert (margin_bps(300, 200), margin_bps(100, 150)) == (3_333, -5_000)


def advised(policy: StagePolicy, *, cost: int | None = 600, own: Floor | None = None) -> tuple[int | None, int | None]:
    rules = PriceRules(floor=Floor(percent_bps=2_000), stages={Stage.DECLINE: policy})
    found = advise(1_000, cost, "CNY", Stage.DECLINE, rules, own)
    assert all(reason.en and reason.zh for reason in found.reasons)
    return found.price_minor, found.lowest_minor


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (StagePolicy(), (None, None)),
        (StagePolicy(change_bps=-1_000), (900, None)),
        (StagePolicy(change_bps=-5_000), (720, None)),  # the floor is 720
        (StagePolicy(change_bps=333), (1_033, None)),
        (StagePolicy(margin_bps=4_000), (None, None)),  # 1000 leaves just that over 600
        (StagePolicy(margin_bps=5_000), (1_200, None)),
        (StagePolicy(change_bps=-1_000, margin_bps=4_000), (None, None)),  # lowered, and raised again
        (StagePolicy(largest_discount_bps=2_000), (None, 800)),
        (StagePolicy(largest_discount_bps=4_000), (None, 720)),
        (StagePolicy(2_000, 5_000, -1_000), (1_200, 800)),
    ],
)
def test_a_policy_comes_to_a_list_price_and_a_lowest_price(
    policy: StagePolicy, expected: tuple[int | None, int | None]
) -> None:
    assert advised(policy) == expected


def test_without_a_cost_a_margin_says_that_it_needs_one_and_nothing_has_a_floor() -> None:
    assert advised(StagePolicy(4_000, 5_000, -1_000), cost=None) == (900, 600)


def test_rules_are_stored_as_they_are() -> None:
    rules = PriceRules(Floor(over_minor=5), 800, 6, {Stage.GROWTH: StagePolicy(1, None, -3)})
    for each in (rules, PriceRules()):
        assert PriceRules.from_json(each.as_json()) == each


def test_percentages_are_said_without_useless_digits() -> None:
    assert [percent(bps) for bps in (1_000, 1_250, 1_255, -50, 0)] == ["10%", "12.5%", "12.55%", "-0.5%", "0%"]


def seen(price: int, *, competitor: str = "Fresh Mart", days_ago: int = 0, content: Content | None = None) -> Seen:
    return Seen(competitor, price, TODAY - timedelta(days=days_ago), f"{days_ago:03d}", content)


def test_of_each_competitor_the_last_price_counts_however_the_name_is_spelled() -> None:
    found = newest(
        [seen(900, days_ago=1), seen(700, competitor="ＦＲＥＳＨ mart"), seen(500, competitor="B", days_ago=9)]
    )
    assert sorted(each.price_minor for each in found) == [500, 700]


@pytest.mark.parametrize(
    ("theirs", "ours", "expected"),
    [
        (None, None, 1_000),
        (None, Content("500", "g"), 1_000),
        (Content("1", "kg"), Content("500", "g"), 500),
        (Content("250", "ml"), Content("1", "l"), 4_000),
        (Content("3", "piece"), Content("10", "piece"), 3_333),
        (Content("1", "kg"), None, None),
        (Content("1", "kg"), Content("1", "l"), None),
    ],
)
def test_packs_are_compared_by_what_they_hold(
    theirs: Content | None, ours: Content | None, expected: int | None
) -> None:
    assert for_our_pack(seen(1_000, content=theirs), ours) == expected


def test_a_competitor_counts_from_the_share_on_that_the_brand_has_set() -> None:
    ours = [Ours("sku", 1_000)]
    assert [len(find(ours, {"sku": [seen(price)]}, 1_000)) for price in (899, 900, 901)] == [1, 1, 0]
    [found] = find([Ours("sku", 1_000, floor_minor=1_100)], {}, 1_000)
    assert (found.kind, found.theirs_minor, found.below_bps) == (Kind.BELOW_FLOOR, 1_100, 909)


def test_an_incident_begins_and_ends_once() -> None:
    cheaper = Finding(Kind.COMPETITOR_BELOW, "sku", 1_000, 800, "Fresh Mart")
    first = look((), [cheaper], NOW, "tenant", "product")
    assert (len(first.began), len(first.ended)) == (1, 0)
    later = NOW + timedelta(hours=1)
    second = look(first.incidents, [Finding(Kind.COMPETITOR_BELOW, "sku", 1_000, 750, "fresh mart")], later, "t")
    assert (second.began, second.ended) == ((), ())
    assert second.incidents[0].id == first.incidents[0].id
    assert second.incidents[0].finding.theirs_minor == 750
    third = look(second.incidents, [], later, "t")
    assert ([each.id for each in third.ended], third.began) == ([first.incidents[0].id], ())
    assert look(third.incidents, [], later, "t").ended == ()
    fourth = look(third.incidents, [cheaper], later + timedelta(hours=1), "tenant", "product")
    assert fourth.began[0].id != first.incidents[0].id
    assert [Incident.from_json(each.as_json()) for each in fourth.incidents] == list(fourth.incidents)


def test_of_incidents_that_are_over_the_latest_are_kept() -> None:
    incidents: tuple[Incident, ...] = ()
    for n in range(30):
        at = NOW + timedelta(hours=n)
        incidents = look(incidents, [Finding(Kind.BELOW_FLOOR, "sku", 1, 2)], at, "t").incidents
        incidents = look(incidents, [], at, "t").incidents
    assert len(incidents) == 20
    assert incidents[0].began_at == NOW + timedelta(hours=29)
