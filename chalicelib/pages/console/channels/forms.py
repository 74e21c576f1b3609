"""What the pages of channels take."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.pages.shell.typed import Reading
from chalicelib.web import Body, Query, UlidStr

Text = Annotated[str, StringConstraints(max_length=1_000)]


class Leading(Query):
    """The group buy that the links are to lead to; without it they lead to the shop."""

    campaign: UlidStr | None = None


class ChannelForm(Body):
    """A channel as it is typed."""

    kind: Text = ""
    title: Text = ""
    cost: Text = ""

    def details(self, reading: Reading) -> Mapping[str, Any]:
        """What the API takes; an empty cost takes it away. Raises Invalid for what is no amount."""
        cost = reading.amount(self.cost, "/cost")
        reading.check()
        return {"kind": self.kind, "title": self.title, "cost": cost}


class ArchiveForm(Body):
    """Whether its orders are counted no more."""

    archived: bool
