"""The RFM report: how recently, how often and for how much members order, scored 1 to 5."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model import definitions
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.rfm import Cut, cuts
from chalicelib.insight.reports.behind import BehindQuery, BehindView, check_no_cursor, members_table, page_behind
from chalicelib.insight.reports.charting import MEMBERS
from chalicelib.insight.reports.report import (
    FRAME,
    Asked,
    DefinitionView,
    FormQuery,
    Report,
    ReportedDate,
    ReportView,
    frame,
)
from chalicelib.insight.reports.service.rfm import Rfm, rfm
from chalicelib.kernel.errors import Invalid
from chalicelib.members.model.classes import MemberClass
from chalicelib.web import CommaList, Csv, LocalDate, MoneyField, View, columns

_CELL = re.compile(r"([1-5]):([1-5]):([1-5*])")
_ANY = "*"


class RfmQuery(FormQuery, BehindQuery):
    """Orders from ``from_on``, or ever, up to the end of the local day ``as_of``, by default the last complete one.
    ``of_class`` leaves members of other classes out. ``members`` names a cell whose members are listed.
    """

    from_on: ReportedDate | None = None
    as_of: ReportedDate | None = None
    of_class: Annotated[CommaList, Field(description="Classes on that day, such as dormant,churned")] = []
    members: Annotated[str | None, StringConstraints(max_length=60)] = Field(
        default=None, description="Scores as r:f:m, such as 5:4:5; 5:4:* for any value"
    )


class RfmCellView(View):
    """Members with the same three scores."""

    r: int
    f: int
    m: int
    count: int


class DaysCutView(View):
    """Members whose last order was from one local day to another have this score."""

    score: int
    from_on: LocalDate
    to_on: LocalDate
    count: int


class OccasionsCutView(View):
    """Members who ordered on so many days, at least and at most, have this score."""

    score: int
    least: int
    most: int
    count: int


class SpentCutView(View):
    """Members who spent so much, at least and at most, have this score."""

    score: int
    least: MoneyField
    most: MoneyField
    count: int


class CutPointsView(View):
    """Where the scores part; one that nobody has is left out."""

    recency: list[DaysCutView]
    frequency: list[OccasionsCutView]
    monetary: list[SpentCutView]


class RfmView(ReportView):
    """Every member with an order in these days, by their three scores; ``total`` of them. ``to_on`` is the day as of
    which they are scored.
    """

    report: Literal["rfm"] = "rfm"
    definition: DefinitionView
    of_class: list[str]
    total: int
    cut_points: CutPointsView
    rows: list[RfmCellView]
    members: list[BehindView] | None = Field(None, description="The members behind the cell that was named.")
    members_total: int | None = Field(None, description="How many members are behind it, on all pages.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, found: Rfm, of_class: list[MemberClass], locale: str) -> "RfmView":
        return cls(
            **frame(found.horizon, found.timezone, found.from_on, found.on, found.revision),
            definition=DefinitionView.of(definitions.RFM, locale),
            of_class=[each.value for each in of_class],
            total=len(found.scores),
            cut_points=CutPointsView(
                recency=[_days(each) for each in cuts(found.histograms.recency)],
                frequency=[
                    OccasionsCutView(score=each.score, least=each.worst, most=each.best, count=each.count)
                    for each in cuts(found.histograms.frequency)
                ],
                monetary=[_spent(each, found.currency) for each in cuts(found.histograms.monetary)],
            ),
            rows=[RfmCellView(r=r, f=f, m=m, count=count) for (r, f, m), count in found.counts.items()],
        )


def _days(cut: Cut) -> DaysCutView:
    return DaysCutView(
        score=cut.score, from_on=date.fromordinal(cut.worst), to_on=date.fromordinal(cut.best), count=cut.count
    )


def _spent(cut: Cut, currency: str) -> SpentCutView:
    least, most = MoneyField.of(cut.worst, currency), MoneyField.of(cut.best, currency)
    return SpentCutView(score=cut.score, least=least, most=most, count=cut.count)


def _run(asked: Asked[RfmQuery]) -> RfmView:
    query, of_class = asked.query, _classes(asked.query.of_class)
    cell = None if query.members is None else _cell(query.members)
    found = rfm(asked.tenant_id, query.from_on, query.as_of, of_class, asked.now)
    view = RfmView.of(found, of_class, asked.locale)
    if cell is None:
        check_no_cursor(query)
        return view
    return view.model_copy(update=page_behind(asked, "rfm", found.members(*cell)))


def _classes(named: list[str]) -> list[MemberClass]:
    for name in named:
        if name not in set(MemberClass):
            raise Invalid.at(
                "?of_class",
                f"There is no class '{name[:40]}'; name some of: {', '.join(MemberClass)}.",
                f"没有分层“{name[:40]}”，请填写：{'、'.join(MemberClass)}。",
            )
    return [each for each in MemberClass if each in named]


def _cell(named: str) -> tuple[int, int, int | None]:
    """The scores that are named; None for a value of any score."""
    found = _CELL.fullmatch(named)
    if found is None:
        raise Invalid.at(
            "?members",
            f"'{named}' names no cell; write the three scores as r:f:m, such as 5:4:5.",
            f"“{named}”不是单元格，请按 r:f:m 填写三个评分，例如 5:4:5。",
        )
    return int(found[1]), int(found[2]), None if found[3] == _ANY else int(found[3])


_CELLS = columns(
    r=("Recency", "最近购买"), f=("Frequency", "购买频次"), m=("Value", "购买金额"), count=("Members", "人数"),
    from_on=("From", "起始日"), to_on=("On", "日期"),
)  # fmt: skip


def _table(view: RfmView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [[each.r, each.f, each.m, each.count, view.from_on, view.to_on, *made_of] for each in view.rows]
    return Csv("rfm.csv", (*_CELLS, *FRAME), rows)


def _charts(view: RfmView) -> Sequence[Chart]:
    """Members by how recently and how often they order, whatever they spend."""
    counts: dict[tuple[int, int], int] = {}
    for each in view.rows:
        counts[each.f, each.r] = counts.get((each.f, each.r), 0) + each.count
    scores = range(1, 6)
    series = [
        Series(Words(f"frequency {f}", f"频次 {f}"), [counts.get((f, r), 0) for r in scores]) for f in reversed(scores)
    ]
    title = Words("Members by recency (across) and frequency", "会员分布：横轴为最近购买评分，纵轴为购买频次评分")
    return [Chart(Kind.DOTS, title, MEMBERS, [str(r) for r in scores], series)]


RFM = Report(
    "rfm",
    RfmQuery,
    RfmView,
    _run,
    _table,
    charts=_charts,
    title=Words("How members score", "会员评分"),
    tells=Words(
        "How recently, how often and for how much members order, in scores from 1 to 5.",
        "会员最近购买、购买频次与金额的 1 至 5 分评分。",
    ),
)
