"""What the API takes of statements."""

from typing import Annotated

from pydantic import Field

from chalicelib.settlement.books.forms import TableFormat
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.statements.service.statements import Asked
from chalicelib.web import Body, LocalDate, PriceField, Query, UlidStr


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
