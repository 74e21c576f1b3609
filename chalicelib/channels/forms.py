"""What the API takes of channels."""

from pydantic import Field

from chalicelib.channels.model import ChannelDetails, ChannelKind
from chalicelib.kernel.unset import UNSET
from chalicelib.web import Body, CostField, Title


class NewChannel(Body):
    """A way by which the brand is heard of, and what it costs in all."""

    EXAMPLES = {"a chat group": {"kind": "chat_group", "title": "花园小区一群"}}

    kind: ChannelKind
    title: Title
    cost: CostField | None = None

    def details(self) -> ChannelDetails:
        cost = self.cost.money() if self.cost else None
        return ChannelDetails(kind=self.kind, title=self.title, cost=cost)


class ChannelChanges(Body):
    """Fields of a channel; what is left out stays, a cost of null takes it away. An archived channel's link leads to
    the shop as before, and is not counted any more.
    """

    kind: ChannelKind = "other"
    title: Title = Field(default_factory=str)
    cost: CostField | None = None
    archived: bool = False

    def details(self) -> ChannelDetails:
        """The fields that were sent."""
        said = {name: getattr(self, name) for name in self.model_fields_set - {"cost"}}
        cost = (self.cost.money() if self.cost else None) if "cost" in self.model_fields_set else UNSET
        return ChannelDetails(**said, cost=cost)
