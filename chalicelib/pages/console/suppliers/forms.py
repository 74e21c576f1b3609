"""What the pages of suppliers take: the API's forms, with amounts of money as people type them."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.fulfilment.suppliers.model import MOST_LICENCES
from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.pages.shell.typed import amount
from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=20_000)]

_DETAILS = ("name", "contact", "phone", "email", "note", "below_minimum")


class LicenceText(Body):
    """A licence as it was typed; one that is emptied is taken away."""

    name: Typed = ""
    number: Typed = ""
    valid_until: Typed = ""

    @property
    def stated(self) -> bool:
        return bool(self.name or self.number or self.valid_until)

    def asked(self, n: int) -> dict[str, str]:
        """As the API takes it. Raises Invalid for what is left out."""
        for field in ("name", "number", "valid_until"):
            if not getattr(self, field):
                message = "Give a licence its name, its number, and its last day."
                raise Invalid.at(f"/licences/{n}/{field}", message, "请填写证照名称、编号与有效期。")
        return {"name": self.name, "number": self.number, "valid_until": self.valid_until}


class SupplierText(Body):
    """A supplier as it was typed."""

    name: Typed = ""
    contact: Typed = ""
    phone: Typed = ""
    email: Typed = ""
    note: Typed = ""
    minimum: Typed = ""
    below_minimum: Typed = "buy"
    licences: Annotated[list[LicenceText], Field(max_length=MOST_LICENCES + 1)] = []

    def asked(self, currency: str) -> dict[str, Any]:
        """As the API takes a new one. Raises Invalid without a name, and for what is no amount of money."""
        if not self.name:
            raise Invalid.at("/name", "Type the name of the supplier.", "请填写供应商名称。")
        wanted: dict[str, Any] = {name: value for name in _DETAILS if (value := getattr(self, name))}
        wanted["licences"] = [each.asked(n) for n, each in enumerate(self.licences) if each.stated]
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
