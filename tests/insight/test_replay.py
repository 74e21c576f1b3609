"""A year that arrives in disorder comes to the same figures, to the byte, as one that arrives at once (I9).

Files come late, shuffled and with rows a second time; workers die at any write and their messages come again; each
night rolls up what it finds.
"""

from __future__ import annotations

import csv
import gzip
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from rich.console import Console

from chalicelib.db import tenant_scope
from chalicelib.db.client import connection
from chalicelib.insight import events
from chalicelib.insight.imports.service import order_files
from chalicelib.kernel import clock as product_clock
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.status import IMPORTED
from chalicelib.messaging.publish import publish_all
from tests.insight.figures import COLUMNS, Figures, Row, as_csv, data_file
from tests.insight.recompute.planting import checked
from tests.insight.test_exactly_once import WRITES, Crash

DUPLICATES, LATE, MOST_DAYS_LATE = 0.05, 0.03, 10
TWICE = 0.1
WRITES_A_CRASH, WRITES_A_CRASH_OF_LARGE_FILES = 23, 1_009
"""A worker dies at every so many-th write: no message is so long that it never gets through, which a large file's are
at the first of these.
"""


@pytest.fixture(autouse=True)
def _nobody_ages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who becomes of another class each night is not what this is about, and takes longer than all else."""
    monkeypatch.setattr(events.ageing, "age", lambda *_: None)


def test_a_small_year(new_figures: Callable[..., Figures], clock: Any, sweep: Any) -> None:
    chance = random.Random(17)
    first = date(2017, 1, 1)
    rows = [
        (f"O-{at}", f"m{int(30 * chance.random() ** 2)}", str(first + timedelta(days=chance.randrange(360))),
         chance.randint(1, 4), chance.randint(0, 9000), chance.choice(("USD", "USD", "EUR")))
        for at in range(120)
    ]  # fmt: skip
    replayed(rows, 30, Storm(chance), new_figures, clock, sweep)


@pytest.mark.verify
def test_the_cdnow_sample(new_figures: Callable[..., Figures], clock: Any, sweep: Any) -> None:
    orders = cdnow(data_file("cdnow/orders_sample.csv").read_text())
    replayed(orders, 7, Storm(random.Random(17)), new_figures, clock, sweep)


@pytest.mark.verify
def test_the_whole_of_cdnow(new_figures: Callable[..., Figures], clock: Any, sweep: Any) -> None:
    began = time.monotonic()
    content = gzip.decompress(data_file("cdnow/orders.csv.gz").read_bytes()).decode()
    storm = Storm(random.Random(17), WRITES_A_CRASH_OF_LARGE_FILES)
    replayed(cdnow(content), 30, storm, new_figures, clock, sweep)
    Console().print(f"\nreplay of CDNOW's 69,659 orders: {time.monotonic() - began:.0f} s")


def cdnow(content: str) -> list[Row]:
    """The orders of a file of CDNOW."""
    return [tuple(row[name] for name in COLUMNS) for row in csv.DictReader(content.splitlines())]


def replayed(
    rows: Sequence[Row],
    days_a_file: int,
    storm: Storm,
    new_figures: Any,
    clock: Any,
    sweep: Any,
) -> None:
    """Brings the same orders in twice and compares all that is stored of them."""
    first, last = (datetime.fromisoformat(str(pick(row[2] for row in rows))) for pick in (min, max))
    clock.set(first.replace(tzinfo=UTC) - timedelta(days=1))
    clean, stormy = brand(new_figures, rows), brand(new_figures, rows)

    for until, file in files(rows, first.date(), last.date(), days_a_file, storm.chance):
        clock.set(datetime.combine(until, datetime.min.time(), UTC) + timedelta(hours=17))
        with patch.object(order_files, "after_import", return_value=None):  # the night is to find the days dirty
            stormy.send(as_csv(file))
            with storm.raging():
                stormy._drain()
        clock.advance(days=1)
        with storm.raging():
            sweep()
    clean.import_orders(rows)
    clean.roll()
    clock.advance(days=1)
    sweep()

    assert storm.crashes > 5
    assert len(said(clean)) > 100
    assert said(stormy) == said(clean)
    before = stormy.stored()
    assert stormy.roll()["changed_days"] == 0
    assert stormy.stored() == before, "a rerun is byte-identical"
    assert checked(stormy)["differing"] == 0


def brand(new_figures: Any, rows: Sequence[Row]) -> Figures:
    """A brand whose members are there already, in the same order: so each has the same place in bitmaps."""
    figures: Figures = new_figures(timezone="America/New_York", currency="USD")
    tenant_id, now = figures.shop.tenant_id, product_clock.now()
    names = sorted({str(row[1]) for row in rows})
    with tenant_scope(tenant_id):
        enrol(tenant_id, [Newcomer(Identity("ref", name), now.date(), IMPORTED) for name in names], now)
    figures._drain()
    return figures


def files(
    rows: Sequence[Row], first: date, last: date, days: int, chance: random.Random
) -> Iterator[tuple[date, list[Row]]]:  # fmt: skip
    """The files, by the day on which each comes: shuffled, some rows of it again, some of the file's before late."""
    comes: dict[date, list[Row]] = {}
    for row in rows:
        on = date.fromisoformat(str(row[2]))
        on += timedelta(days=chance.randint(1, MOST_DAYS_LATE) if chance.random() < LATE else 0)
        comes.setdefault(first + timedelta(days=((on - first).days // days + 1) * days - 1), []).append(row)
    seen: list[Row] = []
    for until in sorted(comes):
        seen += comes[until]
        file = comes[until] + [chance.choice(seen) for _ in comes[until] if chance.random() < DUPLICATES]
        chance.shuffle(file)
        yield until, file


class Storm:
    """Workers that die before a write, or after it with the answer lost, and messages that come twice."""

    def __init__(self, chance: random.Random, writes_a_crash: int = WRITES_A_CRASH) -> None:
        self.chance, self._writes_a_crash = chance, writes_a_crash
        self.crashes = self._writes = 0

    @contextmanager
    def raging(self) -> Iterator[None]:
        shared: Any = connection()
        original = shared.dispatch

        def dispatch(operation: str, arguments: dict[str, Any]) -> Any:
            self._writes += operation in WRITES
            if operation not in WRITES or self._writes % self._writes_a_crash:
                return original(operation, arguments)
            self.crashes += 1
            if self.crashes % 2:
                original(operation, arguments)
            raise Crash

        def twice(queue: str, messages: Any, *more: Any) -> list[int]:
            if self.chance.random() < TWICE:
                publish_all(queue, messages, *more)
            return publish_all(queue, messages, *more)

        with ExitStack() as stack:
            for module in ("relay", "sweep"):
                stack.enter_context(patch(f"chalicelib.messaging.{module}.publish_all", twice))
            stack.enter_context(patch.object(shared, "dispatch", dispatch, create=True))
            yield


def said(figures: Figures) -> dict[str, dict[str, Any]]:
    """Everything that is stored of days and months, but for whose it is and how often it was written."""
    ours = ("#days", "#months", "#bits", "#spend-days", "#took-part-days", "#took-part-months")
    return {
        f"{pk[26:]} {sk}": {name: value for name, value in item.items() if name not in ("pk", "rev", "days")}
        for (pk, sk), item in figures.stored().items()
        if pk.endswith(ours) or "#slices#" in pk
    }
