"""Leaderboards and results with the people on them, as the team and as other members may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from chalicelib.boards.model.awards import Winner
from chalicelib.boards.model.boards import Board, Period
from chalicelib.boards.model.ranking import Row
from chalicelib.boards.records import ResultRecord
from chalicelib.boards.service.boards import Counted, look_at, places_of, rows_after
from chalicelib.db import fetch_many
from chalicelib.members.linking.service.uniting import united
from chalicelib.members.model.identities import member_id
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member

After = tuple[int, int]
"""Where a page goes on: after the row of a value and a member, by ordinal."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with its member; None for one who is no more."""

    row: Row
    member: MemberRecord | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a board, after which row it goes on, and where the one who looks stands; None where they do not."""

    counted: Counted
    rows: list[Placed]
    after: After | None
    mine: Row | None = None
    me: MemberRecord | None = None


def page_of(
    tenant_id: str, board: Board, after: After | None, limit: int, now: datetime, member_id: str | None = None
) -> Shown:
    """A page of a board as things stand, and where a member stands on it."""
    me = get_member(tenant_id, member_id) if member_id else None
    mine = [int(me.ordinal)] if me else []

    def read(counted: Counted) -> tuple[list[Row], dict[int, Row]]:
        return list(islice(rows_after(counted, after), limit + 1)), places_of(counted, mine)

    counted, (rows, places) = look_at(tenant_id, board, now, read)
    shown = rows[:limit]
    last = (shown[-1].value, shown[-1].ordinal) if len(rows) > limit else None
    return Shown(counted, _with_members(tenant_id, shown), last, places.get(mine[0]) if mine else None, me)


def _with_members(tenant_id: str, rows: Sequence[Row]) -> list[Placed]:
    found = _members(tenant_id, [row.ordinal for row in rows])
    return [Placed(row, member) for row, member in zip(rows, found, strict=True)]


def _members(tenant_id: str, ordinals: Sequence[int]) -> list[MemberRecord | None]:
    return fetch_many([(MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, each)) for each in ordinals])


def _in_the_end(tenant_id: str, ordinals: Sequence[int]) -> list[MemberRecord | None]:
    """As :func:`_members`, with the other for who has become another's; read again only where somebody has."""
    found = _members(tenant_id, ordinals)
    while moved := {at: each.united_with for at, each in enumerate(found) if each and each.united_with is not None}:
        others = _members(tenant_id, [int(ordinal) for ordinal in moved.values()])
        for at, other in zip(moved, others, strict=True):
            found[at] = other
    return found


@dataclass(frozen=True, slots=True)
class Won:
    """A winner with who they are, and where they stand on the board by now; None where they do not any more."""

    winner: Winner
    member: MemberRecord | None
    now: Row | None = None


def winners_of(results: Sequence[ResultRecord], most: int) -> dict[str, list[Won]]:
    """The first winners of results of one brand, by the results' sort keys and awards, with who they are: whose history
    has become another's is that other.
    """
    named = [(result, winner) for result in results for winner in result.winners[:most]]
    if not named:
        return {}
    found = _in_the_end(named[0][0].tenant_id, [winner.ordinal for _, winner in named])
    shown: dict[str, list[Won]] = {}
    for (result, winner), member in zip(named, found, strict=True):
        shown.setdefault(name_of(result), []).append(Won(winner, member))
    return shown


def name_of(result: ResultRecord) -> str:
    """What tells a result from others."""
    return f"{result.award_id}#{result.to_on.isoformat()}"


def recounted(result: ResultRecord, now: datetime) -> tuple[list[Won], Counted]:
    """All winners of a result, each with where they stand on the board of the period now: what came back since then
    counts no more there, and takes nothing from the result.
    """
    tenant_id, people = result.tenant_id, united(result.tenant_id)
    board = Board(result.award.by, Period(result.period, result.from_on, result.to_on))
    whose = {each.ordinal: people.get(each.ordinal, each.ordinal) for each in result.winners}
    counted, places = look_at(tenant_id, board, now, lambda found: places_of(found, list(whose.values())))
    members = _members(tenant_id, list(whose.values()))
    shown = [
        Won(winner, member, places.get(whose[winner.ordinal]))
        for winner, member in zip(result.winners, members, strict=True)
    ]
    return shown, counted


def id_of(tenant_id: str, ordinal: int) -> str:
    """A member's id, also of one who is no more."""
    return member_id(tenant_id, ordinal)
