"""What a recount is divided into, each by itself compared and mended: the orders of a month, its events, what its days
earned, members by what they are counted by.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.insight.recompute.model.checks import Found
from chalicelib.insight.recompute.service import columns, earnings, members, months
from chalicelib.insight.recompute.service.looking import Checked, Look


@dataclass(frozen=True, slots=True)
class Piecework:
    """How pieces of a kind are named, compared, and mended: ``wrong`` names what is to be counted again."""

    every: Callable[[str], list[str]]
    check: Callable[[Look, str], Checked]
    wrong: Callable[[str, Found], dict[str, bool]]
    mend: Callable[[str, Mapping[str, bool], datetime], None]


ORDERS = "orders"

KINDS: Mapping[str, Piecework] = {
    ORDERS: Piecework(months.every, months.check, months.wrong, months.mend),
    "events": Piecework(columns.every, columns.check, columns.wrong, columns.mend),
    "earnings": Piecework(earnings.every, earnings.check, earnings.wrong, earnings.mend),
    "members": Piecework(members.every, members.check, members.wrong, members.mend),
}


def every_piece(tenant_id: str) -> list[str]:
    """All of a brand, such as ``orders 1997-01``, in the order in which they are looked at."""
    return [f"{kind} {name}" for kind, work in KINDS.items() for name in work.every(tenant_id)]


def check(look: Look, piece: str) -> Checked:
    """Compares a piece."""
    kind, _, name = piece.partition(" ")
    return KINDS[kind].check(look, name)


def wrong(tenant_id: str, piece: str, found: Found) -> dict[str, bool]:
    """What of a piece is to be counted again, to be kept until it is marked."""
    return KINDS[piece.partition(" ")[0]].wrong(tenant_id, found)


def mend(tenant_id: str, piece: str, what: Mapping[str, bool], now: datetime) -> None:
    """Has the next night count again what differed."""
    KINDS[piece.partition(" ")[0]].mend(tenant_id, what, now)


def of_orders(revisions: Mapping[str, int]) -> dict[str, int]:
    """The revisions of months by name, of those of all pieces."""
    return {name.partition(" ")[2]: rev for name, rev in revisions.items() if name.startswith(f"{ORDERS} ")}
