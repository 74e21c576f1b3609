"""The RFM report: every member's recency, frequency and value, scored against all others'."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.insight.model import bitmaps, spending
from chalicelib.insight.model.rfm import SCORES, Histograms, Value
from chalicelib.insight.records import SpendRecord
from chalicelib.insight.reports.service.classes import ClassHistory
from chalicelib.insight.reports.service.window import Horizon, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.members.model.classes import MemberClass, Thresholds
from chalicelib.segments.model.scores import Scored, Scores
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class Rfm:
    """The answer: the scores of members by ordinal, and the histograms that they follow from."""

    timezone: str
    currency: str
    from_on: date
    on: date
    horizon: Horizon
    revision: int
    histograms: Histograms
    scores: Mapping[int, Scores]

    @property
    def counts(self) -> dict[Scores, int]:
        """How many members have which scores."""
        return dict(sorted(Counter(self.scores.values()).items()))

    def members(self, recency: int, frequency: int, value: int | None) -> int:
        """Who has these scores, as bits; of any value where none is named."""
        wanted = {(recency, frequency, each) for each in (SCORES if value is None else (value,))}
        return bitmaps.of(ordinal for ordinal, scores in self.scores.items() if scores in wanted)


@dataclass(slots=True)
class _Found:
    """What was added up of a member so far."""

    last_on: date
    occasions: int = 0
    spent_minor: int = 0


def rfm(
    tenant_id: str, from_on: date | None, as_of: date | None, of_class: Sequence[MemberClass], now: datetime
) -> Rfm:
    """Members with an order in the days from ``from_on``, or ever, up to and including ``as_of``, by default the last
    complete day; only those of the classes on that day where some are named. They are scored against each other.

    Read is what was spent on each of these days, in columns. Raises Invalid for days that run backwards.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, as_of)
    on = seen.window.ends_on
    past = history(tenant_id, on)
    since = from_on or past.begins_on
    if from_on and from_on > on:
        raise Invalid.at(
            "?from_on", f"The first day, {from_on}, is after the last, {on}.", f"开始日期 {from_on} 晚于结束日期 {on}。"
        )
    values = _values(tenant_id, since, on, tenant.currency)
    if of_class:
        found = ClassHistory.of(past, Thresholds.from_json(tenant.class_thresholds)).on(on)
        wanted = set(bitmaps.ordinals(bitmaps.union(found[each] for each in of_class)))
        values = {ordinal: value for ordinal, value in values.items() if ordinal in wanted}
    histograms = Histograms.of(values.values())
    scoring = histograms.scoring
    scores = {ordinal: scoring.of(value) for ordinal, value in values.items()}
    return Rfm(tz.key, tenant.currency, since, on, seen, past.revision, histograms, scores)


def scores_of_last_day(tenant_id: str, now: datetime) -> Scored:
    """What all with an order ever score as of the last complete day, as the report says by default: for the rules of
    segments, read consistently since it is kept.
    """
    tenant = get_tenant(tenant_id)
    on = horizon(tenant_id, zone(tenant.timezone), now, None, consistent=True).window.ends_on
    values = _values(tenant_id, EARLIEST_ON, on, tenant.currency, consistent=True)
    scoring = Histograms.of(values.values()).scoring
    return Scored(on, {ordinal: scoring.of(value) for ordinal, value in values.items()})


def _values(
    tenant_id: str, from_on: date, to_on: date, currency: str, *, consistent: bool = False
) -> dict[int, Value]:  # fmt: skip
    """By ordinal. Amounts in other currencies are never converted nor added: their days count, their amounts do not."""
    found: dict[int, _Found] = {}
    for record in SpendRecord.in_days(tenant_id, max(from_on, EARLIEST_ON), to_on, consistent=consistent):
        on, spend = record.on, spending.unpack(record.columns)
        for ordinal in {ordinal for amounts in spend.amounts.values() for ordinal in amounts}:
            known = found.setdefault(ordinal, _Found(on))
            known.last_on = on
            known.occasions += 1
        for ordinal, minor in spend.amounts.get(currency, {}).items():
            found[ordinal].spent_minor += minor
    return {ordinal: Value(each.last_on, each.occasions, each.spent_minor) for ordinal, each in found.items()}
