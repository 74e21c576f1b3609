"""What the routes of journeys answer."""

from typing import Any, Self

from pydantic import ConfigDict, Field

from chalicelib.journeys.model.journeys import Definition
from chalicelib.journeys.model.results import Tally
from chalicelib.journeys.model.steps import Condition, Coupon, Message, Points, StaffNotice, Step, Tag, Wait
from chalicelib.journeys.records import JourneyRecord, WayRecord
from chalicelib.journeys.service.editing import draft_of
from chalicelib.journeys.service.results import Results
from chalicelib.journeys.service.words import finding_of, sentences
from chalicelib.kernel.percent import percent_text
from chalicelib.members.model.masking import shown_reference
from chalicelib.members.records import MemberRecord
from chalicelib.notices.settings.views import CapView, QuietHoursView
from chalicelib.trials.arms import Arm
from chalicelib.trials.differences import Difference
from chalicelib.web import Contact, Instant, LocalDate, MoneyField, UlidStr, View


class JourneyWordsView(View):
    """What is said in one language."""

    subject: str
    text: str


class TriggerView(View):
    """What a journey begins with; null is not asked by its kind."""

    model_config = ConfigDict(serialize_by_alias=True)

    kind: str
    days: int | None
    member_class: str | None = Field(serialization_alias="class")
    tier: str | None
    segment_id: str | None


class StepView(View):
    """One step; null does not go with its kind."""

    model_config = ConfigDict(serialize_by_alias=True)

    kind: str
    days: int | None = None
    hours: int | None = None
    at: str | None = None
    asks: str | None = None
    wanted: bool | None = Field(None, alias="is")
    member_class: str | None = Field(None, alias="class")
    otherwise: str | None = None
    skip: int | None = None
    texts: dict[str, JourneyWordsView] | None = None
    batch_id: str | None = None
    points: int | None = None
    tag: str | None = None
    segment_id: str | None = None
    text: str | None = None

    @classmethod
    def of(cls, step: Step) -> Self:
        return cls.model_validate({"kind": step.kind, **_shown(step)})


def _shown(step: Step) -> dict[str, Any]:
    match step:
        case Wait():
            return {"days": step.days, "hours": step.hours, "at": step.at}
        case Condition():
            return {
                "asks": step.asks, "is": step.wanted, "class": step.member_class,
                "segment_id": step.segment_id, "otherwise": step.otherwise,
                "skip": step.skip if step.otherwise == "skip" else None,
            }  # fmt: skip
        case Message():
            return {"texts": {at: {"subject": said.subject, "text": said.text} for at, said in step.texts.items()}}
        case Coupon():
            return {"batch_id": step.batch_id}
        case Points():
            return {"points": step.points}
        case Tag():
            return {"tag": step.tag}
        case StaffNotice():
            return {"text": step.text}


class HorizonView(View):
    """When the effect is judged, once."""

    members: int
    days: int


class DefinitionView(View):
    """A journey as a version has it, or is to have it."""

    trigger: TriggerView
    steps: list[StepView]
    quiet_hours: QuietHoursView | None
    cap: CapView | None
    control_share: str
    again_after_days: int | None
    exit_on_purchase: bool
    goal_days: int
    verdict_after: HorizonView

    @classmethod
    def of(cls, definition: Definition) -> Self:
        quiet, cap, horizon = definition.quiet_hours, definition.cap, definition.horizon
        return cls(
            trigger=TriggerView.model_validate(definition.trigger),
            steps=[StepView.of(each) for each in definition.steps],
            quiet_hours=QuietHoursView.of(quiet) if quiet else None,
            cap=CapView(most=cap.most, days=cap.days) if cap else None,
            control_share=percent_text(definition.control_bps),
            again_after_days=definition.again_after_days,
            exit_on_purchase=definition.exit_on_purchase,
            goal_days=definition.goal.days,
            verdict_after=HorizonView(members=horizon.members, days=horizon.days),
        )


class JourneyView(View):
    """A journey: what the next version is to be (``draft``: whether that differs from what is published), its state,
    and how many versions were published.
    """

    id: UlidStr
    title: str
    status: str
    version: int
    draft: bool
    definition: DefinitionView
    created_at: Instant
    created_by: str
    published_at: Instant | None
    ended_at: Instant | None

    @classmethod
    def of(cls, record: JourneyRecord) -> Self:
        names = ("id", "title", "status", "created_at", "created_by", "published_at", "ended_at")
        return cls(
            **{name: getattr(record, name) for name in names}, version=int(record.version),
            draft=record.stored_draft is not None, definition=DefinitionView.of(draft_of(record)),
        )  # fmt: skip


class JourneySummary(View):
    """A journey in the list."""

    id: UlidStr
    title: str
    status: str
    version: int
    draft: bool
    created_at: Instant
    published_at: Instant | None

    @classmethod
    def of(cls, record: JourneyRecord) -> Self:
        names = ("id", "title", "status", "created_at", "published_at")
        return cls(
            **{name: getattr(record, name) for name in names}, version=int(record.version),
            draft=record.stored_draft is not None,
        )  # fmt: skip


