"""What the API takes of journeys."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from chalicelib.announcements.forms import TextsForm
from chalicelib.journeys.model.journeys import MOST_STEPS, Definition, Goal, Horizon, Status
from chalicelib.journeys.model.ready_made import ReadyMade
from chalicelib.journeys.model.running import LONGEST_CAP, MOST_CAPPED, State
from chalicelib.journeys.model.steps import (
    Asked,
    Condition,
    Coupon,
    Message,
    Otherwise,
    Points,
    StaffNotice,
    Step,
    StepKind,
    Tag,
    Trigger,
    TriggerKind,
    Wait,
)
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.percent import read_percent
from chalicelib.kernel.unset import UNSET, Unset
from chalicelib.members.model.classes import MemberClass
from chalicelib.notices.recipients.model import Cap
from chalicelib.notices.settings.forms import QuietHoursForm
from chalicelib.notices.templates.model.wording import Words
from chalicelib.pricing.forms import PercentOff, basis_points
from chalicelib.segments.forms import Tag as TagText
from chalicelib.trials.arms import Arm
from chalicelib.web import Body, OneLine, Query, ShortText, Title, UlidStr, WallTime

MOST_CONTROL_BPS = 5_000
Class = Annotated[MemberClass, Field(strict=False)]
ShareText = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}(?:\.[0-9]{1,2})?$")]
Days = Annotated[int, Field(ge=1, le=365)]


class TriggerForm(Body):
    """What a journey begins with. ``quiet`` takes ``days`` without an order, ``class`` the ``class`` that members come
    into, ``tier_reached`` the ``tier``, ``segment_entered`` the ``segment_id``; the others take nothing.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "quiet", "days": 30}]})

    kind: TriggerKind
    days: Days | None = None
    member_class: Class | None = Field(None, alias="class")
    tier: Annotated[str, StringConstraints(min_length=1, max_length=40), OneLine] | None = None
    segment_id: UlidStr | None = None

    def trigger(self) -> Trigger:
        """Raises Invalid for what goes with another kind."""
        wanted = {"quiet": "days", "class": "member_class", "tier_reached": "tier", "segment_entered": "segment_id"}
        for name in wanted.values():
            if name != wanted.get(self.kind) and getattr(self, name) is not None:
                raise Invalid.at(f"/trigger/{_spelled(name)}", *_not_here(self.kind))
        member_class = self.member_class.value if self.member_class else None
        return Trigger(self.kind, self.days, member_class, self.tier, self.segment_id)


