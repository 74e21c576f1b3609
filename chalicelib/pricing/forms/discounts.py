"""What the API takes of discounts, whatever they come from."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from chalicelib.kernel.errors import InvalidField
from chalicelib.pricing.model import Scope
from chalicelib.web import Body, OneLine, UlidStr

MOST_NAMED = 50
"""So many products, categories or tags a scope names at most: every order reads them."""
_PERCENT = r"(?:100(?:\.0{1,2})?|[0-9]{1,2}(?:\.[0-9]{1,2})?)"


def _percent(text: str) -> str:
    if re.fullmatch(_PERCENT, text) is None or not Decimal(text):
        raise InvalidField(
            'write a percentage above 0 and up to 100 as text, with two decimals at most, such as "12.5"',
            '请以文本填写大于 0、不超过 100 的百分比，最多两位小数，例如 "12.5"',
        )
    return text


PercentOff = Annotated[
    str,
    AfterValidator(_percent),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_PERCENT}$",
            "description": "A percentage that is taken off, above 0 and up to 100, with two decimals at most.",
            "examples": ["12.5"],
        }
    ),
]
Named = Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]


def basis_points(percent: str | None) -> int | None:
    """A percentage as :data:`PercentOff` takes it, in basis points."""
    return None if percent is None else int(Decimal(percent) * 100)


class ScopeFields(Body):
    """Which goods it is about: those of any of the products, categories or tags; all where none is named. Where
    campaigns are named it holds in those alone.
    """

    campaign_ids: list[UlidStr] = Field(default=[], max_length=MOST_NAMED)
    product_ids: list[UlidStr] = Field(default=[], max_length=MOST_NAMED)
    categories: list[Named] = Field(default=[], max_length=MOST_NAMED)
    tags: list[Named] = Field(default=[], max_length=MOST_NAMED)

    def scope(self) -> Scope:
        """The goods; the campaigns are apart, since no basket is of two."""
        return Scope(frozenset(self.product_ids), frozenset(self.categories), frozenset(self.tags))
