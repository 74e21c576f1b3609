"""What a brand says of a journey, its states, and what cannot be published. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from chalicelib.journeys.errors import JourneyRefused
from chalicelib.journeys.model.steps import (
    ACTIONS,
    Condition,
    Coupon,
    Message,
    StaffNotice,
    Step,
    Tag,
    Trigger,
    Wait,
    step_as_json,
    step_from_json,
)
from chalicelib.kernel.errors import FieldError
from chalicelib.notices.recipients.model import Cap, QuietHours
from chalicelib.notices.templates.model.wording import Wording

MOST_STEPS = 20
MOST_RUNNING = 50
"""Journeys of a brand that run at once: what each event looks through."""

VARIABLES = ("brand", "name", "shop")
"""What words may show: the brand's name, the member's, and the address of the shop."""

NAMELESS = {"en": "dear neighbour", "zh": "邻居"}
"""What stands for the name of somebody who gave none."""


class Status(StrEnum):
    """``draft`` until it is published; ``running``; ``paused``: nobody enters, and nobody goes on; ``ended``."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Goal:
    """An order within so many days of entering."""

    days: int = 14

    def counts(self, entered_at: datetime, placed_at: datetime) -> bool:
        """Whether an order placed then was placed within the goal's days."""
        return entered_at <= placed_at < entered_at + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Horizon:
    """When its effect is judged, once: not before so many members' days of the goal are over, nor before so many days
    after it was published.
    """

    members: int = 200
    days: int = 28


@dataclass(frozen=True, slots=True)
class Definition:
    """A journey as a version has it. ``again_after_days`` is when somebody may enter again, None for once ever;
    ``control_bps`` how many of 10,000 are left alone; ``quiet_hours`` and ``cap`` hold beside the brand's own.
    """

    trigger: Trigger
    steps: tuple[Step, ...] = ()
    quiet_hours: QuietHours | None = None
    cap: Cap | None = None
    control_bps: int = 0
    again_after_days: int | None = None
    exit_on_purchase: bool = True
    goal: Goal = field(default_factory=Goal)
    horizon: Horizon = field(default_factory=Horizon)

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        quiet = self.quiet_hours
        return {
            "trigger": self.trigger.as_json(),
            "steps": [step_as_json(each) for each in self.steps],
            "quiet": None if quiet is None else [f"{quiet.begins:%H:%M}", f"{quiet.ends:%H:%M}"],
            "cap": None if self.cap is None else [self.cap.most, self.cap.days],
            "control": self.control_bps,
            "again": self.again_after_days,
            "exit": self.exit_on_purchase,
            "goal": self.goal.days,
            "horizon": [self.horizon.members, self.horizon.days],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What :meth:`as_json` wrote."""
        quiet = stored["quiet"]
        return cls(
            Trigger(**stored["trigger"]),
            tuple(step_from_json(each) for each in stored["steps"]),
            None if quiet is None else QuietHours(*(datetime.strptime(at, "%H:%M").time() for at in quiet)),  # noqa: DTZ007
            None if stored["cap"] is None else Cap(*stored["cap"]),
            stored["control"],
            stored["again"],
            stored["exit"],
            Goal(stored["goal"]),
            Horizon(*stored["horizon"]),
        )


def check_words(definition: Definition) -> None:
    """Raises JourneyRefused for words that show what is not told, or read as markup."""
    _refuse(list(_of_words(definition.steps)))


def check_publishable(definition: Definition) -> None:
    """Raises JourneyRefused with every fault of a draft that is to be published."""
    _refuse([*_of_trigger(definition.trigger), *_of_steps(definition), *_of_words(definition.steps)])


def _refuse(faults: Sequence[FieldError]) -> None:
    if faults:
        said, said_zh = faults[0].message, faults[0].message_zh
        raise JourneyRefused(said, detail_zh=said_zh, errors=tuple(faults))


def _of_trigger(trigger: Trigger) -> Iterator[FieldError]:
    needed = {
        "quiet": ("days", trigger.days, "Say after how many quiet days it begins.", "请填写沉默天数。"),
        "class": ("class", trigger.member_class, "Say into which class members come.", "请选择会员状态。"),
        "tier_reached": ("tier", trigger.tier, "Say which tier is reached.", "请选择等级。"),
        "segment_entered": ("segment_id", trigger.segment_id, "Say which segment is entered.", "请选择人群。"),
    }.get(trigger.kind)
    if needed is not None and needed[1] is None:
        yield FieldError(f"/trigger/{needed[0]}", needed[2], needed[3])


def _of_steps(definition: Definition) -> Iterator[FieldError]:
    steps = definition.steps
    if not any(isinstance(each, ACTIONS) for each in steps):
        yield FieldError(
            "/steps", "Add a step that does something, such as a message.", "请至少添加一个动作，例如消息。"
        )
    for at, step in enumerate(steps):
        if isinstance(step, Wait) and not (step.days or step.hours or step.at):
            yield FieldError(f"/steps/{at}", "Say how long to wait, or until what time.", "请填写等待时长或时间点。")
        if isinstance(step, Condition) and step.asks == "class" and step.member_class is None:
            yield FieldError(f"/steps/{at}/class", "Say which class is asked for.", "请选择会员状态。")
        if isinstance(step, Condition) and step.asks == "segment" and step.segment_id is None:
            yield FieldError(f"/steps/{at}/segment_id", "Say which segment is asked for.", "请选择人群。")
        if isinstance(step, Condition) and step.otherwise == "skip" and at + step.skip >= len(steps):
            yield FieldError(
                f"/steps/{at}/skip", "There are not so many steps left to skip; end the journey there instead.",
                "后面没有这么多步骤可跳过，请改为离开旅程。",
            )  # fmt: skip


def _of_words(steps: Sequence[Step]) -> Iterator[FieldError]:
    for at, step in enumerate(steps):
        said: dict[str, str] = {}
        if isinstance(step, Message):
            for language, words in step.texts.items():
                said[f"/steps/{at}/texts/{language}/subject"] = words.subject
                said[f"/steps/{at}/texts/{language}/text"] = words.text
        if isinstance(step, StaffNotice):
            said[f"/steps/{at}/text"] = step.text
        for pointer, text in said.items():
            for fault in Wording.parse(text).check(VARIABLES):
                yield FieldError(pointer, fault.message, fault.message_zh)


def batches(definition: Definition) -> list[tuple[int, str]]:
    """The steps that give coupons, with the batches that these are of."""
    return [(at, each.batch_id) for at, each in enumerate(definition.steps) if isinstance(each, Coupon)]


def segments(definition: Definition) -> list[tuple[str, str]]:
    """The segments that it names, each behind the pointer at which it does."""
    named = [("/trigger/segment_id", definition.trigger.segment_id)]
    named += [
        (f"/steps/{at}/segment_id", each.segment_id)
        for at, each in enumerate(definition.steps)
        if isinstance(each, Condition)
    ]
    return [(pointer, segment_id) for pointer, segment_id in named if segment_id is not None]


def tags(definition: Definition) -> list[tuple[str, str]]:
    """The tags that it gives, each behind the pointer at which it does."""
    return [(f"/steps/{at}/tag", each.tag) for at, each in enumerate(definition.steps) if isinstance(each, Tag)]