class StepForm(Body):
    """One step. ``wait``: so many ``days`` or ``hours``, and then until a wall time (``at``) in the member's zone.
    ``condition``: who it ``asks`` for goes on, or with ``is`` false who it is not true of; ``class`` takes the
    ``class``, ``segment`` the ``segment_id``; ``otherwise`` they ``leave``, or ``skip`` so many steps. ``message``:
    ``texts``, which may show {brand}, {name} and {shop}. ``coupon``: one of ``batch_id``. ``points``: so many.
    ``tag``: one of the brand's. ``staff_notice``: a ``text`` for the team.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "wait", "days": 3, "at": "10:00"}]})

    kind: StepKind
    days: Annotated[int, Field(ge=0, le=365)] | None = None
    hours: Annotated[int, Field(ge=0, le=720)] | None = None
    at: WallTime | None = None
    asks: Asked | None = None
    wanted: bool | None = Field(None, alias="is")
    member_class: Class | None = Field(None, alias="class")
    otherwise: Otherwise | None = None
    skip: Annotated[int, Field(ge=1, le=MOST_STEPS)] | None = None
    texts: TextsForm | None = None
    batch_id: UlidStr | None = None
    points: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    tag: TagText | None = None
    segment_id: UlidStr | None = None
    text: ShortText | None = None

    def step(self, at: int) -> Step:
        """The step of a number. Raises Invalid for what it lacks, and for what goes with another kind."""
        fields = _OF_KIND[self.kind]
        for name in type(self).model_fields:
            if name != "kind" and name not in fields and getattr(self, name) is not None:
                raise Invalid.at(f"/steps/{at}/{_spelled(name)}", *_not_here(self.kind))
        if (needed := _NEEDED.get(self.kind)) and getattr(self, needed) is None:
            raise Invalid.at(f"/steps/{at}/{needed}", *_MISSING[needed])
        return self._step()

    def _step(self) -> Step:
        match self.kind:
            case "wait":
                return Wait(self.days or 0, self.hours or 0, self.at)
            case "condition":
                member_class = self.member_class.value if self.member_class else None
                asks, wanted = self.asks or "has_ordered", self.wanted is not False
                segment_id = self.segment_id if asks == "segment" else None
                return Condition(asks, wanted, member_class, self.otherwise or "leave", self.skip or 1, segment_id)
            case "message":
                said = self.texts.words() if self.texts else {}
                return Message({language: Words(words.subject, words.text) for language, words in said.items()})
            case "coupon":
                return Coupon(self.batch_id or "")
            case "points":
                return Points(self.points or 0)
            case "tag":
                return Tag(self.tag or "")
        return StaffNotice(self.text or "")


_OF_KIND: dict[str, tuple[str, ...]] = {
    "wait": ("days", "hours", "at"),
    "condition": ("asks", "wanted", "member_class", "segment_id", "otherwise", "skip"),
    "message": ("texts",), "coupon": ("batch_id",), "points": ("points",), "tag": ("tag",),
    "staff_notice": ("text",),
}  # fmt: skip
_NEEDED = {
    "condition": "asks", "message": "texts", "coupon": "batch_id", "points": "points", "tag": "tag",
    "staff_notice": "text",
}  # fmt: skip
_MISSING = {
    "asks": ("Say what is asked of the member.", "请选择要判断的条件。"),
    "texts": ("Write the message in Chinese, English, or both.", "请填写中文或英文消息。"),
    "batch_id": ("Choose the coupons that are given.", "请选择要发放的优惠券。"),
    "points": ("Say how many points are given.", "请填写赠送的积分数。"),
    "tag": ("Choose the tag that is given.", "请选择标签。"),
    "text": ("Say what the team is to do.", "请填写团队需要处理的事项。"),
}


def _spelled(name: str) -> str:
    return {"member_class": "class", "wanted": "is"}.get(name, name)


def _not_here(kind: str) -> tuple[str, str]:
    said = kind.replace("_", " ")
    return f"This does not go with “{said}”; leave it out.", f"“{said}”不能填写此项，请删除。"


class JourneyCapForm(Body):
    """So many messages of all journeys to one member in so many days, counted back from each."""

    most: Annotated[int, Field(ge=1, le=MOST_CAPPED)]
    days: Annotated[int, Field(ge=1, le=LONGEST_CAP.days)]


class HorizonForm(Body):
    """When the effect is judged, once: not before so many ``members``' days are over, nor so many ``days`` after it was
    published.
    """

    members: Annotated[int, Field(ge=20, le=1_000_000)] = 200
    days: Days = 28


class _Fields(Body):
    trigger: TriggerForm
    steps: Annotated[list[StepForm], Field(max_length=MOST_STEPS)] = []
    quiet_hours: QuietHoursForm | None = None
    cap: JourneyCapForm | None = None
    control_share: ShareText = Field(
        "0",
        description="Per cent of members who are left alone for comparison: 0 to 50. It is drawn at somebody's first "
        "entry, for good; another share is for those who enter for the first time after it is published.",
    )
    again_after_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    exit_on_purchase: bool = True
    goal_days: Annotated[int, Field(ge=1, le=90)] = 14
    verdict_after: HorizonForm = HorizonForm()

    def _value(self, name: str) -> Any:
        sent: Any = getattr(self, name)
        match name:
            case "trigger":
                return sent.trigger()
            case "steps":
                return tuple(each.step(at) for at, each in enumerate(sent))
            case "quiet_hours":
                return sent.hours() if sent else None
            case "cap":
                return Cap(sent.most, sent.days) if sent else None
            case "control_share":
                return _share(sent)
            case "goal_days":
                return Goal(sent)
            case "verdict_after":
                return Horizon(sent.members, sent.days)
        return sent


_NAMED = {"control_share": "control_bps", "goal_days": "goal", "verdict_after": "horizon"}


def _share(text: str) -> int:
    bps = read_percent(text)
    if bps is None or bps > MOST_CONTROL_BPS:
        said = "Leave at most 50 per cent alone, so that most members get what you mean for them.", "对照组最多占 50%。"
        raise Invalid(said[0], detail_zh=said[1], errors=(FieldError("/control_share", *said),))
    return bps


class NewJourney(_Fields):
    """A journey as a draft. ``quiet_hours`` and ``cap`` hold beside the brand's own. ``again_after_days`` is after how
    many days somebody may enter again; without it, once ever. Its goal is an order within ``goal_days`` of entering.
    """

    EXAMPLES = {
        "winning back who has been quiet": {
            "title": "Win back", "trigger": {"kind": "quiet", "days": 30}, "control_share": "20",
            "steps": [
                {"kind": "wait", "at": "10:00"},
                {"kind": "message", "texts": {"en": {"subject": "We miss you", "text": "{name}, come back: {shop}"}}},
            ],
        },
    }  # fmt: skip

    title: Title

    def definition(self) -> Definition:
        """Raises Invalid."""
        values = {_NAMED.get(name, name): self._value(name) for name in _Fields.model_fields}
        return Definition(**values)


class JourneyChanges(_Fields):
    """Fields of the draft; what is left out stays. Of a journey that is published they make the next version."""

    EXAMPLES = {"nobody new is left alone": {"control_share": "0"}}

    title: Title = Field(default_factory=str)
    trigger: TriggerForm = Field(default_factory=lambda: TriggerForm.model_validate({"kind": "joined"}))

    @property
    def new_title(self) -> str | Unset:
        return self.title if "title" in self.model_fields_set else UNSET

    def change(self) -> Callable[[Definition], Definition]:
        """What becomes of a draft. Raises Invalid."""
        sent = {_NAMED.get(name, name): self._value(name) for name in self.model_fields_set if name != "title"}
        return lambda definition: replace(definition, **sent)


class ReadyMadeForm(Body):
    """A ready-made journey by name; what its coupons take off and how long they are good, where it gives some; and,
    where it begins when somebody has not ordered for long, after how many days (``quiet_days``): by default after those
    that make a member churned.
    """

    EXAMPLES = {"a tenth off for who was quiet": {"name": "win_back", "percent_off": "10", "valid_days": 14}}

    name: ReadyMade
    percent_off: PercentOff | None = None
    valid_days: Days | None = None
    control_share: ShareText | None = None
    quiet_days: Days | None = None

    @property
    def percent_bps(self) -> int | None:
        return basis_points(self.percent_off)

    @property
    def control_bps(self) -> int | None:
        """Raises Invalid."""
        return None if self.control_share is None else _share(self.control_share)


class JourneyQuery(Query):
    """One status, or all."""

    status: Annotated[Status, Field(strict=False)] | None = None


class JourneyVersionQuery(Query):
    """Which version; the published one without it."""

    version: Annotated[int, Field(ge=1, le=9999)] | None = None


class WayQuery(Query):
    """Where members are, and in which arm; all without."""

    state: Annotated[State, Field(strict=False)] | None = None
    arm: Annotated[Arm, Field(strict=False)] | None = None
