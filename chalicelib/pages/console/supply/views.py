"""What the pages of the supply show, asked of the API and put in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.assortment.routes import list_products
from chalicelib.campaigns.model.campaign import FROM_LOCK
from chalicelib.campaigns.routes import read_campaign
from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.fulfilment.purchasing.model import Outcome
from chalicelib.fulfilment.purchasing.routes import read_purchase_list
from chalicelib.fulfilment.purchasing.views.lists import (
    PurchaseLineView,
    PurchaseListView,
    PurchaseView,
    WantedListView,
)
from chalicelib.fulfilment.receiving.forms import NewReceipt
from chalicelib.fulfilment.receiving.views import ReceiptView, SupplyLineView, SupplyView
from chalicelib.fulfilment.suppliers.routes import list_suppliers
from chalicelib.pages.console.said import State
from chalicelib.pages.console.supply.forms import LINES
from chalicelib.pages.console.supply.model import Effect, effect
from chalicelib.pages.shell import N_, Redirect, Visit, ask, may

OUTCOMES: Mapping[Outcome, State] = {
    Outcome.BOUGHT: State(N_("Bought")),
    Outcome.WITHIN_TOLERANCE: State(N_("A few units left out"), "warn"),
    Outcome.BELOW_MINIMUM: State(N_("Below the minimum"), "warn"),
    Outcome.RELEASED: State(N_("Not bought"), "bad"),
    Outcome.TOPPED_UP: State(N_("Topped up"), "good"),
}


def of_locked(visit: Visit[Any]) -> CampaignView | Redirect:
    """The group buy, once it has closed and takes place; before that, the way to the page that says so."""
    campaign: CampaignView = ask(visit, read_campaign)
    if campaign.status in FROM_LOCK:
        return campaign
    if visit.refused is not None:
        raise visit.refused
    return Redirect(f"/supply/{campaign.id}")


def supplier_names(visit: Visit[Any]) -> dict[str, str]:
    """The names of the suppliers of a locked group buy, by whichever list the reader may see."""
    if may(visit, read_purchase_list):
        frozen: PurchaseListView = ask(visit, read_purchase_list)
        return {each.supplier_id: each.name for each in frozen.suppliers}
    return {each.id: each.name for each in ask(visit, list_suppliers, limit=100).items}


@dataclass(frozen=True, slots=True)
class Incoming:
    """What comes from one supplier, in units; without a name it is what is bought without one."""

    supplier_id: str
    name: str
    lines: Sequence[SupplyLineView]

    @property
    def expected(self) -> int:
        """Units of which nobody has said what became of them."""
        return sum(line.expected for line in self.lines)

    @property
    def open(self) -> list[SupplyLineView]:
        """The lines of which there is something to record."""
        return [line for line in self.lines if line.expected or line.surplus or line.substitutes_left]


def incoming(supply: SupplyView, names: Mapping[str, str]) -> list[Incoming]:
    """The supply by supplier; without what comes from the shelf alone."""
    found: dict[str, list[SupplyLineView]] = {}
    for line in supply.lines:
        if line.ordered or line.surplus:
            found.setdefault(line.supplier_id or "", []).append(line)
    return [Incoming(each, names.get(each, ""), lines) for each, lines in found.items()]


@dataclass(frozen=True, slots=True)
class Totals:
    """The units of a group buy's supply, of all SKUs together."""

    ordered: int
    good: int
    lost: int
    expected: int
    surplus: int
    not_covered: int

    @classmethod
    def of(cls, supply: SupplyView) -> "Totals":
        lines = supply.lines
        return cls(
            ordered=sum(line.ordered for line in lines),
            good=sum(line.received - line.damaged + line.substituted for line in lines),
            lost=sum(line.damaged + line.short for line in lines),
            expected=sum(line.expected for line in lines),
            surplus=sum(line.surplus + sum(each.quantity for each in line.substitutes_left) for line in lines),
            not_covered=sum(line.not_covered for line in lines),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bought:
    """One supplier's part of a purchase list; without a supplier what is bought from whom the brand likes."""

    supplier: PurchaseView | None
    lines: Sequence[PurchaseLineView]

    @property
    def ordered(self) -> list[PurchaseLineView]:
        """The lines that are bought."""
        return [line for line in self.lines if line.bought]

    @property
    def below_minor(self) -> int:
        """What is missing to the supplier's minimum."""
        if self.supplier is None or self.supplier.minimum is None:
            return 0
        return max(0, self.supplier.minimum.amount_minor - self.supplier.total.amount_minor)


def bought(frozen: PurchaseListView) -> list[Bought]:
    """The list by supplier."""
    of = {each.supplier_id: each for each in frozen.suppliers}
    lines: dict[str, list[PurchaseLineView]] = {}
    for line in frozen.lines:
        lines.setdefault(line.supplier_id or "", []).append(line)
    return [Bought(of.get(each), found) for each, found in lines.items()]


def wanted(frozen: WantedListView) -> dict[str, int]:
    """The units that are wanted beyond the list, by SKU."""
    return {each.sku_id: each.units for each in frozen.wanted_more}


def lines_of(supply: SupplyView, supplier_id: str, part: int) -> tuple[list[SupplyLineView], bool]:
    """The lines of a supplier of which there is something to record, a part of them, and whether more follow."""
    mine = [each for each in incoming(supply, {}) if each.supplier_id == supplier_id]
    found = [line for each in mine for line in each.open]
    return found[(part - 1) * LINES : part * LINES], len(found) > part * LINES


def effects(receipt: NewReceipt, supply: SupplyView) -> list[Effect]:
    """What a receipt means for orders, where it means anything."""
    known = {line.sku_id: line for line in supply.lines}
    found = []
    for line in receipt.lines:
        stands = known.get(line.sku_id)
        other = line.substitute.quantity if line.substitute else 0
        lost = line.damaged + line.short + other
        if stands is not None and lost:
            found.append(effect(stands.title, lost, other, stands.surplus))
    return found


def titles_of_others(visit: Visit[Any], receipts: Sequence[ReceiptView]) -> dict[str, str]:
    """What the SKUs are called that came instead of what was ordered, by id."""
    ids = {line.substitute.sku_id for receipt in receipts for line in receipt.lines if line.substitute}
    return {sku_id: sku.full_title for sku_id, sku in get_skus(visit.tenant_id, sorted(ids)).items()} if ids else {}


def sought(visit: Visit[Any], words: str) -> list[tuple[str, str]]:
    """SKUs of products that are called so, each with its title."""
    if not words.strip():
        return []
    cards = ask(visit, list_products, query={"q": words.strip()[:100]}, limit=20).items
    return [
        (sku.id, f"{card.title} · {sku.title}" if sku.title != card.title else card.title)
        for card in cards
        for sku in card.skus
    ]
