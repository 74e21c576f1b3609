"""What the API takes of the books."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.settlement.books.service.reading import JournalFilter
from chalicelib.web import LocalDate, Query

AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[0-9A-Za-z_-]+){0,3}$", max_length=100)]


class TableFormat(Query):
    """As JSON, or as a table; without ``format`` the Accept header decides."""

    format: Literal["json", "csv", "xlsx"] | None = None


class JournalQuery(TableFormat):
    """Journals that moved one account, as ``/v1/ledger/accounts`` names it, and were booked on these local days."""

    account: AccountName | None = None
    from_on: LocalDate | None = None
    to_on: LocalDate | None = None

    def wanted(self) -> JournalFilter:
        return JournalFilter(self.account, self.from_on, self.to_on)
