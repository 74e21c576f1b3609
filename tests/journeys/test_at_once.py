"""What is done at once with journeys, and by slices: caps hold, nobody is left out, and nothing is read without end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.db import Transaction, batch, metered, tenant_scope
from chalicelib.journeys.records import GroupRecord, VersionRecord
from chalicelib.journeys.service import counting, moving, publishing, results, telling
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.journeys.some import TELL, agreed, go_quiet, journey, turned, way, ways
from tests.journeys.test_running import told


def test_no_more_run_by_pausing_and_resuming(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "MOST_RUNNING", 1)
    one = journey(shop)
    turned(shop, one, "pause")
    two = journey(shop)
    refused = shop.brand.post(f"/v1/journeys/{one['id']}/resume")
    assert (refused.status, refused.json["code"]) == (409, "too_many_journeys")
    turned(shop, two, "end")
    assert turned(shop, one, "resume")["status"] == "running"


def parked(shop: Shop, of: Any, count: int) -> None:
    """Groups without members that wait for a journey to be resumed."""
    tx, now = Transaction(), product_clock.now()
    for n in range(count):
        group = GroupRecord(
            *GroupRecord.address(shop.tenant_id, derived_id("parked", of["id"], str(n))),
            journey_id=of["id"], version=1, stored_members=[], wakes_at=now,
        )  # fmt: skip
        group.park(now)
        tx.create(f"group {n}", group)
    tx.commit()


def waiting(shop: Shop, of: Any) -> int:
    return len(list(GroupRecord.every(GroupRecord.parked_of(shop.tenant_id, of["id"]), index="gsi2")))


def test_groups_that_wait_are_woken_by_as_many_messages_as_it_takes(
    shop: Shop, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "MESSAGE_SECONDS", 0)
    monkeypatch.setattr(moving, "_SETTLED_AT_ONCE", 2)
    of = journey(shop)
    turned(shop, of, "pause")
    with tenant_scope(shop.tenant_id):
        parked(shop, of, 7)
        moving.resume_parked(shop.tenant_id, of["id"], product_clock.now())
        assert waiting(shop, of) == 7  # it is paused still
    made(shop.brand.post(f"/v1/journeys/{of['id']}/resume"), 200)
    with tenant_scope(shop.tenant_id):
        moving.resume_parked(shop.tenant_id, of["id"], product_clock.now())
        assert waiting(shop, of) == 5
    drain()
    with tenant_scope(shop.tenant_id):
        assert waiting(shop, of) == 0


def test_a_page_of_few_among_many_is_short_and_continues(
    shop: Shop, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = journey(shop, steps=[{"kind": "wait", "days": 1}, TELL])
    members = [agreed(shop) for _ in range(24)]
    go_quiet(shop, *members[:2])
    go_quiet(shop, *members[2:])
    monkeypatch.setattr(results, "_AT_ONCE", 2)
    monkeypatch.setattr(results, "_MOST_REQUESTS", 2)
    for query, wanted in ((("inside", None), 24), (("left", None), 0), ((None, "treated"), 24), ((None, None), 24)):
        found: list[str] = []
        cursor, pages = None, 0
        while True:
            with tenant_scope(shop.tenant_id), metered() as meter:
                page = results.list_ways(shop.tenant_id, of["id"], *query, 1, cursor)
            assert meter.reads <= 1 + 4 + 2
            assert meter.items_read <= 1 + 2 * (4 + 2)
            found += [each.member_id for each in page.items]
            cursor, pages = page.last_key, pages + 1
            if cursor is None:
                break
        assert len(found) == len(set(found)) == wanted
        assert pages > 1
    assert [each["member_id"] for each in ways(shop, of)] == _latest_first(shop, of, members)


def _latest_first(shop: Shop, of: Any, members: Sequence[Any]) -> list[str]:
    entered = {each.id: str(way(shop, each, of).gsi1sk) for each in members}
    return sorted(entered, key=lambda each: entered[each], reverse=True)


def test_what_a_replica_has_not_yet_is_told_all_the_same(
    noon: None, shop: Shop, engine: Engine, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lagging(wanted: Any, *, consistent: bool = False) -> Any:
        found = batch.fetch_many(wanted, consistent=consistent)
        return [each if consistent or not isinstance(each, VersionRecord) else None for each in found]

    monkeypatch.setattr(telling, "fetch_many", lagging)
    journey(shop, steps=[TELL])
    member = agreed(shop)
    go_quiet(shop, member)
    sweep(2)
    assert sum(n for (to, _), n in told(engine).items() if to == member.email) == 1


def test_an_order_counts_for_the_way_that_is_set_aside_while_it_is_counted(
    shop: Shop, sweep: Sweep, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey(shop, steps=[TELL], again_after_days=1)
    member = agreed(shop)
    go_quiet(shop, member)
    sweep(2)
    order = made(shop.order(member))
    real, tries = counting.get_version, list[int]()

    def enters_again(*args: Any) -> Any:
        if not tries:
            tries.append(1)
            clock.advance(days=2)
            go_quiet(shop, member)
        return real(*args)

    monkeypatch.setattr(counting, "get_version", enters_again)
    with tenant_scope(shop.tenant_id):
        counting.count_orders(shop.tenant_id, [order["id"]], product_clock.now())
        found = _every_way(shop, member)
    assert len(found) == 2
    assert [int(each.entry) for each in found if order["id"] in each.orders] == [1]


def _every_way(shop: Shop, member: Any) -> list[Any]:
    partition = counting.WayRecord.partition(shop.tenant_id, member.id)
    return list(counting.WayRecord.every(partition, consistent=True))
