"""How soon cases were answered and ended: the pages of the cases, the team's lists and the report say the same."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.cases.model.clocks import Run
from chalicelib.insight.model.service_times import Case, Measure, Time, Times, classes, rows
from chalicelib.kernel.clock import parse_instant
from tests.builders import Reply, made
from tests.customer_care import CustomerCare

HOURS = [{"from": "08:00", "to": "18:00"}]
OFFICE = {"weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), HOURS)}
ANSWERED = "Can somebody else collect my order for me?"
_keys = itertools.count(1)


def took(*minutes: int, pending: bool = False, in_time: bool = True) -> list[Time]:
    return [Time(each, 2 * each, in_time, pending) for each in minutes]


def test_moments_are_of_what_is_done_and_ages_of_what_is_not() -> None:
    found = Times.of([*took(10, 20, 30, 40), *took(1000, pending=True, in_time=False)])

    assert (found.worked.count, found.worked.mean, found.elapsed.mean) == (4, 25, 50)
    assert (found.in_time, len(found.pending), found.late) == (4, 1, 1)
    assert sum(found.histogram()) == 4
    assert Times.of([]).worked.mean is None


@pytest.mark.parametrize(("minutes", "place"), [(0, 0), (14, 0), (15, 1), (59, 1), (60, 2), (10_079, 7), (10_080, 8)])
def test_a_class_of_the_histogram_holds_its_lower_bound(minutes: int, place: int) -> None:
    counts = Times.of(took(minutes)).histogram()

    assert counts.index(1) == place
    assert len(counts) == len(classes())


def test_a_kind_stands_as_a_whole_and_by_group_and_one_without_cases_too() -> None:
    known = [Case("complaint", group, took(5)[0], None) for group in ("p3", "p1", "p3")]

    found = rows(known)

    assert [(each.kind, each.group, each.opened) for each in found if each.measure is Measure.FIRST_RESPONSE] == [
        ("enquiry", None, 0), ("complaint", None, 3), ("complaint", "p1", 1), ("complaint", "p3", 2),
        ("suggestion", None, 0),
    ]  # fmt: skip
    assert not any(each.times.done for each in found if each.measure is Measure.RESOLUTION)


def test_what_ends_while_it_waits_went_until_it_began_to_wait() -> None:
    start = datetime(2017, 3, 1, tzinfo=UTC)
    at = [start + timedelta(hours=each) for each in range(5)]

    assert Run(at[0]).went_until(at[4]) == at[4]
    assert Run(at[0], ((at[1], None),)).went_until(at[4]) == at[1]
    assert Run(at[0], ((at[1], at[4]),)).went_until(at[4]) == at[1]
    assert Run(at[0], ((at[1], at[2]),)).went_until(at[4]) == at[4]


def medians(row: Any) -> tuple[Any, ...]:
    return row["done"], row["in_time"], row["worked"]["median"], row["elapsed"]["median"], row["pending"]["count"]


class Desk:
    """The team of a shop that works from 8 to 18, and its only member; it is noon there."""

    def __init__(self, care: CustomerCare) -> None:
        self.care, self.brand = care, care.brand
        made(self.brand.put("/v1/business-calendar", OFFICE), 200)
        faq = {"question": ANSWERED, "answer": "Yes.", "locale": "en", "tags": []}
        made(self.brand.post("/v1/faq", faq, headers=self.key))

    @property
    def key(self) -> dict[str, str]:
        return {"Idempotency-Key": f"times-{next(_keys)}"}

    def opens(self, what: str, text: str) -> str:
        """The path of a new case of the member, as the team knows it."""
        sent = self.care.store("POST", f"/{what}", self.care.shop.shopper, json={"text": text}, headers=self.key)
        return f"/{what}/{made(sent)['id']}"

    def member(self, path: str, **body: Any) -> None:
        sent = self.care.store("POST", path, self.care.shop.shopper, json=body, headers=self.key)
        assert sent.status < 300, sent.json

    def act(self, path: str, **body: Any) -> None:
        sent: Reply = self.brand.post(f"/v1{path}", body, headers=self.key)
        assert sent.status < 300, sent.json

    def read(self, path: str) -> Any:
        return made(self.brand.get(f"/v1{path}"), 200)

    def report(self, query: str = "") -> Any:
        return self.read(f"/reports/service{query}")

    def row(self, kind: str, measure: str, group: str | None = None) -> Any:
        wanted = kind, measure, group
        return next(each for each in self.report()["rows"] if (each["kind"], each["measure"], each["group"]) == wanted)


@pytest.mark.usefixtures("noon")
def test_the_report_equals_what_the_pages_of_its_cases_show(care: CustomerCare) -> None:
    desk = Desk(care)
    asked, automatic = desk.opens("enquiries", "Is the honey organic?"), desk.opens("enquiries", ANSWERED)
    complaint, unanswered = desk.opens("complaints", "late again"), desk.opens("complaints", "late once more")
    suggestion = desk.opens("suggestions", "Use paper bags")
    care.drain()
    assert desk.row("complaint", "first_response")["pending"]["count"] == 2

    care.clock.advance(minutes=30)
    desk.act(f"{asked}/messages", text="It is.", waits=False)
    desk.act(f"{complaint}/messages", text="Which one?", waits=True)
    made(desk.brand.patch(f"/v1{suggestion}", {"value": "high"}), 200)
    assert desk.row("complaint", "resolution")["pending"] | {"oldest_elapsed": 30} == {
        "count": 2, "late": 0, "waiting": 1, "oldest_worked": 30, "oldest_elapsed": 30,
    }  # fmt: skip
    care.clock.advance(minutes=30)
    desk.act(f"{asked}/close")
    care.clock.advance(hours=4)
    desk.member(f"{complaint}/messages", text="The blue one.")
    care.clock.advance(hours=16)
    desk.act(f"{complaint}/resolve", outcome="A new box comes.")
    desk.act(f"{suggestion}/decline", reason="Too dear.")
    care.clock.advance(hours=1)
    desk.member(f"{complaint}/verdict", verdict="rejected", resolution=1, comment="It did not come.")
    care.clock.advance(hours=1)
    desk.act(f"{complaint}/resolve", outcome="Here it is.")
    care.drain()

    found = desk.report()
    of = {(each["kind"], each["measure"]): medians(each) for each in found["rows"] if each["group"] is None}
    assert of == {
        ("enquiry", "first_response"): (1, 1, "30.0", "30.0", 0),
        ("enquiry", "resolution"): (1, 1, "60.0", "60.0", 0),
        ("complaint", "first_response"): (1, 1, "30.0", "30.0", 1),
        ("complaint", "resolution"): (1, 1, "210.0", "1380.0", 1),
        ("suggestion", "first_response"): (1, 1, "30.0", "30.0", 0),
        ("suggestion", "resolution"): (1, 1, "420.0", "1260.0", 0),
    }
    assert not found["complete"]

    pages = (asked, "enquiry", "closed"), (complaint, "complaint", "resolved"), (suggestion, "suggestion", "decided")
    for path, kind, end in pages:
        shown = desk.read(path)
        opened = parse_instant(shown["opened_at"])
        for measure, until in (("first_response", "first_response_at"), ("resolution", f"{end}_at")):
            minutes = (parse_instant(shown[until]) - opened) // timedelta(minutes=1)
            assert of[kind, measure][3] == f"{minutes}.0", (kind, measure)
            assert parse_instant(shown[until]) <= parse_instant(shown[f"{measure}_due_at"])
    overdue = [each["id"] for each in desk.read("/complaints?overdue=true")["items"]]
    assert overdue == [unanswered.rpartition("/")[2]]
    pending = desk.row("complaint", "first_response")["pending"]
    assert pending == {"count": 1, "late": 1, "waiting": 0, "oldest_worked": 540, "oldest_elapsed": 1380}
    desk.act(f"{unanswered}/resolve", outcome="We are sorry.")
    late = desk.row("complaint", "first_response")
    assert (late["done"], late["in_time"], late["share"]) == (2, 1, "0.5000")
    desk.member(f"{unanswered}/verdict", verdict="rejected", resolution=1, comment="No.")
    assert desk.row("complaint", "first_response") == late, "opened again it was late all the same"
    assert desk.read(automatic)["status"] == "answered"
    on = desk.read(asked)["opened_at"][:10]
    rates = desk.read(f"/enquiry-rates?from={on}&to={on}")
    assert (rates["opened"], rates["median_response_minutes"]) == (2, 30)
    assert found["rates"] == desk.read("/reports/service-rates")["rows"]

    by_source = desk.report("?cases_by=source")["rows"]
    assert {each["group"] for each in by_source if each["kind"] == "complaint"} == {None, "member"}
    table = desk.brand.get("/v1/reports/service?format=csv").text
    assert table.count("\n") == len(found["rows"]) + 1
    assert "1380" in table


@pytest.mark.usefixtures("noon")
def test_the_day_is_that_of_the_opening_in_the_brands_zone_and_a_change_raises_the_revision(care: CustomerCare) -> None:
    desk = Desk(care)
    desk.opens("complaints", "late again")
    care.clock.advance(hours=12)
    path = desk.opens("suggestions", "Use paper bags")
    today = desk.report()["to_on"]
    days = f"?from_on={today}&to_on={today}"
    opened = {each["kind"]: each["opened"] for each in desk.report(days)["rows"]}
    assert opened == {"enquiry": 0, "complaint": 0, "suggestion": 1}

    before = desk.report(days)["revision"]
    assert desk.report(days)["revision"] == before
    desk.act(f"{path}/adopt", plan="Paper bags.", done_by="2030-06-30")
    after = desk.report(days)
    assert after["revision"] > before
    care.clock.advance(hours=24)
    assert desk.report(days)["complete"]
