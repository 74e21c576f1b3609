"""What the pages of invoices take."""

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.invoices.model.invoices import Status
from chalicelib.web import Body, LocalDate, Query, UlidStr

Typed = Annotated[str, StringConstraints(max_length=2_000)]


class Looking(Query):
    """Those that wait, where nothing is said; ``all`` of them, or those in one state, of one order; as a table, too."""

    show: Literal["due", "all"] = "due"
    status: Status | None = None
    order_id: UlidStr | None = None
    from_on: LocalDate | None = None
    to_on: LocalDate | None = None
    format: Literal["csv", "xlsx"] | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        named = self.model_dump(mode="json", exclude={"show"}, exclude_none=True)
        narrowed = self.show == "all" or self.status is not None or self.order_id is not None
        return named if narrowed else named | {"due": "true"}


class Issuing(Body):
    """The number and the day of an invoice, as they were typed."""

    number: Typed = ""
    issued_on: Typed = ""


class Voiding(Body):
    """Why it counts no more, and the credit note, if there is one."""

    reason: Typed = ""
    credit_number: Typed = ""
    credited_on: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {name: value for name, value in self.model_dump().items() if value}
