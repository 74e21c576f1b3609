"""The funnel report: events told to the product, then read as a path."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.insight.reports.funnel import FUNNEL, MOST_HOURS
from chalicelib.insight.reports.service import funnel as funnels
from chalicelib.kernel.clock import instant
from tests.builders import made
from tests.conftest import Clock
from tests.insight.figures import Figures, data_file
from tests.insight.recompute.planting import checked

DAY = datetime(2027, 12, 15, 12, tzinfo=UTC)
CAMPAIGN = "01KC0000000000000000000001"
Told = tuple[str, float, dict[str, Any]]


class Telling:
    """Another shop of the brand, which tells what it saw."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def tell(self, visitor: str, *told: tuple[Any, ...], token: str | None = None) -> None:
        """Kinds, how many hours after noon of the day, and what else there is to be said."""
        shop = self.figures.shop
        events = [
            {"event_id": f"{visitor}-{n}", "type": kind, "at": instant(DAY + timedelta(hours=hours)), **dict(*more)}
            for n, (kind, hours, *more) in enumerate(told)
        ]
        body = {"visitor_id": f"visitor-{visitor}", "events": events}
        path = f"/v1/stores/{shop.slug}/events"
        answer = made(shop.caller.call("POST", path, json=body, token=token or shop.api_key), 200)
        assert {each["status"] for each in answer["results"]} == {"accepted"}

    def funnel(self, **asked: Any) -> Any:
        days = {"from_on": "2027-12-15", "to_on": "2027-12-15"}
        return self.figures.report("funnel", **{"steps": "view,cart,order", "window_hours": 24, **days, **asked})

    def reached(self, **asked: Any) -> list[int]:
        return [each["members"] for each in self.funnel(**asked)["steps"]]


@pytest.fixture
def telling(figures: Figures) -> Telling:
    return Telling(figures)


@pytest.fixture
def told(telling: Telling) -> Telling:
    """Three visitors: one who orders, one who stops, and one who came before and by two channels."""
    telling.tell("one", ("view", 0), ("cart", 1, {"channel": "mail"}), ("order", 2))
    telling.tell("two", ("view", 0, {"channel": "mail"}), ("search", 1), ("cart", 2))
    telling.tell(
        "three", ("view", 0, {"channel": "mail"}), ("view", 5, {"channel": "street"}), ("cart", 25), ("order", 28)
    )
    return telling


