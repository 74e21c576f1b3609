"""The figures of the overview beside those before, the running day, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.insight.model.comparison import Compare, basis
from chalicelib.insight.model.overview import Change, Figure, Part, Rate, Restated, Spans, changes
from chalicelib.insight.model.summary import Group, average_minor
from chalicelib.insight.reports.rates import RateView
from chalicelib.insight.reports.routes import read_report
from chalicelib.insight.reports.service.overview import Overview, overview
from chalicelib.insight.reports.today import TodayView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.pages.console.overview.model import Step
from chalicelib.pages.console.overview.views.steps import steps, tells_doubts, tells_who_is_due
from chalicelib.pages.shell import Visit, ask, may
from chalicelib.tenants.routes import read_audit

_RESTATED = {"action": "figures.restated"}

RATES = ("praise_rate", "complaint_rate")


@dataclass(frozen=True, slots=True)
class Told:
    """Something that changed, the page of its figures, and what a part of the sales is called."""

    change: Change
    to: str
    title: str = ""

    @property
    def kind(self) -> str:
        """Of which class it is, in small letters."""
        return type(self.change).__name__.lower()


@dataclass(frozen=True, slots=True)
class Share:
    """A share beside that of before, how it is made of counts, and the page of its figures."""

    rate: Rate
    count: int
    of: int
    to: str


@dataclass(frozen=True, slots=True)
class Board:
    """All of the page. ``begins``: the brand has no orders yet, so there is the running day alone. ``days`` ask a
    report for the days that are shown. ``tells_due`` and ``tells_doubts``: there were not too many members, or orders,
    to look here who is due to order again, and what is doubtful.
    """

    found: Overview
    length: int
    begins: bool
    today: TodayView
    asked: Mapping[str, str]
    days: str
    figures: Sequence[Figure] = ()
    shares: Sequence[Share] = ()
    changed: Sequence[Told] = ()
    steps: Sequence[Step] = ()
    tells_due: bool = True
    tells_doubts: bool = True

    @classmethod
    def of(cls, visit: Visit[Any], length: int) -> "Board":
        found = overview(visit.tenant_id, length, visit.now)
        today = ask(visit, read_report, path={"name": "today"})
        asked = _asked(found.spans)
        days = "&".join(f"{name}={value}" for name, value in asked.items())
        if not found.now.ever:
            return cls(found, length, True, today, asked, days)
        figures, shares = _figures(found), [_conversion(found), *_rates(visit, found.spans, days)]
        return cls(
            found, length, False, today, asked, days, figures, shares, _changed(visit, found, figures, days),
            steps(visit, found), tells_who_is_due(found), tells_doubts(found),
        )  # fmt: skip


def _asked(spans: Spans) -> dict[str, str]:
    """The summary of the days that are shown, beside those before where it takes the same."""
    asked = {"by": "day", "from_on": spans.now.from_on.isoformat(), "to_on": spans.now.to_on.isoformat()}
    alike = basis(spans.now, spans.now, Compare.PREVIOUS).before == spans.before
    return {**asked, "compare": "previous"} if alike else asked


def _figures(found: Overview) -> list[Figure]:
    sides = found.now, found.before
    orders = [each.totals.orders for each in sides]
    values = [_values(each, found.currency) for each in sides]
    figures = []
    for name in values[0]:
        now, before = (each[name] for each in values)
        least = (
            max(orders) if name in {"orders", "gmv"} else min(orders) if name == "aov" else max(now or 0, before or 0)
        )
        figures.append(Figure(name, now, before, found.comparable, least))
    return figures


def _values(group: Group, currency: str) -> dict[str, int | None]:
    orders, minor = group.totals.sales.get(currency, (0, 0))
    return {
        "gmv": minor,
        "orders": group.totals.orders,
        "aov": average_minor(minor, orders),
        "active_members": (group.active or 0).bit_count(),
        "new_members": (group.new or 0).bit_count(),
    }


def _conversion(found: Overview) -> Share:
    now, before = found.conversion, found.conversion_before
    share, share_before = (each.rate if each.members else None for each in (now, before))
    rate = Rate("conversion", share, share_before, found.comparable)
    return Share(rate, now.customers, now.members, f"/reports/personas?to_on={found.spans.now.to_on}")


def _rates(visit: Visit[Any], spans: Spans, days: str) -> list[Share]:
    now, before = (_rates_of(visit, each.from_on, each.to_on) for each in (spans.now, spans.before))
    to = f"/reports/service-rates?from_on={spans.now.from_on}&to_on={spans.now.to_on}"
    return [
        Share(Rate(name, _share(now[name]), _share(before[name]), True), now[name].count, now[name].of, to)
        for name in RATES
    ]


def _rates_of(visit: Visit[Any], from_on: date, to_on: date) -> dict[str, RateView]:
    asked = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat()}
    view = ask(visit, read_report, path={"name": "service-rates"}, query=asked)
    return {each.name: each for each in view.rows}


def _share(rate: RateView) -> Decimal | None:
    return None if rate.rate is None else Decimal(rate.rate)


def _changed(visit: Visit[Any], found: Overview, figures: list[Figure], days: str) -> list[Told]:
    titles = {each.part: each.title for each in found.moved}
    dormant = found.dormant if found.comparable else None
    told = changes(figures, list(titles), dormant, _restated(visit, found))
    return [_told(each, found, titles, days) for each in told]


def _told(change: Change, found: Overview, titles: Mapping[Part, str], days: str) -> Told:
    span = f"from_on={found.spans.now.from_on}&to_on={found.spans.now.to_on}"
    match change:
        case Figure():
            return Told(change, f"/reports?{days}")
        case Part(dimension=dimension):
            return Told(change, f"/reports/summary?by={dimension}&{span}", titles[change])
        case Restated():
            return Told(change, f"/audit?action={_RESTATED['action']}")
        case _:
            return Told(change, f"/reports/classes/members?members=dormant&as_of={found.spans.now.to_on}")


def _restated(visit: Visit[Any], found: Overview) -> Restated | None:
    """What the audit log has of it since the first of the days, for who may read that."""
    if not may(visit, read_audit):
        return None
    latest = next(iter(ask(visit, read_audit, query=_RESTATED, limit=1).items), None)
    if latest is None:
        return None
    on = local_date(latest.at, zone(found.timezone))
    changed = latest.changes or {}
    days = sum(len(name) == len("2026-01-31") for name in changed) + changed.get("further", 0)
    return Restated(on, days) if days and on >= found.spans.now.from_on else None
