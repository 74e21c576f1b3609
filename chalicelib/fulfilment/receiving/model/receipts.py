"""What a delivery says about a purchase list. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.fulfilment.purchasing.model import PurchaseLine
from chalicelib.fulfilment.receiving.errors import (
    DamagedAboveReceived,
    NoSurplus,
    NothingReceived,
    NotOrderedHere,
    ReceiptAboveOrder,
    RepeatedSku,
    SubstituteIsTheSame,
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One SKU of a delivery, in units.

    ``received`` came, of which ``damaged`` cannot be given out; ``short`` will never come; ``substituted`` came as
    ``substitute``, another SKU, in its place. ``to_stock`` of the good ones go to the brand's own shelf. The costs are
    for one unit, in minor units, as they were when it came.
    """

    sku_id: str
    received: int = 0
    damaged: int = 0
    short: int = 0
    substitute: str | None = None
    substituted: int = 0
    to_stock: int = 0
    cost_minor: int = 0
    substitute_cost_minor: int = 0

    @property
    def accounted(self) -> int:
        """Units of the order that this accounts for."""
        return self.received + self.short + self.substituted

    @property
    def good(self) -> int:
        """Units that can be given out as what was ordered."""
        return self.received - self.damaged

    @property
    def due_minor(self) -> int:
        """What the supplier is owed for it: what came whole. Nothing is owed for damaged units."""
        return self.good * self.cost_minor + self.substituted * self.substitute_cost_minor

    def as_json(self) -> list[Any]:
        """As the receipt's record stores it."""
        return [
            self.sku_id, self.received, self.damaged, self.short, self.substitute, self.substituted, self.to_stock,
            self.cost_minor, self.substitute_cost_minor,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """All deliveries of a SKU so far, in units."""

    received: int = 0
    damaged: int = 0
    short: int = 0
    substituted: int = 0
    to_stock: int = 0

    def plus(self, arrival: Arrival) -> "Tally":
        """After one more delivery."""
        return Tally(
            self.received + arrival.received,
            self.damaged + arrival.damaged,
            self.short + arrival.short,
            self.substituted + arrival.substituted,
            self.to_stock + arrival.to_stock,
        )

    @property
    def accounted(self) -> int:
        """Units of the order that are accounted for."""
        return self.received + self.short + self.substituted

    @property
    def lost(self) -> int:
        """Units that were ordered and cannot be given out as what they are."""
        return self.damaged + self.short + self.substituted + self.to_stock

    def as_json(self) -> list[int]:
        """As the supply's record stores it."""
        return [self.received, self.damaged, self.short, self.substituted, self.to_stock]


def available(line: PurchaseLine, tally: Tally, sold: int | None = None) -> int:
    """Units of a SKU for its orders, when all that is still expected comes. Of those of the shelf no more than are
    ``sold``, where that is said: the others have gone back.
    """
    from_stock = line.from_stock if sold is None else min(line.from_stock, sold)
    return from_stock + line.bought - tally.lost


@dataclass(frozen=True, slots=True)
class Unaccounted:
    """A SKU of which more units are ``expected`` than are ``accounted`` for."""

    sku_id: str
    title: str
    supplier_id: str | None
    expected: int
    accounted: int

    @property
    def missing(self) -> int:
        """Units of which nobody has said what became of them."""
        return self.expected - self.accounted

    def as_json(self) -> dict[str, Any]:
        """As a refusal shows it."""
        return {**asdict(self), "missing": self.missing}


def unaccounted(lines: Iterable[PurchaseLine], tallies: Mapping[str, Tally]) -> list[Unaccounted]:
    """The SKUs that were bought and neither came, nor are short, nor were substituted, in full."""
    found = [
        Unaccounted(line.sku_id, line.title, line.supplier_id, line.bought, tallies.get(line.sku_id, Tally()).accounted)
        for line in lines
    ]
    return [each for each in found if each.missing > 0]


def check(
    arrivals: Sequence[Arrival],
    lines: Mapping[str, PurchaseLine],
    tallies: Mapping[str, Tally],
    supplier_id: str | None,
) -> None:
    """Whether a supplier can have delivered this. ``lines`` is the purchase list by SKU.

    Raises RepeatedSku, NotOrderedHere, NothingReceived, DamagedAboveReceived, SubstituteIsTheSame, ReceiptAboveOrder,
    NoSurplus; each names the line.
    """
    seen: set[str] = set()
    for n, arrival in enumerate(arrivals):
        at = f"/lines/{n}"
        if arrival.sku_id in seen:
            raise RepeatedSku.at(f"{at}/sku_id", "Put all units of a SKU into one line.", "请将同一规格合并为一行。")
        seen.add(arrival.sku_id)
        line = lines.get(arrival.sku_id)
        if line is None or line.supplier_id != supplier_id or not line.bought:
            message = f"The purchase list has nothing of SKU {arrival.sku_id} from this supplier."
            raise NotOrderedHere.at(f"{at}/sku_id", message, "采购单中没有向该供应商采购此规格。")
        _check_line(arrival, at)
        _check_order(arrival, line, tallies.get(arrival.sku_id, Tally()), at)


def _check_line(arrival: Arrival, at: str) -> None:
    if not arrival.accounted:
        raise NothingReceived.at(at, "Say how many came, are short, or were substituted.", "请填写收货或缺货数量。")
    if arrival.damaged > arrival.received:
        message = f"{arrival.received} came, so no more can be damaged; what never came is short."
        raise DamagedAboveReceived.at(f"{at}/damaged", message, "破损数量不能超过收货数量，未到货请填缺货。")
    if arrival.substitute == arrival.sku_id:
        raise SubstituteIsTheSame.at(f"{at}/substitute/sku_id", "Count them as received.", "请计入收货数量。")


def _check_order(arrival: Arrival, line: PurchaseLine, before: Tally, at: str) -> None:
    left = line.bought - before.accounted
    if arrival.accounted > left:
        raise ReceiptAboveOrder(
            f"Of {line.title} {line.bought} were ordered and {before.accounted} are noted already: at most {left} more "
            f"can be, not {arrival.accounted}. Send back what is too much, or put it into stock by an adjustment.",
            detail_zh=f"{line.title} 采购 {line.bought} 件，已处理 {before.accounted} 件，本次最多 {left} 件。",
            extra={"sku_id": line.sku_id, "ordered": line.bought, "settled": before.accounted, "left": left},
        )
    over = available(line, before.plus(arrival)) + arrival.to_stock - line.quantity
    if arrival.to_stock > min(arrival.good, max(0, over)):
        raise NoSurplus(
            f"Of {line.title} {max(0, over)} units came that nobody ordered; {arrival.to_stock} cannot go into stock.",
            detail_zh=f"{line.title} 仅多出 {max(0, over)} 件，无法入库 {arrival.to_stock} 件。",
            extra={"sku_id": line.sku_id, "surplus": max(0, over), "pointer": f"{at}/to_stock"},
        )
