"""The rules of cases, without a database: calendars, runs, the ladder, and who gets a case."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.cases.errors import NoWorkingHours
from chalicelib.cases.model.calendar import Calendar, Hours
from chalicelib.cases.model.clocks import (
    STANDARD,
    Kind,
    Priority,
    Promise,
    Rules,
    Run,
    Step,
    Target,
    next_look,
    steps_due,
)
from chalicelib.cases.model.public_holidays import KNOWN
from chalicelib.cases.model.routing import ABOVE, FIRST, Colleague, Wanted, choose
from chalicelib.kernel.weekly_hours import WeeklyHours, day_of, minute_of, wall_of

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def someone(name: str, *roles: str, on_duty: bool = True, skills: tuple[str, ...] = (), points: tuple[str, ...] = ()):
    return Colleague(name, roles or ("service",), on_duty, skills, points)


# --- hours ---------------------------------------------------------------------------------------------------------
def test_a_calendar_without_an_hour_is_refused():
    with pytest.raises(NoWorkingHours):
        Calendar(Hours(WeeklyHours()), SHANGHAI)
    with pytest.raises(NoWorkingHours):
        Calendar(Hours(WeeklyHours(), {}, {date(2026, 11, 7): ((540, 1080),)}), SHANGHAI)


@pytest.mark.parametrize("spans", [[(600, 540)], [(600, 600)], [(540, 720), (700, 800)], [(-1, 5)], [(0, 1441)]])
def test_spans_that_contradict_each_other_are_refused(spans):
    with pytest.raises(ValueError, match="span"):
        day_of(spans)


def test_midnight_is_the_days_beginning_and_its_end():
    assert (minute_of("00:00"), minute_of("00:00", ends=True), minute_of("23:59", ends=True)) == (0, 1440, 1439)
    assert (wall_of(1440), wall_of(570)) == ("00:00", "09:30")
    assert day_of([(780, 1080), (0, 720)]) == ((0, 720), (780, 1080))


def test_a_moved_workday_counts_before_the_weekday_and_the_holiday():
    weekly = WeeklyHours((((540, 1080),),) * 5 + ((), ()))
    hours = Hours(weekly, {date(2026, 11, 7): "?", date(2026, 11, 9): "free"}, {date(2026, 11, 7): ((600, 660),)})
    calendar = Calendar(hours, SHANGHAI)

    def works(day: int, hour: int) -> bool:
        return calendar.works_at(datetime(2026, 11, day, hour, tzinfo=SHANGHAI).astimezone(UTC))

    assert works(7, 10)
    assert not works(7, 11)
    assert not works(9, 10)
    assert works(10, 10)
    assert not works(10, 18)


def test_what_the_state_council_announced_for_2026_is_33_free_days_and_six_moved_ones():
    china = KNOWN["CN", 2026]

    assert Counter(china.holidays.values()) == {
        "元旦": 3, "春节": 9, "清明节": 3, "劳动节": 5, "端午节": 3, "中秋节": 3, "国庆节": 7,
    }  # fmt: skip
    assert len(china.workdays) == 6
    assert all(day.weekday() >= 5 for day in china.workdays)
    assert not set(china.workdays) & set(china.holidays)


def test_hours_and_rules_are_stored_as_they_were_set():
    hours = Hours(
        WeeklyHours((((540, 720), (780, 1440)),) + ((),) * 6),
        {date(2026, 5, 1): "劳动节"},
        {date(2026, 5, 9): ((0, 5),)},
    )
    rules = Rules({Kind.REPAIR: {Priority.P1: Target(5, 9)}}, 60, 3, "somebody")

    assert Hours.from_json(hours.as_json()) == hours
    assert Rules.from_json(rules.as_json()) == rules
    assert rules.target(Kind.REPAIR, Priority.P1) == Target(5, 9)
    assert rules.target(Kind.REPAIR, Priority.P2) == STANDARD[Kind.REPAIR][Priority.P2]


# --- runs ----------------------------------------------------------------------------------------------------------
def test_an_answer_resumes_a_run_once_and_waiting_begins_once():
    run = Run(NOON).stop(NOON + HOUR).stop(NOON + 2 * HOUR)
    assert run.stops == ((NOON + HOUR, None),)

    answered = run.resume(NOON + 3 * HOUR)
    assert answered.resume(NOON + 9 * HOUR) == answered
    assert answered.stops == ((NOON + HOUR, NOON + 3 * HOUR),)
    assert Run.from_json(answered.as_json()) == answered
    assert Run.from_json(run.as_json()).waits_since == NOON + HOUR


def test_an_answer_that_is_dated_before_the_question_takes_no_time_away():
    run = Run(NOON).stop(NOON + HOUR).resume(NOON)

    assert run.stops == ((NOON + HOUR, NOON + HOUR),)


def test_graver_cases_are_due_sooner_and_answered_before_they_are_solved():
    for levels in STANDARD.values():
        targets = [levels[priority] for priority in Priority]
        assert targets == sorted(targets, key=lambda each: each.first_response)
        assert targets == sorted(targets, key=lambda each: each.resolution)
        assert all(0 < each.first_response <= each.resolution for each in targets)


# --- the ladder ----------------------------------------------------------------------------------------------------
def answer(met: bool = False) -> Promise:
    return Promise(Step.ANSWER_WARNED, Step.ANSWER_BREACHED, NOON, NOON + HOUR, met)


def solution(met: bool = False, stands: bool = False) -> Promise:
    return Promise(Step.SOLUTION_WARNED, Step.SOLUTION_BREACHED, NOON + 2 * HOUR, NOON + 3 * HOUR, met, stands)


def test_each_step_is_due_once_and_a_late_look_skips_the_warning():
    both, never = (answer(), solution()), ()
    assert steps_due(both, never, NOON - timedelta(milliseconds=1)) == []
    assert steps_due(both, never, NOON) == [Step.ANSWER_WARNED]
    assert steps_due(both, [Step.ANSWER_WARNED], NOON) == []
    assert steps_due(both, never, NOON + HOUR) == [Step.ANSWER_BREACHED]
    assert steps_due(both, never, NOON + timedelta(days=90)) == [Step.ANSWER_BREACHED, Step.SOLUTION_BREACHED]
    assert steps_due((answer(met=True), solution(stands=True)), never, NOON + timedelta(days=90)) == []


def test_a_case_is_looked_at_when_its_next_step_is_due():
    both = answer(), solution()
    assert next_look(both, (), None) == NOON
    assert next_look(both, [Step.ANSWER_WARNED], None) == NOON + HOUR
    assert next_look(both, [Step.ANSWER_BREACHED], None) == NOON + 2 * HOUR
    assert next_look(both, [Step.ANSWER_BREACHED, Step.SOLUTION_BREACHED], None) is None
    assert next_look((answer(met=True), solution(stands=True)), (), NOON + 9 * HOUR) == NOON + 9 * HOUR
    assert next_look((answer(met=True), solution(stands=True)), [Step.FOLLOW_UP], NOON + 9 * HOUR) is None


# --- who gets it ---------------------------------------------------------------------------------------------------
def test_the_first_rank_that_has_anybody_on_duty_gets_it():
    s, m, o = someone("s"), someone("m", "manager"), someone("o", "owner")
    assert choose("c", [s, m, o], FIRST) == "s"
    assert choose("c", [m, o], FIRST) == "m"
    assert choose("c", [someone("s", on_duty=False), m, o], FIRST) == "m"
    assert choose("c", [], FIRST) is None
    assert choose("c", [someone("e", "editor")], FIRST) is None


def test_nobody_on_duty_is_the_fallback_else_the_first_rank_never_nobody():
    off = [someone("s", on_duty=False), someone("m", "manager", on_duty=False), someone("o", "owner", on_duty=False)]
    assert choose("c", off, FIRST, fallback="m") == "m"
    assert choose("c", off, FIRST, fallback="gone") == "s"
    assert choose("c", off, FIRST) == "s"
    assert choose("c", [*off, someone("e", "editor")], FIRST, fallback="e") == "s"


def test_who_had_it_is_passed_over_while_another_remains():
    assert choose("c", [someone("m", "manager"), someone("o", "owner")], ABOVE, but_not="m") == "o"
    assert choose("c", [someone("o", "owner")], ABOVE, but_not="o") == "o"
    assert choose("c", [someone("o", "owner"), someone("s", on_duty=False)], FIRST, but_not="s") == "o"
    assert choose("c", [someone("s", on_duty=False)], ABOVE, but_not="s") == "s"


def test_who_has_it_and_is_there_keeps_it_before_somebody_gets_it_who_is_not():
    away = someone("o", "owner", on_duty=False)
    assert choose("c", [someone("m", "manager"), away], ABOVE, but_not="m") == "m"
    assert choose("c", [someone("m", "manager"), away], ABOVE, but_not="m", fallback="o") == "m"
    assert choose("c", [someone("m", "manager", on_duty=False), away], ABOVE, but_not="m") == "o"
    assert choose("c", [someone("s"), away], ABOVE, but_not="s") == "o", "one of those below hands it up all the same"


def test_skill_then_pickup_point_then_load_decides():
    wanted = Wanted(("quality", "spoiled"), "east")
    expert, there, idle = someone("expert", skills=("Spoiled",)), someone("there", points=("east",)), someone("idle")
    other = someone("other", skills=("payment",))
    assert choose("c", [other, idle, there, expert], FIRST, wanted=wanted) == "expert"
    assert choose("c", [other, idle, there], FIRST, wanted=wanted) == "there"
    assert choose("c", [other, idle], FIRST, wanted=wanted) == "idle"
    assert choose("c", [other], FIRST, wanted=wanted) == "other"
    assert choose("c", [idle, someone("busy")], FIRST, load={"busy": 1}) == "idle"
    assert choose("c", [someone("lazy"), idle], FIRST, load={"idle": 5, "lazy": 4}) == "lazy"


def test_cases_spread_evenly_and_stay_when_somebody_else_leaves():
    team = [someone(name) for name in "abcd"]
    before = {f"c{n}": choose(f"c{n}", team, FIRST) for n in range(2_000)}
    after = {case: choose(case, team[:3], FIRST) for case in before}

    assert all(400 < count < 600 for count in Counter(before.values()).values())
    assert all(after[case] == owner for case, owner in before.items() if owner != "d")
