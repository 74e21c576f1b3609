"""What the API takes of imports."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.web import Body

MOST_BODY_BYTES = 10 * 1024 * 1024


class NewImport(Body):
    """A file to import. Without ``csv`` the answer holds a form for files of up to 50 MB.

    Columns of an order file: ``order_ref``, ``member``, ``ordered_at`` (an instant, or a wall-clock time of the brand)
    or ``ordered_on`` (a local date, the year first), ``quantity``, ``amount_minor`` or ``amount`` (in whole units);
    optional: ``currency`` (else the brand's), ``product_code``, ``category``, ``channel``, ``pickup_point``.
    Neighbouring rows of one ``order_ref`` are the lines of one order; the product's own order table is taken too. What
    ``member`` names is an e-mail address or a phone number, however it is spelled, or else a reference of your own; a
    member who signs in with that address has these orders.

    Columns of a member file, of which one of the first three is needed: ``member`` (a reference), ``email``, ``phone``,
    ``name``, ``joined_on``. A row is one person: it joins what was imported under its reference and its addresses.

    A file may be UTF-8, UTF-16 with its mark, or GB18030, its fields apart by commas, semicolons or tabs.
    """

    kind: Literal["orders", "members", "products"]
    csv: Annotated[str | None, Field(min_length=1, description="The file itself, UTF-8, up to 5 MB.")] = None
