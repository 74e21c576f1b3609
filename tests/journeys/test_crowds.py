"""A crowd whose journey is paused waits, and goes on once when it is resumed; one whose journey has ended ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.db import tenant_scope
from chalicelib.journeys.records import CrowdRecord, WayRecord
from chalicelib.journeys.service import crowds
from chalicelib.kernel import clock as product_clock
from chalicelib.members.model.identities import member_id
from chalicelib.members.records import MemberRecord
from tests.builders import Shop
from tests.conftest import Clock, Drain, Sweep
from tests.crowds import crowd
from tests.faults import Faults, Kind, faults
from tests.journeys.some import journey, results, says, turned, ways
from tests.orders.test_faults import _without_pauses, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

COUNT, SLICE = 40, 10


@pytest.fixture(autouse=True)
def of_the_shop(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What workers do, they do within their tenant; slices are small."""
    monkeypatch.setattr(crowds, "SLICE", SLICE)
    with tenant_scope(shop.tenant_id):
        yield


def opened(shop: Shop, cause: str = "campaign") -> None:
    crowds.everybody_enters(
        shop.tenant_id, lambda trigger: trigger.kind == "campaign_opened", cause, product_clock.now()
    )


def goes_on(shop: Shop, of: dict[str, str], cause: str = "campaign") -> None:
    crowds.crowd_goes_on(shop.tenant_id, of["id"], cause, product_clock.now())


def found(shop: Shop, of: dict[str, str], cause: str = "campaign") -> CrowdRecord:
    record = CrowdRecord.fetch(*CrowdRecord.address(shop.tenant_id, of["id"], cause), consistent=True)
    assert record is not None
    return record


def begun(shop: Shop) -> tuple[dict[str, str], range]:
    """A journey of which the first slice of a crowd has entered, and the ordinals of all."""
    of: dict[str, str] = journey(shop, trigger={"kind": "campaign_opened"}, steps=[says("Hello")])
    ordinals = crowd(shop, COUNT)
    opened(shop)
    goes_on(shop, of)
    assert results(shop, of)["entries"] == SLICE
    return of, ordinals


def test_it_waits_while_the_journey_is_paused_and_goes_on_when_it_is_resumed(
    shop: Shop, drain: Drain, sweep: Sweep, clock: Clock
) -> None:
    of, ordinals = begun(shop)
    turned(shop, of, "pause")
    drain()
    sweep(2)
    assert (results(shop, of)["entries"], int(found(shop, of).next), found(shop, of).parked) == (SLICE, SLICE, True)
    clock.advance(days=1)  # it is looked at some times, and waits again
    sweep(2)
    goes_on(shop, of)  # a message comes late
    assert (results(shop, of)["entries"], found(shop, of).parked) == (SLICE, True)

    last = MemberRecord.fetch(*MemberRecord.address_of_ordinal(shop.tenant_id, ordinals[-1]), consistent=True)
    assert last is not None
    last.status = "blocked"  # meanwhile
    last.save()
    turned(shop, of, "resume")
    for _ in range(2):
        crowds.resume_crowds(shop.tenant_id, of["id"], product_clock.now())  # is told twice
    sweep(3)
    record = found(shop, of)
    assert (int(record.next), record.goes_on_at, record.parked) == (COUNT, None, False)
    assert results(shop, of)["entries"] == COUNT - 1
    entered = {each["member_id"] for each in ways(shop, of)}
    assert entered == {member_id(shop.tenant_id, each) for each in ordinals[:-1]}
    assert results(shop, of)["steps"][0]["done"] == COUNT - 1


def test_it_ends_with_its_journey(shop: Shop, drain: Drain, sweep: Sweep, clock: Clock) -> None:
    of, _ = begun(shop)
    turned(shop, of, "pause")
    drain()
    assert found(shop, of).parked
    turned(shop, of, "end")
    sweep(2)
    clock.advance(days=1)
    sweep(2)
    goes_on(shop, of)
    record = found(shop, of)
    assert (results(shop, of)["entries"], int(record.next)) == (SLICE, SLICE)
    assert (record.goes_on_at, record.parked, record.due_at) == (None, False, None)


def test_one_that_runs_ends_with_its_journey_as_well(shop: Shop, sweep: Sweep) -> None:
    of, _ = begun(shop)
    turned(shop, of, "end")
    sweep(2)
    record = found(shop, of)
    assert (results(shop, of)["entries"], record.due_at) == (SLICE, None)


def test_a_journey_that_is_resumed_at_this_moment_loses_nobody(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found paused, and resumed before the crowd is parked."""
    of, _ = begun(shop)
    turned(shop, of, "pause")
    get_journey = crowds.get_journey

    def resumed(tenant_id: str, journey_id: str) -> object:
        before = get_journey(tenant_id, journey_id)
        monkeypatch.setattr(crowds, "get_journey", get_journey)
        turned(shop, of, "resume")
        return before

    monkeypatch.setattr(crowds, "get_journey", resumed)
    goes_on(shop, of)
    assert (found(shop, of).parked, found(shop, of).goes_on_at is not None) == (False, True)
    for _ in range(COUNT // SLICE):
        goes_on(shop, of)
    assert results(shop, of)["entries"] == COUNT


@pytest.mark.parametrize(
    "kind", ["killed", *(pytest.param(each, marks=pytest.mark.verify) for each in
                         ("timed_out_after_landing", "conflict", "connection_lost"))]
)  # fmt: skip
def test_whatever_fails_while_it_is_parked_and_woken_each_enters_once(shop: Shop, faults: Faults, kind: Kind) -> None:
    faults.of("journey crowds")
    of = journey(shop, trigger={"kind": "campaign_opened"}, again_after_days=1, steps=[says("Hello")])
    ordinals = crowd(shop, 4)

    def parks(cause: str) -> None:
        goes_on(shop, of, cause)

    def wakes() -> None:
        crowds.resume_crowds(shop.tenant_id, of["id"], product_clock.now())

    opened(shop, "first")
    turned(shop, of, "pause")
    parking = requests_of(faults, lambda: parks("first"))
    assert found(shop, of, "first").parked
    waking = requests_of(faults, wakes)
    turned(shop, of, "resume")
    for at in range(max(parking, waking)):
        faults.arm(None)
        cause = f"cause {at}"
        opened(shop, cause)
        turned(shop, of, "pause")
        faults.arm(kind, at, 40)
        repeated(faults, lambda: parks(cause))  # noqa: B023 - called at once
        faults.arm(None)
        parks(cause)
        assert (found(shop, of, cause).parked, int(found(shop, of, cause).next)) == (True, 0)
        turned(shop, of, "resume")
        faults.arm(kind, at, 40)
        repeated(faults, wakes)
        faults.arm(None)
        wakes()
        assert not found(shop, of, cause).parked
        for _ in range(2):
            parks(cause)
        assert int(found(shop, of, cause).next) == 4
    for each in ordinals:
        partition = WayRecord.partition(shop.tenant_id, member_id(shop.tenant_id, each))
        assert len(list(WayRecord.every(partition, consistent=True))) == 1
    assert (parking > 3, waking > 1) == (True, True)
    assert results(shop, of)["entries"] == 4
