"""The imported orders of a local day, as its activity has them, for the recount of its events."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.catalog.model.products import SKU_CODE
from chalicelib.catalog.service.products import find_by_codes
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.records import ActivityRecord


def load_imported(engine: Engine, tenant_id: str, on: date) -> None:
    """Fills the tables of imported orders whose instant is known, of their codes, and of the products of ours that
    have these now.
    """
    orders = [(each, each.at) for each in ActivityRecord.imported(tenant_id, on) if each.at is not None]
    engine.load(
        "imported",
        (
            (place, int(each.ordinal), round(at.timestamp() * 1000), (each.extra or {}).get("channel", ""))
            for place, (each, at) in enumerate(orders)
        ),
    )
    codes = list(_codes([each for each, _ in orders]))
    engine.load("imported_codes", codes)
    ours = find_by_codes(tenant_id, [code for _, code in codes if re.fullmatch(SKU_CODE, code)], consistent=True)
    engine.load("products_of_codes", ((code, str(claim.product_id)) for code, claim in ours.items()))


def _codes(orders: Sequence[ActivityRecord]) -> Iterator[tuple[int, str]]:
    """The codes of goods that each order names, by its place; an order of one row names one at most."""
    for place, each in enumerate(orders):
        if each.stored_parts is not None:
            yield from ((place, str(code)) for code, *_ in each.stored_parts)
        elif code := (each.extra or {}).get("product_code"):
            yield place, str(code)
