"""How a member goes through a journey: what each step comes to, and when the next is due. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.journeys.model.journeys import Definition
from chalicelib.journeys.model.steps import Condition, Message, Step, Wait
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Cap, MessageSettings, Recipient
from chalicelib.notices.restraint.model import NEVER, awake_at, let_at


class State(StrEnum):
    """``inside`` until all steps are behind them (``finished``), or they ``left`` before; ``control``: left alone; and
    ``united``: their history is another's, who goes on.
    """

    INSIDE = "inside"
    FINISHED = "finished"
    LEFT = "left"
    CONTROL = "control"
    UNITED = "united"


class Why(StrEnum):
    """Why somebody left before the end."""

    ORDERED = "ordered"
    CONDITION = "condition"
    SEGMENT = "segment"
    BRAND = "brand"
    BLOCKED = "blocked"
    ENDED = "journey_ended"


class Outcome(StrEnum):
    """What a step came to: ``done``; ``held`` back, since it may not be; ``yes`` or ``no`` of a condition."""

    DONE = "done"
    HELD = "held"
    YES = "yes"
    NO = "no"


HELD_FOR = (
    "no_consent", "no_news", "has_enough", "not_new", "batch_paused", "batch_over", "no_tag", "too_many_tags",
)  # fmt: skip
"""Why a step is held back."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is asked of a member at a step, as it is at that moment."""

    zone: ZoneInfo
    agrees: bool
    ordered_since: bool
    ever_ordered: bool
    member_class: str | None
    segments: Collection[str] = ()


def answers(condition: Condition, known: Known) -> bool:
    """Whether somebody goes on."""
    said = {
        "has_ordered": known.ordered_since,
        "ever_ordered": known.ever_ordered,
        "agrees_to_news": known.agrees,
        "class": condition.member_class is not None and known.member_class == condition.member_class,
        "segment": condition.segment_id in known.segments,
    }[condition.asks]
    return said is condition.wanted


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: before the step of a number, whose time comes at ``wakes_at``."""

    step: int
    wakes_at: datetime


def entered(definition: Definition, now: datetime, tz: ZoneInfo) -> Place:
    """Where somebody is who enters now."""
    return onward(definition.steps, -1, now, tz)


def onward(steps: Sequence[Step], after: int, now: datetime, tz: ZoneInfo) -> Place:
    """The place behind a step that was done now. One before a wait stands at the wait, until it is over."""
    step = after + 1
    if step < len(steps) and isinstance(wait := steps[step], Wait):
        return Place(step, wait.ends(now, tz))
    return Place(step, now)


def message_leaves_at(
    definition: Definition, now: datetime, to: Recipient, brand: MessageSettings, journeys: Sequence[datetime],
    news: Sequence[datetime],
) -> datetime:  # fmt: skip
    """When a message may leave: now or later; NEVER where the brand sends no news at all.

    Neither in the quiet hours of the member, else of the journey and the brand; nor above the journey's cap on what all
    journeys have sent them (``journeys``), nor above the brand's on news (``news``).
    """
    at = let_at(Category.NEWS, now, brand, news)
    if definition.cap is not None:
        own = MessageSettings(caps={Category.NEWS: definition.cap})
        at = max(at, let_at(Category.NEWS, now, own, journeys))
    if at == NEVER:
        return NEVER
    quiet = [brand]
    if definition.quiet_hours is not None and to.preferences.quiet_hours is None:
        quiet.append(MessageSettings(quiet_hours=definition.quiet_hours))
    for _ in range(4):  # the end of the one may lie within the other
        awake = at
        for each in quiet:
            awake = awake_at(awake, to, each)
        if awake == at:
            break
        at = awake
    return at


def kept(instants: Sequence[datetime], now: datetime) -> list[datetime]:
    """Of the instants at which journeys have told somebody something, those that a cap may still ask about."""
    return sorted(each for each in instants if each > now - LONGEST_CAP)[-MOST_CAPPED:]


LONGEST_CAP = timedelta(days=90)
MOST_CAPPED = 30
"""The most that a cap may let through, in the most days."""


def fits(cap: Cap) -> bool:
    """Whether a cap asks about no more than is remembered."""
    return 1 <= cap.most <= MOST_CAPPED and 1 <= cap.days <= LONGEST_CAP.days


def is_message(step: Step) -> bool:
    """Whether a step tells the member something."""
    return isinstance(step, Message)
