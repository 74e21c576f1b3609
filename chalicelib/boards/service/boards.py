"""Leaderboards are counted when somebody looks and something has changed; a page of one reads a page of it."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from chalicelib.boards.model.boards import Board, By, Period, month_of, period_named
from chalicelib.boards.model.days import values_of
from chalicelib.boards.model.ranking import (
    A_PART,
    Part,
    Row,
    follows,
    in_order,
    part_with,
    part_with_rank,
    parts_of,
    rank_in,
    ranked,
)
from chalicelib.boards.records import BoardPartRecord, BoardRecord
from chalicelib.boards.service.asking import ask_to_count
from chalicelib.boards.service.days import TooMuch, days_of, marks_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import delete_many, fetch_many, put_many
from chalicelib.insight.records import ChangedDay
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid, NotFound, Unavailable
from chalicelib.kernel.local_day import local_date
from chalicelib.members.linking.service.uniting import united
from chalicelib.pickup_points.service import get_pickup_point
from chalicelib.pricing.service.rules import get_rules
from chalicelib.tenancy import brand_of

MOST_AT_ONCE = 5_000
"""Records that are read while somebody waits; more are read in the background."""

FEW = 500
PAUSE = timedelta(milliseconds=20)
"""A board whose days hold more than a few records is counted again after so long for each of them, and not by every
look: what a rush adds is shown a moment later."""

_EARLY, _LATE, _MOST_DAYS = timedelta(days=8), timedelta(days=31), timedelta(days=400)
"""Tiers may order up to a week before a campaign opens, and what a caller asks for is written down after its close."""

_LOOKS = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counted:
    """A board as it was counted: at ``as_of``, None where it never was. ``counting`` while newer figures are being
    counted in the background.
    """

    tenant_id: str
    board: Board
    head: BoardRecord | None
    counting: bool = False

    @property
    def as_of(self) -> datetime | None:
        return self.head.as_of if self.head else None

    @property
    def size(self) -> int:
        """How many members are on it."""
        return int(self.head.size) if self.head else 0

    @property
    def parts(self) -> list[Part]:
        return self.head.parts if self.head else []

    @property
    def version(self) -> str:
        return str(self.head.version) if self.head else ""


def board_named(
    tenant_id: str, by: By, period: str | None, campaign_id: str | None, pickup_point_id: str | None, now: datetime
) -> Board:
    """The board that is asked for: without a period that of the running month, or of all days of a campaign. Raises
    NoSuchPeriod, Invalid for an unknown campaign or pickup point, and where what it ranks by has no place.
    """
    campaign = _campaign(tenant_id, campaign_id) if campaign_id else None
    if pickup_point_id:
        _check_point(tenant_id, pickup_point_id)
    today = local_date(now, zone(brand_of(tenant_id).timezone))
    if period is not None:
        found = period_named(period, week_begins(tenant_id))
    elif campaign is not None:
        found = _days_of(tenant_id, campaign, today)
    else:
        found = month_of(today)
    return Board.of(by, found, campaign_id, pickup_point_id)


def week_begins(tenant_id: str) -> int:
    """The weekday on which the brand's weeks begin, as it has set for its figures of sales: Monday is 0."""
    return get_rules(tenant_id)[0].week_begins


def counted(
    tenant_id: str, board: Board, now: datetime, *, most: int | None = MOST_AT_ONCE, anew: bool = False
) -> Counted:
    """A board as things stand. Where more has changed than may be read while somebody waits, it is counted in the
    background, and this is how it was before; None for ``most`` reads all. ``anew`` counts it also where nothing has
    changed.
    """
    head = BoardRecord.fetch(*BoardRecord.address(tenant_id, board.name), consistent=True)
    marks = marks_of(tenant_id, board.period.from_on, board.period.to_on)
    seen = _digest(tenant_id, marks)
    if head is not None and not anew and (head.marks == seen or (most is not None and _rests(head, now))):
        return Counted(tenant_id, board, head)
    try:
        fresh = _count(tenant_id, board, marks, seen, most, now)
        _forget(tenant_id, board, head, fresh)
        return Counted(tenant_id, board, fresh)
    except TooMuch:
        ask_to_count(tenant_id, board, now)
        return Counted(tenant_id, board, head, counting=True)


class Moved(Exception):
    """A board was counted again while it was read."""


def look_at(
    tenant_id: str, board: Board, now: datetime, read: Callable[[Counted], T], *, most: int | None = MOST_AT_ONCE
) -> tuple[Counted, T]:
    """A board as things stand, and what is read of it, both of one count. Raises Unavailable where it is counted again
    each time meanwhile.
    """
    for attempt in range(_LOOKS):
        found = counted(tenant_id, board, now, most=most, anew=attempt > 1)
        with suppress(Moved):
            return found, read(found)
    raise Unavailable(
        "This board is being counted; please look again.", detail_zh="榜单正在统计，请稍后再看。", retry_after=1
    )


def rows_after(found: Counted, after: tuple[int, int] | None) -> Iterator[Row]:
    """The rows of a board that follow one of a value and a member, by ordinal; without it, all. Raises Moved."""
    parts = found.parts
    for n in range(part_with(parts, *after) if after else 0, len(parts)):
        for row in ranked(parts[n], _rows(found, n)):
            if after is None or follows(row, *after):
                yield row


