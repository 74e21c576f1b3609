"""What a SKU holds, such as 500 g, what that makes a kilogram of it cost, and the allergens that labels name."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from chalicelib.kernel.money import MAX_MINOR


class Unit(StrEnum):
    """How the content of a SKU is measured."""

    GRAM = "g"
    KILOGRAM = "kg"
    MILLILITRE = "ml"
    LITRE = "l"
    METRE = "m"
    PIECE = "piece"


_THOUSANDTHS = {Unit.GRAM: Unit.KILOGRAM, Unit.MILLILITRE: Unit.LITRE}


@dataclass(frozen=True, slots=True)
class Content:
    """How much of it one unit of a SKU holds: a decimal number as text, such as ``1.5``, and its unit."""

    quantity: str
    unit: str

    @classmethod
    def of(cls, quantity: Decimal, unit: Unit) -> "Content":
        """With no more digits than the quantity needs."""
        return cls(f"{quantity.normalize():f}", unit.value)


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What one kilogram, litre, metre or piece costs, in minor units."""

    amount_minor: int
    per: str


def unit_price(price_minor: int, content: Content | None) -> UnitPrice | None:
    """The price of a kilogram, a litre, a metre or a piece, computed exactly and rounded once, half up, to a minor
    unit. None without a content, and where a minor unit is too coarse, or too small, to say it.
    """
    if content is None:
        return None
    unit, thousandths = Unit(content.unit), int(Decimal(content.quantity) * 1000)
    per = _THOUSANDTHS.get(unit, unit)
    dividend = price_minor * 1000 * (1000 if unit in _THOUSANDTHS else 1)
    amount = (2 * dividend + thousandths) // (2 * thousandths)
    return UnitPrice(amount, per.value) if 0 < amount <= MAX_MINOR else None


class Allergen(StrEnum):
    """The fourteen substances that Annex II of Regulation (EU) 1169/2011 has a food's label name; the eight of
    GB 7718 are among them.
    """

    GLUTEN = "gluten"
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOYBEANS = "soybeans"
    MILK = "milk"
    NUTS = "nuts"
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame"
    SULPHITES = "sulphites"
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"