class TestSteps:
    def test_how_many_come_to_each_step_and_of_which(self, told: Telling) -> None:
        report = told.funnel()

        assert [(each["step"], each["members"], each["visitors"]) for each in report["steps"]] == [
            *(("view", 3, 3), ("cart", 2, 2), ("order", 1, 1)),
        ]
        assert [each["of_first"] for each in report["steps"]] == ["1.000000", "0.666667", "0.333333"]
        assert [each["of_previous"] for each in report["steps"]] == ["1.000000", "0.666667", "0.500000"]
        assert (report["open"], report["complete"]) == (0, True)

    def test_other_orders_and_entries(self, told: Telling) -> None:
        assert told.reached(entry="best") == [3, 3, 2]
        assert told.reached(order="strict") == [3, 1, 1]
        assert told.reached(order="any", steps="order,cart,view") == [3, 2, 1]
        assert told.reached(window_hours=48) == [3, 3, 2]
        assert told.reached(steps="view,view") == [3, 1]

    def test_what_follows_counts_past_the_range_and_entries_outside_do_not(self, told: Telling) -> None:
        assert told.reached(window_hours=27, entry="best") == [3, 3, 2]  # ordered on the sixteenth
        assert told.reached(from_on="2027-12-16", to_on="2027-12-17") == [0, 0, 0]

    def test_visits_end_with_half_an_hour_without_an_event(self, told: Telling) -> None:
        assert told.reached(per="visit") == [4, 0, 0]

    def test_a_visit_that_has_ended_is_not_open(self, telling: Telling, clock: Clock) -> None:
        clock.stand(DAY + timedelta(hours=3))
        telling.tell("one", ("view", 0), ("view", 1), ("view", 2.75))
        open_ = {per: self.open(telling, per) for per in ("person", "visit")}
        assert open_ == {"person": 1, "visit": 1}
        clock.stand(DAY + timedelta(hours=3.5))
        assert self.open(telling, "visit") == 0
        assert self.open(telling, "person") == 1

    @staticmethod
    def open(telling: Telling, per: str) -> int:
        return int(telling.funnel(per=per)["open"])

    def test_made_up_channels_neither_grow_the_answer_nor_the_work(
        self, telling: Telling, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(funnels, "MOST_GROUPS", 3)
        monkeypatch.setattr(funnels, "MOST_CHANNELS", 4)
        telling.tell("one", *(("view", n / 100, {"channel": f"made-up-{n}"}) for n in range(9)), ("cart", 1))
        telling.tell("two", ("view", 0, {"channel": "made-up-3"}))
        report = telling.funnel(split="channel")
        assert [each["id"] for each in report["groups"]] == ["made-up-3", "made-up-0", "made-up-1"]
        assert (report["further_groups"], report["steps"][0]["members"]) == (1, 2)

    def test_more_events_than_can_be_walked_through_are_refused_by_name(
        self, told: Telling, clock: Clock, sweep: Callable[[], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock.advance(days=1)
        sweep()
        whole = told.reached()
        monkeypatch.setattr(funnels, "MOST_EVENTS", 3)
        refused = told.figures.ask("funnel", steps="view,cart", from_on="2027-12-15", to_on="2027-12-15")
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?from_on")
        monkeypatch.setattr(funnels, "MOST_EVENTS", 30)
        assert told.reached() == whole

    def test_channels_are_those_of_the_entry(self, told: Telling) -> None:
        groups = _groups(told.funnel(split="channel"))

        assert groups == {None: [1, 1, 1], "mail": [2, 1, 0], "street": [1, 1, 1]}
        assert told.reached(channel="street") == groups["street"]
        assert told.funnel(split="channel")["steps"] == told.funnel()["steps"]

    def test_all_steps_of_a_campaign_are_of_it(self, telling: Telling) -> None:
        of = {"campaign_id": CAMPAIGN}
        telling.tell("one", ("view", 0, of), ("cart", 1, of), ("order", 2))
        telling.tell("two", ("view", 0), ("cart", 1, of), ("order", 2, of))

        groups = _groups(telling.funnel(split="campaign"))

        assert telling.reached() == [2, 2, 2]
        assert telling.reached(campaign=CAMPAIGN) == [1, 1, 0]
        assert groups == {CAMPAIGN: [1, 1, 0], None: [1, 0, 0]}

    def test_what_is_about_several_products_counts_for_each(self, telling: Telling) -> None:
        tea, bowl = (f"01KC000000000000000000000{n}" for n in "23")
        both = {"product_ids": [bowl, tea]}
        telling.tell("one", ("view", 0, {"product_id": tea}), ("compare", 1, both), ("order", 2, both))
        telling.tell("two", ("view", 0, {"product_id": bowl}), ("compare", 1, both), ("order", 2, {"product_id": tea}))
        steps = {"steps": "view,compare,order"}

        assert telling.reached(**steps) == [2, 2, 2]
        assert telling.reached(**steps, product=tea) == [1, 1, 1]
        assert telling.reached(**steps, product=bowl) == [1, 1, 0]
        assert _groups(telling.funnel(**steps, split="product")) == {tea: [1, 1, 1], bowl: [1, 1, 0]}

    def test_whose_window_is_not_over_is_told_apart(self, telling: Telling, clock: Clock) -> None:
        clock.set(DAY + timedelta(hours=20))
        telling.tell("one", ("view", 0))
        telling.tell("two", ("view", 0), ("cart", 1), ("order", 2))
        telling.tell("three", ("view", -5), ("cart", 1))
        report = telling.funnel()

        assert [each["open"] for each in report["steps"]] == [1, 0, 0]
        assert (report["open"], report["complete"]) == (1, False)
        charts = FUNNEL.charts
        assert charts is not None
        [chart] = charts(FUNNEL.answer.model_validate(report))
        assert [list(each.values) for each in chart.series] == [[2, 2, 1], [1, 0, 0]]

    def test_members_behind_a_step(self, telling: Telling) -> None:
        shop = telling.figures.shop
        member = shop.shopper
        now = datetime(2028, 1, 10, 14, tzinfo=UTC)
        hours = (now - DAY).total_seconds() / 3600
        telling.tell("phone", ("view", hours), ("cart", hours + 0.1), token=member.token)
        telling.tell("other", ("view", hours))
        days = {"from_on": "2028-01-10", "to_on": "2028-01-10"}

        [only] = telling.funnel(members="2:open", **days)["members"]

        steps = telling.funnel(**days)["steps"]
        assert [(each["members"], each["visitors"]) for each in steps] == [(2, 1), (1, 0), (0, 0)]
        assert only["id"] == member.id
        assert telling.funnel(members="1", **days)["members"] == [only]
        assert telling.funnel(members="2:stopped", **days)["members"] == []

    def test_as_a_table(self, told: Telling) -> None:
        asked = {"steps": "view,cart", "split": "channel", "from_on": "2027-12-15", "to_on": "2027-12-15"}
        rows = list(csv.DictReader(io.StringIO(told.figures.ask("funnel", format="csv", **asked).text)))

        assert [(row["group_id"], row["place"], row["members"]) for row in rows][:2] == [("", "1", "3"), ("", "2", "3")]
        assert len(rows) == 8
        assert {row["definition"] for row in rows} == {"funnel"}

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"steps": "view"}, "?steps"),
            ({"steps": "view,dance"}, "?steps"),
            ({"steps": ",".join(["view"] * 11)}, "?steps"),
            ({"window_hours": 0}, "?window_hours"),
            ({"order": "loose"}, "?order"),
            ({"members": "9"}, "?members"),
            ({"members": "1:gone"}, "?members"),
            ({"from_on": "2027-12-16"}, "?from_on"),
            ({"from_on": "2020-01-01"}, "?from_on"),
        ],
    )
    def test_what_is_wrong_is_named(self, telling: Telling, asked: dict[str, Any], field: str) -> None:
        reply = telling.figures.ask("funnel", **{"to_on": "2027-12-15", **asked})

        assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, field)


