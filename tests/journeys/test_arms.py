"""The arm of a member in a journey is drawn at their first entry, for good, whatever is published later."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.journeys.model.arms import MIXED, Drawn, drawn
from chalicelib.trials.arms import Arm, arm_of
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Sweep
from tests.journeys.some import agreed, arms, go_quiet, journey, results, says, turned, way

POINTS = [{"kind": "points", "points": 5}, says("Hello")]


def balance(shop: Shop, member: Member) -> int:
    found = made(shop.caller.call("GET", f"{shop.path}/me/points", token=member.token), 200)["balance"]
    return int(found)


def published(shop: Shop, of: Any, **changes: Any) -> None:
    """The next version of a journey."""
    made(shop.brand.patch(f"/v1/journeys/{of['id']}", changes), 200)
    turned(shop, of, "publish")


def both_arms(shop: Shop, of: Any, share_bps: int = 5_000, each: int = 2) -> dict[Arm, list[Member]]:
    """So many members of each arm, as a share draws them."""
    found: dict[Arm, list[Member]] = {arm: [] for arm in Arm}
    while min(map(len, found.values())) < each:
        member = agreed(shop)
        one = found[arm_of(of["id"], member.id, share_bps)]
        if len(one) < each:
            one.append(member)
    return found


def all_of(*groups: dict[Arm, list[Member]]) -> list[Member]:
    return [member for group in groups for members in group.values() for member in members]


@pytest.mark.parametrize(("before", "after"), [("50", "0"), ("50", "10"), ("0", "50")])
def test_who_enters_again_stays_in_their_arm_whatever_share_is_published_since(
    shop: Shop, sweep: Sweep, clock: Clock, before: str, after: str
) -> None:
    of = journey(shop, steps=POINTS, control_share=before, again_after_days=1)
    members = both_arms(shop, of)
    everybody = all_of(members)
    go_quiet(shop, *everybody)
    sweep()
    first = {each.id: str(way(shop, each, of).arm) for each in everybody}
    assert set(first.values()) == ({"treated", "control"} if before == "50" else {"treated"})
    for entry in (2, 3):
        published(shop, of, control_share=after, steps=[*POINTS, says(f"The {entry}th")])
        clock.advance(days=2)
        go_quiet(shop, *everybody)
        sweep()
        assert {each.id: str(way(shop, each, of).arm) for each in everybody} == first
        assert {int(way(shop, each, of).entry) for each in everybody} == {entry}
    for each in everybody:
        assert balance(shop, each) == (15 if first[each.id] == "treated" else 0)


def test_who_enters_first_under_another_share_is_drawn_by_it_and_they_alone_are_compared(
    shop: Shop, sweep: Sweep, clock: Clock
) -> None:
    of = journey(shop, steps=POINTS, again_after_days=1)  # nobody is left alone
    before = both_arms(shop, of)
    go_quiet(shop, *all_of(before))
    sweep()
    published(shop, of, control_share="50")
    new = both_arms(shop, of)
    clock.advance(days=2)
    go_quiet(shop, *all_of(before, new))
    sweep()
    assert [str(way(shop, each, of).arm) for each in all_of(new)] == ["treated"] * 2 + ["control"] * 2
    assert {str(way(shop, each, of).arm) for each in all_of(before)} == {"treated"}
    assert (results(shop, of)["entries"], {arm: each["entered"] for arm, each in arms(shop, of).items()}) == (
        8, {"treated": 2, "control": 2},
    )  # fmt: skip
    made(shop.order(before[Arm.TREATED][0]))  # counts for nobody who is compared
    made(shop.order(new[Arm.CONTROL][0]))
    sweep(2)
    assert {arm: each["buyers"] for arm, each in arms(shop, of).items()} == {"treated": 0, "control": 1}
    assert results(shop, of)["mismatch"] == 1.0


def test_in_a_version_of_the_same_share_all_are_compared_again(shop: Shop, sweep: Sweep, clock: Clock) -> None:
    of = journey(shop, steps=POINTS, control_share="50", again_after_days=1)
    members = both_arms(shop, of)
    go_quiet(shop, *all_of(members))
    sweep()
    published(shop, of, steps=[says("Other words")])
    clock.advance(days=2)
    go_quiet(shop, *all_of(members))
    sweep()
    clock.advance(days=2)
    go_quiet(shop, *all_of(members))
    sweep()
    assert {arm: each["entered"] for arm, each in arms(shop, of).items()} == {"treated": 2, "control": 2}
    assert results(shop, of)["entries"] == 8
    first = made(shop.brand.get(f"/v1/journeys/{of['id']}/results?version=1"), 200)
    assert [each["entered"] for each in first["arms"]] == [2, 2]


def test_where_nobody_is_left_alone_any_more_those_count_whom_it_is_for(shop: Shop, sweep: Sweep, clock: Clock) -> None:
    of = journey(shop, steps=POINTS, control_share="50", again_after_days=1)
    members = both_arms(shop, of)
    go_quiet(shop, *all_of(members))
    sweep()
    published(shop, of, control_share="0")
    clock.advance(days=2)
    go_quiet(shop, *all_of(members), agreed(shop))
    sweep()
    found = results(shop, of)
    assert (found["entries"], {each["arm"]: each["entered"] for each in found["arms"]}) == (
        5, {"treated": 3, "control": 0},
    )  # fmt: skip
    assert (found["uplift"], found["verdict"]["finding"]) == (None, "no_control")


def test_the_arm_is_the_first_one_and_compared_are_those_of_one_share() -> None:
    members = [f"member {n}" for n in range(200)]
    first = {each: drawn("journey", each, 2_000, None) for each in members}
    assert {each.arm for each in first.values()} == set(Arm)
    for share in (0, 1_000, 5_000):
        assert {each: drawn("journey", each, share, first[each]) for each in members} == first
    treated, control = Drawn(Arm.TREATED, 2_000), Drawn(Arm.CONTROL, 2_000)
    assert [each.counts_at(2_000) for each in (treated, control, MIXED)] == [True, True, False]
    assert [each.counts_at(5_000) for each in (treated, control, MIXED)] == [False, False, False]
    assert [each.counts_at(0) for each in (treated, control, MIXED)] == [True, False, False]
