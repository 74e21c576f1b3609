"""What becomes of a claimed domain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.own_domains.model.states import (
    Problem,
    Seen,
    Standing,
    Status,
    after_certificate,
    after_look,
    next_look,
    problem_of,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("seen", "problem"),
    [
        (Seen(frozenset(), False), "no_proof"),
        (Seen(frozenset(), True), "no_proof"),
        (Seen(frozenset({"other"}), True), "wrong_proof"),
        (Seen(frozenset({"other", "mine"}), False), "not_pointed"),
        (Seen(frozenset({"mine"}), True), ""),
    ],
)
def test_what_is_missing_is_named(seen: Seen, problem: Problem) -> None:
    assert problem_of(seen, "mine") == problem


def test_three_days_in_a_row_break_a_domain_and_one_good_look_mends_the_count() -> None:
    standing = Standing("live", "", NOW)

    for day in range(2):
        standing = after_look(standing, "not_pointed", NOW + day * DAY, daily=True)
        assert (standing.status, standing.failed) == ("live", day + 1)
    mended = after_look(standing, "", NOW + 2 * DAY, daily=True)
    assert mended == Standing("live", "", NOW)

    broken = after_look(standing, "no_proof", NOW + 2 * DAY, daily=True)
    assert broken == Standing("broken", "no_proof", NOW + 2 * DAY, 3)


def test_looking_often_breaks_nothing() -> None:
    standing = Standing("live", "", NOW)

    for _ in range(10):
        standing = after_look(standing, "not_pointed", NOW, daily=False)

    assert (standing.status, standing.failed, standing.problem) == ("live", 0, "not_pointed")


@pytest.mark.parametrize("status", ["waiting_for_dns", "broken"])
def test_right_records_lead_to_the_certificate(status: Status) -> None:
    found = after_look(Standing(status, "no_proof", NOW), "", NOW + DAY, daily=False)

    assert found == Standing("waiting_for_certificate", "", NOW + DAY)


def test_a_certificate_is_waited_for_three_days() -> None:
    waiting = Standing("waiting_for_certificate", "", NOW)

    assert after_certificate(waiting, "pending", NOW + 2 * DAY) == waiting
    assert after_certificate(waiting, "issued", NOW + 2 * DAY) == Standing("live", "", NOW + 2 * DAY)
    late = Standing("broken", "no_certificate", NOW + 3 * DAY)
    assert after_certificate(waiting, "pending", NOW + 3 * DAY) == late
    assert after_certificate(waiting, "failed", NOW).status == "broken"


def test_a_live_domain_that_lost_its_certificate_waits_as_long_for_another() -> None:
    later = NOW + 90 * DAY
    lost = after_certificate(Standing("live", "", NOW), "pending", later)

    assert lost == Standing("waiting_for_certificate", "", later)
    assert after_certificate(lost, "issued", later + DAY) == Standing("live", "", later + DAY)


def test_it_is_looked_at_ever_more_seldom_and_then_when_asked_alone() -> None:
    waiting = Standing("waiting_for_dns", "no_proof", NOW)
    pauses = []
    at = NOW
    while (following := next_look(waiting, at)) is not None:
        pauses.append(following - at)
        at = following

    assert pauses[0] == timedelta(minutes=2)
    assert pauses == sorted(pauses)
    assert max(pauses) == timedelta(hours=6)
    assert len(pauses) < 100
    assert timedelta(days=14) <= at - NOW < timedelta(days=15)


def test_what_is_used_is_looked_at_daily_and_what_was_taken_never() -> None:
    assert next_look(Standing("live", "", NOW), NOW) == NOW + DAY
    assert next_look(Standing("broken", "no_proof", NOW), NOW) == NOW + DAY
    assert next_look(Standing("broken", "taken", NOW), NOW) is None
