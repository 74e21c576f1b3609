"""Who the members are, by what they said of themselves and let figures use, and how many of each became customers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field as Described
from pydantic import StringConstraints

from chalicelib.db import fetch_many
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.cohorts import rate
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.references import Topic
from chalicelib.insight.personas.model import NOT_AGREED, OTHER, SMALL, UNKNOWN, Field
from chalicelib.insight.reports.behind import BehindQuery, BehindView, check_no_cursor, members_table, page_behind
from chalicelib.insight.reports.charting import MEMBERS, in_percent
from chalicelib.insight.reports.converted import ConversionView
from chalicelib.insight.reports.references import ReferenceView
from chalicelib.insight.reports.report import (
    FRAME,
    Asked,
    DefinitionView,
    Fact,
    FormQuery,
    Report,
    ReportedDate,
    ReportView,
    frame,
)
from chalicelib.kernel.context import contacts_shown
from chalicelib.kernel.errors import Invalid
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.web import Csv, View, columns

if TYPE_CHECKING:
    from chalicelib.insight.reports.service.personas import Personas

PERSONAS_MEANING = Definition(
    "personas",
    1,
    "Members of the end of the last day asked for, by what they say of themselves now. An answer counts while its "
    "member agrees to the purpose of figures, and none of somebody who has not signed in; those who do not agree, and "
    "those who gave no answer, have rows of their own. By interests and media a member counts in each that they have, "
    "so these rows do not add up. For readers to whom no contacts are shown, a group of fewer than five members, and "
    "one that would tell of as few beside the others, is united into one row.",
    "以所选末日结束时的会员为准，按其现有资料分布。仅统计同意“用于统计”的会员的答案，从未登录者的资料不计；未同意者、未填写者各占一行。"
    "兴趣与触达方式可多选，会员在每一项各计一次，故各行不可相加。对无权查看联系方式的角色，少于五人的分组，"
    "以及与其他分组对比可推知少数人的分组，合并为一行。",
)

FIELD_WORDS: Mapping[str, Words] = {
    Field.AGE: Words("Age", "年龄"),
    Field.GENDER: Words("Gender", "性别"),
    Field.HOUSEHOLD: Words("Household", "家庭"),
    Field.OCCUPATION: Words("Occupation", "职业"),
    Field.INCOME: Words("Income", "收入"),
    Field.POINT: Words("Favourite pickup point", "常用自提点"),
    Field.INTERESTS: Words("Interests", "兴趣"),
    Field.MEDIA: Words("Reached by", "触达方式"),
    Field.ORIGIN: Words("How they came", "来源方式"),
}

_ROW_WORDS: Mapping[str, Words] = {
    UNKNOWN: Words("not known", "未知"),
    NOT_AGREED: Words("do not agree to be counted by it", "未同意用于统计"),
    SMALL: Words("groups not shown apart", "未单独列出的分组"),
    OTHER: Words("other answers", "其他答案"),
    "email": Words("e-mail", "邮件"),
    "sms": Words("text message", "短信"),
    "official_account": Words("official account", "公众号"),
}


class PersonasQuery(FormQuery, BehindQuery):
    """The members at the end of which local day; by default of the last one that is complete. ``members`` names a row,
    such as ``age_band:25_34``, whose members are listed.
    """

    to_on: ReportedDate | None = None
    members: Annotated[str | None, StringConstraints(max_length=60)] = None


class PersonaRowView(View):
    """Members of one value of one field, their share of all, and how many of them are customers; ``text`` is what the
    value is called.
    """

    field: str
    value: str
    text: str
    members: int
    share: str
    customers: int
    conversion: str


class PersonasView(ReportView):
    """Every member at the end of ``to_on``, by each field; ``waiting`` members joined so lately that the coming night
    counts them.
    """

    report: Literal["personas"] = "personas"
    definition: DefinitionView
    conversion: ConversionView
    waiting: int
    rows: list[PersonaRowView]
    reference: list[ReferenceView]
    members: list[BehindView] | None = Described(None, description="The members of the row that was named.")
    next_cursor: str | None = Described(None, description="Give it as cursor for further members; null at the end.")


def _run(asked: Asked[PersonasQuery]) -> PersonasView:
    from chalicelib.insight.reports.service.personas import personas  # no other report asks for them

    query = asked.query
    found = personas(asked.tenant_id, query.to_on, asked.now, hides=not contacts_shown.get())
    view = _view(found, asked)
    if query.members is None:
        check_no_cursor(query)
        return view
    behind = {f"{each.field}:{each.value}": each.members for each in found.rows}
    if query.members not in behind:
        raise Invalid.at(
            "?members",
            f"There is no row '{query.members}'; name one as field:value, such as {next(iter(behind))}.",
            f"没有“{query.members}”这一行，请按“字段:取值”填写，例如 {next(iter(behind))}。",
        )
    return view.model_copy(update=page_behind(asked, "personas", behind[query.members]))


def _view(found: "Personas", asked: Asked[PersonasQuery]) -> PersonasView:
    titles = _titles(asked.tenant_id, found)
    return PersonasView(
        **frame(found.horizon, found.timezone, found.from_on, found.on, found.revision),
        definition=DefinitionView.of(PERSONAS_MEANING, asked.locale),
        conversion=ConversionView.of(found.whole, asked.locale),
        waiting=found.waiting,
        rows=[
            PersonaRowView(
                field=each.field,
                value=each.value,
                text=_text(each.field, each.value, titles, asked.locale),
                members=each.conversion.members,
                share=str(rate(each.conversion.members, found.whole.members)),
                customers=each.conversion.customers,
                conversion=str(each.conversion.rate),
            )
            for each in found.rows
        ],
        reference=ReferenceView.about(asked.locale, Topic.AGE),
    )


def _titles(tenant_id: str, found: "Personas") -> Mapping[str, str]:
    """The names of pickup points by their ids; one that is no more is called by its id."""
    ids = [each.value for each in found.rows if each.field is Field.POINT and each.value not in _ROW_WORDS]
    places = [(PickupPointRecord, *PickupPointRecord.address(tenant_id, each)) for each in ids]
    points = fetch_many(places) if places else []
    return {id_: point.name for id_, point in zip(ids, points, strict=True) if point is not None}


def _text(name: str, value: str, titles: Mapping[str, str], locale: str) -> str:
    from chalicelib.segments.model.words import VALUES  # nor for the words of segments

    known = _ROW_WORDS.get(value) or VALUES.get(f"{name}:{value}")
    return known[1 if locale == "zh" else 0] if known else titles.get(value, value)


_ROWS = columns(
    field=("Field", "字段", {name: (each.en, each.zh) for name, each in FIELD_WORDS.items()}), text=("Value", "取值"),
    members=("Members", "人数"), share=("Share", "占比"), customers=("Customers", "顾客数"),
    conversion=("Conversion", "转化率"), to_on=("On", "日期"),
)  # fmt: skip


def _table(view: PersonasView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [
            each.field, each.text, each.members, Decimal(each.share), each.customers, Decimal(each.conversion),
            view.to_on, *made_of,
        ]
        for each in view.rows
    ]  # fmt: skip
    return Csv("personas.csv", (*_ROWS, *FRAME), rows)


def _charts(view: PersonasView) -> Sequence[Chart]:
    """One for each field of which anybody said anything."""
    charts = []
    for name in Field:
        rows = [each for each in view.rows if each.field == name]
        if all(each.value in (UNKNOWN, NOT_AGREED) for each in rows):
            continue
        series = [
            Series(Words("Members", "会员"), [each.members for each in rows]),
            Series(Words("Customers", "顾客"), [each.customers for each in rows]),
        ]
        charts.append(Chart(Kind.BARS, FIELD_WORDS[name], MEMBERS, [each.text for each in rows], series))
    return charts


def _facts(view: PersonasView) -> Sequence[Fact]:
    of = view.conversion
    waiting = Words("Joined lately; counted after the coming night", "近期加入，今夜后计入")
    return [
        Fact(Words("Members", "会员"), f"{of.members:,}"),
        Fact(Words("Customers of them", "其中顾客"), f"{of.customers:,} ({in_percent(of.rate)})"),
        *([Fact(waiting, f"{view.waiting:,}")] if view.waiting else []),
    ]


def _behind(view: PersonasView) -> Sequence[Mapping[str, str]]:
    return [{"members": f"{each.field}:{each.value}"} for each in view.rows]


PERSONAS = Report(
    "personas",
    PersonasQuery,
    PersonasView,
    _run,
    _table,
    charts=_charts,
    title=Words("Who the members are", "会员画像"),
    tells=Words(
        "Members by what they said of themselves, and how many of each are customers.",
        "按会员填写的资料统计人数，及其中的顾客比例。",
    ),
    facts=_facts,
    behind=_behind,
)
"""Members by what they said of themselves."""
