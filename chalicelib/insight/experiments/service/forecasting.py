"""What an experiment needs, by the brand's own figures of the last four weeks."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.insight.experiments.model.plan import Metric, Plan
from chalicelib.insight.experiments.model.power import Baseline, Forecast, forecast
from chalicelib.insight.intake.service.reading import events_between
from chalicelib.insight.model.spending import unpack
from chalicelib.insight.model.stream import Actor
from chalicelib.insight.records import DirtyDay, SpendRecord
from chalicelib.insight.reports.service.window import History, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.trials.differences import Sample
from chalicelib.trials.effects import Pairs

_WEEKS = timedelta(days=28)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known before an experiment: today's figures, None where nothing was ordered, and what follows of them.
    ``from_on`` and ``to_on`` are the local days that they are of; ``members`` all that the brand ever had.
    """

    baseline: Baseline | None
    forecast: Forecast
    from_on: date
    to_on: date
    members: int


def ahead(tenant_id: str, plan: Plan, now: datetime) -> Ahead:
    """What an experiment needs, for how many days, and what it would find."""
    seen = horizon(tenant_id, zone(get_tenant(tenant_id).timezone), now, None)
    to_on = seen.window.ends_on
    from_on = to_on - _WEEKS + _DAY
    past, members = history(tenant_id, to_on), ordinals_given(tenant_id)
    baseline = _baseline(tenant_id, plan, past, from_on, members)
    return Ahead(baseline, forecast(plan, baseline), from_on, to_on, members)


def has_orders(tenant_id: str, today: date) -> bool:
    """Whether anything was ever ordered: rolled up, or since."""
    return bool(history(tenant_id, today).months) or bool(DirtyDay.until(tenant_id, today))


def _baseline(tenant_id: str, plan: Plan, past: History, from_on: date, members: int) -> Baseline | None:
    buyers = past.members_between(from_on, past.ends_on)
    if not buyers:
        return None
    came = _people(tenant_id, from_on, past.ends_on, buyers)
    a_day, people = came / _WEEKS.days, came if came > buyers.bit_count() else max(members, came)
    match plan.metric:
        case Metric.CONVERSION:
            return _share(buyers.bit_count(), people, a_day)
        case Metric.RETENTION:
            before = past.members_between(from_on - _WEEKS, from_on - _DAY)
            return _share((before & buyers).bit_count(), before.bit_count(), a_day)
        case Metric.REVENUE:
            spent = _spent(tenant_id, from_on, past.ends_on)
            totals = [minor for minor, _ in spent.values()]
            sample = Sample(people, sum(totals), sum(each * each for each in totals))
            return Baseline(sample.mean, sample.variance, people, a_day)
        case Metric.RATIO:
            spent = _spent(tenant_id, from_on, past.ends_on)
            pairs = _pairs(people, list(spent.values()))
            return Baseline(pairs.ratio, pairs.variance * people, people, a_day)


def _share(hits: int, people: int, a_day: float) -> Baseline | None:
    if not hits or hits >= people:
        return None
    p = hits / people
    return Baseline(p, p * (1 - p), people, a_day)


def _people(tenant_id: str, from_on: date, to_on: date, buyers: int) -> int:
    """How many different people came on these days: who looked around, and who ordered without that."""
    actors: set[Actor] = {each.actor for each in events_between(tenant_id, from_on, to_on)}
    unseen = sum(1 for ordinal in range(buyers.bit_length()) if buyers >> ordinal & 1 and ordinal not in actors)
    return len(actors) + unseen


def _spent(tenant_id: str, from_on: date, to_on: date) -> dict[int, tuple[int, int]]:
    """What each member spent, and on how many days they ordered."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for chunk in SpendRecord.in_days(tenant_id, from_on, to_on):
        for amounts in unpack(chunk.columns).amounts.values():
            for ordinal, minor in amounts.items():
                spent, days = found[ordinal]
                found[ordinal] = spent + minor, days + 1
    return found


def _pairs(people: int, spent: list[tuple[int, int]]) -> Pairs:
    x, y = sum(minor for minor, _ in spent), sum(days for _, days in spent)
    xx, yy = sum(minor * minor for minor, _ in spent), sum(days * days for _, days in spent)
    return Pairs(people, x, y, xx, yy, sum(minor * days for minor, days in spent))
