"""The rules of goods that come back: how many, in how many parts, what becomes of them, and what each part pays back.

Pure. Amounts are minor units of the order's currency.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from chalicelib.aftersales.errors import GoodsNotExpected, HistoryFull, MoreThanClaimed
from chalicelib.aftersales.model.cases import Kind
from chalicelib.kernel.clock import instant, parse_instant

Disposition = Literal["restock", "write_off"]
"""On the shelf again, or not."""

Goods = Literal["expected", "not_needed"]
"""Whether the goods of a granted case are to come back, or stay with the member."""

MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class Arrived:
    """Units of an offer that came back, and what becomes of them."""

    offer_id: str
    units: int
    disposition: Disposition


@dataclass(frozen=True, slots=True)
class Part:
    """What came back at once, and what was paid back for it, if anything was: ``refund_minor`` as ``refund_id``.

    ``key`` and ``body_hash`` tell whether it was booked by the same request.
    """

    lines: tuple[Arrived, ...]
    at: datetime
    by: str
    key: str = ""
    body_hash: str = ""
    refund_minor: int = 0
    refund_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "lines": [[line.offer_id, line.units, line.disposition] for line in self.lines], "at": instant(self.at),
            "by": self.by, "key": self.key, "body_hash": self.body_hash, "refund_minor": self.refund_minor,
            "refund_id": self.refund_id,
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        lines = tuple(Arrived(offer_id, int(units), to) for offer_id, units, to in raw["lines"])
        return cls(
            lines, parse_instant(raw["at"]), raw["by"], raw["key"], raw["body_hash"], int(raw["refund_minor"]),
            raw["refund_id"],
        )  # fmt: skip


def units_of(lines: Iterable[Arrived]) -> dict[str, int]:
    """Units by offer id."""
    total: Counter[str] = Counter()
    for line in lines:
        total[line.offer_id] += line.units
    return dict(total)


def still_expected(case: Mapping[str, int], arrived: Mapping[str, int]) -> dict[str, int]:
    """The units of a case that have not come yet, by offer id."""
    left = {offer_id: units - arrived.get(offer_id, 0) for offer_id, units in case.items()}
    return {offer_id: units for offer_id, units in left.items() if units > 0}


def check_arrived(case: Mapping[str, int], lines: Sequence[Arrived], before: Mapping[str, int] | None = None) -> None:
    """Raises MoreThanClaimed when more of an offer comes back than the case is about, all its lines together and with
    what came ``before``.
    """
    total: Counter[str] = Counter(before or {})
    for index, line in enumerate(lines):
        total[line.offer_id] += line.units
        most, units = case.get(line.offer_id, 0), total[line.offer_id]
        if units > most:
            came = (before or {}).get(line.offer_id, 0)
            raise MoreThanClaimed.at(
                f"/lines/{index}/quantity",
                f"The case is about {most} of this offer, of which {came} came before; {units - came} cannot come back."
                if came
                else f"The case is about {most} of this offer; {units} cannot come back.",
                f"该售后单涉及 {most} 件，此前已收回 {came} 件，不能再收回 {units - came} 件。"
                if came
                else f"该售后单仅涉及 {most} 件，不能收回 {units} 件。",
            )


def check_expected(goods: Goods, parts: int) -> None:
    """Whether anything more can be booked as having come. Raises GoodsNotExpected, HistoryFull."""
    if goods == "not_needed":
        raise GoodsNotExpected(
            "The member was told to keep the goods; nothing of this case comes back.",
            detail_zh="已告知会员无需寄回商品，不能登记收货。",
        )
    if parts >= MOST_PARTS:
        raise HistoryFull(
            f"The goods of this case came in {MOST_PARTS} parts already; close it, and open another for the rest.",
            detail_zh=f"该售后单已分 {MOST_PARTS} 次收货，请先完结，其余另行申请。",
        )


def owed_for(
    kind: Kind, case: Mapping[str, int], promised: Mapping[str, int], arrived: Mapping[str, int]
) -> dict[str, int]:
    """For how many units money is to have gone back once these have arrived, by offer id.

    Of an exchange, what arrives first stands for what is replaced: its goods are swapped, so money goes back for what
    comes beyond them.
    """
    owed = {}
    for offer_id, units in promised.items():
        first = case.get(offer_id, 0) - units if kind is Kind.EXCHANGE else 0
        owed[offer_id] = max(0, min(units, arrived.get(offer_id, 0) - first))
    return {offer_id: units for offer_id, units in owed.items() if units}


def amount_part(amount_minor: int, units: int, before: int, arrived: int) -> int:
    """What of a plain amount for all ``units`` of a case goes back when ``arrived`` more have come after ``before``:
    the difference of two cumulative floors, so that all parts together are the amount.
    """
    return amount_minor * (before + arrived) // units - amount_minor * before // units
