"""What the API takes of the books."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.service.reading import JournalFilter
from chalicelib.settlement.statements.service.statements import Asked
from chalicelib.web import Body, LocalDate, PriceField, Query, UlidStr

AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[0-9A-Za-z_-]+){0,3}$", max_length=100)]


class TableFormat(Query):
    """As JSON, or as a table; without ``format`` the Accept header decides."""

    format: Literal["json", "csv"] | None = None


class JournalQuery(TableFormat):
    """Journals that moved one account, as ``/v1/ledger/accounts`` names it, and were booked on these local days."""

    account: AccountName | None = None
    from_on: LocalDate | None = None
    to_on: LocalDate | None = None

    def wanted(self) -> JournalFilter:
        return JournalFilter(self.account, self.from_on, self.to_on)


class StatementQuery(TableFormat):
    """Whose account, and of which local days, both included."""

    party: Party
    party_id: UlidStr
    from_on: LocalDate
    to_on: LocalDate

    def asked(self) -> Asked:
        return Asked(self.party, self.party_id, self.from_on, self.to_on, place="?")


class PartyQuery(Query):
    """Whose frozen statements."""

    party: Party
    party_id: UlidStr


class NewStatement(Body):
    """The period to freeze: local days, both included, such as a month's first and last."""

    EXAMPLES = {
        "a leader's June": {
            "party": "leader",
            "party_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "from_on": "2026-06-01",
            "to_on": "2026-06-30",
        },
    }

    party: Annotated[Party, Field(strict=False)]
    party_id: UlidStr
    from_on: LocalDate
    to_on: LocalDate

    def asked(self) -> Asked:
        return Asked(self.party, self.party_id, self.from_on, self.to_on)


class NewPayout(Body):
    """What was paid to the party, outside of the product."""

    amount: PriceField


class CashHandedIn(Body):
    """Cash that a leader collected at a pickup point and handed to the brand."""

    EXAMPLES = {
        "¥59.80": {
            "leader_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "amount": {"amount_minor": 5_980, "currency": "CNY"},
        },
    }

    leader_id: UlidStr
    pickup_point_id: UlidStr
    amount: PriceField
