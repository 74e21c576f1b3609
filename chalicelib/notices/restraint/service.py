"""Lets a notice leave, has it wait for its time, or leaves it to the inbox; and lets go together what waited."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from chalicelib.db import Transaction
from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.notices import Category, Telling, Told
from chalicelib.notices.recipients.model import HOLDS_SEVERAL, Channel, MessageSettings, Recipient
from chalicelib.notices.restraint.model import LONGEST_WAIT, Held, awake_at, is_room, leaves_at, let_at
from chalicelib.notices.restraint.records import HeldRecord


class Verdict(Enum):
    """What becomes of a notice."""

    LEAVES = auto()
    WAITS = auto()
    STAYS = auto()
    """In the inbox, and goes nowhere else."""


Media = Callable[[Telling], Collection[Channel]]
"""By which media a notice reaches somebody now."""


@dataclass(frozen=True, slots=True)
class Released:
    """Of what waited: what leaves now, and what stays in the inbox after all."""

    leaving: tuple[Held, ...]
    staying: tuple[Held, ...]


def judge(
    record: HeldRecord, tx: Transaction, message_id: str, told: Told, now: datetime, to: Recipient,
    settings: MessageSettings,
) -> Verdict:  # fmt: skip
    """Decides on a new notice, and adds what its person's record then says to the transaction.

    One that could leave waits beside others of its category that are due: it would take their place under the cap.
    """
    telling = notice_of(told.template).telling
    category, earlier = telling.category, record.left_of(telling.category)
    if let_at(category, now, settings, earlier) > now + LONGEST_WAIT:
        return Verdict.STAYS
    at = leaves_at(category, telling.urgency, now, to, settings, earlier)
    one = Held(message_id, told, now, at)
    if (at > now or _is_due(record, category, now)) and is_room(record.held, one):
        record.held = [*record.held, one]
        record.keep(tx, now)
        return Verdict.WAITS
    if at > now:
        return Verdict.STAYS
    record.leaves(category, now, settings)
    record.keep(tx, now)
    return Verdict.LEAVES


def _is_due(record: HeldRecord, category: Category, now: datetime) -> bool:
    """Whether the sweep is about to let something of the category go."""
    return any(_category(each) is category for each in record.held if each.leaves_at <= now)


def _category(each: Held) -> Category | None:
    try:
        return notice_of(each.told.template).telling.category
    except UnknownTemplate:  # of a former version
        return None


def release(
    record: HeldRecord, tx: Transaction, now: datetime, to: Recipient, settings: MessageSettings, media: Media
) -> Released:
    """Takes from a person's record what is due, and adds its change to the transaction; nothing where none is.

    What is due waits on where the person is in their quiet hours after all, or other messages have used up the cap, and
    but for the first where no medium that it leaves by has room for several; it stays in the inbox where it reaches
    them nowhere else by now, or has waited for its cap too long.
    """
    due = [(each, _again_at(each, record, now, to, settings, media)) for each in record.held if each.leaves_at <= now]
    if not due:
        return Released((), ())
    later = [replace(each, leaves_at=at) for each, at in due if at is not None and at > now]
    ready = tuple(each for each, at in due if at == now)
    leaving = ready if _holds_all(ready, media) else ready[:1]
    waiting = ready[len(leaving) :]
    record.held = [*(each for each in record.held if each.leaves_at > now), *waiting, *later]
    for category in {notice_of(each.told.template).telling.category for each in leaving}:
        record.leaves(category, now, settings)
    record.keep(tx, now)
    return Released(leaving, tuple(each for each, at in due if at is None))


def drop_all(record: HeldRecord, tx: Transaction, now: datetime) -> Released:
    """Takes everything that waits for somebody who has left: it stays where it is."""
    dropped, record.held = tuple(record.held), []
    if dropped:
        record.keep(tx, now)
    return Released((), dropped)


def _holds_all(leaving: Sequence[Held], media: Media) -> bool:
    """Whether these can leave in one letter."""
    return len(leaving) < 2 or all(
        HOLDS_SEVERAL & set(media(notice_of(each.told.template).telling)) for each in leaving
    )


def _again_at(
    each: Held, record: HeldRecord, now: datetime, to: Recipient, settings: MessageSettings, media: Media
) -> datetime | None:
    """When a notice leaves whose time has come: now, or later; None where it leaves no more."""
    try:
        telling = notice_of(each.told.template).telling
    except UnknownTemplate:  # of a former version
        return None
    start = let_at(telling.category, now, settings, record.left_of(telling.category))
    if not media(telling) or (start > now and start > each.at + LONGEST_WAIT):
        return None
    return awake_at(start, to, settings)
