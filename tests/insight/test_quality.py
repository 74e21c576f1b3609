"""Rules that find what is doubtful, and the report of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.model import quality
from chalicelib.insight.model.habits import Bought, mobile_share
from chalicelib.insight.model.quality import Someone
from chalicelib.insight.records import ActivityRecord
from chalicelib.insight.reports.service import ranges
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.records import MemberRecord
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.insight.figures import Figures
from tests.insight.test_imported_members import bring

NOON = datetime(2027, 6, 15, 12, tzinfo=UTC)


def order(source: str, amount: int = 1000, **fields: Any) -> Bought:
    return Bought(
        **{
            "source": source, "own": False, "ordinal": 0, "on": date(2027, 6, 15), "at": NOON, "amount_minor": amount,
            "currency": "USD", "units": 1,
        }
        | fields
    )  # fmt: skip


def test_fences_are_three_interquartile_ranges_beyond_the_quartiles() -> None:
    """1 to 21: the quartiles by type 7 are 6 and 16, so the fences are 6 - 30 and 16 + 30."""
    found = quality.fences(range(1, 22))
    assert found is not None
    assert (found.low, found.high) == (Fraction(-24), Fraction(46))
    assert [amount for amount in (-25, -24, 46, 47) if found.outside(amount)] == [-25, 47]
    assert quality.fences(range(1, 20)) is None  # too few
    assert quality.fences([100] * 30 + [1]) is None  # half of them are equal


def test_amounts_are_judged_within_their_currency() -> None:
    usual = [order(f"U-{n}", 1000 + n) for n in range(20)]
    far = order("far", 99_000)
    other = order("yen", 99_000, currency="JPY")
    assert quality.outliers([*usual, other, far]) == [far]


def test_an_order_is_doubled_within_two_minutes_by_the_same_member_and_amount() -> None:
    first = order("1")
    again = order("2", at=NOON + timedelta(minutes=2))
    others = [
        order("late", at=NOON + timedelta(minutes=4, seconds=1)), order("other", ordinal=1),
        order("more", 1001, at=NOON), order("units", units=2), order("no instant", at=None),
        order("yen", currency="JPY"),
    ]  # fmt: skip
    assert quality.doubled([again, *others, first]) == [again]


def test_references_are_near_by_the_same_member_and_amount_but_for_case_signs_and_zeros() -> None:
    first, near = order("A-0012", on=date(2027, 6, 1)), order("a 12")
    others = [order("A-120"), order("A12", 999), order("a12", ordinal=1), order("A-0012", own=True)]
    assert quality.near_references([near, *others, first]) == [near]


def test_a_gap_is_an_empty_day_where_the_same_weekday_is_busy() -> None:
    counts = {date(2027, 6, 1) + timedelta(days=at): 5 for at in range(56)}
    for on in (date(2027, 6, 30), date(2027, 7, 6)):
        del counts[on]
    for at in range(8):
        counts.pop(date(2027, 6, 6) + timedelta(weeks=at), None)  # never on Sundays
    assert quality.gaps(counts, date(2027, 6, 29), date(2027, 7, 12)) == [date(2027, 6, 30), date(2027, 7, 6)]
    quiet = dict.fromkeys(counts, 4)
    assert quality.gaps(quiet, date(2027, 6, 29), date(2027, 7, 12)) == []


def test_members_may_be_one_person_by_address_number_or_name_and_birthday() -> None:
    ann = Someone(0, "Ann Lee", "ann.lee+shop@example.com", "+1 202 555 0123", "03-08")
    assert quality.double_members(
        [
            Someone(5, "Ann Lee", "", "", "03-09"),
            Someone(4, " ann  LEE", "", "", "03-08"),
            Someone(3, "B", "annlee@EXAMPLE.com"),
            Someone(2, "C", "", "(202) 5550123"),
            Someone(1, "Ann Lee", "ann@example.com", "5550124"),
            ann,
        ]
    ) == [
        (ann, Someone(2, "C", "", "(202) 5550123")),
        (ann, Someone(3, "B", "annlee@EXAMPLE.com")),
        (ann, Someone(4, " ann  LEE", "", "", "03-08")),
    ]


COLUMNS = (
    "order_ref",
    "member",
    "ordered_at",
    "quantity",
    "amount_minor",
    "currency",
    "channel",
    "category",
    "discount_minor",
)
# 24 orders of eight members on 2 December; one far out, one doubled, one nearly the same reference, one by day alone.
ROWS: list[tuple[Any, ...]] = [
    *(
        (
            f"R-{n}",
            f"C-{n % 8}",
            f"2027-12-02T15:{10 + n}:00Z",
            1,
            1000 + n,
            "USD",
            "shop",
            "fruit" if n % 3 else "",
            n % 2,
        )
        for n in range(24)
    ),
    ("BIG", "C-1", "2027-12-02T16:00:00Z", 1, 900_000, "USD", "", "fruit", 0),
    ("R-DOUBLE", "C-2", "2027-12-02T15:13:00Z", 1, 1002, "USD", "", "fruit", 0),
    ("r 05", "C-5", "2027-12-03T15:00:00Z", 1, 1005, "USD", "", "fruit", 0),
]
DAYS = {"from_on": "2027-12-01", "to_on": "2027-12-04"}


@pytest.fixture
def doubtful(figures: Figures) -> Figures:
    def all_made() -> None:
        rows = ["C-0,,+12025550123,Ann,", "C-3,,,Bob,", "C-4,c@example.com,,Cat,", "C-5,c+x@example.com,,Kate,"]
        bring(figures, *rows)
        assert figures.import_orders(ROWS, COLUMNS)["errors"] == []
        figures.roll()

    figures.shop.once("doubtful data", all_made)
    return figures


def found(report: Any) -> dict[str, tuple[int, int]]:
    return {row["rule"]: (row["count"], row["of"]) for row in report["rows"]}


def test_every_rule_says_how_many_it_found_with_examples(doubtful: Figures) -> None:
    report = doubtful.report("data-quality", **DAYS)
    assert found(report) == {
        "double_members": (1, 8), "double_orders": (1, 27), "near_references": (1, 27), "gaps": (0, 4),
        "not_rolled_up": (0, 4), "no_hour": (0, 27), "outliers": (1, 27), "no_channel": (3, 27),
        "no_pickup_point": (27, 27), "no_product": (27, 27), "no_category": (8, 27), "no_cost": (0, 0),
        "unknown_product": (0, 0), "no_contact": (5, 8), "unknown_member": (0, 27),
    }  # fmt: skip
    examples = {row["rule"]: row["examples"] for row in report["rows"]}
    assert [each["id"] for each in examples["outliers"]] == ["BIG"]
    assert [each["id"] for each in examples["double_orders"]] == ["R-DOUBLE"]
    assert [each["id"] for each in examples["near_references"]] == ["r 05"]
    [double] = examples["double_members"]
    assert (double["kind"], {double["id"] == double["member_id"], bool(double["like"])}) == ("member", {True})
    assert len(examples["no_product"]) == 10
    assert all(row["title_en"] and row["title_zh"] and row["meaning_zh"] for row in report["rows"])


def test_an_analyst_sees_examples_without_names(doubtful: Figures) -> None:
    secret = made(doubtful.shop.brand.post("/v1/api-keys", {"name": "figures", "scopes": ["analyst"]}))["secret"]
    path = "/v1/reports/data-quality?from_on=2027-12-01&to_on=2027-12-04"
    seen = made(doubtful.shop.caller.call("GET", path, token=secret), 200)
    names = {each["name"] for row in seen["rows"] for each in row["examples"]}
    assert names == {None}
    assert "Kate" in doubtful.ask("data-quality", None, **DAYS).text


def test_outliers_are_left_out_on_request_only_and_told(doubtful: Figures) -> None:
    whole = doubtful.report("summary", **DAYS)
    assert (whole["totals"]["orders"], whole["excluded"]) == (27, [])
    without = doubtful.report("summary", exclude="outliers,double_orders", by="day", **DAYS)
    assert without["excluded"] == [
        {"rule": "outliers", "orders": 1, "amounts": [{"amount_minor": 900_000, "currency": "USD"}]},
        {"rule": "double_orders", "orders": 1, "amounts": [{"amount_minor": 1002, "currency": "USD"}]},
    ]
    assert without["totals"]["orders"] == 25
    assert without["totals"]["gmv"]["amount_minor"] == whole["totals"]["gmv"]["amount_minor"] - 901_002
    assert [row["orders"] for row in without["rows"]] == [0, 24, 1, 0]
    table = doubtful.ask("summary", None, exclude="outliers", format="csv", **DAYS).text
    assert "outliers 1 USD 9000.00" in table


@pytest.mark.parametrize(
    ("report", "query", "pointer"),
    [
        ("summary", {"exclude": "outliers", "by": "category", **DAYS}, "?exclude"),
        ("summary", {"exclude": "shoes", **DAYS}, "?exclude/0"),
        ("data-quality", {"from_on": "2027-12-04", "to_on": "2027-12-01"}, "?to_on"),
        ("data-quality", {"from_on": "2020-01-01"}, "?from_on"),
        ("summary", {"exclude": "outliers", "from_on": "2020-01-01"}, "?from_on"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_by_its_field(
    doubtful: Figures, report: str, query: dict[str, str], pointer: str
) -> None:
    refused = doubtful.ask(report, None, **query)
    assert refused.status == 422
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


def test_too_many_orders_are_refused_by_name(doubtful: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "MOST_ORDERS", 26)
    refused = doubtful.ask("data-quality", None, **DAYS)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?from_on")
    assert "26" in refused.json["detail"]


def test_an_order_whose_member_is_gone_and_a_day_that_waits_are_found(
    doubtful: Figures, drain: Callable[[], None]
) -> None:
    tenant_id = doubtful.shop.tenant_id
    with tenant_scope(tenant_id):
        member = MemberRecord.fetch(*MemberRecord.address_of_ordinal(tenant_id, 7), consistent=True)
        assert member is not None
        for each in list(ActivityRecord.of_day(tenant_id, date(2027, 12, 3))):
            each.ordinal = 999
            each.save()
    doubtful.import_unrolled([("LATE", "C-1", "2027-12-04", 1, 100, "USD")])
    rules = found(doubtful.report("data-quality", **DAYS))
    assert (rules["unknown_member"], rules["not_rolled_up"], rules["no_hour"]) == ((1, 28), (1, 4), (1, 28))


def test_preferences_by_occasions_price_and_discount(doubtful: Figures) -> None:
    report = doubtful.report("preferences", **DAYS)
    assert (report["orders"], report["occasions"], report["members"]) == (27, 9, 8)
    rows = {(row["about"], row["value"]): row for row in report["rows"]}
    fruit = rows["category", "fruit"]
    assert (fruit["orders"], fruit["occasions"], fruit["members"]) == (19, 9, 8)
    assert (rows["category", "unknown"]["orders"], rows["channel", "shop"]["orders"]) == (8, 24)
    assert rows["payment", "unknown"]["orders"] == rows["fulfilment", "unknown"]["orders"] == 27
    assert report["mobile_payment"] == {"orders": 0, "known": 0, "rate": None}
    bands = [row for row in report["rows"] if row["about"] == "price_band"]
    assert [row["value"] for row in bands] == ["0-1005", "1005-1011", "1011-1018", "1018-"]
    assert sum(row["orders"] for row in bands) == 27
    assert sum(row["judged"] for row in bands) == 27
    assert sum(row["discounted"] for row in bands) == 12  # every second one of 24
    assert bands[0]["text"] == "$0.00–$10.05"
    assert {each["share"]: each["members"] for each in report["sensitivity"]} == {
        "never": 4, "up_to_third": 0, "up_to_two_thirds": 0, "more": 2, "always": 2
    }  # fmt: skip
    assert [each["topic"] for each in report["reference"]] == ["mobile_payment", "goods"]


def test_own_orders_say_how_they_are_paid_and_handed_over(
    noon: None, care: CustomerCare, drain: Callable[[], None]
) -> None:
    made(care.shop.order())
    drain()
    today = local_date(product_clock.now(), zone(care.shop.timezone))
    report = made(care.brand.get(f"/v1/reports/preferences?to_on={today}"), 200)
    rows = {(row["about"], row["value"]): row["orders"] for row in report["rows"]}
    assert (rows["payment", "pickup"], rows["fulfilment", "pickup_point"]) == (1, 1)
    assert rows["pickup_point", care.shop.pickup_point_id] == 1
    assert report["mobile_payment"] == {"orders": 0, "known": 1, "rate": "0.000000"}
    assert [row["judged"] for row in report["rows"] if row["about"] == "price_band"] == [1]
    rules = found(made(care.brand.get(f"/v1/reports/data-quality?to_on={today}"), 200))
    assert (rules["no_pickup_point"], rules["no_product"], rules["unknown_product"]) == ((0, 1), (0, 1), (0, 1))


def test_the_mobile_share_is_of_orders_whose_way_of_paying_is_known() -> None:
    ways = ["wechat", "wechat", "alipay", "pickup", "stripe", None]
    share = mobile_share(order(str(n), method=way) for n, way in enumerate(ways))
    assert (share.mobile, share.known, share.rate) == (3, 5, Decimal("0.600000"))


def test_a_range_that_begins_today_has_what_came_today(noon: None, figures: Figures, drain: Callable[[], None]) -> None:
    made(figures.shop.order())
    drain()
    today = local_date(product_clock.now(), zone(figures.shop.timezone)).isoformat()
    found = figures.report("data-quality", from_on=today)
    assert (found["from_on"], found["to_on"], found["complete"]) == (today, today, False)
    assert {row["rule"]: row["of"] for row in found["rows"]}["no_hour"] == 1
