"""The rules of goods that come back: how many, and what becomes of them. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chalicelib.aftersales.errors import MoreThanClaimed

Disposition = Literal["restock", "write_off"]
"""On the shelf again, or not."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Units of an offer that came back, and what becomes of them."""

    offer_id: str
    units: int
    disposition: Disposition


def check_arrived(case: Mapping[str, int], arrived: Sequence[Arrived]) -> None:
    """Raises MoreThanClaimed when more of an offer comes back than the case is about, all its lines together."""
    total: Counter[str] = Counter()
    for index, line in enumerate(arrived):
        total[line.offer_id] += line.units
        most, units = case.get(line.offer_id, 0), total[line.offer_id]
        if units > most:
            raise MoreThanClaimed.at(
                f"/lines/{index}/quantity",
                f"The case is about {most} of this offer; {units} cannot come back.",
                f"该售后单仅涉及 {most} 件，不能收回 {units} 件。",
            )
