"""Imported orders are events where their file gave an instant: they are read from the activity of their day, beside
whose events it stands that there are any. An import itself writes nothing for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.catalog.model.products import SKU_CODE
from chalicelib.catalog.service.products import find_by_codes
from chalicelib.db import Transaction, fetch_many
from chalicelib.insight.intake.model.packing import Telling
from chalicelib.insight.intake.model.told import KEPT, MOST_PRODUCTS
from chalicelib.insight.intake.records import EventDayMark, TellingRecord
from chalicelib.insight.model.stream import Event
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel.ids import secret_token

_CODE = re.compile(SKU_CODE)


@dataclass(frozen=True, slots=True)
class Imported:
    """How many imported orders of a day have an instant, and the latest of these. They only ever get more."""

    number: int
    latest_at: datetime

    def expires_at(self) -> int:
        return int((self.latest_at + KEPT).timestamp())


def note(tenant_id: str, found: Mapping[date, Imported], now: datetime) -> None:
    """Notes what imported orders the days of a month have, and that their events changed with it. Whoever rolls a day
    does so, and brings it into columns afterwards. Nothing costs nothing, and what is known a read.
    """
    kept = {on: each for on, each in found.items() if each.latest_at + KEPT > now}
    known = fetch_many([(TellingRecord, *TellingRecord.of_imported(tenant_id, on)) for on in kept], consistent=True)
    new = [on for on, said in zip(kept, known, strict=True) if said is None or said.rev != kept[on].number]
    if not new:
        return
    marked_until = int((now + KEPT + timedelta(days=3)).timestamp())
    tx = Transaction()
    for on in new:
        place, each = TellingRecord.of_imported(tenant_id, on), kept[on]
        tx.put(f"imported {on}", TellingRecord(*place, rev=each.number, expires_at=each.expires_at()))
        mark = EventDayMark(*EventDayMark.address(tenant_id, on), mark=secret_token(12), expires_at=marked_until)
        tx.put(f"mark {on}", mark)
    tx.commit()


def told_by_files(tenant_id: str, on: date) -> Telling | None:
    """The imported orders of a local day whose instant is known; None where there are none. Their products are those of
    ours that have the codes of the file.
    """
    orders = [
        (int(each.ordinal), each.at, _codes(each), (each.extra or {}).get("channel", ""))
        for each in ActivityRecord.imported(tenant_id, on)
        if each.at is not None
    ]
    if not orders:
        return None
    known = find_by_codes(tenant_id, [code for _, _, codes, _ in orders for code in codes])
    events = []
    for place, (ordinal, at, codes, channel) in enumerate(orders):
        ids = sorted({str(known[code].product_id) for code in codes if code in known})
        events.append(Event(ordinal, "order", at, place, tuple(ids[:MOST_PRODUCTS]), "", channel))
    return Telling(max(event.at for event in events), events)


def _codes(order: ActivityRecord) -> list[str]:
    """The codes of goods that a file gave an order, as far as they could be ours; parts of imported orders have them
    where own ones have ids.
    """
    return [part.product_id for part in order.parts if _CODE.fullmatch(part.product_id)]
