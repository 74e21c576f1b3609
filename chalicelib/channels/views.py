"""What the API shows of channels."""

from typing import Self

from chalicelib.channels.model import ChannelKind
from chalicelib.channels.records import ChannelRecord, LinkTally
from chalicelib.web import Instant, MoneyField, UlidStr, View


class ShareLinkView(View):
    """A link that leads to the shop; with ``?c=`` and a campaign's id to that. Orders within thirty days of following
    it are put down to whose it is, unless another was followed since.
    """

    url: str


class ChannelView(View):
    """A channel with its link, and what came by it: ``visits`` is how often people followed it, ``orders`` and
    ``sold`` are the orders put down to it as they stand, and what they sold for. Robots and previews are no people.
    """

    id: UlidStr
    kind: ChannelKind
    title: str
    cost: MoneyField | None
    archived: bool
    url: str
    created_at: Instant
    visits: int
    orders: int
    sold: MoneyField

    @classmethod
    def at(cls, channel: ChannelRecord, shop: str, tally: LinkTally) -> Self:
        """``shop`` is the shop's address."""
        cost = None if channel.cost_minor is None else MoneyField.of(int(channel.cost_minor), channel.currency)
        names = ("id", "kind", "title", "archived", "created_at")
        said = {name: getattr(channel, name) for name in names}
        return cls(
            **said, cost=cost, url=address(shop, channel.id), visits=int(tally.visits or 0),
            orders=int(tally.orders or 0), sold=MoneyField.of(int(tally.sold_minor or 0), channel.currency),
        )  # fmt: skip


def address(shop: str, code: str) -> str:
    """Where a link with a code leads to: in the shop at that address."""
    return f"{shop}/go/{code}"
