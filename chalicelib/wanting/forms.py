"""What the API takes of what members want."""

from typing import Annotated

from pydantic import Field

from chalicelib.campaigns.stock.model import MAX_QUANTITY
from chalicelib.web import Body


class WaitForm(Body):
    """For how many units, or bundles; one where nothing is said."""

    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)] = 1
