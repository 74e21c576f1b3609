"""What is shown of a file before it is imported."""

from typing import Self

from chalicelib.insight.imports.model.mapping import MOST_COLUMNS
from chalicelib.insight.imports.service.looking import Preview
from chalicelib.web import Contact, View


class ColumnView(View):
    """A column of the file: its title, which may be empty, and what it seems to hold; empty where that is not clear."""

    title: str
    holds: str


class SampleRowView(View):
    """A row of the file, numbered as in a spreadsheet; ``values`` are in the order of the columns, and null for who is
    not shown how people are reached.
    """

    row: int
    values: Contact[list[str]]


class PreviewView(View):
    """A file before it is imported: in which row the titles of its columns are, the first rows below them, and about
    how many there are. ``may_hold`` are the names of what a column can hold, ``top`` the first rows of the whole file,
    among which the titles are looked for.
    """

    header_row: int
    columns: list[ColumnView]
    may_hold: list[str]
    rows: list[SampleRowView]
    rows_total: int
    top: list[SampleRowView]

    @classmethod
    def of(cls, found: Preview, names: tuple[str, ...]) -> Self:
        width = len(found.titles)
        return cls(
            header_row=found.header_row,
            columns=[
                ColumnView(title=title, holds=holds) for title, holds in zip(found.titles, found.guess, strict=True)
            ],
            may_hold=list(names),
            rows=[SampleRowView(row=row.number, values=(row.values + [""] * width)[:width]) for row in found.rows],
            rows_total=found.total,
            top=[SampleRowView(row=row.number, values=row.values[:MOST_COLUMNS]) for row in found.top],
        )
