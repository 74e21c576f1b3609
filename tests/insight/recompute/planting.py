"""Figures that stand wrong: each put into the table behind the product's back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.db import Transaction, delete_many, put_many, tenant_scope
from chalicelib.insight.model import bitmaps, slices, spending
from chalicelib.insight.model.figures import Activity, Totals, day_rollup
from chalicelib.insight.records import Doing, RollupRecord, SpendRecord
from chalicelib.insight.rollups.records import SliceRecord
from tests.builders import made
from tests.insight.figures import Figures

DAY, MONTH = "2026-01-05", "2026-01"


def checked(figures: Figures) -> Any:
    """The job of a recount, worked off."""
    sent = made(figures.shop.brand.post("/v1/rollups/check", {}), 202)["job"]
    figures._drain()
    job = figures.job(sent["id"])
    assert (job["kind"], job["status"], job["percent"]) == ("recompute", "done", 100)
    return job


def wrong_total(tenant_id: str) -> None:
    """An order too many, in an hour of a day."""
    _change_hours(tenant_id, RollupRecord.days_partition(tenant_id), DAY)


def stale_month(tenant_id: str) -> None:
    """A month that has not seen the last change of its days."""
    _change_hours(tenant_id, RollupRecord.months_partition(tenant_id), MONTH)


def stale_revision(tenant_id: str) -> None:
    """A month that names another revision of a day than stands."""
    place = RollupRecord.months_partition(tenant_id), MONTH
    change_record(place, RollupRecord.days.set({"05": 7, "31": 1}))


def wrong_bit(tenant_id: str) -> None:
    """A member more on a day."""
    place = RollupRecord.days_partition(tenant_id), DAY
    change_record(place, RollupRecord.bits.set(bitmaps.pack(bitmaps.of([0, 1, 9]))[0]))


def missing_day(tenant_id: str) -> None:
    """A day whose aggregate is not there."""
    delete_many([(RollupRecord, RollupRecord.days_partition(tenant_id), DAY)])


def extra_day(tenant_id: str) -> None:
    """A day on which nobody ordered, and that has an aggregate."""
    rollup = day_rollup([Activity(2, 500, "USD", 1)])
    place = RollupRecord.days_partition(tenant_id), "2026-01-20"
    bits = bitmaps.pack(rollup.members)[0]
    put_many([RollupRecord(*place, hours=rollup.hours_json(), bits=bits, rev=1)])


def wrong_spend(tenant_id: str) -> None:
    """A member who spent a cent more than they did, beside totals that are right."""
    [record] = SpendRecord.in_days(tenant_id, date.fromisoformat(DAY), date.fromisoformat(DAY))
    spend = {name: dict(amounts) for name, amounts in spending.unpack(record.columns).amounts.items()}
    spend["USD"][1] += 1
    [columns] = spending.pack(spending.Spend(spend)).values()
    put_many([SpendRecord(str(record.pk), str(record.sk), columns=columns)])


def spend_of_nobody(tenant_id: str) -> None:
    """A chunk of what was spent that no rollup wrote."""
    columns = spending.pack(spending.Spend({"USD": {100_000: 5}}))
    put_many([SpendRecord(*SpendRecord.address(tenant_id, DAY, 3), columns=columns[3])])


def who_took_no_part(tenant_id: str) -> None:
    """A member who took part on a day, of which no record says so."""
    place = RollupRecord.days_partition(tenant_id, Doing.TAKING_PART), DAY
    put_many([RollupRecord(*place, hours={}, bits=bitmaps.pack(0b10)[0], rev=1)])


def wrong_slice(tenant_id: str) -> None:
    """A piece more of a channel, beside totals that are right."""
    [record] = SliceRecord.in_days(tenant_id, "channel", date.fromisoformat(DAY), date.fromisoformat(DAY))
    found = slices.unpack([record.columns])
    found["chat"] = replace(found["chat"], totals=replace(found["chat"].totals, quantity=4))
    put_many([SliceRecord(str(record.pk), str(record.sk), columns=slices.pack(found)[0])])


def slice_of_nothing(tenant_id: str) -> None:
    """A product of which nothing was sold, on a day of which no product is known."""
    found = {"XXX": slices.Slice(Totals(1, 2, {"USD": (1, 5)}), {}, [1])}
    place = SliceRecord.address(tenant_id, "product", "2026-02-05", 0)
    put_many([SliceRecord(*place, columns=slices.pack(found)[0])])


def _change_hours(tenant_id: str, partition: str, name: str) -> None:
    record = RollupRecord.fetch(partition, name)
    assert record is not None
    hours = {hour: list(totals) for hour, totals in record.hours.items()}
    hours["-1"][0] += 1
    change_record((partition, name), RollupRecord.hours.set(hours))


def change_record(place: tuple[str, str], action: Any) -> None:
    """Writes an attribute of an aggregate, and no other."""
    tx = Transaction()
    tx.update("planted", RollupRecord, *place, actions=[action])
    tx.commit()


def plant(figures: Figures, wrong: Any) -> None:
    """Does it in the brand's name."""
    with tenant_scope(figures.shop.tenant_id):
        wrong(figures.shop.tenant_id)
