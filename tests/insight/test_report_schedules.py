"""Reports that come by e-mail: once at the brand's wall time, to people of the team, with figures that are final."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight import events
from chalicelib.insight.model.summary import Span
from chalicelib.insight.report_schedules.model.rhythm import Every, Occurrence, Rhythm, following, latest, period_before
from chalicelib.insight.report_schedules.service import scheduling, sending, telling
from chalicelib.jobs.model import MOST_STALLS, STALLED_AFTER
from chalicelib.kernel.clock import now, zone
from infra.local.engine import Engine
from tests.builders import made
from tests.conftest import Clock, Sweep
from tests.insight.figures import Figures
from tests.letters import news

NEW_YORK, APIA = zone("America/New_York"), zone("Pacific/Apia")
DAILY = {"name": "summary", "parameters": {"compare": "previous"}, "format": "csv", "every": "day", "at": "08:00"}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(rhythm: Rhythm, tz: Any, after: str) -> Iterator[Occurrence]:
    found = following(rhythm, tz, utc(after))
    while True:
        yield found
        found = following(rhythm, tz, found.at)


class TestRhythm:
    def test_it_keeps_the_wall_time_over_clock_changes(self) -> None:
        coming = list(islice(times(Rhythm("day", "08:00"), NEW_YORK, "2026-03-07T00:00"), 3))
        assert [f"{each.at:%m-%d %H:%M}" for each in coming] == ["03-07 13:00", "03-08 12:00", "03-09 12:00"]

    def test_it_comes_once_in_a_repeated_hour_and_once_after_a_skipped_one(self) -> None:
        repeated = list(islice(times(Rhythm("day", "01:30"), NEW_YORK, "2026-10-31T12:00"), 2))
        assert [f"{each.at:%m-%d %H:%M}" for each in repeated] == ["11-01 05:30", "11-02 06:30"]
        skipped = list(islice(times(Rhythm("day", "02:30"), NEW_YORK, "2026-03-07T12:00"), 2))
        assert [f"{each.at:%m-%d %H:%M}" for each in skipped] == ["03-08 07:30", "03-09 06:30"]

    def test_a_day_that_the_calendar_skips_has_none(self) -> None:
        coming = list(islice(times(Rhythm("day", "08:00"), APIA, "2011-12-29T00:00"), 3))
        assert [each.on for each in coming] == [date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]
        assert len({each.at for each in coming}) == 3

    @pytest.mark.parametrize(
        ("rhythm", "days"),
        [
            (Rhythm("week", "08:00", weekday=2), ["2026-01-07", "2026-01-14"]),
            (Rhythm("month", "08:00", day=31), ["2026-01-31", "2026-02-28"]),
            (Rhythm("quarter", "08:00", day=2), ["2026-01-02", "2026-04-02"]),
            (Rhythm("year", "08:00", day=5), ["2026-01-05", "2027-01-05"]),
        ],
    )
    def test_the_days_on_which_it_comes(self, rhythm: Rhythm, days: list[str]) -> None:
        coming = islice(times(rhythm, NEW_YORK, "2026-01-01T00:00"), 2)
        assert [each.on.isoformat() for each in coming] == days

    @pytest.mark.parametrize(
        ("unit", "first", "last"),
        [
            ("day", "2026-02-28", "2026-02-28"), ("week", "2026-02-16", "2026-02-22"),
            ("month", "2026-02-01", "2026-02-28"), ("quarter", "2025-10-01", "2025-12-31"),
            ("year", "2025-01-01", "2025-12-31"),
        ],
    )  # fmt: skip
    def test_the_period_before(self, unit: Every, first: str, last: str) -> None:
        span = Span(date.fromisoformat(first), date.fromisoformat(last))
        assert period_before(unit, date(2026, 3, 1)) == span

    @pytest.mark.parametrize(
        ("on", "first"),
        [("2026-03-01", "2026-02-22"), ("2026-03-02", "2026-02-22"), ("2026-02-28", "2026-02-15")],
    )
    def test_a_week_is_the_brands_own(self, on: str, first: str) -> None:
        found = period_before("week", date.fromisoformat(on), week_begins=6)
        assert (found.from_on.isoformat(), (found.to_on - found.from_on).days) == (first, 6)

    def test_of_several_that_nobody_sent_the_last_comes(self) -> None:
        rhythm = Rhythm("day", "08:00")
        first = following(rhythm, NEW_YORK, utc("2026-02-01T00:00"))
        assert latest(rhythm, NEW_YORK, first, utc("2026-02-04T12:59")).on == date(2026, 2, 3)
        assert latest(rhythm, NEW_YORK, first, first.at) == first


class Office:
    """A brand in New York whose owner gets reports."""

    def __init__(self, figures: Figures, engine: Engine, clock: Clock, sweep: Sweep) -> None:
        self.figures, self.engine, self.clock, self.sweep = figures, engine, clock, sweep
        self.brand, self.tenant_id = figures.shop.brand, figures.shop.tenant_id
        self.owner = f"owner@{figures.shop.slug}.example"

    def schedule(self, **fields: Any) -> Any:
        return made(self.brand.post("/v1/report-schedules", {**DAILY, "recipients": [self.owner], **fields}), 201)

    def read(self, schedule: Any) -> Any:
        return made(self.brand.get(f"/v1/report-schedules/{schedule['id']}"), 200)

    def until(self, moment: str) -> None:
        """Lets the night before a moment roll the day up, then what is due come."""
        night = utc(moment).replace(hour=6, minute=0)
        if night > now():
            self.clock.set(night)
            self.sweep(2)
        self.clock.set(utc(moment))
        self.sweep(2)

    @property
    def mails(self) -> list[Any]:
        return [mail for mail in news(self.engine) if "Sales and orders" in mail["subject"]]


@pytest.fixture
def office(rolled: Figures, engine: Engine, clock: Clock, sweep: Sweep) -> Office:
    """On 10 January 2028, ten o'clock in New York, with two orders on the ninth and one on the eighth."""
    rows = [("B-1", "ann", "2028-01-09", 1, 900, "USD"), ("B-2", "bob", "2028-01-09", 1, 300, "USD")]
    rolled.import_orders([*rows, ("B-3", "ann", "2028-01-08", 1, 1000, "USD")])
    return Office(rolled, engine, clock, sweep)


