"""The classes report: new, active, dormant and churned members as of a day."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from chalicelib.insight.model import definitions
from chalicelib.insight.model.cohorts import rate
from chalicelib.insight.reports.behind import BehindQuery, BehindView, check_no_cursor, members_table, page_behind
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
from chalicelib.insight.reports.service.classes import Classes, classes
from chalicelib.insight.reports.words import CLASS_WORDS
from chalicelib.kernel.errors import Invalid
from chalicelib.members.model.classes import MemberClass
from chalicelib.members.views import ClassesView as ThresholdsView
from chalicelib.web import Csv, LocalDate, View, columns


class ClassesQuery(FormQuery, BehindQuery):
    """As of the end of which local day; by default of the last one that is complete. ``members`` names a class whose
    members are listed.
    """

    as_of: ReportedDate | None = None
    members: Annotated[str | None, StringConstraints(max_length=60)] = None


class ClassView(View):
    """A class: how many members are of it, which share of all, how many were a month before, and the change."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    class_: Literal["new", "active", "dormant", "churned"] = Field(alias="class")
    count: int
    share: str
    count_before: int
    change: int


class ClassesReportView(ReportView):
    """Every member who had an order by ``to_on``, by class at the end of that day; ``before_on`` is a month before."""

    report: Literal["classes"] = "classes"
    definition: DefinitionView
    thresholds: ThresholdsView
    before_on: LocalDate
    total: int
    rows: list[ClassView]
    members: list[BehindView] | None = Field(None, description="The members of the class that was named.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, found: Classes, locale: str) -> "ClassesReportView":
        counts = {each: bits.bit_count() for each, bits in found.now.items()}
        before = {each: bits.bit_count() for each, bits in found.before.items()}
        total = sum(counts.values())
        return cls(
            **frame(found.horizon, found.timezone, found.from_on, found.on, found.revision),
            definition=DefinitionView.of(definitions.classes(found.thresholds), locale),
            thresholds=ThresholdsView.of(found.thresholds),
            before_on=found.before_on,
            total=total,
            rows=[
                ClassView.model_validate(
                    {
                        "class": each.value,
                        "count": count,
                        "share": str(rate(count, total)),
                        "count_before": before[each],
                        "change": count - before[each],
                    }
                )
                for each, count in counts.items()
            ],
        )


def _run(asked: Asked[ClassesQuery]) -> ClassesReportView:
    query = asked.query
    found = classes(asked.tenant_id, query.as_of, asked.now)
    view = ClassesReportView.of(found, asked.locale)
    if query.members is None:
        check_no_cursor(query)
        return view
    if query.members not in set(MemberClass):
        raise Invalid.at(
            "?members",
            f"There is no class '{query.members}'; name one of: {', '.join(MemberClass)}.",
            f"没有分层“{query.members}”，请填写：{'、'.join(MemberClass)}。",
        )
    return view.model_copy(update=page_behind(asked, "classes", found.now[MemberClass(query.members)]))


_ROWS = columns(
    **{"class": ("Class", "分层", CLASS_WORDS)}, count=("Members", "人数"), share=("Share", "占比"),
    count_before=("A month before", "一个月前"), change=("Change", "变化"), to_on=("On", "日期"),
)  # fmt: skip


def _table(view: ClassesReportView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [each.class_, each.count, Decimal(each.share), each.count_before, each.change, view.to_on, *made_of]
        for each in view.rows
    ]
    return Csv("classes.csv", (*_ROWS, *FRAME), rows)


CLASSES = Report("classes", ClassesQuery, ClassesReportView, _run, _table)
