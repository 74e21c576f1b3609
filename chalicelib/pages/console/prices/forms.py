"""What the pages of prices take, as it is typed."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.pages.shell.typed import Reading, without_minor
from chalicelib.pricing.model.stages import Stage
from chalicelib.pricing.service.competitors import not_after
from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=400)]
Link = Annotated[str, StringConstraints(max_length=2000)]


class TableQuery(Query):
    """As a table that a spreadsheet reads."""

    format: Literal["csv", "xlsx"] = "csv"


class FloorPage(Body):
    """A margin floor as it is typed: a share of the cost, an amount over it, or neither."""

    floor_percent: Typed = ""
    floor_amount: Typed = ""

    def floor(self, reading: Reading) -> Mapping[str, Any] | None:
        """As the API takes it. Raises Invalid for both, and for what is no amount."""
        percent, amount = _percent(self.floor_percent), reading.amount(self.floor_amount, "/floor_amount")
        reading.check()
        if percent and amount:
            raise Invalid.at("/floor_amount", "Fill in one of the two.", "两项只需填写一项。")
        if percent:
            return {"percent": percent}
        return {"amount": amount} if amount else None


class StagePage(Body):
    """The stage that somebody has chosen; empty leaves it open."""

    stage: Typed = ""

    def stated(self) -> Mapping[str, Any]:
        return {"stage": self.stage or None}


class PolicyRow(Body):
    """What is wanted in a stage; what is empty is left open."""

    largest_discount: Typed = ""
    margin: Typed = ""
    price_change: Typed = ""

    def policy(self) -> Mapping[str, str]:
        typed = {name: _percent(getattr(self, name)) for name in type(self).model_fields}
        return {name: text for name, text in typed.items() if text}


class RulesPage(FloorPage):
    """A brand's rules of prices."""

    competitor_below: Typed = ""
    week_begins: Typed = "mon"
    introduction: PolicyRow = PolicyRow()
    growth: PolicyRow = PolicyRow()
    maturity: PolicyRow = PolicyRow()
    decline: PolicyRow = PolicyRow()

    def rules(self, reading: Reading) -> Mapping[str, Any]:
        """As the API takes it. Raises Invalid for what cannot be read."""
        below = _percent(self.competitor_below)
        return {
            "floor": self.floor(reading),
            "week_begins": self.week_begins,
            "stages": {stage.value: getattr(self, stage.value).policy() for stage in Stage},
        } | ({"competitor_below": below} if below else {})


class SeenPage(Body):
    """A competitor's price as it is typed."""

    sku_id: Typed = ""
    competitor: Typed = ""
    price: Typed = ""
    seen_on: Typed = ""
    content_quantity: Typed = ""
    content_unit: Typed = ""
    link: Link = ""

    def seen(self, reading: Reading, today: date) -> Mapping[str, Any]:
        """As the API takes it; ``reading`` has what is no amount, or a day after ``today``."""
        price = reading.amount(self.price, "/price")
        if _is_after(self.seen_on.strip(), today):
            reading.wrong("/seen_on", *not_after(today))
        more: dict[str, Any] = {"link": self.link} if self.link else {}
        if quantity := self.content_quantity.strip():
            more["content"] = {"quantity": quantity, "unit": self.content_unit}
        seen_on = self.seen_on.strip()
        return {"sku_id": self.sku_id, "competitor": self.competitor, "price": price, "seen_on": seen_on, **more}


def _is_after(typed: str, today: date) -> bool:
    try:
        return date.fromisoformat(typed) > today
    except ValueError:
        return False


def _percent(typed: str) -> str:
    """``12.5 %`` as the API's decimal."""
    return typed.strip().removesuffix("%").strip()


def named(pointer: str) -> str:
    """The field of a form, for what the API says of it."""
    for api, form in _FIELDS:
        pointer = re.sub(api, form, pointer)
    return without_minor(pointer)


_FIELDS = (
    (r"^/floor/amount(/\w+)?$", "/floor_amount"), (r"^/floor(/percent)?$", "/floor_percent"),
    (r"^/stages/", "/"), (r"^/content/quantity$", "/content_quantity"), (r"^/content/unit$", "/content_unit"),
)  # fmt: skip
