"""What the pages of suppliers take: the API's forms, with amounts of money as people type them."""

import re
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.pages.shell.typed import amount
from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=20_000)]

_DETAILS = ("name", "contact", "phone", "email", "note", "below_minimum")


class SupplierText(Body):
    """A supplier as it was typed."""

    name: Typed = ""
    contact: Typed = ""
    phone: Typed = ""
    email: Typed = ""
    note: Typed = ""
    minimum: Typed = ""
    below_minimum: Typed = "buy"

    def asked(self, currency: str) -> dict[str, Any]:
        """As the API takes a new one. Raises Invalid without a name, and for what is no amount of money."""
        if not self.name:
            raise Invalid.at("/name", "Type the name of the supplier.", "请填写供应商名称。")
        wanted = {name: value for name in _DETAILS if (value := getattr(self, name))}
        return wanted | ({"minimum": amount(self.minimum, currency, "/minimum")} if self.minimum else {})

    def changed(self, currency: str) -> dict[str, Any]:
        """As the API takes a change: what is empty is taken away."""
        cleared = dict.fromkeys(("contact", "phone", "email", "minimum")) | {"note": ""}
        return {**cleared, **self.asked(currency)}


class StatusForm(Body):
    """Whether it is bought from the supplier, or it is kept for its history alone."""

    status: Literal["active", "archived"]


class Nothing(Body):
    """A form that says no more than its address does."""


class TermsText(Body):
    """Terms for a SKU as they were typed."""

    cost: Typed = ""
    pack_size: Typed = ""
    pack_rounding: Typed = ""
    tolerance: Typed = ""
    minimum_quantity: Typed = ""
    minimum_amount: Typed = ""
    below_minimum: Typed = ""
    lead_days: Typed = ""
    code: Typed = ""
    main: bool = False

    def asked(self, currency: str) -> dict[str, Any]:
        """As the API takes it: of what is empty its own usual. Raises Invalid for what is no amount of money."""
        wanted: dict[str, Any] = {name: value for name, value in self.model_dump().items() if value}
        amounts = {name: wanted.pop(name, "") for name in ("cost", "minimum_amount")}
        wanted["cost"] = amount(amounts["cost"], currency, "/cost")
        if amounts["minimum_amount"]:
            wanted["minimum_amount"] = amount(amounts["minimum_amount"], currency, "/minimum_amount")
        return wanted


class Search(Query):
    """Words to find a product by."""

    q: Annotated[str, StringConstraints(max_length=100)] = ""


def beside_the_fields(refusal: DomainError) -> DomainError:
    """A refusal of the API, what it says of the parts of an amount beside the amount."""
    refusal.errors = tuple(
        FieldError(re.sub(r"/(amount_minor|currency)$", "", each.pointer), each.message, each.message_zh)
        for each in refusal.errors
    )
    return refusal
