"""How complaints are judged, without a database."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.complaints.errors import HistoryFull
from chalicelib.complaints.model.cases import (
    MAX_HISTORY,
    Breach,
    DueTimes,
    Importance,
    Priority,
    Urgency,
    Watch,
    breaches,
    check_room,
    choose_owner,
    due_times,
    next_due,
    priority,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_priority_never_falls_when_urgency_or_importance_rises():
    ranks = [[list(Priority).index(priority(u, i)) for i in Importance] for u in Urgency]

    assert all(row == sorted(row, reverse=True) for row in ranks)
    assert all(list(column) == sorted(column, reverse=True) for column in zip(*ranks, strict=True))


def test_a_graver_complaint_is_due_sooner_and_the_first_response_before_the_resolution():
    times = [due_times(NOON, level) for level in Priority]

    assert times == sorted(times, key=lambda due: due.resolution_at)
    assert times == sorted(times, key=lambda due: due.first_response_at)
    assert all(NOON < due.first_response_at < due.resolution_at for due in times)
    assert due_times(NOON, Priority.P1) == DueTimes(NOON + timedelta(hours=1), NOON + timedelta(hours=8))


def test_owners_are_taken_from_the_first_rank_that_has_anybody():
    assert choose_owner("c", [["s"], ["m"], ["o"]]) == "s"
    assert choose_owner("c", [[], ["m"], ["o"]]) == "m"
    assert choose_owner("c", [[], [], ["o"]]) == "o"
    assert choose_owner("c", [[], [], []]) is None


def test_an_escalation_passes_the_present_owner_over_unless_nobody_else_is_there():
    assert choose_owner("c", [["m"], ["o"]], but_not="m") == "o"
    assert choose_owner("c", [["o"], ["o"]], but_not="o") == "o"


def test_complaints_spread_evenly_and_stay_when_somebody_else_leaves():
    team = ["a", "b", "c", "d"]
    before = {f"c{n}": choose_owner(f"c{n}", [team]) for n in range(2_000)}
    after = {complaint: choose_owner(complaint, [["a", "b", "c"]]) for complaint in before}

    assert all(400 < count < 600 for count in Counter(before.values()).values())
    assert all(after[complaint] == owner for complaint, owner in before.items() if owner != "d")


def watch(breach=Breach.RESOLUTION, met=False, escalated_at=None):
    return Watch(breach, NOON, met, escalated_at)


def test_a_complaint_escalates_from_its_due_time_on_once_and_never_when_it_was_met():
    assert breaches([watch()], NOON - timedelta(milliseconds=1)) == []
    assert breaches([watch()], NOON) == [Breach.RESOLUTION]
    assert breaches([watch()], NOON + timedelta(days=400)) == [Breach.RESOLUTION]
    assert breaches([watch(escalated_at=NOON)], NOON + timedelta(days=1)) == []
    assert breaches([watch(met=True)], NOON + timedelta(days=1)) == []


def test_a_complaint_is_due_at_the_first_of_its_times_that_is_still_to_be_met():
    later = Watch(Breach.RESOLUTION, NOON + timedelta(hours=1), met=False, escalated_at=None)

    assert next_due([watch(Breach.FIRST_RESPONSE), later]) == NOON
    assert next_due([watch(Breach.FIRST_RESPONSE, met=True), later]) == later.due_at
    assert next_due([watch(Breach.FIRST_RESPONSE, escalated_at=NOON), later]) == later.due_at
    assert next_due([watch(met=True)]) is None


def test_the_last_entries_of_a_history_are_kept_for_its_end():
    check_room(MAX_HISTORY - 6)
    with pytest.raises(HistoryFull):
        check_room(MAX_HISTORY - 5)
    check_room(MAX_HISTORY - 1, closing=True)