def places_of(found: Counted, ordinals: Sequence[int]) -> dict[int, Row]:
    """Where members stand on a board, by ordinal: those who are on it. It reads a part of the values and one of the
    rows for each, however many members there are. Raises Moved.
    """
    held = set(found.head.held) if found.head else set()
    numbers = sorted({ordinal // A_PART for ordinal in ordinals} & held)
    values: dict[int, int] = {}
    addresses = [BoardPartRecord.values(found.tenant_id, found.board.name, found.version, n) for n in numbers]
    for part in fetch_many([(BoardPartRecord, *each) for each in addresses], consistent=True):
        values |= dict(_pairs(part))
    wanted = {each: values[each] for each in ordinals if each in values}
    parts = found.parts
    in_part = {ordinal: part_with_rank(parts, value) for ordinal, value in wanted.items()}
    rows = {n: _rows(found, n) for n in set(in_part.values())}
    return {
        ordinal: Row(rank_in(parts[n], rows[n], wanted[ordinal]), ordinal, wanted[ordinal])
        for ordinal, n in in_part.items()
    }


def count_in_background(
    tenant_id: str, by: str, days: Sequence[str], places: Sequence[str | None], now: datetime
) -> None:
    """Counts a board that was asked for, by the places that it is of, however much of it has changed."""
    from_on, to_on = (date.fromisoformat(each) for each in days)
    campaign_id, pickup_point_id = places
    counted(tenant_id, Board(By(by), Period("", from_on, to_on), campaign_id, pickup_point_id), now, most=None)


def _rows(found: Counted, n: int) -> list[tuple[int, int]]:
    address = BoardPartRecord.rows(found.tenant_id, found.board.name, found.version, n)
    return _pairs(BoardPartRecord.fetch(*address, consistent=True))


def _pairs(part: BoardPartRecord | None) -> list[tuple[int, int]]:
    """Members with their values. Raises Moved for a part that has been forgotten."""
    if part is None:
        raise Moved
    return part.pairs


def _count(
    tenant_id: str, board: Board, marks: Mapping[date, str], seen: str, most: int | None, now: datetime
) -> BoardRecord:
    """Counts a board and keeps it: the parts first, and then the head that leads to them."""
    days = days_of(tenant_id, brand_of(tenant_id).currency, marks, most)
    values = values_of(board, days.days, united(tenant_id))
    rows, lasting = in_order(values), BoardRecord.lasting(now)
    version = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:24]
    stored, by_ordinal = list(parts_of(rows)), _by_ordinal(values)
    of_rows = {BoardPartRecord.rows(tenant_id, board.name, version, n): some for n, (_, some) in enumerate(stored)}
    of_values = {BoardPartRecord.values(tenant_id, board.name, version, n): some for n, some in by_ordinal.items()}
    put_many(
        BoardPartRecord(*address, packed=BoardPartRecord.pack(some), expires_at=lasting)
        for address, some in (of_rows | of_values).items()
    )
    head = BoardRecord(
        *BoardRecord.address(tenant_id, board.name), version=version, marks=seen, as_of=now, size=len(values),
        read=sum(day.read for day in days.days), stored_parts=BoardRecord.said(part for part, _ in stored),
        held=list(by_ordinal), expires_at=lasting,
    )  # fmt: skip
    put_many([head])
    return head


def _forget(tenant_id: str, board: Board, old: BoardRecord | None, new: BoardRecord) -> None:
    """Removes the parts of an earlier version. Who reads them at this moment looks again."""
    if old is None or old.version == new.version:
        return
    rows = [BoardPartRecord.rows(tenant_id, board.name, old.version, n) for n in range(len(old.parts))]
    values = [BoardPartRecord.values(tenant_id, board.name, old.version, n) for n in old.held]
    delete_many((BoardPartRecord, *each) for each in (*rows, *values))


def _by_ordinal(values: Mapping[int, int]) -> dict[int, list[tuple[int, int]]]:
    parts: dict[int, list[tuple[int, int]]] = {}
    for ordinal, value in sorted(values.items()):
        parts.setdefault(ordinal // A_PART, []).append((ordinal, value))
    return parts


def _digest(tenant_id: str, marks: Mapping[date, str]) -> str:
    """What tells one state of the days, and of who is one person with whom, from another."""
    people = ChangedDay.fetch(*ChangedDay.of_people(tenant_id), consistent=True)
    said = [sorted((on.isoformat(), mark) for on, mark in marks.items()), str(people.mark) if people else ""]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _rests(head: BoardRecord, now: datetime) -> bool:
    read = int(head.read)
    return read > FEW and now < head.as_of + read * PAUSE


def _campaign(tenant_id: str, campaign_id: str) -> CampaignRecord:
    found = CampaignRecord.at(tenant_id, campaign_id)
    if found is None:
        raise Invalid.at("?campaign_id", "There is no such group buy.", "没有该团购活动。")
    return found


def _check_point(tenant_id: str, point_id: str) -> None:
    try:
        get_pickup_point(tenant_id, point_id)
    except NotFound as unknown:
        raise Invalid.at("?pickup_point_id", "There is no such pickup point.", "没有该自提点。") from unknown


def _days_of(tenant_id: str, campaign: CampaignRecord, today: date) -> Period:
    """The days on which a campaign may have been ordered from; a draft was on none."""
    tz = zone(brand_of(tenant_id).timezone)
    if campaign.opens_at is None or campaign.closes_at is None:
        return Period("campaign", today, today)
    first, last = local_date(campaign.opens_at, tz) - _EARLY, local_date(campaign.closes_at, tz) + _LATE
    return Period("campaign", first, min(last, first + _MOST_DAYS))
