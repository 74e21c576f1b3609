"""What a delivery says about a purchase list. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
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
from chalicelib.kernel.counting import counted, were


@dataclass(frozen=True, slots=True)
class Arrival:
    """One SKU of a delivery, in units.

    ``received`` came, of which ``damaged`` cannot be given out; ``short`` will never come; ``substituted`` came as
    ``substitute``, another SKU, in its place. Of good ones that no order needs, of this delivery or of an earlier one,
    ``to_stock`` go to the brand's own shelf and ``written_off`` are given up; so for substitutes. The costs are for one
    unit, in minor units, as they were when it came.
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
    written_off: int = 0
    substitutes_to_stock: int = 0
    substitutes_written_off: int = 0

    @property
    def put_away(self) -> int:
        """Units of what was ordered that are for no order any more."""
        return self.to_stock + self.written_off

    @property
    def substitutes_put_away(self) -> int:
        """Substitutes that are for no order any more."""
        return self.substitutes_to_stock + self.substitutes_written_off

    @property
    def for_shelf(self) -> dict[str, int]:
        """The units that go to the shelf, by SKU."""
        units = {self.sku_id: self.to_stock, self.substitute or "": self.substitutes_to_stock}
        return {sku_id: count for sku_id, count in units.items() if count}

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

    @property
    def shelf_minor(self) -> int:
        """What of their cost goes to the shelf with units that came now or earlier."""
        return self.to_stock * self.cost_minor + self.substitutes_to_stock * self.substitute_cost_minor

    def as_json(self) -> list[Any]:
        """As the receipt's record stores it."""
        return [
            self.sku_id, self.received, self.damaged, self.short, self.substitute, self.substituted, self.to_stock,
            self.cost_minor, self.substitute_cost_minor, self.written_off, self.substitutes_to_stock,
            self.substitutes_written_off,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """All deliveries of a SKU so far, in units."""

    received: int = 0
    damaged: int = 0
    short: int = 0
    substituted: int = 0
    to_stock: int = 0
    written_off: int = 0
    substitutes_to_stock: int = 0
    substitutes_written_off: int = 0

    def plus(self, arrival: Arrival) -> "Tally":
        """After one more delivery."""
        return Tally(
            self.received + arrival.received,
            self.damaged + arrival.damaged,
            self.short + arrival.short,
            self.substituted + arrival.substituted,
            self.to_stock + arrival.to_stock,
            self.written_off + arrival.written_off,
            self.substitutes_to_stock + arrival.substitutes_to_stock,
            self.substitutes_written_off + arrival.substitutes_written_off,
        )

    @property
    def accounted(self) -> int:
        """Units of the order that are accounted for."""
        return self.received + self.short + self.substituted

    @property
    def lost(self) -> int:
        """Units that were ordered and cannot be given out as what they are."""
        return self.damaged + self.short + self.substituted + self.to_stock + self.written_off

    @property
    def here(self) -> int:
        """Good units that came and were not put away."""
        return self.received - self.damaged - self.to_stock - self.written_off

    def as_json(self) -> list[int]:
        """As the supply's record stores it; what is put away is rare, and left out where nothing is."""
        counted = [self.received, self.damaged, self.short, self.substituted, self.to_stock]
        put_away = [self.written_off, self.substitutes_to_stock, self.substitutes_written_off]
        return counted + put_away if any(put_away) else counted


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


@dataclass(frozen=True, slots=True)
class Held:
    """What orders hold of a SKU: units sold, and those of them that are ``given`` as another SKU, by that one."""

    sold: int
    given: Mapping[str, int] = field(default_factory=dict)

    @property
    def as_ordered(self) -> int:
        """Units that orders hold as what was ordered."""
        return self.sold - sum(self.given.values())


def surplus(line: PurchaseLine, tally: Tally, held: Held) -> int:
    """Units of a SKU that no order needs, when all that is still expected comes."""
    return max(0, available(line, tally, held.sold) - held.as_ordered)


@dataclass(frozen=True, slots=True)
class Balance:
    """Where the units of a SKU are for which its supplier is owed: ``owed`` is the sum of the others once nothing is
    expected and nothing is short any more. ``unassigned`` ones wait to be put on the shelf or written off.
    """

    owed: int
    in_orders: int
    on_shelf: int
    written_off: int
    unassigned: int

    @property
    def holds(self) -> bool:
        return self.owed == self.in_orders + self.on_shelf + self.written_off + self.unassigned


def balance(line: PurchaseLine, tally: Tally, held: Held) -> Balance:
    """The units a supplier is owed for, and what became of them; those of the shelf are nobody's."""
    owed = tally.received - tally.damaged + tally.substituted
    bought = held.sold - min(line.from_stock, held.sold)
    on_shelf = tally.to_stock + tally.substitutes_to_stock
    written_off = tally.written_off + tally.substitutes_written_off
    left = tally.substituted - tally.substitutes_to_stock - tally.substitutes_written_off - sum(held.given.values())
    return Balance(owed, bought, on_shelf, written_off, surplus(line, tally, held) + left)


def check(
    arrivals: Sequence[Arrival],
    lines: Mapping[str, PurchaseLine],
    tallies: Mapping[str, Tally],
    supplier_id: str | None,
    held: Mapping[str, Held] | None = None,
    substitutes: Mapping[str, Mapping[str, int]] | None = None,
) -> None:
    """Whether a supplier can have delivered this. ``lines`` is the purchase list by SKU; ``held`` what orders hold of
    each, where that is known, else all that was sold; ``substitutes`` those for orders, by the SKU they came for.

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
            message = "The purchase list has nothing of this SKU from this supplier."
            raise NotOrderedHere.at(f"{at}/sku_id", message, "采购单中没有向该供应商采购此规格。")
        _check_line(arrival, at)
        before, orders = tallies.get(arrival.sku_id, Tally()), (held or {}).get(arrival.sku_id, Held(line.quantity))
        _check_order(arrival, line, before, orders, at)
        came = (substitutes or {}).get(arrival.sku_id, {}).get(arrival.substitute or "", 0)
        _check_substitutes(arrival, line, before, orders, came, at)


def _check_line(arrival: Arrival, at: str) -> None:
    if not (arrival.accounted or arrival.put_away or arrival.substitutes_put_away):
        raise NothingReceived.at(at, "Say how many came, are short, or were substituted.", "请填写收货或缺货数量。")
    if arrival.damaged > arrival.received:
        message = f"{arrival.received} came, so no more can be damaged; what never came is short."
        raise DamagedAboveReceived.at(f"{at}/damaged", message, "破损数量不能超过收货数量，未到货请填缺货。")
    if arrival.substitute == arrival.sku_id:
        raise SubstituteIsTheSame.at(f"{at}/substitute/sku_id", "Count them as received.", "请计入收货数量。")


def _check_order(arrival: Arrival, line: PurchaseLine, before: Tally, held: Held, at: str) -> None:
    left = line.bought - before.accounted
    if arrival.accounted > left:
        raise ReceiptAboveOrder(
            f"Of {line.title} {counted(line.bought, 'unit')} {were(line.bought)} ordered, {before.accounted} of these "
            f"noted already: at most {left} more can be, not {arrival.accounted}. Send back what is too much, or "
            "put it into stock by an adjustment.",
            detail_zh=f"{line.title} 采购 {line.bought} 件，已处理 {before.accounted} 件，本次最多 {left} 件。",
            extra={"sku_id": line.sku_id, "ordered": line.bought, "settled": before.accounted, "left": left},
        )
    after = before.plus(arrival)
    over = min(after.here + arrival.put_away, available(line, after, held.sold) + arrival.put_away - held.as_ordered)
    if arrival.put_away > max(0, over):
        raise _no_surplus(
            line, max(0, over), arrival.put_away, f"{at}/to_stock" if arrival.to_stock else f"{at}/written_off"
        )


def _check_substitutes(arrival: Arrival, line: PurchaseLine, before: Tally, held: Held, came: int, at: str) -> None:
    """Substitutes are put away as far as neither an order has them nor one may still need them."""
    if not arrival.substitutes_put_away:
        return
    after = before.plus(arrival)
    missing = max(0, held.sold - max(0, available(line, after, held.sold)))
    over = max(0, came + arrival.substituted - max(missing, held.given.get(arrival.substitute or "", 0)))
    if arrival.substitutes_put_away > over:
        raise _no_surplus(line, over, arrival.substitutes_put_away, f"{at}/substitute")


def _no_surplus(line: PurchaseLine, over: int, asked: int, pointer: str) -> NoSurplus:
    return NoSurplus(
        f"Of {line.title} {counted(over, 'unit')} came that no order needs; "
        f"{asked} cannot be put on the shelf or written off.",
        detail_zh=f"{line.title} 仅多出 {over} 件，无法入库或报损 {asked} 件。",
        extra={"sku_id": line.sku_id, "surplus": over, "pointer": pointer},
    )
