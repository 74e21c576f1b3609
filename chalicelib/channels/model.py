"""What a channel is, and what an order remembers of the link that led to it. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Self

from chalicelib.kernel.ids import is_id
from chalicelib.kernel.money import Money
from chalicelib.kernel.unset import UNSET, Unset

ChannelKind = Literal[
    "official_account", "moments", "microblog", "short_video", "notice_board", "shop", "chat_group", "other"
]
REMEMBERED = timedelta(days=30)
"""For how long an order is put down to the link that was followed last."""


@dataclass(frozen=True, slots=True)
class ChannelDetails:
    """What is ``UNSET`` stays as it is, None takes away. A new channel has a kind and a title."""

    kind: ChannelKind | Unset = UNSET
    title: str | Unset = UNSET
    cost: Money | Unset | None = UNSET
    archived: bool | Unset = UNSET


@dataclass(frozen=True, slots=True)
class Brought:
    """An order that came by a channel, as it stands at a revision: what it sold in minor units, None where nothing."""

    order_id: str
    rev: int
    channel_id: str
    sold_minor: int | None


@dataclass(frozen=True, slots=True)
class Via:
    """Whose link led to an order: a channel's, or a member's who passed it on."""

    channel_id: str | None = None
    sharer_id: str | None = None

    @property
    def written(self) -> str:
        """As an order keeps it."""
        return f"c{self.channel_id}" if self.channel_id else f"m{self.sharer_id}"

    @classmethod
    def read(cls, written: str) -> Self | None:
        """What :attr:`written` says; None for anything else."""
        kind, whose = written[:1], written[1:]
        if not is_id(whose):
            return None
        return {"c": cls(channel_id=whose), "m": cls(sharer_id=whose)}.get(kind)
