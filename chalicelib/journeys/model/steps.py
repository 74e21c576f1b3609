"""What a journey is made of: what it begins with, its steps, and how they are stored. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from chalicelib.kernel.language import Language, nearest
from chalicelib.kernel.wall_time import ANYHOW, to_instant
from chalicelib.notices.templates.model.wording import Words

TriggerKind = Literal[
    "joined", "quiet", "class", "birthday", "campaign_opened", "tier_reached", "segment_entered", "order_collected"
]
StepKind = Literal["wait", "condition", "message", "coupon", "points", "tag", "staff_notice"]
Asked = Literal["has_ordered", "ever_ordered", "agrees_to_news", "class", "segment"]
Otherwise = Literal["leave", "skip"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What makes a member enter: they ``joined``; had not ordered for exactly ``days`` days (``quiet``); came into a
    ``member_class``; have their ``birthday``; a group buy opened (``campaign_opened``: all members enter); reached the
    tier of a code; entered a segment; or had an order handed over.
    """

    kind: TriggerKind
    days: int | None = None
    member_class: str | None = None
    tier: str | None = None
    segment_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        return _stored(self)


@dataclass(frozen=True, slots=True)
class Wait:
    """So many ``days`` of the calendar or ``hours`` of the clock, and then until a wall time (``at``) in the member's
    zone, else the brand's.
    """

    kind: ClassVar[StepKind] = "wait"
    days: int = 0
    hours: int = 0
    at: str | None = None

    def ends(self, began: datetime, tz: ZoneInfo) -> datetime:
        """When a wait is over that began at an instant. A wall time that clocks skip comes when the gap is over; of one
        that comes twice it is the first.
        """
        local = began.astimezone(tz)
        if self.days:
            day = local.date() + timedelta(days=self.days)
            until = to_instant(datetime.combine(day, local.time()), tz, ANYHOW, "")
        else:
            until = began
        until += timedelta(hours=self.hours)
        if self.at is None:
            return until
        wall, on = time.fromisoformat(self.at), until.astimezone(tz).date()
        if self.days and not self.hours:
            return max(began, to_instant(datetime.combine(on, wall), tz, ANYHOW, ""))
        today = to_instant(datetime.combine(on, wall), tz, ANYHOW, "")
        if today >= until:
            return today
        return to_instant(datetime.combine(on + timedelta(days=1), wall), tz, ANYHOW, "")


@dataclass(frozen=True, slots=True)
class Condition:
    """Goes on with those of whom it is true (or is not, where ``wanted`` is false); ``otherwise`` they leave the
    journey, or ``skip`` so many steps. ``has_ordered`` is asked since they entered, ``ever_ordered`` of all time,
    ``segment`` of the one of an id.
    """

    kind: ClassVar[StepKind] = "condition"
    asks: Asked
    wanted: bool = True
    member_class: str | None = None
    otherwise: Otherwise = "leave"
    skip: int = 1
    segment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What the member is told, in the brand's words, by language: to those alone who agree to news."""

    kind: ClassVar[StepKind] = "message"
    texts: Mapping[Language, Words]

    def words_for(self, locale: str) -> Words:
        """The words in the language nearest to a person's, or else in the one that there is."""
        return self.texts.get(nearest(locale)) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon of a batch. It tells nothing by itself: a message beside it does."""

    kind: ClassVar[StepKind] = "coupon"
    batch_id: str


@dataclass(frozen=True, slots=True)
class Points:
    """Points that are given, which expire as what is given by hand: not at all."""

    kind: ClassVar[StepKind] = "points"
    points: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the brand that the member carries from then on, as one given by hand."""

    kind: ClassVar[StepKind] = "tag"
    tag: str


@dataclass(frozen=True, slots=True)
class StaffNotice:
    """What the team is told to do for the member."""

    kind: ClassVar[StepKind] = "staff_notice"
    text: str


Step = Wait | Condition | Message | Coupon | Points | Tag | StaffNotice
ACTIONS = (Message, Coupon, Points, Tag, StaffNotice)
_KINDS: Mapping[str, type[Step]] = {
    each.kind: each for each in (Wait, Condition, Message, Coupon, Points, Tag, StaffNotice)
}  # fmt: skip


def step_as_json(step: Step) -> dict[str, Any]:
    """As it is stored."""
    said = {"kind": step.kind, **_stored(step)}
    if isinstance(step, Message):
        said["texts"] = {language: [words.subject, words.text] for language, words in step.texts.items()}
    return said


def step_from_json(stored: Mapping[str, Any]) -> Step:
    """What :func:`step_as_json` wrote."""
    said = {name: value for name, value in stored.items() if name != "kind"}
    if stored["kind"] == "message":
        said["texts"] = {language: Words(*words) for language, words in said["texts"].items()}
    return _KINDS[stored["kind"]](**said)


def _stored(of: Any) -> dict[str, Any]:
    return {
        each.name: value
        for each in fields(of)
        if (value := getattr(of, each.name)) is not None and value != each.default
    }
