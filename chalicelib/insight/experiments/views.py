"""What the API shows of experiments."""

from typing import Literal, Self

from chalicelib.insight.experiments.model.findings import Comparison, Guard
from chalicelib.insight.experiments.model.plan import Plan, Status
from chalicelib.insight.experiments.model.tallies import compared_days
from chalicelib.insight.experiments.model.words import sentence
from chalicelib.insight.experiments.records import ExperimentRecord
from chalicelib.insight.experiments.service.exposing import Assigned
from chalicelib.insight.experiments.service.forecasting import Ahead
from chalicelib.insight.experiments.service.results import Results
from chalicelib.kernel.language import Language
from chalicelib.trials.arms import WHOLE_BPS
from chalicelib.trials.differences import MISMATCH_BELOW
from chalicelib.trials.effects import Check
from chalicelib.web import Instant, LocalDate, UlidStr, View


def ratio_text(bps: int) -> str:
    """10,000ths as a decimal, such as ``0.5``."""
    whole, part = divmod(bps, WHOLE_BPS)
    return f"{whole}.{part:04d}".rstrip("0").removesuffix(".")


class ExperimentArmView(View):
    """A variant with the share of people who see it, and the tag that members get with it."""

    name: str
    share: str
    tag: str | None


class HorizonView(View):
    """When the verdict is due: on a local day, or once so many people were exposed."""

    on: LocalDate | None
    sample: int | None


class ExperimentView(View):
    """An experiment. ``keep`` is the arm that everybody sees once it is stopped, and until then null."""

    id: UlidStr
    key: str
    title: str
    status: Literal["draft", "running", "stopped"]
    arms: list[ExperimentArmView]
    metric: Literal["conversion", "revenue", "ratio", "retention"]
    method: Literal["fixed", "sequential"]
    horizon: HorizonView
    within_days: int | None
    return_days: int
    smallest_effect: str | None
    in_shop: bool
    keep: str | None
    created_at: Instant
    started_at: Instant | None
    stopped_at: Instant | None

    @classmethod
    def of(cls, record: ExperimentRecord) -> Self:
        plan = record.plan
        return cls(
            id=record.id, key=record.key, title=plan.title, status=Status(record.status).value,
            arms=[ExperimentArmView(name=a.name, share=ratio_text(a.share_bps), tag=a.tag) for a in plan.arms],
            metric=plan.metric.value, method=plan.method.value,
            horizon=HorizonView(on=plan.horizon.on, sample=plan.horizon.sample),
            within_days=plan.within_days, return_days=plan.return_days,
            smallest_effect=None if plan.smallest_bps is None else ratio_text(plan.smallest_bps),
            in_shop=plan.in_shop,
            keep=plan.arms[int(record.keeps)].name if record.stopped_at else None,
            created_at=record.created_at, started_at=record.started_at, stopped_at=record.stopped_at,
        )  # fmt: skip


class ArmNeedView(View):
    """How many people an arm needs."""

    name: str
    people: int


class ExperimentPlanView(View):
    """What is known beforehand, by the brand's own figures of the local days ``from_on`` to ``to_on``: what the metric
    comes to (``baseline``; money in minor units; null where nothing tells), how many people each arm ``needs`` and all
    together (``sample``), how many come ``people_a_day``, and in how many ``days`` so many have come. ``finds`` is the
    difference that is found four times of five, in the unit of the metric.
    """

    from_on: LocalDate
    to_on: LocalDate
    baseline: float | None
    people_a_day: float | None
    needs: list[ArmNeedView]
    sample: int
    days: int | None
    finds: float | None

    @classmethod
    def of(cls, plan: Plan, found: Ahead) -> Self:
        baseline = found.baseline
        return cls(
            from_on=found.from_on, to_on=found.to_on, baseline=baseline.value if baseline else None,
            people_a_day=baseline.a_day if baseline else None,
            needs=[
                ArmNeedView(name=arm.name, people=people)
                for arm, people in zip(plan.arms, found.forecast.needs, strict=True)
            ],
            sample=found.forecast.sample, days=found.forecast.days, finds=found.forecast.finds,
        )  # fmt: skip


class AssignedArmView(View):
    """The arm that this person sees. ``counted`` where what they do counts for it: not for who does not want to be
    counted, was in two arms, is a robot, or comes once the experiment is stopped.
    """

    key: str
    arm: str
    counted: bool

    @classmethod
    def of(cls, found: Assigned) -> Self:
        return cls(key=found.experiment.key, arm=found.arm, counted=found.counted)


class BoundsView(View):
    """Between ``low`` and ``high`` with 95 per cent certainty."""

    low: float
    high: float


class ArmResultView(View):
    """How many people were ``exposed``, how many of them are ``compared``, and the metric's ``mean``: null before it is
    due, and of fewer than 100 people, or of money where fewer than five ordered.
    """

    name: str
    share: str
    exposed: int
    compared: int
    mean: float | None
    interval: BoundsView | None

    @classmethod
    def of(cls, found: Results, number: int) -> Self:
        plan, seen, values = found.experiment.plan, found.seen, found.judgement.values
        value = values[number] if values else None
        bounds = value.interval if value else None
        return cls(
            name=plan.arms[number].name, share=ratio_text(plan.arms[number].share_bps),
            exposed=seen.arms[number].exposed, compared=seen.compared[number].exposed,
            mean=value.value if value else None, interval=BoundsView(low=bounds[0], high=bounds[1]) if bounds else None,
        )  # fmt: skip


