"""What is said of a journey's effect: nothing before its day, then once; and its figures are what a recount finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from pynamodb.expressions.update import Action

from chalicelib.db import Transaction, tenant_scope
from chalicelib.journeys.model.journeys import Definition, Goal, Horizon
from chalicelib.journeys.model.results import Finding, Tally, verdict_on
from chalicelib.journeys.model.steps import Trigger
from chalicelib.journeys.records import DayCountRecord, WayRecord
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.trials.arms import Arm
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Sweep
from tests.journeys.some import agreed, arms, go_quiet, journey, results, says, way
from tests.journeys.test_faults import of_both_arms

PUBLISHED = date(2026, 10, 1)
TREATED, CONTROL = Tally(entered=70, buyers=56), Tally(entered=80, buyers=48)
"""56 of 70 against 48 of 80: the first example of Newcombe (Statistics in Medicine 17, 1998, table II (a)), whose
interval by method 10 is from 0.0524 to 0.3339."""


@pytest.fixture(autouse=True)
def of_the_shop(shop: Shop) -> Iterator[None]:
    """What workers do, they do within their tenant."""
    with tenant_scope(shop.tenant_id):
        yield


def definition(members: int = 150, days: int = 28, goal: int = 14) -> Definition:
    return Definition(
        Trigger("joined"), control_bps=5_000, goal=Goal(goal), horizon=Horizon(members, days)
    )  # fmt: skip


def entered_on(on: date, treated: Tally = TREATED, control: Tally = CONTROL) -> dict[date, dict[Arm, Tally]]:
    return {on: {Arm.TREATED: treated, Arm.CONTROL: control}}


@pytest.mark.parametrize(
    ("days_after", "entered_after", "members", "found"),
    [
        (27, 0, 150, False),  # the goal of all is over, the days of the horizon are not
        (28, 0, 150, True),
        (28, 13, 150, True),  # entered on day 13, the goal's 14 days end with day 27
        (28, 14, 150, False),  # theirs end with this day
        (29, 14, 150, True),
        (28, 0, 151, False),  # one member is wanting
        (729, 0, 151, False),
    ],
)
def test_no_verdict_before_its_day_nor_before_enough_members_have_had_theirs(
    days_after: int, entered_after: int, members: int, found: bool
) -> None:
    by_day = entered_on(PUBLISHED + timedelta(days=entered_after))
    verdict = verdict_on(definition(members), PUBLISHED, by_day, PUBLISHED + timedelta(days=days_after))
    assert (verdict is not None) == found


def test_a_verdict_is_on_those_alone_whose_days_are_over() -> None:
    late = entered_on(PUBLISHED + timedelta(days=14), Tally(entered=500), Tally(entered=500, buyers=500))
    verdict = verdict_on(definition(), PUBLISHED, entered_on(PUBLISHED) | late, PUBLISHED + timedelta(days=28))
    assert verdict is not None
    assert (verdict.finding, verdict.arms[Arm.TREATED], verdict.arms[Arm.CONTROL]) == (
        Finding.MORE, TREATED, CONTROL,
    )  # fmt: skip


def brings(shop: Shop, of: Any, on: date, tallies: dict[Arm, Tally]) -> None:
    """Adds up what members who entered on a day have brought, as their ways would."""
    for part, (arm, tally) in enumerate(tallies.items()):
        actions: list[Action] = [
            getattr(DayCountRecord, f"{arm.value}_{name}").add(getattr(tally, name))
            for name in ("entered", "buyers", "expected_bps")
        ]
        tx = Transaction()
        place = DayCountRecord.address(shop.tenant_id, of["id"], 1, part, on)
        tx.update("day", DayCountRecord, *place, actions=[*actions, DayCountRecord.rev.add(1)])
        tx.commit()


def test_the_verdict_is_found_on_its_day_once_and_says_the_interval(shop: Shop, sweep: Sweep, clock: Clock) -> None:
    horizon = {"members": 150, "days": 20}
    of = journey(shop, control_share="50", goal_days=7, verdict_after=horizon, steps=[says("Hello")])
    first = local_date(product_clock.now(), zone(shop.timezone))
    assert results(shop, of)["verdict"]["due_on"] == str(first + timedelta(days=20))
    expected = Tally(entered=70, buyers=56, expected_bps=350_000), Tally(entered=80, buyers=48, expected_bps=400_000)
    brings(shop, of, first, dict(zip(Arm, expected, strict=True)))

    found = results(shop, of)
    shown = [round(found["interval"][name], 4) for name in ("value", "low", "high")]
    assert shown == [0.2, 0.0524, 0.3339]
    for days in (7, 12):  # the goal is over, the day has not come
        clock.advance(days=days)
        sweep(2)
        verdict = results(shop, of)["verdict"]
        assert (verdict["finding"], verdict["on"], verdict["sentence"][:15]) == ("not_due", None, "No verdict yet:")
        assert "+5.2" not in verdict["sentence"]
    clock.advance(days=1)
    sweep(2)
    verdict = results(shop, of)["verdict"]
    assert (verdict["finding"], verdict["on"]) == ("more", str(first + timedelta(days=20)))
    assert verdict["sentence"] == (
        "Of those it was for 80.0% ordered, of those left alone 60.0%. "
        "The journey brings more buyers: between +5.2 and +33.4 points."
    )
    assert "+5.2 至 +33.4 个百分点" in verdict["sentence_zh"]

    brings(shop, of, first, {Arm.TREATED: Tally(), Arm.CONTROL: Tally(buyers=32)})  # whatever comes later
    clock.advance(days=30)
    sweep(2)
    assert results(shop, of)["verdict"] == verdict


def test_behind_its_day_it_says_what_is_missing_and_when_it_is_looked_for_next(
    shop: Shop, sweep: Sweep, clock: Clock
) -> None:
    horizon = {"members": 20, "days": 20}
    of = journey(shop, control_share="50", goal_days=7, verdict_after=horizon, steps=[says("Hello")])
    first = local_date(product_clock.now(), zone(shop.timezone))
    few = Tally(entered=4, buyers=1, expected_bps=20_000), Tally(entered=4, buyers=1, expected_bps=20_000)
    brings(shop, of, first, dict(zip(Arm, few, strict=True)))
    clock.advance(days=25)
    sweep(2)
    verdict, tomorrow = results(shop, of)["verdict"], first + timedelta(days=26)
    assert verdict["finding"] == "not_due"
    assert verdict["sentence"].startswith("No verdict yet: only 8 of 20 members have had their 7 days.")
    assert f"looked for next on {tomorrow:%a} {tomorrow.day} " in verdict["sentence"], verdict
    assert "未达到所需的 20 位" in verdict["sentence_zh"]

    brings(shop, of, first + timedelta(days=1), dict(zip(Arm, few, strict=True)))
    brings(shop, of, first + timedelta(days=2), dict(zip(Arm, few, strict=True)))
    assert "enough members have been in it for 7 days (24)." in results(shop, of)["verdict"]["sentence"]
    clock.advance(days=2)
    sweep(2)
    verdict = results(shop, of)["verdict"]
    assert verdict["finding"] == "unclear"
    assert "The interval holds zero" in verdict["sentence"]


def test_without_a_control_nothing_is_ever_said(shop: Shop, sweep: Sweep, clock: Clock) -> None:
    of = journey(shop, verdict_after={"members": 20, "days": 1}, goal_days=1, steps=[says("Hello")])
    first = local_date(product_clock.now(), zone(shop.timezone))
    brings(shop, of, first, {Arm.TREATED: Tally(entered=30, buyers=30), Arm.CONTROL: Tally()})
    clock.advance(days=3)
    sweep(2)
    found = results(shop, of)
    assert (found["verdict"]["finding"], found["interval"]) == ("no_control", None)


def recounted(shop: Shop, of: Any, members: Sequence[Member]) -> dict[str, Counter[str]]:
    """The arms as the members' ways and the orders of the interface say."""
    found: dict[str, Counter[str]] = {arm.value: Counter() for arm in Arm}
    for member in members:
        ways = list(WayRecord.every(WayRecord.partition(shop.tenant_id, member.id), consistent=True))
        path = f"{shop.path}/orders"
        orders = made(shop.caller.call("GET", path, token=member.token), 200)["items"]
        standing = [each for each in orders if each["status"] != "cancelled"]
        (one,) = {str(each.arm) for each in ways}
        amounts = [each["totals"]["total"]["amount_minor"] for each in standing]
        found[one].update(
            entered=1, reached=int(any(each.reached for each in ways)), buyers=int(bool(amounts)),
            orders=len(amounts), revenue=sum(amounts),
        )  # fmt: skip
    return found