class IntervalView(View):
    """A difference of the treated from the control: between ``low`` and ``high`` with 95 per cent certainty."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, found: Difference | None) -> Self | None:
        return None if found is None else cls(value=found.value, low=found.low, high=found.high)


class ArmView(View):
    """Members as they entered, whatever became of them: how many actions ``reached``, how many of them ordered within
    the goal's days (``buyers``), their ``orders`` that stand, and what these came to; ``conversion`` is buyers by
    entered, ``revenue_per_member`` in the brand's money, not rounded; null for nobody.
    """

    arm: str
    entered: int
    reached: int
    buyers: int
    orders: int
    revenue: MoneyField
    conversion: float | None
    revenue_per_member_minor: float | None

    @classmethod
    def of(cls, arm: Arm, tally: Tally, currency: str) -> Self:
        return cls(
            arm=arm.value, entered=tally.entered, reached=tally.reached, buyers=tally.buyers, orders=tally.orders,
            revenue=MoneyField.of(tally.revenue_minor, currency), conversion=tally.conversion,
            revenue_per_member_minor=tally.revenue_minor / tally.entered if tally.entered else None,
        )  # fmt: skip


class StepResultView(View):
    """What came of a step: members who ``reached`` it, for whom it was ``done`` (of a condition: who go on), ``held``
    back since they may not get it (``held_for``: how many by reason), or who do not go on at a condition (``no``).
    """

    kind: str
    reached: int
    done: int
    held: int
    held_for: dict[str, int]
    no: int


class VerdictView(View):
    """What is said of the effect. ``not_due`` before ``due_on`` and before the days of the goal are over for
    ``members_needed`` members, of ``members_ended`` for whom they are; then it is found once, ``on`` a day, and stays.
    """

    finding: str
    on: LocalDate | None
    due_on: LocalDate
    members_needed: int
    members_ended: int
    sentence: str
    sentence_zh: str


class ResultsView(View):
    """What a version has brought so far, by arm: ``uplift`` is how much higher the treated members' share of buyers
    is, with its ``interval`` (Newcombe), ``revenue_uplift`` how much more a member's orders come to, in minor units
    (Welch); null without a control, or while it is too small. ``entries`` counts ways, also of members who entered
    before. In ``arms`` each member counts once, in the arm that was drawn at their first entry into the journey; of
    those who had entered another version before, only who was drawn by the share that this one has, or, where it leaves
    nobody alone, all whom it is for. ``mismatch`` is how probable it is that chance alone made the arms as unequal as
    they are.
    """

    version: int
    published_at: Instant
    entries: int
    steps: list[StepResultView]
    arms: list[ArmView]
    uplift: float | None
    interval: IntervalView | None
    revenue_uplift: IntervalView | None
    mismatch: float
    verdict: VerdictView

    @classmethod
    def of(cls, found: Results) -> Self:
        definition, effect = found.version.definition, found.effect
        shown = None if effect.mixed_up else effect
        en, zh = sentences(found)
        verdict = VerdictView(
            finding=finding_of(found).value,
            on=found.verdict.on if found.verdict else None, due_on=found.due_on,
            members_needed=definition.horizon.members, members_ended=found.ended, sentence=en, sentence_zh=zh,
        )  # fmt: skip
        conversion = shown.conversion if shown else None
        return cls(
            version=found.version.number, published_at=found.version.published_at, entries=found.entries,
            steps=[
                StepResultView(
                    kind=step.kind, reached=came.reached, done=came.done, held=came.held, no=came.no,
                    held_for=dict(came.held_for),
                )
                for step, came in zip(definition.steps, found.steps, strict=True)
            ],
            arms=[ArmView.of(arm, found.arms[arm], found.currency) for arm in Arm],
            uplift=conversion.value if conversion else None, interval=IntervalView.of(conversion),
            revenue_uplift=IntervalView.of(shown.revenue if shown else None), mismatch=effect.mismatch, verdict=verdict,
        )  # fmt: skip


class TrailView(View):
    """What a step came to for a member: ``done``, ``held`` back and why, ``yes`` or ``no`` of a condition."""

    step: int
    outcome: str
    why: str | None
    at: Instant


class WayView(View):
    """A member's way through a journey: the number of the step that they stand before (from 0), due at ``next_at``;
    ``entry`` is how many times they have entered, this one among them; ``orders`` are those that count for the goal.
    """

    member_id: UlidStr
    name: Contact[str]
    external_ref: str | None
    version: int
    entry: int
    arm: str
    state: str
    why: str | None
    step: int
    next_at: Instant | None
    entered_at: Instant
    ended_at: Instant | None
    orders: int
    trail: list[TrailView]

    @classmethod
    def of(cls, way: WayRecord, member: MemberRecord | None) -> Self:
        said: dict[str, Any] = {
            name: getattr(way, name) for name in ("member_id", "arm", "state", "why", "entered_at", "ended_at")
        }
        trail = [
            TrailView(step=step, outcome=outcome, why=why or None, at=at) for step, outcome, why, at in way.steps_done
        ]
        return cls(
            **said, name=member.name if member else None,
            external_ref=shown_reference(member.external_ref, member.identities) if member else None,
            version=int(way.version), entry=int(way.entry),
            step=int(way.step), next_at=way.wakes_at, orders=len(way.orders), trail=trail,
        )  # fmt: skip
