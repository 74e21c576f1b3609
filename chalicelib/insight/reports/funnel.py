"""The funnel report: how far people come along a path of steps, and who stops where."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.intake.model.kinds import BRIEF, KINDS
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.cohorts import rate
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.funnel import Entry, Order, Path
from chalicelib.insight.reports.behind import BehindQuery, BehindView, check_no_cursor, members_table, page_behind
from chalicelib.insight.reports.charting import in_percent
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.funnel import Funnel, Per, Reach, Split, Wanted, funnel
from chalicelib.kernel.errors import Invalid
from chalicelib.web import CommaList, Csv, View, columns

USUAL_STEPS = ("view", "cart", "order", "review")
MOST_STEPS = 10
USUAL_HOURS, MOST_HOURS = 24 * 7, 24 * 400

FUNNEL_DEFINITION = Definition(
    "funnel",
    1,
    "People who came to each step. A path begins with an entry, an event of the first step (in any order: of any "
    "step) on a local day in the range; what follows counts until so many hours after it, the last instant included, "
    "past the range too. Each event is one step at most, and events at the same instant follow in the order in which "
    "they were told. ordered: the steps in their order, whatever lies between. strict: each step is the very next "
    "event. any: as many of the steps as lie in a window, in whatever order; step k is then k of them. first: only "
    "somebody's first entry in the range counts; best: the entry from which they come farthest. of_first and "
    "of_previous are shares of the first and of the step before. open: those who stopped at a step and may still come "
    "farther, since the window of an entry, and by visit the visit itself, is not over; they are among the counted. "
    "A person is a member, or a visitor who has not signed in since; a visit ends with 30 minutes without an event, "
    "and each is counted by itself. By channel: that of the entry, so who enters by two is in both groups, by the "
    "first 20. By campaign: all steps are of that campaign. Groups do not add up to the whole; the 100 of the most "
    "people are shown. Orders, reviews, survey answers, cases and opened messages come from this platform's own "
    "records, orders and reviews also from what other shops tell; imported orders are no steps, since of most only "
    "the day is known. Robots are left out.",
    "到达各步骤的人数。路径始于一次进入，即所选日期（本地日期）内第一步的事件（任意顺序时为任一步骤的事件）；"
    "其后所选小时数内（含最后一刻，可超出所选日期）的事件计入。每个事件至多算一步，同一时刻的事件按上报顺序。"
    "ordered：按顺序完成各步，中间可有其他事件；strict：下一步必须是紧接着的事件；any：窗口内完成的步骤数，顺序不限，"
    "第 k 步即完成其中 k 步。first：只计所选日期内首次进入；best：取走得最远的一次进入。"
    "of_first、of_previous：占第一步、上一步的比例。open：停在该步但窗口（按访问统计时亦须该次访问）尚未结束、仍可能继续的人数，已包含在人数中。"
    "人指会员或此后未登录的访客；30 分钟无事件即为一次访问结束，按访问统计时各次分别计。"
    "按渠道：以进入事件的渠道为准，经多个渠道进入者计入各组，至多前 20 个。按团购：所有步骤均属该团购。"
    "各组相加不等于总数；显示人数最多的 100 组。下单、评价、问卷、服务与已读消息取自本平台记录，"
    "下单与评价亦可由其他店铺上报；导入的订单大多仅知日期，不作为步骤。不含机器人。",
)

_CELL = re.compile(r"([1-9][0-9]?)(?::(stopped|open))?")


class FunnelQuery(RangeQuery, BehindQuery):
    """Local days of entries, both included; by default the last thirty complete ones. ``members`` names a step and has
    its members listed.
    """

    steps: Annotated[CommaList, Field(description="Two to ten kinds of events, such as view,cart,order")] = [
        *USUAL_STEPS
    ]
    window_hours: Annotated[int, Field(ge=1, le=MOST_HOURS, description="How long after the entry steps count")] = (
        USUAL_HOURS
    )
    order: Order = Order.ORDERED
    entry: Entry = Entry.FIRST
    per: Per = Per.PERSON
    channel: Annotated[str | None, StringConstraints(max_length=64)] = Field(
        default=None, description="Entries by this channel alone"
    )
    campaign: Annotated[str | None, StringConstraints(max_length=64)] = Field(
        default=None, description="Events of this campaign alone"
    )
    split: Split | None = None
    members: Annotated[str | None, StringConstraints(max_length=60)] = Field(
        default=None, description="A step by its number, such as 2 for all who came to it, 2:stopped or 2:open"
    )


class FunnelStepView(View):
    """How many people, or visits, came to a step; ``visitors`` of them have not signed in. ``open`` of those for whom
    it is the last so far may still come farther.
    """

    step: str
    members: int
    visitors: int
    of_first: str
    of_previous: str
    open: int


class FunnelGroupView(View):
    """The same of a channel or campaign; null where there was none."""

    id: str | None
    title: str | None
    steps: list[FunnelStepView]
    open: int


class FunnelView(ReportView):
    """How far people come. ``open`` may still come farther, and until nobody can the range is not complete."""

    report: Literal["funnel"] = "funnel"
    definition: DefinitionView
    window_hours: int
    order: Order
    entry: Entry
    per: Per
    split: Split | None
    steps: list[FunnelStepView]
    open: int
    groups: list[FunnelGroupView] | None = Field(None, description="Channels or campaigns, if they were asked for.")
    further_groups: int = Field(0, description="Groups of fewer people, beyond the hundred that are shown.")
    members: list[BehindView] | None = Field(None, description="The members behind the step that was named.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, found: Funnel, query: FunnelQuery, locale: str) -> "FunnelView":
        shown = frame(found.horizon, found.timezone, found.from_on, found.to_on, found.revision)
        groups = [_group(each, reach, found, query.steps) for each, reach in found.groups.items()]
        return cls(
            **{**shown, "complete": found.ended and not any(found.whole.open_), "pending_days": 0},
            definition=DefinitionView.of(FUNNEL_DEFINITION, locale),
            window_hours=query.window_hours,
            order=query.order,
            entry=query.entry,
            per=query.per,
            split=query.split,
            steps=_steps(query.steps, found.whole),
            open=sum(found.whole.open_),
            groups=sorted(groups, key=_by_size) if query.split else None,
            further_groups=found.further_groups,
        )


def _by_size(group: FunnelGroupView) -> tuple[int, str]:
    return -group.steps[0].members, group.id or ""


def _group(name: str, reach: Reach, found: Funnel, steps: Sequence[str]) -> FunnelGroupView:
    title = found.titles.get(name)
    return FunnelGroupView(id=name or None, title=title, steps=_steps(steps, reach), open=sum(reach.open_))


def _steps(names: Sequence[str], reach: Reach) -> list[FunnelStepView]:
    visitors = [sum(reach.others[place:]) for place in range(len(names))]
    people = [
        sum(map(len, reach.members[place:])) + others for place, others in enumerate(visitors)
    ]  # who came farther came here
    return [
        FunnelStepView(
            step=name,
            members=people[place],
            visitors=visitors[place],
            of_first=str(rate(people[place], people[0])),
            of_previous=str(rate(people[place], people[max(place - 1, 0)])),
            open=reach.open_[place],
        )
        for place, name in enumerate(names)
    ]


def _run(asked: Asked[FunnelQuery]) -> FunnelView:
    query = asked.query
    _check_steps(query.steps)
    of = None if query.members is None else _named(query.members, len(query.steps))
    path = Path(query.steps, timedelta(hours=query.window_hours), query.order, query.entry)
    wanted = Wanted(path, query.per, query.channel, query.campaign, query.split)
    found = funnel(asked.tenant_id, wanted, query.from_on, query.to_on, asked.now)
    view = FunnelView.of(found, query, asked.locale)
    if of is None:
        check_no_cursor(query)
        return view
    return view.model_copy(update=page_behind(asked, "funnel", of(found.whole)))


def _check_steps(steps: Sequence[str]) -> None:
    """Raises Invalid for unknown steps, fewer than two, or too many."""
    if unknown := [each for each in steps if each not in KINDS]:
        raise Invalid.at(
            "?steps",
            f"There is no kind of event '{unknown[0][:40]}'; there are: {', '.join(KINDS)}.",
            f"没有事件类型“{unknown[0][:40]}”，现有：{'、'.join(KINDS)}。",
        )
    if not 2 <= len(steps) <= MOST_STEPS:
        raise Invalid.at(
            "?steps",
            f"A path has 2 to {MOST_STEPS} steps; you named {len(steps)}.",
            f"路径应有 2 至 {MOST_STEPS} 个步骤，当前为 {len(steps)} 个。",
        )


def _named(named: str, steps: int) -> Callable[[Reach], int]:
    """Finds the members behind the figure that is named, as bits."""
    cell = _CELL.fullmatch(named)
    if cell is None or int(cell[1]) > steps:
        raise Invalid.at(
            "?members",
            f"'{named}' names no step; write its number, from 1 to {steps}, alone or with :stopped or :open.",
            f"“{named}”不是有效的步骤，请填写 1 至 {steps} 的序号，可加 :stopped 或 :open。",
        )
    place = int(cell[1]) - 1

    def members(reach: Reach) -> int:
        still = bitmaps.of(reach.open_members[place])
        if cell[2] == "open":
            return still
        if cell[2] == "stopped":
            return bitmaps.of(reach.members[place]) & ~still
        return bitmaps.of(ordinal for deepest in reach.members[place:] for ordinal in deepest)

    return members


_STEP_WORDS = {name: (kind.en, kind.zh) for name, kind in KINDS.items()}
_WHOSE = {"total": ("together", "合计"), "none": ("none named", "未归属")}
_STEPS = columns(
    group_id=("Group", "分组编号"), title=("Title", "名称", _WHOSE), place=("Place", "序号"),
    step=("Step", "步骤", _STEP_WORDS), members=("Reached", "到达"), visitors=("Not signed in", "其中未登录访客"),
    of_first=("Of first", "占第一步"), of_previous=("Of previous", "占上一步"), open=("Open", "尚未结束"),
    from_on=("From", "起始日"), to_on=("To", "截止日"), window_hours=("Hours", "窗口小时"),
    further_groups=("Groups not shown", "未显示的组数"),
)  # fmt: skip


def _table(view: FunnelView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    whole = [(None, "total" if view.groups else None, view.steps)]
    rows = [
        [
            *(group_id, title, place, each.step, each.members, each.visitors),
            *(Decimal(each.of_first), Decimal(each.of_previous), each.open),
            *(view.from_on, view.to_on, view.window_hours, view.further_groups, *made_of),
        ]
        for group_id, title, steps in [
            *whole,
            *((each.id, each.title or each.id or "none", each.steps) for each in view.groups or ()),
        ]
        for place, each in enumerate(steps, 1)
    ]
    return Csv("funnel.csv", (*_STEPS, *FRAME), rows)


def _charts(view: FunnelView) -> list[Chart]:
    unit = Words("visits", "次访问") if view.per is Per.VISIT else Words("people", "人")
    title = Words("How far people come", "各步骤到达情况")
    names = [Words(*BRIEF[each.step]) for each in view.steps]
    labels = [Words(f"{place} {each.en}", f"{place} {each.zh}") for place, each in enumerate(names, 1)]
    came = Series(Words("Came", "到达"), [each.members - each.open for each in view.steps])
    still = Series(Words("Still open", "尚未结束"), [each.open for each in view.steps])
    return [Chart(Kind.STACKED, title, unit, labels, [came, still] if view.open else [came])]


def _facts(view: FunnelView) -> list[Fact]:
    last = view.steps[-1]
    return [
        Fact(Words("Came to the last step", "到达最后一步"), f"{last.members:,} ({in_percent(last.of_first)})"),
        Fact(Words("May still come farther", "仍可能继续"), f"{view.open:,}"),
    ]


def _behind(view: FunnelView) -> list[Mapping[str, str]]:
    """The members behind the steps of all; those of one group are not named."""
    whole = [{"members": str(place), "open": f"{place}:open"} for place in range(1, len(view.steps) + 1)]
    return [*whole, *({} for each in view.groups or () for _ in each.steps)]


FUNNEL = Report(
    "funnel",
    FunnelQuery,
    FunnelView,
    _run,
    _table,
    charts=_charts,
    title=Words("From looking to ordering", "转化漏斗"),
    tells=Words(
        "How far people come on the way from looking to ordering and reviewing, and where they stop.",
        "从浏览到下单、评价，各步骤的到达人数与流失位置。",
    ),
    facts=_facts,
    behind=_behind,
)
