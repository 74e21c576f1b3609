"""How somebody new is let in. Pure: the rules of joining stand in ``recruitment``, above this package."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.members.model.identities import Identity


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who has proved an identity and is no member yet, with what they bring: the invite code that they typed,
    and the code of the link that led them to the shop. ``source`` is the network that they come from.
    """

    identity: Identity
    source: str
    invite_code: str | None = None
    link: str | None = None


def _nothing(_: Any) -> None:
    """Nothing happens beside the joining."""


@dataclass(frozen=True, slots=True)
class Admission:
    """That somebody new may join, and what is kept of how: ``origin`` in a word, ``joined_by`` by what (``open``,
    ``invite:<id>``, ``member:<id>``, ``channel:<id>``, ``application:<id>``), the member who brought them and the
    channel by which they came. ``along`` adds to the joining's transaction what is to happen with it; ``refused`` sees
    its refusal and raises where that means something.
    """

    origin: str = "sign_in"
    joined_by: str = "open"
    referred_by: str | None = None
    channel_id: str | None = None
    along: Callable[[Any], None] = _nothing
    refused: Callable[[Any], None] = _nothing


class Admits(Protocol):
    """The rules of joining, as the composition root names them."""

    def __call__(self, tenant_id: str, arrival: Arrival, now: datetime) -> Admission: ...


class Redeems(Protocol):
    """What somebody redeems who becomes the member that the brand has named by their identity: they need nothing to
    join, but may have been invited in person. ``joined_by`` and ``along`` alone count of the answer.
    """

    def __call__(self, tenant_id: str, arrival: Arrival, member_id: str, now: datetime) -> Admission | None: ...
