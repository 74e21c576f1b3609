"""The summary by campaign, channel, pickup point, category and product: from orders placed here and from files."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.activity.service import own_orders
from chalicelib.insight.model.payment_kinds import PaymentKind
from chalicelib.insight.model.slices import Dimension
from chalicelib.insight.records import ActivityRecord
from chalicelib.insight.rollups.service.slices import days_of
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from tests.builders import made
from tests.insight.figures import Figures, Row
from tests.orders.means import batch, book, give, points_pay
from tests.orders.promoting import reduction
from tests.orders.store import open_store

WIDE = (
    *("order_ref", "member", "ordered_on", "quantity", "amount_minor", "currency", "discount_minor"),
    *("product_code", "category", "channel", "pickup_point"),
)
FILE: list[Row] = [
    ("A-1", "ann", "2026-01-05", 2, 1000, "USD", 200, "APL", "fruit", "chat", "gate"),
    ("A-1", "ann", "2026-01-05", 1, 500, "USD", 0, "MLK", "dairy", "chat", "gate"),
    ("A-2", "bob", "2026-01-05", 1, 300, "USD", 0, "APL", "fruit", "board", "gate"),
    ("A-3", "ann", "2026-01-06", 1, 400, "USD", 40, "APL", "fruit", "board", "gate"),
    ("A-4", "cat", "2026-01-06", 4, 900, "USD", 0, "", "", "", ""),
    ("A-5", "dan", "2026-01-07", 1, 250, "EUR", 0, "PEN", "", "chat", ""),
]
RANGE = {"from_on": "2026-01-01", "to_on": "2026-01-31"}
ADDITIVE = ("orders", "quantity")


def by(figures: Figures, dimension: str, **query: Any) -> dict[str, Any]:
    report = figures.report("summary", by=dimension, **{**RANGE, **query})
    return {row["group"]: row for row in report["rows"]}


def told(row: Any) -> tuple[Any, ...]:
    return row["orders"], row["quantity"], row["gmv"]["amount_minor"], row["active_members"], row["new_members"]


def dimensions(figures: Figures) -> dict[tuple[str, str], Any]:
    return {key: item for key, item in figures.stored().items() if "#slices#" in key[0]}


class TestFiles:
    def test_what_is_not_known_of_a_day_is_told_as_unknown(self, figures: Figures) -> None:
        known = [("A-1", "ann", "2026-01-05", 1, 900, "USD", 100, "APL", "fruit", "chat", "gate")]
        figures.import_orders(known, WIDE)
        assert figures.report("periodicity", goods="category", **RANGE)["days_unseen"] == 0
        figures.import_orders([("B-1", "bob", "2026-01-06", 1, 500, "USD")])

        assert {name: row["orders"] for name, row in by(figures, "category").items()} == {"fruit": 1, "unknown": 1}
        assert figures.report("periodicity", goods="category", **RANGE)["days_unseen"] == 1

    def test_no_file_can_name_a_row_that_is_no_value(self, figures: Figures) -> None:
        named = ("#other", "#others", "others", "no_goods")
        figures.import_orders(
            [
                (f"A-{at}", "ann", "2026-01-05", 1, 100, "USD", 0, each, each, each, each)
                for at, each in enumerate(named)
            ],
            WIDE,
        )
        for dimension in ("product", "category", "channel", "pickup_point"):
            rows = figures.report("summary", by=dimension, **RANGE)["rows"]
            assert sorted((row["group"], row["title"]) for row in rows) == sorted((each, each) for each in named)

    def test_rows_of_a_file_count_by_what_they_say(self, figures: Figures) -> None:
        figures.import_orders(FILE, WIDE)

        products = by(figures, "product")
        assert {name: told(row) for name, row in products.items()} == {
            "APL": (3, 4, 1700, 2, 2),
            "unknown": (1, 4, 900, 1, 1),
            "MLK": (1, 1, 500, 1, 1),
            "PEN": (1, 1, 0, 1, 1),
        }
        assert list(products) == ["APL", "unknown", "MLK", "PEN"]  # by sales
        assert [products[name]["discount"]["amount_minor"] for name in products] == [240, 0, 0, 0]
        assert (products["APL"]["title"], products["unknown"]["title"]) == ("APL", None)
        assert products["PEN"]["sales"][0]["gmv"] == {"amount_minor": 250, "currency": "EUR"}
        assert {name: told(row)[:2] for name, row in by(figures, "channel").items()} == {
            "chat": (2, 4), "board": (2, 2), "unknown": (1, 4),
        }  # fmt: skip
        assert {name: told(row)[0] for name, row in by(figures, "campaign").items()} == {"unknown": 5}

    def test_orders_of_one_valued_dimensions_add_up_and_members_never(self, figures: Figures) -> None:
        figures.import_orders(FILE, WIDE)

        for dimension in ("campaign", "channel", "pickup_point", "category", "product"):
            report = figures.report("summary", by=dimension, **RANGE)
            whole, rows = report["totals"], report["rows"]
            off = [name for name in ADDITIVE if sum(row[name] for row in rows) != whole[name]]
            assert off == [name for name in ADDITIVE if name in report["not_additive"]]
            assert sum(row["gmv"]["amount_minor"] for row in rows) == whole["gmv"]["amount_minor"]
            assert "active_members" in report["not_additive"]
            assert whole["active_members"] == 4
        assert sum(row["active_members"] for row in by(figures, "channel").values()) == 5

    def test_the_days_that_others_read_are_those_of_the_report(self, figures: Figures) -> None:
        figures.import_orders(FILE, WIDE)
        tenant_id = figures.shop.tenant_id

        with tenant_scope(tenant_id):
            days = days_of(tenant_id, Dimension.CHANNEL, date(2026, 1, 1), date(2026, 1, 31))

        assert {on.day: {value: each.totals.orders for value, each in day.items()} for on, day in days.items()} == {
            5: {"chat": 1, "board": 1}, 6: {"board": 1, "": 1}, 7: {"chat": 1},
        }  # fmt: skip
        assert days[date(2026, 1, 5)]["chat"].members.bit_count() == 1

    def test_an_amount_of_a_whole_order_is_of_none_of_its_products(self, figures: Figures) -> None:
        columns = ("order_ref", "member", "ordered_on", "quantity", "amount", "product_code")
        figures.import_orders(
            [("A-1", "ann", "2026-01-05", 2, "15.00", "APL"), ("A-1", "ann", "2026-01-05", 1, "", "MLK")], columns
        )
        assert {name: told(row)[:3] for name, row in by(figures, "product").items()} == {
            "unknown": (1, 0, 1500), "APL": (1, 2, 0), "MLK": (1, 1, 0),
        }  # fmt: skip

    def test_late_repeated_and_shuffled_rows_leave_the_same_bytes(self, new_figures: Callable[..., Figures]) -> None:
        chance = random.Random(5)
        sold = [
            (f"A-{at}", f"m{at % 9:03}", f"2026-01-{1 + at % 4:02}", at % 3, 100 + at, "USD", at % 5,
             f"P{at % 7}", f"c{at % 2}", f"h{at % 3}", f"g{at % 2}")
            for at in range(60)
        ]  # fmt: skip
        tidy, messy = new_figures(currency="USD"), new_figures(currency="USD")
        tidy.import_orders(sold, WIDE)
        first = sold[:1]  # the same member draws the same ordinal
        messy.import_orders([*sold[:9], *first], WIDE)
        for part in (chance.sample(sold, 30), chance.sample(sold, 60)):
            messy.import_orders(part, WIDE)

        found = [{(pk[26:], sk): item["c"] for (pk, sk), item in dimensions(each).items()} for each in (tidy, messy)]
        assert found[0] == found[1]
        assert len(found[0]) == 4 * 5  # of each day by each dimension: discounts are of no known campaign

    def test_a_rerun_writes_nothing(self, figures: Figures) -> None:
        figures.import_orders(FILE, WIDE)
        before = figures.stored()
        assert figures.roll()["changed_days"] == 0
        assert figures.stored() == before

    def test_what_is_there_no_more_is_removed(self, figures: Figures) -> None:
        figures.import_orders(FILE, WIDE)
        tenant_id = figures.shop.tenant_id
        with tenant_scope(tenant_id):
            for order in ActivityRecord.of_day(tenant_id, date(2026, 1, 7)):
                order.delete()
        figures.roll()
        assert {sk for _, sk in dimensions(figures)} == {"2026-01-05#000000", "2026-01-06#000000"}
        assert "PEN" not in by(figures, "product")

    def test_the_table_names_what_does_not_add_up(self, figures: Figures) -> None:
        figures.import_orders(FILE, WIDE)
        text = figures.ask("summary", by="category", format="csv", **RANGE).text
        lines = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
        assert [line["group"] for line in lines] == ["fruit", "unknown", "dairy"]
        assert {line["not_additive"] for line in lines} == {"orders active_members new_members aov"}
        assert [line["discount_minor"] for line in lines] == ["240", "0", "0"]

    def test_a_discount_in_two_ways_or_that_is_none_is_refused(self, figures: Figures) -> None:
        twice = figures.shop.brand.post(
            "/v1/imports",
            {"kind": "orders", "csv": "order_ref,member,ordered_on,quantity,amount,discount,discount_minor\n"},
        )
        assert (twice.status, twice.json["code"]) == (422, "bad_csv_header")
        job = figures.import_orders([(*FILE[2][:6], "little", *FILE[2][7:])], WIDE)
        assert (job["imported"], job["errors_total"]) == (0, 1)


class TestOwnOrders:
    def test_what_lowered_an_order_is_kept_by_means_and_its_goods_come_to_it(self, engine: object) -> None:
        store = open_store()
        with tenant_scope(store.tenant_id):
            campaign, mine = store.publish(50, 50), give(store, batch(store, 500))
            reduction(store, 5_000, 1_000)
            points_pay(store)
            book(store, 300)
            order = store.place(campaign, 3, 1, coupon_id=mine.id, points=100)
            own_orders.record_orders(store.tenant_id, [order.id])
            on = local_date(order.placed_at, zone("Asia/Shanghai"))
            (kept,) = ActivityRecord.of_day(store.tenant_id, on)

        # 50.00 - 10.00 - 5.00 - 1.00 = 34.00, for two variants of one product
        assert kept.discounts == {"full_reduction": 1_000, "coupon": 500, "points": 100}
        assert [(part.units, part.amount_minor, part.off_minor) for part in kept.parts] == [(4, 3400, 1600)]
        assert sum(part.amount_minor for part in kept.parts) == kept.amount_minor == 3_400
        assert (kept.method, kept.payment) == ("pickup", PaymentKind.AT_PICKUP)
        counted = kept.counted_for(0)
        assert (counted.itemised, counted.campaign, counted.discount_minor) == (True, order.campaign_id, 1_600)

    def test_orders_are_named_by_the_titles_of_what_they_belong_to(
        self, new_figures: Callable[..., Figures], clock: Any, drain: Callable[[], None], sweep: Callable[[], None]
    ) -> None:
        clock.set(datetime(2028, 6, 14, 4, tzinfo=UTC))
        figures = new_figures(timezone="Asia/Shanghai", currency="CNY")
        shop = figures.shop
        made(shop.order(quantity=2))
        drain()
        clock.advance(days=1)
        sweep()

        asked = {"from_on": "2028-06-14", "to_on": "2028-06-14"}
        campaigns = by(figures, "campaign", **asked)
        assert [(row["group"], row["title"], told(row)) for row in campaigns.values()] == [
            (shop.campaign_id, shop.open_campaign["title"], (1, 2, 1800, 1, 1))
        ]
        (point,) = by(figures, "pickup_point", **asked).values()
        where = shop.open_campaign["pickup_points"][0]
        assert (point["group"], point["title"]) == (where["id"], where["name"])
        (product,) = by(figures, "product", **asked).values()
        assert product["title"].startswith("Product SKU-")
        assert [row["group"] for row in by(figures, "channel", **asked).values()] == ["unknown"]


# A day on which clocks change and the instants at which it begins and ends, in each zone; of Apia the day before and
# after the one that it skipped.
CHANGES = [
    ("Asia/Shanghai", "2017-03-26", "2017-03-25T16:00:00Z", 24),
    ("Europe/London", "2017-03-26", "2017-03-26T00:00:00Z", 23),
    ("Europe/London", "2017-10-29", "2017-10-28T23:00:00Z", 25),
    ("America/New_York", "2017-03-12", "2017-03-12T05:00:00Z", 23),
    ("America/New_York", "2017-11-05", "2017-11-05T04:00:00Z", 25),
    ("Pacific/Apia", "2017-04-02", "2017-04-01T10:00:00Z", 25),
    ("Pacific/Apia", "2017-09-24", "2017-09-23T11:00:00Z", 23),
    ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", 24),
]
AT = ("order_ref", "member", "ordered_at", "quantity", "amount_minor", "currency", "channel")


class TestZones:
    @pytest.mark.parametrize("place", ["Asia/Shanghai", "Europe/London", "America/New_York", "Pacific/Apia"])
    def test_each_hour_is_of_its_local_day_and_hours_sum_to_the_day(
        self, new_figures: Callable[..., Figures], place: str
    ) -> None:
        figures = new_figures(timezone=place, currency="EUR")
        rows, days = [], {on: (begins, hours) for zone_, on, begins, hours in CHANGES if zone_ == place}
        for on, (begins, hours) in days.items():
            first = datetime.fromisoformat(begins)
            for hour in range(-1, hours + 1):  # one before the day, and one after it
                at = (first + timedelta(hours=hour, minutes=30)).isoformat().replace("+00:00", "Z")
                rows.append((f"{on}:{hour}", f"m{hour % 5}", at, 1, 100, "EUR", f"h{hour % 3}"))
        figures.import_orders(rows, AT)

        for on, (_, hours) in days.items():
            asked = {"from_on": on, "to_on": on}
            by_hour = figures.report("summary", by="hour", **asked)
            assert by_hour["totals"]["orders"] == sum(row["orders"] for row in by_hour["rows"]) == hours
            assert sum(row["orders"] == 0 for row in by_hour["rows"]) == (1 if hours == 23 else 0)
            assert sum(row["orders"] == 2 for row in by_hour["rows"]) == (1 if hours == 25 else 0)
            assert sum(row["orders"] for row in by(figures, "channel", **asked).values()) == hours
        if place == "Pacific/Apia":
            skipped = figures.report("summary", by="day", from_on="2011-12-29", to_on="2011-12-31")["rows"]
            assert [row["orders"] for row in skipped] == [24, 0, 1]


def test_the_running_day_says_what_its_rollup_will(
    new_figures: Callable[..., Figures], clock: Any, drain: Callable[[], None], sweep: Callable[[], None]
) -> None:
    clock.set(datetime(2028, 6, 14, 2, 30, tzinfo=UTC))
    figures = new_figures(timezone="Asia/Shanghai", currency="CNY")
    for hours in (0, 1, 3):
        clock.set(datetime(2028, 6, 14, 2 + hours, 30, tzinfo=UTC))
        made(figures.shop.order(quantity=1 + hours))
    drain()

    running = figures.report("today")
    assert (running["running"], running["complete"]) == (True, False)
    on = local_date(product_clock.now(), zone("Asia/Shanghai")).isoformat()
    clock.advance(days=1)
    sweep()

    rolled = figures.report("summary", by="hour", from_on=on, to_on=on)
    assert rolled["totals"] == running["totals"]
    assert [(row["group"], row["orders"], row["gmv"]) for row in rolled["rows"]] == [
        (row["hour"], row["orders"], row["gmv"]) for row in running["hours"]
    ]
    assert [row["hour"] for row in running["hours"] if row["orders"]] == ["10", "11", "13"]