KINDS = {
    "product_view": "view", "add_to_cart": "cart", "shipping_details": "checkout", "payment_details": "favourite",
    "purchase": "order", "catalog": "visit", "filter_results": "filter", "compare": "compare", "review_page": "review",
}  # fmt: skip
PATHS = {
    "buy": "view,cart,checkout,favourite,order", "brief": "visit,filter,compare,order,review",
    "short": "view,cart,order",
}  # fmt: skip
MODES = {
    "ordered_first_entry": ("ordered", "first"), "ordered_best_entry": ("ordered", "best"),
    "strict": ("strict", "best"), "any_order": ("any", "best"),
}  # fmt: skip


@pytest.mark.verify
def test_the_events_of_the_data_set_have_the_reference_funnels(
    figures: Figures, telling: Telling, clock: Clock, sweep: Callable[[], None]
) -> None:
    people: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(data_file("funnel/ecom.csv.gz"), "rt") as lines:
        for row in csv.DictReader(lines):
            people[row["user_id"]].append(row)
    for who, rows in people.items():
        for part in _parts([_event(who, n, row) for n, row in enumerate(rows)]):
            body = {"visitor_id": f"visitor-{who}", "events": part}
            path = f"/v1/stores/{figures.shop.slug}/events"
            made(figures.shop.caller.call("POST", path, json=body, token=figures.shop.api_key), 200)
    clock.advance(days=1)
    sweep()

    range_ = {"from_on": "2024-01-01", "to_on": "2024-06-30"}
    with data_file("funnel/ecom_funnels.csv").open() as lines:
        for row in csv.DictReader(lines):
            hours = MOST_HOURS if row["window"] == "none" else 24 * int(row["window"].removesuffix("d"))
            order, entry = MODES[row["mode"]]
            asked = {"steps": PATHS[row["funnel"]], "window_hours": hours, "order": order, "entry": entry}
            per = "person" if row["unit"] == "user_id" else "visit"
            known = [int(float(row[f"s{place}"])) for place in range(1, 6) if row[f"s{place}"]]
            assert telling.reached(**range_, **asked, per=per) == known, row

    asked = {"steps": "visit,order", "order": "any", "window_hours": MOST_HOURS, "split": "channel", "entry": "best"}
    groups = _groups(telling.funnel(**range_, **asked))
    with data_file("funnel/ecom_channel_conversion.csv").open() as lines:
        known_groups = {row["acquisition_channel"]: row for row in csv.DictReader(lines)}
    assert groups == {name: [int(row["users"]), int(row["buyers"])] for name, row in known_groups.items()}

    job = checked(figures)
    assert (job["differing"], job["differences"], job["waiting_days"]) == (0, [], 0)
    assert job["compared"] > 31_106


def _groups(report: Any) -> dict[str | None, list[int]]:
    """What was reached by channel or campaign."""
    return {each["id"]: [step["members"] for step in each["steps"]] for each in report["groups"]}


def _event(who: str, place: int, row: dict[str, str]) -> dict[str, Any]:
    at = f"{row['timestamp'].replace(' ', 'T')}Z"
    kind = KINDS.get(row["event"], "search")
    return {"event_id": f"{who}-{place}", "type": kind, "at": at, "channel": row["acquisition_channel"]}


def _parts(events: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    return (events[at : at + 100] for at in range(0, len(events), 100))