def test_a_daily_report_comes_once_with_figures_the_comparison_and_a_link(office: Office) -> None:
    schedule = office.schedule()
    assert schedule["next_at"] == "2028-01-11T13:00:00Z"
    office.figures.import_orders([("B-4", "eve", "2028-01-10", 2, 1200, "USD")])
    office.until("2028-01-11T13:05")
    [mail] = office.mails
    assert mail["subject"] == "Sales and orders: 2028-01-10"
    assert "Sales: $12.00 (+0.0 % against 2028-01-09)" in mail["text"]
    assert "Orders: 1 (-50.0 % against 2028-01-09)" in mail["text"]
    assert "The figures are complete." in mail["text"]
    kept = office.read(schedule)
    assert f"/console/jobs/{kept['last_job_id']}" in mail["text"]
    assert (kept["last_on"], kept["next_at"]) == ("2028-01-11", "2028-01-12T13:00:00Z")
    job = office.figures.job(kept["last_job_id"])
    assert (job["status"], job["rows"]) == ("done", 2)
    for _ in range(2):  # messages that come again
        with tenant_scope(office.tenant_id):
            sending.send(office.tenant_id, schedule["id"], now())
            telling.tell(office.tenant_id, kept["last_job_id"], now())
        office.sweep()
    assert len(office.mails) == 1


def test_it_waits_for_figures_that_are_not_final_and_then_says_so(office: Office, monkeypatch: Any) -> None:
    schedule = office.schedule()
    office.clock.set(utc("2028-01-11T13:05"))
    with tenant_scope(office.tenant_id):  # no night has been
        sending.send(office.tenant_id, schedule["id"], now())
        kept = scheduling.get_schedule(office.tenant_id, schedule["id"])
        assert (kept.last_job, kept.retry_at > now()) == (None, True)
        office.clock.set(utc("2028-01-11T19:05"))
        sending.send(office.tenant_id, schedule["id"], now())
        job_id = scheduling.get_schedule(office.tenant_id, schedule["id"]).last_job
    assert job_id
    told: list[Any] = []
    monkeypatch.setattr(telling, "tell_person", lambda *args, **_: told.append(args[2]))
    with tenant_scope(office.tenant_id):
        telling.tell(office.tenant_id, job_id, now())
    assert told[0].final.en.startswith("The figures are not complete yet")


def test_a_worker_that_dies_sends_nothing_twice_and_leaves_nothing_out(office: Office, monkeypatch: Any) -> None:
    schedule, prepared, died = office.schedule(), sending.prepared, []

    def dies(*args: Any, **named: Any) -> Any:
        if not died:
            died.append(True)
            raise RuntimeError("the worker dies")
        return prepared(*args, **named)

    monkeypatch.setattr(sending, "prepared", dies)
    office.until("2028-01-11T13:05")
    office.clock.advance(minutes=30)
    office.sweep(2)
    assert len(office.mails) == 1
    assert died
    assert office.read(schedule)["last_on"] == "2028-01-11"


