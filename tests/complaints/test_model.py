"""How complaints are judged, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.cases.model.clocks import Priority
from chalicelib.complaints.errors import ComplaintResolved, HistoryFull
from chalicelib.complaints.model.cases import (
    MAX_HISTORY,
    MOST_REPLIES,
    REOPENED_WITHIN,
    Importance,
    Urgency,
    check_reopening,
    check_replies,
    check_room,
    priority,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_priority_never_falls_when_urgency_or_importance_rises():
    ranks = [[list(Priority).index(priority(u, i)) for i in Importance] for u in Urgency]

    assert all(row == sorted(row, reverse=True) for row in ranks)
    assert all(list(column) == sorted(column, reverse=True) for column in zip(*ranks, strict=True))


def test_the_last_entries_of_a_history_are_kept_for_its_end():
    check_room(MAX_HISTORY - 6)
    with pytest.raises(HistoryFull):
        check_room(MAX_HISTORY - 5)
    check_room(MAX_HISTORY - 1, closing=True)


def test_a_member_cannot_fill_a_history_that_the_team_needs():
    check_replies(MOST_REPLIES - 1)
    with pytest.raises(HistoryFull):
        check_replies(MOST_REPLIES)


def test_a_complaint_is_opened_again_for_two_weeks():
    check_reopening(NOON, NOON + REOPENED_WITHIN - timedelta(milliseconds=1))
    with pytest.raises(ComplaintResolved):
        check_reopening(NOON, NOON + REOPENED_WITHIN)
