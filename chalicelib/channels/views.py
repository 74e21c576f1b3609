"""What the API shows of channels."""

from typing import Self

from chalicelib.channels.model import ChannelKind
from chalicelib.channels.records import ChannelRecord
from chalicelib.web import Instant, MoneyField, UlidStr, View


class ShareLinkView(View):
    """A link that leads to the shop; with ``?c=`` and a campaign's id to that. Orders within thirty days of following
    it are put down to whose it is, unless another was followed since.
    """

    url: str


class ChannelView(View):
    """A channel with its link."""

    id: UlidStr
    kind: ChannelKind
    title: str
    cost: MoneyField | None
    archived: bool
    url: str
    created_at: Instant

    @classmethod
    def at(cls, channel: ChannelRecord, shop: str) -> Self:
        """``shop`` is the shop's address."""
        cost = None if channel.cost_minor is None else MoneyField.of(int(channel.cost_minor), channel.currency)
        names = ("id", "kind", "title", "archived", "created_at")
        said = {name: getattr(channel, name) for name in names}
        return cls(**said, cost=cost, url=address(shop, channel.id))


def address(shop: str, code: str) -> str:
    """Where a link with a code leads to: in the shop at that address."""
    return f"{shop}/go/{code}"
