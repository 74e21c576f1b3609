"""Two members of one journey turn out to be one person: no step is done again, and the person counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.db import tenant_scope
from chalicelib.journeys.model.uniting import Passage, takes_over
from chalicelib.journeys.records import WayRecord
from chalicelib.journeys.service.uniting import hand_on
from chalicelib.kernel import clock as product_clock
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import member_id
from chalicelib.trials.arms import Arm, arm_of
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.coupons import shops as coupons
from tests.faults import Faults, Kind, faults
from tests.journeys.some import agreed, arms, go_quiet, happens, journey, ordinal, results, says, turned, way, ways
from tests.journeys.test_arms import balance, both_arms, published
from tests.orders.test_faults import _without_pauses, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

NOW = product_clock.now()
WAIT = {"kind": "wait", "days": 2}
POINTS = {"kind": "points", "points": 5}


def imported(shop: Shop, sweep: Sweep) -> range:
    """The ordinals of people whom the brand has imported, who have claimed nothing."""
    with tenant_scope(shop.tenant_id):
        first = ordinals_given(shop.tenant_id)
    names = "".join(f"C-{n}\n" for n in range(12))
    made(shop.brand.post("/v1/imports", {"kind": "members", "csv": f"reference\n{names}"}), 202)
    sweep()
    return range(first, first + 12)


def quiet(shop: Shop, *ordinals: int) -> None:
    happens(shop, "members.quiet", days=30, ordinals=list(ordinals))


def one_person(shop: Shop, gone: int, stays: Member) -> None:
    with tenant_scope(shop.tenant_id):
        assert unite(shop.tenant_id, gone, ordinal(shop, stays), product_clock.now())


def told_again(shop: Shop, gone: int) -> None:
    """The event comes twice."""
    with tenant_scope(shop.tenant_id):
        hand_on(shop.tenant_id, member_id(shop.tenant_id, gone), product_clock.now())


def test_who_was_further_as_the_one_goes_on_from_there(shop: Shop, drain: Drain, sweep: Sweep, clock: Clock) -> None:
    batch = coupons.batch(shop, kind="percent", percent_off="10", limits={"per_member": 20})
    of = journey(shop, steps=[{"kind": "coupon", "batch_id": batch["id"]}, POINTS, WAIT, POINTS, WAIT, says("End")])
    gone, stays = imported(shop, sweep)[0], agreed(shop)
    quiet(shop, gone)
    sweep(2)
    clock.advance(days=1)
    go_quiet(shop, stays)  # before a worker has done anything for them
    one_person(shop, gone, stays)
    drain()
    sweep(2)
    told_again(shop, gone)
    assert (int(way(shop, stays, of).step), way(shop, stays, of).is_inside) == (2, True)
    clock.advance(days=2)
    sweep(2)
    clock.advance(days=3)
    sweep(2)
    found = results(shop, of)
    assert [each["done"] for each in found["steps"]] == [1] * 6
    assert (balance(shop, stays), way(shop, stays, of).state) == (10, "finished")
    assert made(shop.brand.get(f"/v1/coupon-batches/{batch['id']}"), 200)["granted"] == 1
    assert sorted(each["state"] for each in ways(shop, of)) == ["finished", "united", "united"]
    assert arms(shop, of)["treated"]["entered"] == 1


def test_who_was_through_as_the_one_does_not_begin_as_the_other(
    shop: Shop, drain: Drain, sweep: Sweep, clock: Clock
) -> None:
    of = journey(shop, steps=[{"kind": "wait", "hours": 1}, POINTS])
    gone, stays = imported(shop, sweep)[0], agreed(shop)
    quiet(shop, gone)
    clock.advance(hours=2)
    sweep(2)
    go_quiet(shop, stays)
    one_person(shop, gone, stays)
    drain()
    clock.advance(days=1)
    sweep(2)
    assert results(shop, of)["steps"][1]["done"] == 1
    assert (way(shop, stays, of).state, arms(shop, of)["treated"]["reached"]) == ("finished", 1)


def test_what_was_ordered_as_either_counts_for_the_person(shop: Shop, sweep: Sweep) -> None:
    of = journey(shop, steps=[WAIT, POINTS], exit_on_purchase=False)
    gone, stays = imported(shop, sweep)[0], agreed(shop)
    quiet(shop, gone, ordinal(shop, stays))
    made(shop.order(stays))
    sweep(2)
    assert arms(shop, of)["treated"]["buyers"] == 1
    with tenant_scope(shop.tenant_id):  # as it had been recorded of the one who is gone
        theirs = way(shop, stays, of)
        other = WayRecord.fetch(
            *WayRecord.address(shop.tenant_id, member_id(shop.tenant_id, gone), of["id"]), consistent=True
        )
        assert other is not None
        other.orders, theirs.orders = theirs.orders, {}
        theirs.save()
        other.save()
    one_person(shop, gone, stays)
    sweep(2)
    found = arms(shop, of)["treated"]
    assert (found["entered"], len(way(shop, stays, of).orders)) == (1, 1)
    assert (found["buyers"], found["orders"], found["revenue"]["amount_minor"]) == (1, 1, 900)


@pytest.mark.parametrize("gone_arm", list(Arm))
def test_who_was_left_alone_as_one_of_two_is_left_alone_for_good_and_counts_nowhere(
    shop: Shop, sweep: Sweep, clock: Clock, gone_arm: Arm
) -> None:
    of = journey(shop, steps=[WAIT, POINTS], control_share="50", again_after_days=1)
    (stays_arm,) = set(Arm) - {gone_arm}
    stays = both_arms(shop, of, each=1)[stays_arm][0]
    gone = next(
        each for each in imported(shop, sweep)
        if arm_of(of["id"], member_id(shop.tenant_id, each), 5_000) is gone_arm
    )  # fmt: skip
    quiet(shop, ordinal(shop, stays), gone)
    assert {arm: each["entered"] for arm, each in arms(shop, of).items()} == {"treated": 1, "control": 1}
    one_person(shop, gone, stays)
    sweep()
    told_again(shop, gone)
    assert (way(shop, stays, of).arm, way(shop, stays, of).state) == ("control", "control")
    published(shop, of, control_share="0")
    clock.advance(days=3)
    go_quiet(shop, stays)
    sweep()
    published(shop, of, control_share="50")
    clock.advance(days=3)
    go_quiet(shop, stays)
    sweep()
    assert (way(shop, stays, of).arm, int(way(shop, stays, of).entry), balance(shop, stays)) == ("control", 3, 0)
    for version in (1, 2, 3):
        found = made(shop.brand.get(f"/v1/journeys/{of['id']}/results?version={version}"), 200)
        assert [each["entered"] for each in found["arms"]] == [0, 0]
    turned(shop, of, "end")


@pytest.mark.parametrize("gone_arm", ["control", "treated"])
def test_what_they_counted_before_is_counted_once_or_not_at_all(
    shop: Shop, drain: Drain, sweep: Sweep, clock: Clock, gone_arm: str
) -> None:
    """Both have entered twice, in one version: their first entries count."""
    of = journey(shop, steps=[POINTS], control_share="50", again_after_days=1)
    stays = both_arms(shop, of, each=1)[Arm.TREATED][0]
    gone = next(
        each for each in imported(shop, sweep)
        if arm_of(of["id"], member_id(shop.tenant_id, each), 5_000) == gone_arm
    )  # fmt: skip
    for _ in range(2):
        quiet(shop, ordinal(shop, stays), gone)
        sweep(2)
        clock.advance(days=2)
    assert sum(each["entered"] for each in arms(shop, of).values()) == 2
    one_person(shop, gone, stays)
    drain()
    told_again(shop, gone)
    assert {arm: each["entered"] for arm, each in arms(shop, of).items()} == {
        "treated": 1 if gone_arm == "treated" else 0, "control": 0,
    }  # fmt: skip
    assert results(shop, of)["mismatch"] == (1.0 if gone_arm == "control" else pytest.approx(0.3173, abs=1e-4))


@pytest.mark.parametrize(
    "kind", ["killed", pytest.param("timed_out_after_landing", marks=pytest.mark.verify),
             pytest.param("conflict", marks=pytest.mark.verify)]
)  # fmt: skip
def test_whatever_fails_while_a_way_is_handed_on_it_is_handed_on_once(
    shop: Shop, sweep: Sweep, faults: Faults, kind: Kind
) -> None:
    faults.of("journeys of one person")
    of = journey(shop, steps=[POINTS, WAIT, POINTS], exit_on_purchase=False)
    gone = imported(shop, sweep)
    quiet(shop, *gone)
    sweep(2)
    requests = 1
    for at, one in enumerate(gone):
        if at > requests:
            break
        stays = agreed(shop)
        go_quiet(shop, stays)
        one_person(shop, one, stays)
        if at == 0:
            requests = requests_of(faults, lambda: told_again(shop, one))  # noqa: B023 - called at once
        else:
            faults.arm(kind, at - 1, 40)
            repeated(faults, lambda: told_again(shop, one))  # noqa: B023 - called at once
            faults.arm(None)
            told_again(shop, one)
        found = way(shop, stays, of)
        assert (int(found.step), int(found.entry), found.is_inside) == (1, 2, True)
    assert 3 < requests < len(gone)
    sweep(2)
    united = requests + 1
    assert [each["done"] for each in results(shop, of)["steps"]] == [len(gone), 0, 0]
    assert sum(each["state"] == "united" for each in ways(shop, of)) == 2 * united
    assert arms(shop, of)["treated"]["entered"] == len(gone)


def passage(day: int, inside: bool, steps: int) -> Passage:
    return Passage(NOW + timedelta(days=day), inside, steps)


@pytest.mark.parametrize(
    ("gone", "there", "again", "takes"),
    [
        (passage(0, True, 0), passage(0, True, 0), None, False),
        (passage(0, True, 2), passage(0, True, 1), None, True),
        (passage(0, True, 1), passage(0, True, 2), None, False),
        (passage(0, False, 0), passage(0, True, 2), None, True),  # who has left as one goes no further as the other
        (passage(0, True, 2), passage(0, False, 0), None, False),
        (passage(0, False, 3), passage(30, True, 0), 30, False),  # they may have entered again by then
        (passage(0, False, 3), passage(29, True, 0), 30, True),
        (passage(30, True, 0), passage(0, False, 3), 30, True),
        (passage(29, True, 0), passage(0, False, 3), 30, False),
        (passage(0, True, 3), passage(60, True, 0), 30, True),  # nobody enters again who is inside
        (passage(60, True, 0), passage(0, True, 3), 30, False),
    ],
)
def test_the_way_that_goes_on_is_the_one_by_which_nothing_comes_twice(
    gone: Passage, there: Passage, again: int | None, takes: bool
) -> None:
    assert takes_over(gone, there, again) is takes
