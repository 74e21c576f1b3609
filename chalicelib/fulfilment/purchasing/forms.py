"""What the routes of the purchase list take."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.kernel.errors import InvalidField
from chalicelib.web import Body, UlidStr


class TopUpLine(Body):
    """So many units of a SKU beyond what was sold; 0 takes an earlier top-up back."""

    sku_id: UlidStr
    units: Annotated[int, Field(ge=0, le=1_000_000)]


def _once(lines: list[TopUpLine]) -> list[TopUpLine]:
    if len({line.sku_id for line in lines}) < len(lines):
        raise InvalidField("name each SKU once, with all its units", "同一规格请合并数量")
    return lines


class TopUp(Body):
    """What is bought for the brand's own shelf with a campaign's goods, such as to reach a supplier's minimum."""

    EXAMPLES = {
        "six more of one SKU": {"lines": [{"sku_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "units": 6}]},
    }

    lines: Annotated[list[TopUpLine], Field(min_length=1, max_length=100), AfterValidator(_once)]
