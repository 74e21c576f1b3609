"""Whatever fails, at whichever request, while members enter a journey or go on in it: each step once, counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.db import platform_scope, tenant_scope
from chalicelib.db.tenant_records import DUE_SHARDS
from chalicelib.journeys.model.running import State
from chalicelib.journeys.records import GroupRecord, WayRecord
from chalicelib.journeys.service import entering, moving
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.messaging.sweep import _due
from chalicelib.trials.arms import Arm, arm_of
from tests.builders import Member, Shop, made
from tests.coupons import shops as coupons
from tests.faults import Faults, Killed, faults
from tests.journeys.some import agreed, arms, journey, ordinal, results, says, way
from tests.orders.test_faults import _without_pauses, faulty_runs, repeated, requests_of

A_YEAR = timedelta(days=365)
__all__ = ["_without_pauses", "faults"]


@pytest.fixture(autouse=True)
def of_the_shop(shop: Shop) -> Iterator[None]:
    """What workers do, they do within their tenant."""
    with tenant_scope(shop.tenant_id):
        yield


def enter(shop: Shop, ordinals: list[int], cause: str) -> None:
    entering.ordinals_enter(shop.tenant_id, ordinals, lambda trigger: trigger.kind == "quiet", cause, clock.now())


def of_both_arms(shop: Shop, journey_id: str) -> list[Member]:
    """Two members whom a journey treats and one whom it leaves alone, or the other way about."""
    found: dict[Arm, list[Member]] = {arm: [] for arm in Arm}
    while not (all(found.values()) and sum(map(len, found.values())) >= 3):
        member = agreed(shop)
        found[arm_of(journey_id, member.id, 5_000)].append(member)
    fewer, more = sorted(found.values(), key=len)
    return [fewer[0], *more[:2]]


def groups_of(of: dict[str, str]) -> list[GroupRecord]:
    """The groups that carry members on, as the sweep finds them."""
    with platform_scope():
        due = [item for shard in range(DUE_SHARDS["due"]) for item in _due(f"due#{shard}", clock.now() + A_YEAR)]
    found = [GroupRecord.fetch(each["pk"]["S"], "group", consistent=True) for each in due if each["sk"]["S"] == "group"]
    return [each for each in found if each is not None and each.journey_id == of["id"]]


def group_of(member: Member, of: dict[str, str]) -> GroupRecord:
    """The group that carries a member on."""
    (one,) = [each for each in groups_of(of) if member.id in each.entries]
    return one


def steps(batch: dict[str, str]) -> list[dict[str, object]]:
    return [
        {"kind": "coupon", "batch_id": batch["id"]}, {"kind": "points", "points": 7}, says("Hello"),
        {"kind": "staff_notice", "text": "Call {name}"}, {"kind": "wait", "days": 2}, says("Again"),
    ]  # fmt: skip


@pytest.mark.verify
def test_entering(shop: Shop, faults: Faults) -> None:
    faults.of("journey entries")
    of = journey(shop, again_after_days=1, control_share="50", steps=[says("Hello")])
    members = of_both_arms(shop, of["id"])
    ordinals = [ordinal(shop, each) for each in members]
    requests = requests_of(faults, lambda: enter(shop, ordinals, new_id(clock.now())))
    now, runs = clock.now(), 1
    for _ in faulty_runs(faults, requests):
        armed = faults.kind, faults.at, faults.times
        faults.arm(None)
        for each in members:  # they have gone through it, some days ago
            record = way(shop, each, of)
            record.state, record.entered_at = State.FINISHED.value, now - timedelta(days=3, minutes=runs)
            record.save()
        cause = new_id(clock.now())
        faults.arm(*armed)
        repeated(faults, lambda: enter(shop, ordinals, cause))  # noqa: B023 - called at once
        faults.arm(None)
        enter(shop, ordinals, cause)
        runs += 1
        ways = [way(shop, each, of) for each in members]
        assert {int(each.entry) for each in ways} == {runs}
        for each in ways:  # who is in control stands nowhere: no group carries them on
            assert (each.state == State.CONTROL) == (each.arm == Arm.CONTROL) == (each.wakes_at is None)
    found = results(shop, of)
    assert (found["entries"], runs > 50) == (3 * runs, True)
    assert sorted(each["entered"] for each in arms(shop, of).values()) == [1, 2]
    in_groups = {each for group in groups_of(of) for each in group.entries}
    assert in_groups == {each.id for each in members if way(shop, each, of).arm == Arm.TREATED}


@pytest.mark.verify
def test_going_on(shop: Shop, faults: Faults, drain, sweep) -> None:
    """A group of two goes through a coupon, points, a message and a notice to the team, killed at every request."""
    faults.of("journey steps")
    batch = coupons.batch(shop, kind="percent", percent_off="10", limits={"per_member": 20})
    of = journey(shop, steps=steps(batch))

    def entered() -> tuple[list[Member], GroupRecord]:
        pair = [agreed(shop), agreed(shop)]
        enter(shop, [ordinal(shop, each) for each in pair], new_id(clock.now()))
        return pair, group_of(pair[0], of)

    _, first = entered()
    requests = requests_of(faults, lambda: moving.move(shop.tenant_id, first.id, clock.now()))
    pairs = 1
    for _ in faulty_runs(faults, requests):
        armed = faults.kind, faults.at, faults.times
        faults.arm(None)
        pair, group = entered()
        faults.arm(*armed)
        now = clock.now()
        repeated(faults, lambda: moving.move(shop.tenant_id, group.id, now))  # noqa: B023 - called at once
        faults.arm(None)
        moving.move(shop.tenant_id, group.id, now + moving.LEASE)  # what a killed worker has left is taken up
        moving.move(shop.tenant_id, group.id, now + moving.LEASE)
        for member in pair:
            assert len(coupons.own(shop, member)) == 1
            found = way(shop, member, of)
            assert [(step, outcome) for step, outcome, _, _ in found.steps_done] == [(n, "done") for n in range(4)]
            assert (int(found.step), found.is_inside) == (4, True)
            assert group_of(member, of).wakes_at == found.wakes_at
        pairs += 1
    counted = results(shop, of)["steps"]
    assert [each["done"] for each in counted] == [2 * pairs] * 4 + [0, 0]
    assert made(shop.brand.get(f"/v1/coupon-batches/{batch['id']}"), 200)["granted"] == 2 * pairs
    ways = list(WayRecord.every(WayRecord.partition(shop.tenant_id, pair[0].id)))
    assert len(ways) == 1


def test_a_worker_dies_at_any_request_and_another_takes_over(shop: Shop, faults: Faults) -> None:
    faults.of("journey steps")
    batch = coupons.batch(shop, kind="percent", percent_off="10", limits={"per_member": 20})
    of = journey(shop, steps=[{"kind": "coupon", "batch_id": batch["id"]}, says("Hello"), {"kind": "wait", "days": 2},
                              says("Again")])  # fmt: skip

    def entered() -> tuple[Member, GroupRecord]:
        member = agreed(shop)
        enter(shop, [ordinal(shop, member)], new_id(clock.now()))
        return member, group_of(member, of)

    _, first = entered()
    requests = requests_of(faults, lambda: moving.move(shop.tenant_id, first.id, clock.now()))
    for at in range(requests):
        faults.arm(None)
        member, group = entered()
        now = clock.now()
        faults.arm("killed", at)
        with suppress(Killed):
            moving.move(shop.tenant_id, group.id, now)
        faults.arm(None)
        moving.move(shop.tenant_id, group.id, now)  # the message comes again at once, and again after the lease
        moving.move(shop.tenant_id, group.id, now + moving.LEASE)
        assert len(coupons.own(shop, member)) == 1
        found = way(shop, member, of)
        assert [(step, outcome) for step, outcome, _, _ in found.steps_done] == [(0, "done"), (1, "done")]
        assert group_of(member, of).wakes_at == found.wakes_at
    assert [each["done"] for each in results(shop, of)["steps"]] == [requests + 1] * 2 + [0, 0]


def test_a_message_of_the_queue_that_comes_twice_at_once_does_nothing_twice(shop: Shop, engine, sweep, clock) -> None:
    batch = coupons.batch(shop, kind="percent", percent_off="10", limits={"per_member": 20})
    of = journey(shop, steps=steps(batch))
    member = agreed(shop)
    enter(shop, [ordinal(shop, member)], "cause")
    group = group_of(member, of)
    for _ in range(3):
        moving.move(shop.tenant_id, group.id, clock.now())
    sweep(2)
    clock.advance(days=3)
    for _ in range(2):
        sweep()
    subjects = Counter(mail["subject"] for mail in engine.mail() if mail["to"] == member.email)
    assert subjects == {"Hello": 1, "Again": 1}
    assert len(coupons.own(shop, member)) == 1
