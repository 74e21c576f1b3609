"""What the API takes of imports."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.web import Body

MOST_BODY_BYTES = 10 * 1024 * 1024


class NewImport(Body):
    """A file to import. Without ``csv`` the answer holds a form for files of up to 50 MB.

    Columns of an order file: ``order_ref``, ``member``, ``ordered_at`` (an instant) or ``ordered_on`` (a local date),
    ``quantity``, ``amount_minor``, ``currency``; optional: ``product_code``, ``category``, ``channel``,
    ``pickup_point``. What ``member`` names is an e-mail address or a phone number, however it is spelled, or else a
    reference of your own; a member who signs in with that address has these orders.

    Columns of a member file, of which one of the first three is needed: ``member`` (a reference), ``email``, ``phone``,
    ``name``, ``joined_on``. A row is one person: it joins what was imported under its reference and its addresses.
    """

    kind: Literal["orders", "members", "products"]
    csv: Annotated[str | None, Field(min_length=1, description="The file itself, UTF-8, up to 5 MB.")] = None
