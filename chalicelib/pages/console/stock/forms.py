"""What the pages of stock take: units as people count them, and periods of days."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.catalog.model.stock import Loss
from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=2_000)]
Units = Annotated[str, StringConstraints(max_length=12)]
MOST_COUNTED = 200
"""SKUs that one form counts: those of ten products."""

_NO_NUMBER = ("Type a number of units, such as 12.", "请填写件数，例如 12。")


class Counted(Body):
    """Units that came in, went out, or are there: ``was`` is what was free when the page was shown, so that what a
    campaign takes meanwhile stays taken.
    """

    how: Literal["in", "out", "counted"]
    units: Units = ""
    was: int = 0
    reason: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no number of units."""
        if not _is_number(self.units):
            raise Invalid.at("/units", *_NO_NUMBER)
        units = int(self.units)
        delta = {"in": units, "out": -units, "counted": units - self.was}[self.how]
        return {"delta": delta} | ({"reason": self.reason} if self.reason else {})


class Row(Body):
    """What was counted of one SKU, empty where it was not; ``was`` as above."""

    units: Units = ""
    was: int = 0


class StockTaking(Body):
    """What was counted of several SKUs, by their ids, for one reason."""

    counts: Annotated[dict[str, Row], Field(max_length=MOST_COUNTED)] = {}
    reason: Typed = ""

    def asked(self) -> dict[str, dict[str, Any]]:
        """As the API takes each that differs, by the SKU's id. Raises Invalid for what is no number of units, and where
        nothing was counted.
        """
        typed = {sku_id: row for sku_id, row in self.counts.items() if row.units}
        wrong = [sku_id for sku_id, row in typed.items() if not _is_number(row.units)]
        faults = [FieldError(f"/counts/{sku_id}/units", *_NO_NUMBER) for sku_id in wrong]
        if not self.reason:
            faults.append(FieldError("/reason", "Say what you did, such as: stock-taking.", "请填写原因，例如：盘点。"))
        if not typed:
            faults.append(FieldError("/counts", "Type at least one figure.", "请至少填写一项件数。"))
        if faults:
            raise Invalid("Some fields are not right.", detail_zh="部分内容填写有误。", errors=tuple(faults))
        moved = {sku_id: int(row.units) - row.was for sku_id, row in typed.items()}
        return {sku_id: {"delta": delta, "reason": self.reason} for sku_id, delta in moved.items() if delta}


class WrittenOff(Body):
    """Units that are lost, and what became of them."""

    quantity: Units = ""
    loss: Loss | None = None
    why: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        wanted = {"quantity": self.quantity, "loss": self.loss, "reason": self.why}
        return {name: value for name, value in wanted.items() if value}


class Shelf(Query):
    """What the list of the shelf is narrowed to."""

    q: Annotated[str, StringConstraints(max_length=100)] = ""
    available: Literal["", "in_stock"] = ""

    @property
    def asked(self) -> dict[str, str]:
        """As the API takes it: nothing that is not for sale any more."""
        return {"status": "active"} | {name: value for name, value in self.model_dump().items() if value}


class Days(Query):
    """A period as its address says it."""

    from_on: Annotated[str, StringConstraints(max_length=20)] = ""
    to_on: Annotated[str, StringConstraints(max_length=20)] = ""

    @property
    def asked(self) -> dict[str, str]:
        """As the API takes it."""
        return {name: value for name, value in self.model_dump().items() if value}


def beside_the_fields(refusal: DomainError, fields: dict[str, str]) -> DomainError:
    """A refusal of the API, said of the fields that the page has."""
    refusal.errors = tuple(
        FieldError("/" + fields.get(each.pointer[1:], each.pointer[1:]), each.message, each.message_zh)
        for each in refusal.errors
    )
    return refusal


def _is_number(units: str) -> bool:
    return units.isascii() and units.isdecimal()
