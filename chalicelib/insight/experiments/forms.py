"""What the API takes of experiments."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from chalicelib.insight.experiments.model.plan import Arm, Horizon, Method, Metric, Plan
from chalicelib.insight.intake.forms import VisitorId
from chalicelib.kernel.errors import InvalidField
from chalicelib.trials.arms import WHOLE_BPS
from chalicelib.web import Body, LocalDate, OneLine, Query, Title, UlidStr

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40), OneLine]
Ratio = Annotated[
    str,
    StringConstraints(pattern=r"^(?:0|1)?(?:\.[0-9]{1,4})?$", min_length=1, max_length=6),
    Field(examples=["0.5"]),
]
MetricName = Literal["conversion", "revenue", "ratio", "retention"]
MethodName = Literal["fixed", "sequential"]


def _bps(text: str) -> int:
    """10,000ths of a decimal such as ``0.5``."""
    whole, _, part = text.partition(".")
    return int(whole or 0) * WHOLE_BPS + int(part.ljust(4, "0"))


def _some(text: str) -> str:
    if not 0 < _bps(text) <= WHOLE_BPS:
        raise InvalidField("this is more than 0 and at most 1, such as 0.5", "应大于 0 且不超过 1，例如 0.5")
    return text


class ArmFields(Body):
    """A variant, the ``share`` of people who see it, exact to a 10,000th, and a ``tag`` of the brand's that members get
    as they first see it: a segment, a promotion, a group buy or a journey for this tag is then for this arm alone.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "blue", "share": "0.5"}]})

    name: Name
    share: Ratio
    tag: Tag | None = None

    @field_validator("share")
    @classmethod
    def _is_some(cls, value: str) -> str:
        return _some(value)

    def arm(self) -> Arm:
        return Arm(self.name, _bps(self.share), self.tag)


class HorizonFields(Body):
    """When the verdict is due: as the brand's local day ``on`` begins, or once ``sample`` people were exposed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sample": 2_000}]})

    on: LocalDate | None = None
    sample: Annotated[int, Field(ge=1, le=100_000_000)] | None = None

    def horizon(self) -> Horizon:
        return Horizon(self.on, self.sample)


def _one_of_both(value: HorizonFields) -> HorizonFields:
    if (value.on is None) == (value.sample is None):
        raise InvalidField("say either on, a day, or sample, how many people", "请填写 on（日期）或 sample（人数）之一")
    if value.on is not None and value.on > date(2999, 12, 31):
        raise InvalidField("this is too far ahead", "日期过远")
    return value


def _named_once(value: list[ArmFields]) -> list[ArmFields]:
    names = [each.name for each in value]
    if len(set(names)) < len(names):
        raise InvalidField("each arm has a name of its own", "各分组名称不可重复")
    return value


Arms = Annotated[
    list[ArmFields],
    Field(
        min_length=2,
        max_length=6,
        description="The others are compared with the first.",
        examples=[[{"name": "grey", "share": "0.5"}, {"name": "blue", "share": "0.5"}]],
    ),
]
Days = Annotated[int, Field(ge=1, le=365)]
_IN_SHOP = (
    "Whether everybody who looks around in the brand's own shop, and agreed to be counted, is exposed by that: then "
    "nobody has to ask for the arm."
)


class _Checked(Body):
    """What holds for an experiment as a whole."""

    _horizon = field_validator("horizon", check_fields=False)(_one_of_both)
    _arms = field_validator("arms", check_fields=False)(_named_once)

    @field_validator("smallest_effect", check_fields=False)
    @classmethod
    def _is_some(cls, value: str | None) -> str | None:
        return value if value is None else _some(value)


class NewExperiment(_Checked):
    """An experiment as a draft. ``metric``: ``conversion`` is the share of people who order after they were exposed,
    ``revenue`` what their orders come to by person, ``ratio`` what an order comes to, ``retention`` the share who order
    ``return_days`` local days later or more. Orders count ``within_days`` of the exposure, without it all.

    ``fixed`` says nothing before the horizon, and then once; ``sequential`` may be looked at whenever one likes, and
    takes about twice as many people. ``smallest_effect`` is the smallest change worth finding, relative to the first
    arm, such as `0.1` for a tenth: with it a test that is too small to find it is refused.
    """

    EXAMPLES = {
        "a blue button": {
            "key": "blue-button",
            "title": "A blue button",
            "arms": [{"name": "grey", "share": "0.5"}, {"name": "blue", "share": "0.5"}],
            "metric": "conversion",
            "horizon": {"sample": 2_000},
            "method": "fixed",
        }
    }

    key: Name
    title: Title | None = None
    arms: Arms
    metric: MetricName
    horizon: HorizonFields
    method: MethodName
    within_days: Days | None = None
    return_days: Days = 7
    smallest_effect: Ratio | None = None
    in_shop: bool = Field(default=False, description=_IN_SHOP)

    def plan(self) -> Plan:
        return Plan(
            self.title or self.key, tuple(each.arm() for each in self.arms), Metric(self.metric), Method(self.method),
            self.horizon.horizon(), self.within_days, self.return_days,
            _bps(self.smallest_effect) if self.smallest_effect else None, self.in_shop,
        )  # fmt: skip


class ExperimentChanges(_Checked):
    """Fields of an experiment; what is left out stays. Of one that has started the title alone can change."""

    EXAMPLES = {"a better title": {"title": "The blue button, again"}}

    title: Title = Field(default_factory=str)
    arms: Arms = Field(default_factory=list)
    metric: MetricName = "conversion"
    horizon: HorizonFields = HorizonFields()
    method: MethodName = "fixed"
    within_days: Days | None = None
    return_days: Days = 7
    smallest_effect: Ratio | None = None
    in_shop: bool = Field(default=False, description=_IN_SHOP)

    def changes(self) -> dict[str, Any]:
        """The parts of the plan that were sent."""
        sent = self.model_fields_set
        said: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN if name in sent}
        said |= {"arms": tuple(each.arm() for each in self.arms)} if "arms" in sent else {}
        said |= {"metric": Metric(self.metric)} if "metric" in sent else {}
        said |= {"method": Method(self.method)} if "method" in sent else {}
        said |= {"horizon": self.horizon.horizon()} if "horizon" in sent else {}
        if "smallest_effect" in sent:
            said["smallest_bps"] = _bps(self.smallest_effect) if self.smallest_effect else None
        return said


_PLAIN = ("title", "within_days", "return_days", "in_shop")


class StopQuery(Query):
    """Which arm is kept."""

    keep: Name | None = Field(default=None, description="Which arm everybody sees from now on; by default the first.")


class ExperimentQuery(Query):
    """One status, or all."""

    status: Literal["draft", "running", "stopped"] | None = None


class ArmQuery(Query):
    """Who sees it: with a member token that member, and a ``visitor_id`` sent along becomes them. Without one it is the
    browser's. The brand's own keys and team may say ``member_id`` instead.
    """

    visitor_id: VisitorId | None = None
    member_id: UlidStr | None = None