def test_results_are_what_a_recount_of_ways_and_orders_finds(
    shop: Shop, sweep: Sweep, clock: Clock
) -> None:  # fmt: skip
    of = journey(
        shop, control_share="50", again_after_days=1, exit_on_purchase=False, goal_days=14,
        steps=[says("Hello"), {"kind": "wait", "days": 1}, says("Again")],
    )  # fmt: skip
    members = [*of_both_arms(shop, of["id"]), *(agreed(shop) for _ in range(9))]
    go_quiet(shop, *members)
    assert {str(way(shop, each, of).arm) for each in members} == {"treated", "control"}
    sweep(2)
    placed = [
        made(shop.order(each, quantity=1 + n % 3)) for n, each in enumerate(members[:8]) for _ in range(1 + n % 2)
    ]
    for order, member in ((placed[0], members[0]), (placed[1], members[1])):  # all of the one's, one of the other's
        path = f"{shop.path}/orders/{order['id']}/cancel"
        made(shop.caller.call("POST", path, token=member.token), 200)
    sweep(2)
    clock.advance(days=2)
    sweep(2)
    go_quiet(shop, *members[:3])  # who enters again counts once
    sweep(2)

    shown = {
        arm: Counter({name: said[name] for name in ("entered", "reached", "buyers", "orders")})
        + Counter(revenue=said["revenue"]["amount_minor"])
        for arm, said in arms(shop, of).items()
    }
    counted = recounted(shop, of, members)
    assert shown == {arm: +counts for arm, counts in counted.items()}
    assert sum(each["orders"] for each in counted.values()) == 10
    assert results(shop, of)["entries"] == 15
