"""Imports run without garbage collection, and it is there again afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from chalicelib.loading import uncollected, warm


@pytest.fixture(autouse=True)
def _unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_nothing_is_collected_inside_and_what_is_there_is_spared_afterwards() -> None:
    gc.unfreeze()
    with uncollected():
        assert not gc.isenabled()
        kept = [[] for _ in range(1000)]

    assert gc.isenabled()
    assert gc.get_freeze_count() > len(kept)


def test_a_failed_import_leaves_the_collector_on() -> None:
    with pytest.raises(ImportError), uncollected():
        raise ImportError("on purpose")
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("function", "loaded"),
    [("app", ["api"]), ("pages", ["pages"]), ("orders_worker", []), ("", []), ("unknown_worker", []), ("sweep", [])],
)
def test_an_edge_loads_its_share_when_it_is_the_function_that_starts(function: str, loaded: list[str]) -> None:
    said: list[str] = []
    edges = {"app": lambda: said.append("api"), "pages": lambda: said.append("pages")}
    warm(function, edges, {"orders": object()})
    assert said == loaded
