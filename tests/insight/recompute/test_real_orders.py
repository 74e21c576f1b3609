"""The recount of real orders agrees with every stored cell, and finds the one that was changed."""

from __future__ import annotations

import gzip
import time
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from rich.console import Console

from chalicelib.db import tenant_scope
from chalicelib.insight.earnings.model.figures import By
from chalicelib.insight.earnings.service.days import earned_days
from chalicelib.insight.model import bitmaps
from chalicelib.insight.records import RollupRecord
from chalicelib.kernel.errors import Unavailable
from tests.insight.figures import Figures, data_file
from tests.insight.recompute.planting import change_record, checked
from tests.insight.test_complete_journey import COLUMNS, orders

pytestmark = pytest.mark.verify


def test_the_cdnow_sample(figures: Figures) -> None:
    figures.import_orders(data_file("cdnow/orders_sample.csv").read_text())

    assert_agrees(figures, at_least=100_000)
    assert_one_bit_is_found(figures, "1997-03-03")


def test_the_whole_of_cdnow(figures: Figures) -> None:
    header, *rows = gzip.decompress(data_file("cdnow/orders.csv.gz").read_bytes()).decode().splitlines(keepends=True)
    for part in (rows[:40_000], rows[40_000:]):
        figures.import_orders(header + "".join(part))

    began = time.monotonic()
    assert_agrees(figures, at_least=280_000)
    Console().print(f"\nrecount of CDNOW's 69,659 orders: {time.monotonic() - began:.0f} s")
    assert_one_bit_is_found(figures, "1998-06-30")


def test_complete_journey(figures: Figures) -> None:
    figures.import_orders(list(orders()), COLUMNS)

    assert_agrees(figures, at_least=90_000)
    assert_one_bit_is_found(figures, "2017-11-05")


def assert_agrees(figures: Figures, at_least: int) -> None:
    """What days earned is kept once somebody has asked for it."""
    for by in By:
        with tenant_scope(figures.shop.tenant_id), suppress(Unavailable):
            earned_days(figures.shop.tenant_id, by, date(1997, 1, 1), date(2018, 1, 1))
    job = checked(figures)
    assert (job["differing"], job["differences"], job["waiting_days"]) == (0, [], 0)
    assert job["compared"] >= at_least


def assert_one_bit_is_found(figures: Figures, day: str) -> None:
    tenant_id: Any = figures.shop.tenant_id
    with tenant_scope(tenant_id):
        place = RollupRecord.days_partition(tenant_id), day
        stands = RollupRecord.fetch(*place)
        assert stands is not None
        members = bitmaps.unpack({0: stands.bits})
        change_record(place, RollupRecord.bits.set(bitmaps.pack(members & (members - 1))[0]))
    job = checked(figures)
    assert [(each["period"], each["stored"], each["recounted"]) for each in job["differences"]] == [(day, None, 1)]
