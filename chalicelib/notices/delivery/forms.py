"""What the API takes of messages."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.notices.model.people import Person
from chalicelib.web import Query, UlidStr

TemplateName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$"), Field(examples=["order_ready"])]

StatusName = Literal["sending", "held", "waiting", "sent", "joined", "inbox", "withheld", "dead"]


class MessageQuery(Query):
    """To whom, a member or somebody of the team; what became of it, and which message it is."""

    recipient: Literal["member", "staff"]
    recipient_id: UlidStr
    status: StatusName | None = None
    template: TemplateName | None = None

    def person(self) -> Person:
        return Person(self.recipient, self.recipient_id)