class ComparisonView(View):
    """How much more an arm has than the first one. ``z`` is the statistic of the test with a fixed horizon (Welch's t
    for money by person); ``relative`` is the difference over the first arm's mean.
    """

    arm: str
    difference: float
    relative: float | None
    z: float | None
    p: float
    interval: BoundsView
    finding: str

    @classmethod
    def of(cls, found: Results, one: Comparison) -> Self:
        value = found.judgement.values[0]
        first = value.value if value else None
        return cls(
            arm=found.experiment.plan.arms[one.arm].name, difference=one.difference,
            relative=one.difference / first if first else None, z=one.z, p=one.p,
            interval=BoundsView(low=one.low, high=one.high), finding=one.finding.value,
        )  # fmt: skip


class GuardView(View):
    """How many more complaints a person, or how much more money given back, in minor units, an arm has than the first,
    with an interval that holds whenever one looks; ``worse`` where it leaves no doubt.
    """

    name: Literal["complaints", "refunds"]
    arm: str
    difference: float
    interval: BoundsView
    worse: bool

    @classmethod
    def of(cls, plan: Plan, guard: Guard) -> Self:
        return cls(
            name=guard.name, arm=plan.arms[guard.arm].name, difference=guard.difference,
            interval=BoundsView(low=guard.low, high=guard.high), worse=guard.is_worse,
        )  # fmt: skip


class RatioCheckView(View):
    """How probable it is that chance alone gives so much; ``ok`` where that is probable enough to go on: of arms beside
    their shares 0.001 or more.
    """

    chi_square: float
    p: float
    ok: bool


class ExperimentResultsView(View):
    """What came of an experiment. Before it is due ``verdict`` is `not_due`, and no mean, difference, p or interval is
    shown; where the arms are not of their shares it is `mixed_up`, and nothing is said of their difference; where
    people were `in_two_arms` they are counted in none of them (``in_two_arms``), and no verdict is given. Else it is
    `higher` or `lower` of ``verdict_arm`` than the first arm, `unclear` or `too_few`; `stopped_early` before it was
    due. ``sentence`` says it in words. ``difference``, ``p`` and ``interval`` are those of the only other arm, and null
    with several, each of which stands in ``comparisons``; ``overall`` is then whether all shares may be the same.

    ``metric``, in minor units where it is money, is counted from orders that were placed after the exposure and stand.
    ``found_on`` is the local day on which the verdict was found; with a fixed horizon the figures are of that day.
    """

    key: str
    metric: str
    method: str
    timezone: str
    currency: str
    as_of: LocalDate
    due: bool
    due_on: LocalDate | None
    due_at_sample: int | None
    exposed: int
    in_two_arms: int
    compared_until: LocalDate
    arms: list[ArmResultView]
    difference: float | None
    relative: float | None
    z: float | None
    p: float | None
    interval: BoundsView | None
    comparisons: list[ComparisonView]
    overall: RatioCheckView | None
    ratio_check: RatioCheckView
    guards: list[GuardView]
    verdict: str
    verdict_arm: str | None
    found_on: LocalDate | None
    sentence: str

    @classmethod
    def of(cls, found: Results, language: Language) -> Self:
        record, plan, seen, judgement = found.experiment, found.experiment.plan, found.seen, found.judgement
        comparisons = [ComparisonView.of(found, each) for each in judgement.comparisons]
        one = comparisons[0] if len(plan.arms) == 2 and comparisons else None
        overall = judgement.overall
        as_of = found.verdict.on if found.verdict is not None and found.is_frozen else found.today
        return cls(
            key=record.key, metric=plan.metric.value, method=plan.method.value, timezone=found.timezone,
            currency=found.currency, as_of=as_of,
            due=seen.due, due_on=plan.horizon.on, due_at_sample=plan.horizon.sample,
            exposed=sum(each.exposed for each in seen.arms) + seen.crossed, in_two_arms=seen.crossed,
            compared_until=compared_days(plan, as_of),
            arms=[ArmResultView.of(found, number) for number in range(len(plan.arms))],
            difference=one.difference if one else None, relative=one.relative if one else None,
            z=one.z if one else None, p=one.p if one else None, interval=one.interval if one else None,
            comparisons=comparisons,
            overall=_checked(overall, 0.05) if overall else None,
            ratio_check=_checked(judgement.ratio, MISMATCH_BELOW),
            guards=[GuardView.of(plan, each) for each in judgement.guards],
            verdict=judgement.finding.value,
            verdict_arm=None if judgement.arm is None else plan.arms[judgement.arm].name,
            found_on=found.verdict.on if found.verdict else None,
            sentence=getattr(sentence(plan, seen, judgement), language),
        )  # fmt: skip


def _checked(found: Check, from_p: float) -> RatioCheckView:
    return RatioCheckView(chi_square=found.chi_square, p=found.p, ok=found.p >= from_p)
