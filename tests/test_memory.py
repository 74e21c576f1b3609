"""What tests begin with is recalled only together with what it was made after."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.kernel import clock
from tests.memory import Memory


class Store:
    """An engine that holds the names of what was made."""

    def __init__(self) -> None:
        self.holds: list[str] = []
        self._slots: dict[str, list[str]] = {}

    def recall(self, slot: str, *, unless_after: int) -> dict[str, Any]:
        unchanged = len(self.holds) == unless_after
        recalled = unchanged and slot in self._slots
        if recalled:
            self.holds = list(self._slots[slot])
        return {"unchanged": unchanged, "recalled": recalled, "changes": len(self.holds)}

    def keep(self, slot: str) -> int:
        self._slots[slot] = list(self.holds)
        return len(self.holds)


class Beginning:
    """Tests that make what they begin with, one after the other, each on an empty engine."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = 1_000.0
        monkeypatch.setattr("time.time", lambda: self.at)
        self.store = Store()
        self.remembered = Memory(self.store)  # type: ignore[arg-type]
        self.made = 0

    def begins(self, *steps: str) -> list[str]:
        self.store.holds = []
        self.remembered.begin(0)
        return [self.remembered(step, lambda step=step: self._make(step)) for step in steps]  # type: ignore[misc]

    def _make(self, step: str) -> str:
        self.made += 1
        self.store.holds.append(f"{step} {self.made}")
        return self.store.holds[-1]


@pytest.fixture
def beginning(monkeypatch: pytest.MonkeyPatch) -> Iterator[Beginning]:
    made = Beginning(monkeypatch)
    yield made
    made.remembered.end()


def test_what_begins_alike_is_recalled(beginning: Beginning) -> None:
    first = beginning.begins("brand", "order")

    assert beginning.begins("brand", "order") == first
    assert beginning.store.holds == first


def test_the_clock_stands_where_it_stood_when_a_step_was_done(beginning: Beginning) -> None:
    beginning.begins("brand")
    beginning.at += 200

    beginning.begins("brand")
    assert clock.offset() == -200

    beginning.remembered.end()
    assert clock.offset() == 0


def test_another_thread_recalls_nothing(beginning: Beginning) -> None:
    beginning.begins("brand", "order")
    beginning.begins("brand")

    with ThreadPoolExecutor(1) as threads:
        threads.submit(beginning.remembered, "order", lambda: beginning._make("order")).result()

    assert beginning.made == 3


def test_what_followed_a_step_does_not_follow_it_when_that_is_made_anew(beginning: Beginning) -> None:
    beginning.begins("brand")
    beginning.at += 200
    earlier = beginning.begins("brand", "order")

    beginning.at += 150  # the brand is too old by now, the order after it is not
    later = beginning.begins("brand", "order")

    assert beginning.store.holds == later
    assert not set(earlier) & set(later)


def test_after_something_else_has_happened_it_is_made(beginning: Beginning) -> None:
    first = beginning.begins("brand", "order")
    beginning.store.holds = []
    beginning.remembered.begin(0)
    beginning.remembered("brand", lambda: "never called")
    beginning.store.holds.append("something else")

    assert beginning.remembered("order", lambda: "made") == "made"
    assert beginning.store.holds == [first[0], "something else"]
