"""When enquiries are to be answered, ended, and close by themselves, by a timetable worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chalicelib.cases.model.calendar import Calendar
from chalicelib.cases.model.clocks import Kind, Priority, Rules, Run, Target
from chalicelib.cases.service.timing import Timing
from chalicelib.enquiries.model.conversation import Status
from chalicelib.enquiries.model.rules import EnquiryRules
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.enquiries.service.timing import By
from tests.cases.test_timetable import CALENDARS

LINES = [
    line
    for line in (Path(__file__).parent / "timetable.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
WHYS = [line.rpartition("|")[2].strip() for line in LINES]


def timed(line: str) -> tuple[list[datetime | None], list[datetime | None]]:
    """What an enquiry's times are, and what they should be: first response, end, closing by itself."""
    name, asked, minutes, needed, waits, closings, *right, _ = (part.strip() for part in line.split("|"))
    hours, zone_name = CALENDARS[name]
    tz = ZoneInfo(zone_name)

    def at(text: str) -> datetime:
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=tz).astimezone(UTC)

    calendar, enquiry = Calendar(hours, tz), EnquiryRecord("t#enquiry#e", "enquiry", opened_at=at(asked))
    enquiry.status, enquiry.priority_name = Status.IN_PROGRESS.value, Priority.P3.value
    run = Run(at(needed or asked))
    for each in filter(None, waits.split(";")):
        begins, ends = each.split(">")
        run = run.stop(at(begins))
        run = run.resume(at(ends)) if ends.strip() else run
    for each in filter(None, closings.split(";")):
        closed, again = each.split(">")
        run = run.again(at(closed), at(again), calendar)
    enquiry.keep_run(run)
    rules = Rules({Kind.ENQUIRY: {Priority.P3: Target(60, int(minutes))}})
    By(Timing(calendar, rules), EnquiryRules()).time(enquiry)
    found = [enquiry.first_response_due_at, enquiry.resolution_due_at, enquiry.follow_up_at]
    return found, [at(each) if each else None for each in right]


@pytest.mark.parametrize("line", LINES, ids=WHYS)
def test_an_enquiry_is_due_when_the_timetable_says(line: str) -> None:
    found, right = timed(line)

    assert found == right


def test_the_timetable_is_long_enough_to_mean_something() -> None:
    assert len(LINES) >= 30
    assert len({CALENDARS[line.partition("|")[0].strip()][1] for line in LINES}) == 3
