"""How complaints are judged, without a database."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.complaints.errors import HistoryFull
from chalicelib.complaints.model import (
    MAX_HISTORY,
    Category,
    DueTimes,
    Importance,
    Priority,
    Status,
    Urgency,
    check_room,
    choose_owner,
    due_times,
    judge,
    needs_escalation,
    priority,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "category", "cause", "urgency"),
    [
        ("吃完以后食物中毒了", Category.QUALITY, "unsafe", Urgency.CRITICAL),
        ("My son is ALLERGIC to it and went to hospital", Category.QUALITY, "unsafe", Urgency.CRITICAL),
        ("草莓都烂了", Category.QUALITY, "spoiled", Urgency.HIGH),
        ("Two boxes were missing", Category.SHORTAGE, "missing_item", Urgency.HIGH),
        ("发错货了", Category.SHORTAGE, "wrong_item", Urgency.HIGH),
        ("I was charged twice", Category.PAYMENT, "overcharged", Urgency.HIGH),
        ("the shop was late again", Category.PICKUP, "late", Urgency.NORMAL),
        ("我的order是late的", Category.PICKUP, "late", Urgency.NORMAL),
        ("团长态度很差", Category.SERVICE, "rude", Urgency.NORMAL),
        ("I love chocolate", Category.OTHER, "unspecified", Urgency.LOW),
        ("", Category.OTHER, "unspecified", Urgency.LOW),
    ],
)
def test_words_in_both_languages_reveal_the_cause(text, category, cause, urgency):
    found = judge(text)

    assert (found.category, found.cause, found.urgency) == (category, cause, urgency)


def test_the_gravest_cause_wins():
    assert judge("late, rude, and the fish was rotten").cause == "spoiled"


def test_what_the_member_states_is_kept_and_words_only_raise_urgency():
    stated = judge("the milk was spoiled", category=Category.PICKUP, cause="long queue")

    assert (stated.category, stated.cause, stated.urgency) == (Category.PICKUP, "long queue", Urgency.HIGH)
    assert judge("late", category=Category.PAYMENT).urgency is Urgency.HIGH


@pytest.mark.parametrize(
    ("total", "currency", "score", "importance"),
    [
        (19_999, "CNY", None, Importance.NORMAL),
        (20_000, "CNY", None, Importance.HIGH),
        (4_999, "CNY", None, Importance.LOW),
        (0, "", None, Importance.LOW),
        (0, "", 2, Importance.NORMAL),
        (0, "", 1, Importance.HIGH),
        (4_000, "JPY", None, Importance.HIGH),
        (50_000, "KWD", None, Importance.HIGH),
        (49_999, "KWD", None, Importance.NORMAL),
    ],
)
def test_importance_follows_the_orders_worth_and_the_score(total, currency, score, importance):
    assert judge("x", order_total_minor=total, currency=currency, score=score).importance is importance


def test_a_score_of_one_is_urgent_whatever_the_words():
    assert judge("", score=1).urgency is Urgency.HIGH
    assert judge("", score=2).urgency is Urgency.LOW


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


def test_a_complaint_escalates_from_its_due_time_on_once_and_never_when_resolved():
    due = NOON
    assert not needs_escalation(Status.OPEN, None, due, NOON - timedelta(milliseconds=1))
    assert needs_escalation(Status.OPEN, None, due, NOON)
    assert needs_escalation(Status.IN_PROGRESS, None, due, NOON + timedelta(days=400))
    assert not needs_escalation(Status.OPEN, NOON, due, NOON + timedelta(days=1))
    assert not needs_escalation(Status.RESOLVED, None, due, NOON + timedelta(days=1))


def test_the_last_entries_of_a_history_are_kept_for_its_end():
    check_room(MAX_HISTORY - 6)
    with pytest.raises(HistoryFull):
        check_room(MAX_HISTORY - 5)
    check_room(MAX_HISTORY - 1, closing=True)
