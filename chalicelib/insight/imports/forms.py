"""What the API takes of imports."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.insight.imports.model.mapping import MOST_COLUMNS, Asked
from chalicelib.web import Body

MOST_HEADER_ROW = 100
MOST_BODY_BYTES = 10 * 1024 * 1024


class NewImport(Body):
    """A file to import. Without ``csv`` the answer holds a form for files of up to 50 MB.

    Columns of an order file: ``order_ref``, ``member``, ``ordered_at`` (an instant, or a wall-clock time of the brand)
    or ``ordered_on`` (a local date, the year first), ``quantity``, ``amount_minor`` or ``amount`` (in whole units);
    optional: ``currency`` (else the brand's), ``product_code``, ``category``, ``channel``, ``pickup_point``,
    ``discount_minor`` or ``discount`` (what was taken off, which the amount has no more).
    Neighbouring rows of one ``order_ref`` are the lines of one order; the product's own order table is taken too. What
    ``member`` names is an e-mail address or a phone number, however it is spelled, or else a reference of your own; a
    member who signs in with that address has these orders.

    Columns of a member file, of which one of the first three is needed: ``member`` (a reference), ``email``, ``phone``,
    ``name``, ``joined_on``, ``consent``, ``birthday`` (month and day, ``03-08``), ``age_band``, ``gender``,
    ``household``, ``occupation``, ``income_band``, ``interests`` (apart by commas), ``language``. A row is one person:
    it joins what was imported under its reference and its addresses. Answers fill in what nobody has said of members
    who have not signed in yet; they are used for what the member agrees to. What ``consent`` says is kept as a note of
    yours: it grants nothing, as only members themselves consent.

    Columns of a product file: ``title`` and ``price`` (in whole units of your currency, ``12.50`` or ``¥12.50``), and
    ``variant``, ``code``, ``cost``, ``stock`` (units on your own shelf), ``supplier`` (a name; it needs the cost),
    ``category``, ``brand``, ``origin``, ``content`` (``500g``), ``description``,
    ``tax_rate`` (``9`` or ``9%``; below 1 with its sign, ``0.5%``). A row is a SKU; neighbouring rows of one title, or
    with the title left blank below it, are those of one product. A SKU without a code has one that follows from its
    title and variant. What stands is not changed; a row with a new code beside rows of codes that are known is a
    variant, which is added to their product.

    Columns of a file of competitors' prices: ``code`` (a SKU's), ``competitor`` and ``price`` (in whole units of your
    currency), and ``seen_on`` (a local date, the year first; else today's), ``content`` (what their pack holds,
    ``500g``), ``link``, ``currency`` (refused where it is not yours).

    A file may be UTF-8, UTF-16 with its mark, or GB18030, its fields apart by commas, semicolons or tabs. One that is
    uploaded may be a workbook (.xlsx) as well, up to 5 MB and 20,000 rows, of which the first sheet is read.
    """

    kind: Literal["orders", "members", "products", "competitor_prices"]
    csv: Annotated[str | None, Field(min_length=1, description="The file itself, UTF-8, up to 5 MB.")] = None


HeaderRow = Annotated[
    int | None,
    Field(
        ge=1, le=MOST_HEADER_ROW,
        description="In which row the columns have their titles, numbered as in a spreadsheet. Without it the row is "
        "looked for among the first ten; say it where what stands above was taken for the titles.",
    ),
]  # fmt: skip


class LookAtFile(Body):
    """How an uploaded file is to be looked at."""

    header_row: HeaderRow = None


class StartImport(Body):
    """How an uploaded file is to be read. Without ``columns`` the titles of the columns say what they hold."""

    columns: Annotated[list[Annotated[str, Field(max_length=40)]] | None, Field(max_length=MOST_COLUMNS)] = Field(
        None,
        description="What each column holds, in the order of the file, by the names that "
        "`POST /v1/imports/{id}/preview` lists; an empty text leaves a column out.",
    )
    header_row: HeaderRow = None
    dry_run: bool = Field(
        False,
        description="Says what would happen, and writes nothing: the job ends as `checked`, and can then be started. "
        "Of files of up to 20,000 rows.",
    )

    @property
    def asked(self) -> Asked:
        """As the import takes it."""
        return Asked(None if self.columns is None else tuple(self.columns), self.header_row)


class UndoImport(Body):
    """How an import is undone."""

    dry_run: bool = Field(
        False, description="Says what would go and what would stay, and why; nothing is changed, and the job ends."
    )
