"""What to do next, by what whoever looks may ask of the API. Each look is bounded, but for the stock, of which
every SKU that is counted is read, as its own page does.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from chalicelib.campaigns.routes import list_campaigns, read_progress
from chalicelib.catalog.routes.stock import read_inventory
from chalicelib.insight.reports.routes import read_report
from chalicelib.insight.reports.service.overview import Overview
from chalicelib.kernel.errors import DomainError
from chalicelib.pages.console.overview.model import (
    SOON,
    Step,
    at_risk,
    doubtful,
    due_again,
    failed,
    late,
    next_steps,
    running_out,
    short_of_target,
)
from chalicelib.pages.console.stock.model import FEW_DAYS, lasts
from chalicelib.pages.console.today.model import ON_SALE
from chalicelib.pages.console.today.views import (
    MOST_CAMPAIGNS,
    MOST_FOLLOWED,
    cases_waiting,
    complaints_waiting,
    enquiries_waiting,
    jobs_failed,
)
from chalicelib.pages.shell import Visit, ask, may

MOST_LISTED = 20
"""Members at risk who are asked for: those with whom most money is."""

MOST_WITH_A_RHYTHM = 20_000
"""Members, of more than whom it is not looked on the way who is due to order again: the report does."""

RHYTHM = timedelta(days=90)
"""The last quarter: long enough for who orders once a month to have a rhythm."""

MOST_LOOKED_AT = 2_000
"""Orders of the days, of more than which they are not looked at one by one."""


def tells_who_is_due(found: Overview) -> bool:
    """Whether it is told here who is due to order again."""
    return (found.now.ever or 0).bit_count() <= MOST_WITH_A_RHYTHM


def tells_doubts(found: Overview) -> bool:
    """Whether it is told here what is doubtful in the data of the days."""
    return found.now.totals.orders <= MOST_LOOKED_AT


def steps(visit: Visit[Any], found: Overview) -> list[Step]:
    """At most five."""
    of_shop = [*_waiting(visit), *_short(visit), _stock(visit)]
    return next_steps([*of_shop, *_of_members(visit, found), _doubts(visit, found)])


def _waiting(visit: Visit[Any]) -> Iterator[Step]:
    for look in (complaints_waiting, enquiries_waiting, cases_waiting):
        yield from late(look(visit))
    yield from failed(jobs_failed(visit))


def _short(visit: Visit[Any]) -> Iterator[Step]:
    if not may(visit, list_campaigns):
        return
    found = ask(visit, list_campaigns, limit=MOST_CAMPAIGNS).items
    closing = [
        each
        for each in found
        if each.status in ON_SALE and each.target and each.closes_at and each.closes_at <= visit.now + SOON
    ]
    for each in sorted(closing, key=lambda one: one.closes_at)[:MOST_FOLLOWED]:
        try:
            progress = ask(visit, read_progress, path={"id": each.id})
        except DomainError:  # a write is under way
            continue
        if progress.target:
            step = short_of_target(each.id, each.title, progress.target.reached_bps, progress.seconds_left)
            if step:
                yield step


def _stock(visit: Visit[Any]) -> Step | None:
    if not may(visit, read_inventory):
        return None
    report = ask(visit, read_inventory)
    days = (report.to_on - report.from_on).days + 1
    return running_out((lasts(each, days) for each in report.rows), FEW_DAYS, "/stock/turnover")


def _of_members(visit: Visit[Any], found: Overview) -> Iterator[Step | None]:
    if found.fitted:
        asked = {"members": "risk", "limit": str(MOST_LISTED)}
        values = _report(visit, "lifetime-value", asked)
        if values.model.converged and values.model.amounts_converged:
            amounts = [each.at_risk.amount_minor for each in values.at_risk or () if each.at_risk]
            yield at_risk(amounts, _at("lifetime-value", asked))
    if tells_who_is_due(found):
        asked = _rhythm_days(found)
        rows = _report(visit, "periodicity", asked).rows
        to = f"{_at('periodicity', asked)}&members=*:{{state}}"
        yield due_again(sum(each.due for each in rows), sum(each.overdue for each in rows), to)


def _doubts(visit: Visit[Any], found: Overview) -> Step | None:
    if not tells_doubts(found):
        return None
    asked = {"from_on": found.spans.now.from_on.isoformat(), "to_on": found.spans.now.to_on.isoformat()}
    rows = _report(visit, "data-quality", asked).rows
    return doubtful(((each.rule, each.title, each.count) for each in rows), _at("data-quality", asked))


def _rhythm_days(found: Overview) -> dict[str, str]:
    last = found.spans.now.to_on
    return {"from_on": (last - RHYTHM).isoformat(), "to_on": last.isoformat()}


def _report(visit: Visit[Any], name: str, asked: dict[str, str]) -> Any:
    return ask(visit, read_report, path={"name": name}, query=asked)


def _at(name: str, asked: dict[str, str]) -> str:
    return f"/reports/{name}?{urlencode(asked)}"
