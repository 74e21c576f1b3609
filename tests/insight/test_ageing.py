"""A new day makes members older: who is of another class by that is told once, and nobody else is looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.db import change, metered, tenant_scope
from chalicelib.insight.ageing.records import AgeingRecord
from chalicelib.insight.ageing.service import ageing
from chalicelib.kernel import clock as product_clock
from chalicelib.members.records import MemberRecord
from tests.conftest import Clock
from tests.insight.figures import Figures

# The brand's clock stands at 10 January 2028, ten o'clock.
ROWS = [
    ("A-1", "ann", "2027-12-12", 1, 100, "USD"),  # 30 days on 11 January: no longer new, and dormant
    ("B-1", "bob", "2027-11-01", 1, 100, "USD"),
    ("B-2", "bob", "2027-12-12", 1, 100, "USD"),  # 30 days quiet on 11 January: dormant
    ("C-1", "cat", "2027-10-13", 1, 100, "USD"),  # 90 days quiet on 11 January: churned
    ("D-1", "dan", "2027-12-12", 1, 100, "USD"),
    ("D-2", "dan", "2028-01-05", 1, 100, "USD"),  # 30 days since the first on 11 January: active
    ("E-1", "eve", "2028-01-05", 1, 100, "USD"),  # new all the time
    ("F-1", "fay", "2027-01-05", 1, 100, "USD"),  # churned long since
]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What ageing tells, as it is put on its record."""
    found: list[tuple[str, dict[str, Any]]] = []
    emit = AgeingRecord.emit

    def noted(self: AgeingRecord, event_type: str, now: datetime, **data: Any) -> None:
        found.append((event_type, data))
        emit(self, event_type, now, **data)

    monkeypatch.setattr(AgeingRecord, "emit", noted)
    return found


@pytest.fixture
def ordered(figures: Figures) -> Figures:
    def made() -> None:
        figures.import_orders(ROWS)
        figures.roll()

    figures.shop.once("ageing, rolled up", made)
    return figures


def test_the_night_tells_who_crossed_into_which_class_once(
    ordered: Figures, told: list[tuple[str, dict[str, Any]]], clock: Clock, sweep: Callable[[], None]
) -> None:
    clock.advance(days=1)
    sweep()

    assert {data["to"]: sorted(data["ordinals"]) for _, data in told} == {
        "active": [3], "dormant": [0, 1], "churned": [2],
    }  # fmt: skip
    assert {(event, data["on"]) for event, data in told} == {("members.class_changed", "2028-01-11")}
    told.clear()
    with tenant_scope(ordered.shop.tenant_id):
        ageing.age(ordered.shop.tenant_id, product_clock.now())
    assert told == []


def test_nobody_is_read_or_written_for_whom_nothing_changes(ordered: Figures, clock: Clock) -> None:
    tenant_id = ordered.shop.tenant_id
    clock.advance(days=3)  # on the 13th nobody crosses

    def cost() -> tuple[int, int]:
        with tenant_scope(tenant_id):
            forget(tenant_id)
            with metered() as meter:
                ageing.age(tenant_id, product_clock.now())
        return meter.items_read, meter.writes

    few = cost()
    ordered.import_orders([(f"M-{n}", f"m{n}", "2028-01-05", 1, 100, "USD") for n in range(150)])
    ordered.roll()
    assert cost() == few
    assert few[1] == 1


def forget(tenant_id: str) -> None:
    """Has the day dealt with once more, as of a brand that is new here."""

    def decide(state: AgeingRecord | None, tx: Any) -> None:
        if state is not None:
            tx.delete("state", AgeingRecord, *AgeingRecord.address(tenant_id))

    change(lambda: AgeingRecord.fetch(*AgeingRecord.address(tenant_id), consistent=True), decide)


def test_who_ordered_in_the_first_hours_is_not_called_quiet(
    ordered: Figures, told: list[tuple[str, dict[str, Any]]], clock: Clock
) -> None:
    tenant_id = ordered.shop.tenant_id
    clock.set(datetime(2028, 1, 11, 15, tzinfo=UTC))
    ordered.import_orders([("B-3", "bob", "2028-01-11", 1, 100, "USD")])
    told.clear()
    with tenant_scope(tenant_id):
        forget(tenant_id)
        ageing.age(tenant_id, product_clock.now())
    assert {data["to"]: data["ordinals"] for _, data in told} == {"active": [3], "dormant": [0], "churned": [2]}


def test_days_that_were_missed_are_made_up_for_and_each_event_says_its_own(
    ordered: Figures, told: list[tuple[str, dict[str, Any]]], clock: Clock
) -> None:
    tenant_id = ordered.shop.tenant_id
    with tenant_scope(tenant_id):
        forget(tenant_id)
        ageing.age(tenant_id, product_clock.now())
        told.clear()
        clock.advance(days=5)
        ageing.age(tenant_id, product_clock.now())
    assert {(data["to"], data["on"]) for _, data in told} == {
        ("active", "2028-01-11"), ("dormant", "2028-01-11"), ("churned", "2028-01-11"),
    }  # fmt: skip


def test_a_length_of_quiet_that_somebody_asks_for_is_told_on_its_day(
    ordered: Figures, told: list[tuple[str, dict[str, Any]]], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing, "quiet_lengths", lambda tenant_id: {7, 90})
    tenant_id = ordered.shop.tenant_id
    clock.set(datetime(2028, 1, 12, 15, tzinfo=UTC))
    with tenant_scope(tenant_id):
        forget(tenant_id)
        ageing.age(tenant_id, product_clock.now())
    quiet = [data for event, data in told if event == "members.quiet"]
    assert quiet == [{"days": 7, "ordinals": [3, 4], "on": "2028-01-12"}]


def test_many_members_are_told_of_in_events_of_so_many_and_a_crash_between_tells_nobody_twice(
    ordered: Figures, told: list[tuple[str, dict[str, Any]]], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing, "AT_ONCE", 1)
    tenant_id, tell = ordered.shop.tenant_id, ageing._tell_next
    clock.set(datetime(2028, 1, 11, 15, tzinfo=UTC))
    with tenant_scope(tenant_id):
        forget(tenant_id)
        assert tell(tenant_id, product_clock.now())  # then the function is killed
        ageing.age(tenant_id, product_clock.now())
        state = AgeingRecord.fetch(*AgeingRecord.address(tenant_id), consistent=True)
    assert [(data["to"], data["ordinals"]) for _, data in told] == [
        ("active", [3]), ("churned", [2]), ("dormant", [0]), ("dormant", [1]),
    ]  # fmt: skip
    assert state is not None
    assert (state.through_on, state.step, state.after) == (date(2028, 1, 11), None, None)


def test_an_order_that_changes_its_members_class_says_so_in_its_own_write(
    new_figures: Callable[..., Figures], clock: Clock, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(datetime(2028, 6, 15, 4, tzinfo=UTC))
    figures = new_figures(timezone="Asia/Shanghai", currency="CNY")
    said: list[dict[str, Any]] = []
    emission = MemberRecord.emission.__func__  # type: ignore[attr-defined]

    def noted(cls: Any, event_type: str, now: datetime, **data: Any) -> Any:
        said.append(data)
        return emission(cls, event_type, now, **data)

    monkeypatch.setattr(MemberRecord, "emission", classmethod(noted))
    assert figures.shop.order().status == 201
    drain()
    assert figures.shop.order().status == 201
    drain()
    assert said == [{"to": "new", "ordinals": [0], "on": "2028-06-15"}]
