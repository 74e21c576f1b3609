"""What the routes of the purchase list take."""

from typing import Annotated

from pydantic import Field

from chalicelib.web import Body, UlidStr


class TopUpLine(Body):
    """So many units of a SKU beyond what was sold; 0 takes an earlier top-up back."""

    sku_id: UlidStr
    units: Annotated[int, Field(ge=0, le=1_000_000)]


class TopUp(Body):
    """What is bought for the brand's own shelf with a campaign's goods, such as to reach a supplier's minimum."""

    EXAMPLES = {
        "six more of one SKU": {"lines": [{"sku_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "units": 6}]},
    }

    lines: Annotated[list[TopUpLine], Field(min_length=1, max_length=100)]
