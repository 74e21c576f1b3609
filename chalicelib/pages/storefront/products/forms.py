"""What the pages of products take in their addresses."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import read_amount
from chalicelib.web import Query

Typed = Annotated[str, StringConstraints(max_length=100)]

NARROWED_BY = ("category", "tag", "brand")
"""Filters whose values are offered with how many products have each."""


class ProductsQuery(Query):
    """The list as it was asked for: prices as people write them, what is empty left out."""

    q: Typed = ""
    category: Typed = ""
    tag: Typed = ""
    brand: Typed = ""
    min_price: Typed = ""
    max_price: Typed = ""
    available: Typed = ""
    min_rating: Typed = ""
    sort: Typed = ""
    ids: Annotated[str, StringConstraints(max_length=600)] = Field(
        default="", description="Products that were chosen to be compared, with commas between"
    )

    @property
    def narrowed(self) -> dict[str, str]:
        """What is not empty of all that says which products are listed, and how."""
        return {name: value for name, value in self.given.items() if name != "ids"}

    @property
    def given(self) -> dict[str, str]:
        """What is not empty, as it stands in an address."""
        return {name: value for name, value in self.model_dump().items() if value}

    def stated(self, currency: str) -> dict[str, Any]:
        """As the API asks it. Raises Invalid for what is no price in the currency."""
        asked: dict[str, Any] = dict(self.narrowed)
        for name in ("min_price", "max_price"):
            if name in asked:
                asked[name] = read_amount(asked[name], currency)
                if asked[name] is None:
                    raise Invalid.at(f"/{name}", "Write a price such as 12.50.", "请填写价格，例如 12.50。")
        return asked