def test_who_waits_for_a_file_that_nobody_can_write_is_told_so(office: Office, monkeypatch: Any) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(events.report_work, "continue_file", lambda *_: None)
        schedule = office.schedule()
        office.until("2028-01-11T13:05")
        assert office.mails == []
        for _ in range(MOST_STALLS + 1):
            office.clock.advance(seconds=STALLED_AFTER.total_seconds())
            office.sweep(2)
    [mail] = office.mails
    assert office.figures.job(office.read(schedule)["last_job_id"])["status"] == "failed"
    assert "There is no file this time." in mail["text"]


def test_a_weekly_report_is_of_the_brands_own_week(office: Office) -> None:
    made(office.brand.put("/v1/price-rules", {"week_begins": "sun"}), 200)
    office.schedule(every="week", weekday=1)
    office.until("2028-01-11T13:05")
    [mail] = office.mails
    assert mail["subject"] == "Sales and orders: 2028-01-02 to 2028-01-08"


def test_it_pauses_when_a_recipient_leaves_the_team(office: Office) -> None:
    someone = {"email": f"kim@{office.figures.shop.slug}.example", "name": "Kim", "roles": ["analyst"]}
    hired = made(office.brand.post("/v1/staff", someone), 201)
    schedule = office.schedule(recipients=[office.owner, someone["email"]])
    made(office.brand.delete(f"/v1/staff/{hired['id']}"), 204)
    office.until("2028-01-11T13:05")
    kept = office.read(schedule)
    assert (kept["status"], kept["next_at"], office.mails) == ("paused", None, [])
    assert kept["why"] == "a recipient has left the team, or may not read the report any more"
    change = {"recipients": [office.owner], "status": "active"}
    changed = made(office.brand.patch(f"/v1/report-schedules/{schedule['id']}", change), 200)
    assert (changed["status"], changed["why"], changed["next_at"]) == ("active", None, "2028-01-12T13:00:00Z")


def test_who_reads_no_sales_gets_no_figures_of_them(office: Office) -> None:
    planner = {"email": f"pat@{office.figures.shop.slug}.example", "name": "Pat", "roles": ["planner"]}
    made(office.brand.post("/v1/staff", planner), 201)
    office.schedule(name="growth", parameters={}, recipients=[planner["email"]])
    office.until("2028-01-11T13:05")
    [mail] = [mail for mail in news(office.engine) if "What promotions bring" in mail["subject"]]
    assert "Sales" not in mail["text"]
    refused = office.brand.post("/v1/report-schedules", {**DAILY, "recipients": [planner["email"]]})
    assert (refused.json["code"], refused.json["errors"][0]["pointer"]) == ("not_on_the_team", "/recipients/0")


def test_the_standard_set_is_made_once_however_often_it_is_asked_for(office: Office) -> None:
    wanted = {"recipients": [office.owner]}
    first = made(office.brand.post("/v1/report-schedules/standard", wanted), 201)["items"]
    again = made(office.brand.post("/v1/report-schedules/standard", wanted), 201)["items"]
    assert [each["every"] for each in first] == ["day", "week", "month", "quarter", "year"]
    assert [each["id"] for each in again] == [each["id"] for each in first]
    assert [each["next_at"][:10] for each in first] == [
        "2028-01-11", "2028-01-17", "2028-02-01", "2028-04-01", "2029-01-01",
    ]  # fmt: skip
    assert len(made(office.brand.get("/v1/report-schedules"), 200)["items"]) == 5


def test_a_deleted_schedule_sends_nothing(office: Office) -> None:
    schedule = office.schedule()
    made(office.brand.delete(f"/v1/report-schedules/{schedule['id']}"), 204)
    office.until("2028-01-11T13:05")
    assert office.mails == []
    assert office.brand.get(f"/v1/report-schedules/{schedule['id']}").status == 404


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"parameters": {"from_on": "2028-01-01"}}, "/parameters/from_on"),
        ({"name": "retention", "parameters": {"members": "2026-01:0"}}, "/parameters/members"),
        ({"parameters": {"by": "decade"}}, "/parameters/by"),
        ({"every": "hour"}, "/every"),
        ({"at": "24:00"}, "/at"),
        ({"recipients": ["stranger@elsewhere.example"]}, "/recipients/0"),
        ({"recipients": []}, "/recipients"),
    ],
)
def test_what_cannot_be_scheduled_is_named(office: Office, fields: Any, pointer: str) -> None:
    refused = office.brand.post("/v1/report-schedules", {**DAILY, "recipients": [office.owner], **fields})
    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == pointer
