"""What members did on a day, as a board adds it up. Pure."""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from chalicelib.boards.model.boards import Board, By


@dataclass(frozen=True, slots=True)
class Sold:
    """What one member's orders of a day came to in one campaign and at one pickup point; money in minor units, of the
    brand's currency alone. An order of which nothing was kept is none.
    """

    ordinal: int
    campaign_id: str = ""
    pickup_point_id: str = ""
    minor: int = 0
    units: int = 0
    orders: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What else one member did on a day: ``points`` that were earned then and not taken back, members who were brought,
    and whether they answered or checked in.
    """

    ordinal: int
    points: int = 0
    referrals: int = 0
    took_part: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """All of a day. ``read`` is the number of records that it was made of."""

    sold: tuple[Sold, ...] = ()
    done: tuple[Done, ...] = ()
    read: int = 0

    def packed(self) -> bytes:
        """As it is stored: ids once each, rows as plain numbers."""
        campaigns, points = _numbered(s.campaign_id for s in self.sold), _numbered(s.pickup_point_id for s in self.sold)
        said = [
            list(campaigns), list(points), self.read,
            [[s.ordinal, campaigns[s.campaign_id], points[s.pickup_point_id], s.minor, s.units, s.orders]
             for s in self.sold],
            [[d.ordinal, d.points, d.referrals, int(d.took_part)] for d in self.done],
        ]  # fmt: skip
        return zlib.compress(json.dumps(said, separators=(",", ":")).encode())

    @classmethod
    def unpacked(cls, stored: bytes) -> Self:
        campaigns, points, read, sold, done = json.loads(zlib.decompress(stored))
        return cls(
            tuple(Sold(n, campaigns[c], points[p], *rest) for n, c, p, *rest in sold),
            tuple(Done(n, earned, brought, bool(took)) for n, earned, brought, took in done),
            read,
        )


@dataclass(slots=True)
class Adding:
    """Adds up what was read of a day."""

    sold: dict[tuple[int, str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    done: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    read: int = 0

    def order(self, ordinal: int, extra: Mapping[str, Any], minor: int, units: int) -> None:
        """An order, with what of it was kept."""
        where = ordinal, str(extra.get("campaign") or ""), str(extra.get("pickup_point") or "")
        kept = minor > 0 or units > 0
        self._add(self.sold[where], minor, units, int(kept))

    def deed(self, ordinal: int, points: int, referrals: int, *, took_part: bool) -> None:
        """Something else that a member did."""
        self._add(self.done[ordinal], points, referrals, int(took_part))

    def _add(self, to: list[int], *values: int) -> None:
        self.read += 1
        for place, value in enumerate(values):
            to[place] += value

    def day(self) -> Day:
        """The whole of it, in an order of its own whatever was read first."""
        sold = (Sold(*where, *values) for where, values in sorted(self.sold.items()) if any(values))
        done = (
            Done(ordinal, points, brought, took > 0)
            for ordinal, (points, brought, took) in sorted(self.done.items())
            if points or brought or took
        )
        return Day(tuple(sold), tuple(done), self.read)


def values_of(board: Board, days: Iterable[Day], one_person: Mapping[int, int]) -> dict[int, int]:
    """What each member comes to on a board, by ordinal; who comes to nothing is not on it. ``one_person`` leads from
    members to those whose history theirs has become.
    """
    values: dict[int, int] = defaultdict(int)
    for day in days:
        for ordinal, value in _of_day(board, day, one_person).items():
            values[ordinal] += value
    return {ordinal: value for ordinal, value in values.items() if value > 0}


def _of_day(board: Board, day: Day, one_person: Mapping[int, int]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    if board.by is By.ACTIVITY:
        active = {sold.ordinal for sold in day.sold if sold.orders} | {
            done.ordinal for done in day.done if done.took_part
        }
        return dict.fromkeys({one_person.get(each, each) for each in active}, 1)
    if board.by in (By.POINTS, By.REFERRALS):
        for done in day.done:
            whose = one_person.get(done.ordinal, done.ordinal)
            found[whose] += done.points if board.by is By.POINTS else done.referrals
        return found
    for sold in day.sold:
        if board.campaign_id not in (None, sold.campaign_id) or board.pickup_point_id not in (
            None,
            sold.pickup_point_id,
        ):
            continue
        whose = one_person.get(sold.ordinal, sold.ordinal)
        found[whose] += {By.SPEND: sold.minor, By.QUANTITY: sold.units}.get(board.by, sold.orders)
    return found


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: n for n, name in enumerate(sorted(set(names)))}
