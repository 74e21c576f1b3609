"""Why members left: by reason and month, who is behind each figure, and what they wrote."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model import definitions
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.reports.behind import check_no_cursor, cursor_to, place
from chalicelib.insight.reports.charting import MEMBERS, words
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, RangeQuery, Report, ReportView
from chalicelib.insight.reports.service.leaving import Cell, Leaving, Left, behind, leaving
from chalicelib.kernel.cursor import SHAPE
from chalicelib.kernel.errors import Invalid
from chalicelib.members.leaving.model import LeaveReason
from chalicelib.members.model.masking import shown_reference
from chalicelib.web import Contact, Csv, Instant, LocalDate, UlidStr, View, columns


class LeavingQuery(RangeQuery):
    """The local days on which they left; by default those of the last twelve months. ``members`` names a cell, such as
    ``2026-11:prices``, and has the members behind it listed.
    """

    members: Annotated[str | None, StringConstraints(max_length=60)] = None
    limit: Annotated[int, Field(ge=1, le=10_000, description="Members listed at once")] = 10_000
    cursor: Annotated[str | None, Field(max_length=500, json_schema_extra={"pattern": SHAPE})] = None


class ReasonView(View):
    """Members who left for a reason, and how many of them are ``back``; ``share`` is of all who left, exactly."""

    reason: str
    left: int
    back: int
    share: str


class LeavingRowView(View):
    """The same in a month; figures of a cell are of the days asked for."""

    month: str
    reason: str
    left: int
    back: int


class WordsView(View):
    """What somebody wrote who left; not shown to who sees no names."""

    member_id: UlidStr
    left_on: LocalDate
    reason: str
    text: Contact[str]


class LeftMemberView(View):
    """One member behind a figure."""

    id: UlidStr
    external_ref: str | None
    name: Contact[str]
    left_on: LocalDate
    back_at: Instant | None
    text: Contact[str]


class LeavingView(ReportView):
    """Why members left. It is up to date, and the running day is never complete."""

    report: Literal["leaving"] = "leaving"
    as_of: Instant
    definition: DefinitionView
    left: int
    back: int
    reasons: list[ReasonView]
    rows: list[LeavingRowView]
    words: list[WordsView] = Field(description="The latest that they wrote, up to fifty.")
    members: list[LeftMemberView] | None = Field(
        default=None, description="The members behind the cell that was named."
    )
    members_total: int | None = Field(default=None, description="How many members are behind it, on all pages.")
    next_cursor: str | None = Field(default=None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, found: Leaving, asked: Asked[Any]) -> "LeavingView":
        whole = found.whole
        return cls(
            timezone=found.timezone,
            from_on=found.from_on,
            to_on=found.to_on,
            as_of=asked.now,
            complete=found.to_on < found.today,
            pending_days=0,
            revision=found.changes,
            definition=DefinitionView.of(definitions.LEAVING, asked.locale),
            left=whole.left,
            back=whole.back,
            reasons=[
                ReasonView(reason=reason, left=each.left, back=each.back, share=each.share_of(whole))
                for reason, each in found.by_reason.items()
            ],
            rows=[
                LeavingRowView(month=month, reason=reason, left=each.left, back=each.back)
                for (month, reason), each in found.cells.items()
            ],
            words=[
                WordsView(member_id=each.member_id, left_on=each.left_on, reason=each.reason, text=each.note)
                for each in found.words
            ],
        )


def _run(asked: Asked[LeavingQuery]) -> LeavingView:
    query = asked.query
    found = leaving(asked.tenant_id, query.from_on, query.to_on, asked.now)
    view = LeavingView.of(found, asked)
    if query.members is not None:
        return _with_members(asked, query.members, found, view)
    check_no_cursor(query)
    return view


def _with_members(asked: Asked[LeavingQuery], named: str, found: Leaving, view: LeavingView) -> LeavingView:
    cell = _cell(named)
    some, following = behind(asked.tenant_id, found, cell, place(asked, "leaving") or "", asked.query.limit)
    total = found.cells[cell].left if cell in found.cells else 0
    listed = {"members": [_behind(each) for each in some], "members_total": total}
    return view.model_copy(update={**listed, "next_cursor": cursor_to(asked, "leaving", following)})


def _cell(named: str) -> Cell:
    """Raises Invalid for what is no cell."""
    month, _, reason = named.partition(":")
    try:
        date.fromisoformat(f"{month}-01")
        return Cell(month, LeaveReason(reason).value)
    except ValueError as wrong:
        raise Invalid.at(
            "?members",
            f"'{named[:40]}' is no cell; write a month and a reason, such as 2026-11:prices.",
            f"“{named[:40]}”不是有效的单元格，请填写“月份:原因”，例如 2026-11:prices。",
        ) from wrong


def _behind(left: Left) -> LeftMemberView:
    member = left.member
    return LeftMemberView(
        id=left.member_id,
        external_ref=shown_reference(member.external_ref, member.identities) if member else None,
        name=member.name if member else None,
        left_on=left.left_on,
        back_at=left.back_at,
        text=left.note,
    )


_REASONS = {
    "moved_away": ("moved away", "搬家"), "too_many_messages": ("too many messages", "消息太多"),
    "prices": ("prices", "价格"), "nothing_for_me": ("nothing for them", "没有想买的"),
    "quality": ("quality of goods", "商品质量"),
    "pickup_unsuitable": ("place or hours of pickup", "自提地点或时间不便"),
    "service": ("service", "服务"), "privacy": ("privacy", "隐私"), "other": ("another reason", "其他"),
    "not_said": ("not said", "未说明"),
}  # fmt: skip

_ROWS = columns(
    month=("Month", "月份"), reason=("Reason", "原因", _REASONS), left=("Left", "退出人数"),
    back=("Of them back", "其中已回归"),
)  # fmt: skip
_MEMBERS = columns(
    id=("Member ID", "会员编号"), external_ref=("Reference", "外部编号"), name=("Name", "姓名"),
    left_on=("Left on", "退出日期"), back_at=("Back at", "回归时间"), text=("In their words", "会员原话"),
)  # fmt: skip


def _table(view: LeavingView) -> Csv:
    if view.members is not None:
        return Csv("members.csv", _MEMBERS, [list(each.model_dump().values()) for each in view.members])
    made_of = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [[each.month, each.reason, each.left, each.back, *made_of] for each in view.rows]
    return Csv("leaving.csv", (*_ROWS, *FRAME), rows)


_LEFT, _BACK = Words("left", "退出"), Words("of them back", "其中已回归")


def _charts(view: LeavingView) -> Sequence[Chart]:
    reasons = [words(_REASONS, each.reason) for each in view.reasons]
    why = [Series(_LEFT, [each.left for each in view.reasons]), Series(_BACK, [each.back for each in view.reasons])]
    months = sorted({each.month for each in view.rows})
    when = [
        Series(_LEFT, [sum(each.left for each in view.rows if each.month == month) for month in months]),
        Series(_BACK, [sum(each.back for each in view.rows if each.month == month) for month in months]),
    ]
    running = frozenset(at for at, month in enumerate(months) if not view.complete and month == f"{view.to_on:%Y-%m}")
    return [
        Chart(Kind.BARS, Words("Why members left", "会员退出原因"), MEMBERS, reasons, why),
        Chart(Kind.BARS, Words("Members who left, by month", "各月退出会员数"), MEMBERS, months, when, running),
    ]


LEAVING = Report(
    "leaving",
    LeavingQuery,
    LeavingView,
    _run,
    _table,
    charts=_charts,
    title=Words("Who leaves, and why", "会员退出及原因"),
    tells=Words(
        "How many members left in each month, for which reasons, and who came back.", "各月退出会员数、原因及回归情况。"
    ),
)
