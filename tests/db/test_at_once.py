"""Requests at the same time: in the caller's scope, each to its end."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from chalicelib.db import at_once, current_tenant, key, metered, put_many_at_once, tenant_scope
from tests.db.notes import OURS, Tally, tally


def test_answers_come_in_the_order_of_the_calls_and_from_the_callers_scope() -> None:
    with tenant_scope(OURS):
        assert at_once(partial(lambda number: (number, current_tenant()), number) for number in range(9)) == [
            (number, OURS) for number in range(9)
        ]
    assert at_once([]) == []


def test_they_run_together_and_each_comes_to_its_end_before_a_failure_is_raised() -> None:
    together, ended = threading.Barrier(3, timeout=10), []

    def call(number: int) -> None:
        together.wait()
        ended.append(number)
        if number:
            raise ValueError(number)

    with pytest.raises(ValueError, match="1"):
        at_once(partial(call, number) for number in range(3))
    assert sorted(ended) == [0, 1, 2]


def test_many_records_are_all_written_and_all_counted(ours: Any, wire: Any) -> None:
    with metered() as meter:
        put_many_at_once(tally(f"2026-{n // 28 + 1:02}-{n % 28 + 1:02}", count=n) for n in range(210))
    assert (meter.by_operation["BatchWriteItem"], meter.items_written) == (9, 210)
    assert len(list(Tally.every(key(OURS, "tally"), limit=500))) == 210
