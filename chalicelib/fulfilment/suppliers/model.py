"""On what terms a supplier sells a SKU, and how many packs that makes of the units that were sold. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal, Self

from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import Conflict, Invalid
from chalicelib.kernel.money import Money

SupplierStatus = Literal["active", "archived"]
ACTIVE: Final = "active"
ARCHIVED: Final = "archived"

MAX_PACK = 100_000
"""Units in one pack; a larger figure is a slip of the keyboard."""


class Rounding(StrEnum):
    """How units become packs: ``ceil`` buys the pack that is begun, ``floor`` leaves it out where it may."""

    CEIL = "ceil"
    FLOOR = "floor"


class BelowMinimum(StrEnum):
    """What happens where the supplier's minimum is not reached: bought anyway, released and refunded, or topped up with
    units for the brand's own shelf.
    """

    BUY = "buy"
    RELEASE = "release"
    TOP_UP = "top_up"


class SupplierInUse(Conflict):
    """The supplier is the main one of SKUs, which would be bought from nobody; ``extra`` names some of them."""

    code, title, title_zh = "supplier_in_use", "The supplier still delivers SKUs", "该供应商仍是部分规格的主供应商"


class SupplierArchived(Conflict):
    """Nothing is agreed with, and nothing received from, a supplier that was archived."""

    code, title, title_zh = "supplier_archived", "The supplier is archived", "供应商已归档"


class LicenceOver(Conflict):
    """A licence of the supplier is over, so nothing is bought there until it is renewed; ``extra`` names each."""

    code, title, title_zh = "licence_over", "A licence of the supplier is over", "供应商证照已过期"


class ToleranceTooLarge(Invalid):
    """A tolerance is smaller than a pack: with a whole pack missing, the pack is bought."""

    code, title, title_zh = "tolerance_too_large", "The tolerance is a pack or more", "容差不得达到一个包装"


class ToleranceWithoutFloor(Invalid):
    """With ``ceil`` nobody goes short, so there is nothing to tolerate."""

    code, title, title_zh = "tolerance_without_floor", "A tolerance goes with floor only", "容差仅适用于向下取整"


class TwoMinimums(Invalid):
    """The minimum of a SKU is a number of units or an amount, not both."""

    code, title, title_zh = "two_minimums", "Two minimums for one SKU", "起订量与起订额只能设置其一"


@dataclass(frozen=True, slots=True)
class Terms:
    """A supplier's terms for a SKU.

    ``cost_minor`` is for one unit, ``pack_size`` the units of a pack. With ``floor``, up to ``tolerance`` units that do
    not fill a pack are not bought. The minimum is in units or in minor units of money, 0 where there is none.
    """

    cost_minor: int
    pack_size: int = 1
    rounding: Rounding = Rounding.CEIL
    tolerance: int = 0
    minimum_quantity: int = 0
    minimum_minor: int = 0
    below_minimum: BelowMinimum = BelowMinimum.BUY
    lead_days: int = 0

    def is_below(self, units: int) -> bool:
        """Whether a purchase of so many units misses the minimum."""
        return 0 < units < self.minimum_quantity or 0 < units * self.cost_minor < self.minimum_minor

    def up_to_minimum(self, units: int) -> int:
        """So many units, or as many as reach the minimum."""
        of_amount = -(-self.minimum_minor // self.cost_minor) if self.cost_minor else 0
        return max(units, self.minimum_quantity, of_amount)


MOST_LICENCES = 20
WARNED_DAYS = 30
"""So many days before its last one a licence is said to be ending."""

LicenceState = Literal["valid", "ending", "over"]


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of a supplier, such as to deal in food. ``valid_until`` is its last day, in the brand's zone."""

    name: str
    number: str
    valid_until: date

    def state(self, today: date) -> LicenceState:
        if today > self.valid_until:
            return "over"
        return "ending" if today + timedelta(days=WARNED_DAYS) >= self.valid_until else "valid"

    def as_json(self) -> list[str]:
        return [self.name, self.number, self.valid_until.isoformat()]

    @classmethod
    def from_json(cls, stored: Sequence[str]) -> Self:
        return cls(stored[0], stored[1], date.fromisoformat(stored[2]))


def check_licences(licences: Mapping[str, Sequence[Licence]], today: date) -> None:
    """Raises LicenceOver where a supplier, by name, has a licence that is over."""
    over = [(name, each) for name, has in licences.items() for each in has if each.state(today) == "over"]
    if not over:
        return
    name, first = over[0]
    raise LicenceOver(
        f"The licence “{first.name}” ({first.number}) of {name} was valid until {first.valid_until}; nothing is bought "
        "there until the new date is entered with the supplier.",
        detail_zh=f"{name}的证照“{first.name}”（{first.number}）已于 {first.valid_until} 到期，更新有效期前不能采购。",
        extra={
            "licences": [
                {
                    "supplier": name,
                    "name": each.name,
                    "number": each.number,
                    "valid_until": each.valid_until.isoformat(),
                }
                for name, each in over
            ]
        },
    )


@dataclass(frozen=True, slots=True)
class SupplierDetails:
    """Who a supplier is, as the brand states it. ``minimum`` is what one purchase must come to, None for anything."""

    name: str
    contact: str | None = None
    phone: str | None = None
    email: str | None = None
    note: str = ""
    minimum: Money | None = None
    below_minimum: BelowMinimum = BelowMinimum.BUY
    status: SupplierStatus = ACTIVE
    licences: tuple[Licence, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Terms for a SKU as they are agreed. ``code`` is the supplier's own article number.

    ``main`` makes the supplier the SKU's main one; None does where the SKU has none, False leaves that as it is.
    """

    sku_id: str
    terms: Terms
    currency: str
    main: bool | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """Units in whole packs: of those ``bought``, nobody ordered the ``surplus``; the ``short`` ones are missing."""

    packs: int
    bought: int
    surplus: int
    short: int


def packed(units: int, terms: Terms) -> Packed:
    """The packs for so many units.

    ``ceil`` buys the begun pack. ``floor`` leaves it out where no more than the tolerance would be missing, and buys
    it where more would be.
    """
    packs, rest = divmod(units, terms.pack_size)
    leave_out = terms.rounding is Rounding.FLOOR and rest <= terms.tolerance
    if rest and not leave_out:
        packs += 1
    bought = packs * terms.pack_size
    return Packed(packs, bought, max(0, bought - units), max(0, units - bought))


def check_terms(terms: Terms) -> None:
    """Raises ToleranceWithoutFloor, ToleranceTooLarge, TwoMinimums."""
    if terms.tolerance and terms.rounding is Rounding.CEIL:
        raise ToleranceWithoutFloor.at(
            "/tolerance",
            "A tolerance goes with packs that are rounded down; leave it out.",
            "容差须与向下取整一起使用。",
        )
    if terms.tolerance >= max(terms.pack_size, 1) and terms.tolerance:
        raise ToleranceTooLarge.at(
            "/tolerance",
            f"A pack has {counted(terms.pack_size, 'unit')}; give a tolerance below that.",
            f"每个包装 {terms.pack_size} 件，容差须小于该数。",
        )
    if terms.minimum_quantity and terms.minimum_minor:
        raise TwoMinimums.at(
            "/minimum_amount", "Give a least quantity or a least amount, not both.", "起订量与起订额请只填一项。"
        )
