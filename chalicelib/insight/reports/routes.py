"""From a report's query to its answer, as JSON or CSV."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model import definitions
from chalicelib.insight.model.cohorts import Bracket, Mode
from chalicelib.insight.model.periods import Unit
from chalicelib.insight.model.summary import By
from chalicelib.insight.reports.service.retention import Asked, Retention, cell_of, members_behind, retention
from chalicelib.insight.reports.service.summary import summarise
from chalicelib.insight.reports.views import CellView, ReportedDate, RetentionView, SummaryView, behind
from chalicelib.kernel.cursor import decode, encode
from chalicelib.kernel.errors import FieldError, Invalid, NotFound
from chalicelib.settings import token_secret
from chalicelib.web import Call, CommaList, Csv, Query

_BRACKET = re.compile(r"([0-9]{1,4})-([0-9]{1,4})")
_MOST_BRACKETS = 50
_MOST_BRACKET_DAYS = 3660
_DAYS_SHOWN = 90
_RANGE = frozenset({"from_on", "to_on", "format"})


class UnknownReport(NotFound):
    """There is no report of that name."""

    code, title, title_zh = "unknown_report", "There is no such report", "没有该报表"


class ReportQuery(Query):
    """The parameters of all reports; one that a report does not take is refused."""

    from_on: ReportedDate | None = None
    to_on: ReportedDate | None = None
    by: Literal["day", "week", "month", "weekday", "hour"] | None = None
    unit: Literal["day", "week", "month"] = "month"
    mode: Literal["on", "on_or_after", "bracket"] = "on"
    periods: Annotated[int | None, Field(ge=0, le=4000, description="Periods after the first, at most")] = None
    brackets: Annotated[CommaList, Field(description="Days after the first order, such as 1-3,4-7")] = []
    members: Annotated[str | None, StringConstraints(max_length=60)] = None
    limit: Annotated[int, Field(ge=1, le=10_000, description="Members listed at once")] = 10_000
    cursor: Annotated[str | None, StringConstraints(max_length=500)] = None
    format: Literal["json", "csv"] | None = None


def answer(call: Call[Any]) -> RetentionView | SummaryView | Csv:
    """The report that the path names. Raises UnknownReport, or Invalid for a parameter that it does not take."""
    name = call.path["name"]
    if name not in _REPORTS:
        known = ", ".join(sorted(_REPORTS))
        raise UnknownReport(
            f"There is no report '{name[:60]}'; there are: {known}.",
            detail_zh=f"没有报表“{name[:60]}”，现有：{known}。",
            extra={"reports": sorted(_REPORTS)},
        )
    taken, build = _REPORTS[name]
    if foreign := sorted(call.query.model_fields_set - taken):
        raise Invalid(
            f"The report '{name}' does not take: {', '.join(foreign)}.",
            detail_zh=f"报表“{name}”不支持参数：{', '.join(foreign)}。",
            errors=tuple(
                FieldError(f"?{each}", f"the report '{name}' does not take this", f"报表“{name}”不支持此参数")
                for each in foreign
            ),
        )
    return build(call)


def wants_csv(call: Call[Any]) -> bool:
    """``format`` decides; without it the Accept header, where CSV must be named."""
    asked = call.query.format
    return asked == "csv" or (asked is None and "text/csv" in (call.header("accept") or ""))


def _summary(call: Call[Any]) -> SummaryView | Csv:
    query = call.query
    found = summarise(call.tenant_id, query.from_on, query.to_on, By(query.by) if query.by else None, call.now)
    view = SummaryView.of(found, call.locale)
    return _summary_csv(view) if wants_csv(call) else view


def _retention(call: Call[Any]) -> RetentionView | Csv:
    query = call.query
    asked = Asked(
        Unit(query.unit),
        Mode(query.mode),
        query.from_on,
        query.to_on,
        _DAYS_SHOWN if query.periods is None and query.unit == Unit.DAY else query.periods,
        _brackets(query),
    )
    table = retention(call.tenant_id, asked, call.now)
    view = RetentionView.of(table, call.locale)
    if query.members is not None:
        view = _with_members(call, table, view)
    return _retention_csv(view) if wants_csv(call) else view


def _with_members(call: Call[Any], table: Retention, view: RetentionView) -> RetentionView:
    query, secret = call.query, token_secret()
    asked = query.model_dump(mode="json", exclude={"cursor", "limit", "format"})
    binding = json.dumps([call.tenant_id, "retention", asked], sort_keys=True)
    after = decode(query.cursor, binding, secret)["after"] if query.cursor else -1
    found, following = members_behind(call.tenant_id, cell_of(table, query.members), after, query.limit)
    cursor = None if following is None else encode({"after": following}, binding, secret)
    return view.model_copy(update={"members": behind(found), "next_cursor": cursor})


def _brackets(query: ReportQuery) -> Sequence[Bracket]:
    if (Mode(query.mode) is Mode.BRACKET) != bool(query.brackets):
        raise Invalid.at(
            "?brackets",
            "mode=bracket and brackets belong together, such as brackets=1-3,4-7.",
            "mode=bracket 与 brackets 须同时使用，例如 brackets=1-3,4-7。",
        )
    found = []
    for text in dict.fromkeys(query.brackets):
        part = _BRACKET.fullmatch(text)
        if part is None or int(part[1]) > int(part[2]) or int(part[2]) > _MOST_BRACKET_DAYS:
            raise Invalid.at(
                "?brackets",
                f"'{text[:40]}' is no bracket; write days as low-high, such as 1-3.",
                f"“{text[:40]}”不是区间，请按“起-止”填写天数，例如 1-3。",
            )
        found.append(Bracket(int(part[1]), int(part[2])))
    if len(found) > _MOST_BRACKETS:
        raise Invalid.at(
            "?brackets", f"At most {_MOST_BRACKETS} brackets are taken at once.", f"一次最多 {_MOST_BRACKETS} 个区间。"
        )
    return found


def _retention_csv(view: RetentionView) -> Csv:
    if view.members is not None:
        return Csv("members.csv", ("id", "external_ref", "name"), [list(m.model_dump().values()) for m in view.members])
    frame = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [row.cohort, row.size, *_cell(cell), view.unit, view.mode, *frame] for row in view.rows for cell in row.cells
    ]
    header = ("cohort", "size", "period", "count", "eligible", "rate", "complete", "unit", "mode", *_FRAME)
    return Csv("retention.csv", header, rows)


def _cell(cell: CellView) -> list[Any]:
    return [cell.period, cell.count, cell.eligible, cell.rate, str(cell.complete).lower()]


def _summary_csv(view: SummaryView) -> Csv:
    frame = ["summary", definitions.SUMMARY[0].version, view.timezone, view.as_of, view.revision]
    groups: list[Any] = list(view.rows) or [view.totals]
    rows = []
    for group in groups:
        name, spans = getattr(group, "group", "total"), getattr(group, "from_on", view.from_on)
        until = getattr(group, "to_on", view.to_on)
        complete = str(getattr(group, "complete", view.complete)).lower()
        figures = [group.members, group.active_members, group.new_members, group.orders, group.quantity]
        money = [group.gmv.amount_minor, group.aov and group.aov.amount_minor, group.gmv.currency]
        rows.append([name, spans, until, *figures, *money, complete, *frame])
    header = (
        *("group", "from_on", "to_on", "members", "active_members", "new_members", "orders", "quantity"),
        *("gmv_minor", "aov_minor", "currency", "complete", *_FRAME),
    )
    return Csv("summary.csv", header, rows)


_FRAME = ("definition", "version", "timezone", "as_of", "revision")
_REPORTS: dict[str, tuple[frozenset[str], Callable[[Call[Any]], RetentionView | SummaryView | Csv]]] = {
    "summary": (_RANGE | {"by"}, _summary),
    "retention": (
        _RANGE | {"unit", "mode", "periods", "brackets", "members", "limit", "cursor"},
        _retention,
    ),
}
