"""What is doubtful in the data behind figures: doubles, gaps, outliers and missing links, by stated rules."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.quality import EXCLUDABLE, MOST_MEMBERS, Rule
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, RangeQuery, Report, ReportView, frame
from chalicelib.members.model.masking import shown_reference
from chalicelib.members.records import MemberRecord
from chalicelib.web import TRUTHS, Contact, Csv, View, columns

if TYPE_CHECKING:
    from chalicelib.insight.reports.service.quality import Example, Finding, Quality

DATA_QUALITY = Definition(
    "data_quality",
    1,
    "Orders that count, as the summary counts them, of the tenant's local days asked for; members as they stand now. "
    "Each rule says what it finds. Nothing that is found is changed, and no figure leaves any of it out, unless a "
    "report is asked to by exclude: then the report says which orders and what they came to.",
    "所选商家本地日期内计入的订单（口径同汇总报表）；会员以现状为准。各规则说明其查找内容。查出的数据不会被修改，"
    "任何指标也不会自动剔除；仅当以 exclude 参数要求时，报表才剔除，并说明剔除的订单数与金额。",
)

TITLES: Mapping[Rule, Words] = {
    Rule.DOUBLE_MEMBERS: Words("Members who may be one person", "疑似重复会员"),
    Rule.DOUBLE_ORDERS: Words("Orders that look doubled", "疑似重复订单"),
    Rule.NEAR_REFERENCES: Words("Imported references that are nearly equal", "近似的导入订单号"),
    Rule.GAPS: Words("Days without orders between busy ones", "繁忙日之间无订单的日期"),
    Rule.NOT_ROLLED_UP: Words("Days that wait to be rolled up", "待汇总的日期"),
    Rule.NO_HOUR: Words("Orders without a time of day", "缺少时刻的订单"),
    Rule.OUTLIERS: Words("Orders of unusual amounts", "金额异常的订单"),
    Rule.NO_CHANNEL: Words("Orders without a channel", "缺少渠道的订单"),
    Rule.NO_POINT: Words("Orders without a pickup point", "缺少自提点的订单"),
    Rule.NO_PRODUCT: Words("Orders without a product", "缺少商品的订单"),
    Rule.NO_CATEGORY: Words("Orders without a category", "缺少类目的订单"),
    Rule.NO_COST: Words("Products without a cost", "缺少成本的商品"),
    Rule.UNKNOWN_PRODUCT: Words("Products that are no more in the catalogue", "目录中已不存在的商品"),
    Rule.NO_CONTACT: Words("Members who cannot be reached", "无法联系的会员"),
    Rule.UNKNOWN_MEMBER: Words("Orders whose member is gone", "会员已不存在的订单"),
}

MEANINGS: Mapping[Rule, Words] = {
    Rule.DOUBLE_MEMBERS: Words(
        "The same last eight digits of a phone number, the same e-mail address but for dots and what follows a plus, "
        f"or the same name and birthday. The {MOST_MEMBERS} members of these days' orders who joined last are "
        "compared.",
        "手机号后八位相同，或邮箱除圆点与加号后缀外相同，或姓名与生日均相同。"
        f"比较范围为所选日期内下单的会员中最近加入的 {MOST_MEMBERS} 人。",
    ),
    Rule.DOUBLE_ORDERS: Words(
        "The same member, amount and units within two minutes; the first one is not among them.",
        "同一会员两分钟内金额与件数均相同的订单；首单不计。",
    ),
    Rule.NEAR_REFERENCES: Words(
        "The same member and amount, and references that differ in case, signs or leading zeros alone; the first one "
        "is not among them.",
        "同一会员、金额相同，且订单号仅大小写、符号或前导零不同；首单不计。",
    ),
    Rule.GAPS: Words(
        "No order, though the same weekday of the four weeks before and after has five and more by the median.",
        "当日无订单，而前后各四周同一星期几的订单数中位数不少于五笔。",
    ),
    Rule.NOT_ROLLED_UP: Words(
        "Orders arrived since, and count after the next rollup.", "其后又有订单到达，下次汇总后计入。"
    ),
    Rule.NO_HOUR: Words("A file gave the day alone.", "导入文件仅含日期。"),
    Rule.OUTLIERS: Words(
        "The amount lies more than three interquartile ranges beyond the quartiles of its currency (Tukey 1977, far "
        "out), with twenty orders and more.",
        "金额超出本币种四分位数三倍四分位距以外（Tukey 1977 外限），且不少于二十笔订单。",
    ),
    Rule.NO_CHANNEL: Words("It is not known by which channel it came.", "不知其来自哪个渠道。"),
    Rule.NO_POINT: Words("It is not known where it is collected.", "不知其在何处提货。"),
    Rule.NO_PRODUCT: Words("None of its goods is known by a product.", "所含商品均不明。"),
    Rule.NO_CATEGORY: Words("None of its goods has a category.", "所含商品均无类目。"),
    Rule.NO_COST: Words(
        "A variant of a product that was ordered has no cost, so its profit is not known.",
        "所售商品的某个规格未填成本，其利润无法得知。",
    ),
    Rule.UNKNOWN_PRODUCT: Words("It was ordered, and is deleted since.", "曾被订购，其后已删除。"),
    Rule.NO_CONTACT: Words(
        "Neither e-mail, phone number nor official account in which they wish to be told.",
        "既无邮箱、手机号，也无愿意接收消息的公众号。",
    ),
    Rule.UNKNOWN_MEMBER: Words("The member of the order is no more in the list.", "订单所属会员已不在会员名单中。"),
}


class DataQualityQuery(RangeQuery):
    """The local days, both included; by default the four weeks up to the last complete day."""


class ExampleView(View):
    """One of what was found: ``kind`` says what ``id`` is of (an order, a product, a member, a day). ``name`` and
    ``external_ref`` are the member's whom it is about, ``like`` the id of the member whom they resemble.
    """

    kind: Literal["order", "product", "member", "day"]
    id: str
    member_id: str | None
    name: Contact[str]
    external_ref: str | None
    like: str | None


class FindingView(View):
    """What a rule found: so many of so many, at most ten of them as examples. Reports that take ``exclude`` leave them
    out if ``excludable``.
    """

    rule: str
    title: str
    title_en: str
    title_zh: str
    meaning: str
    meaning_en: str
    meaning_zh: str
    count: int
    of: int
    excludable: bool
    examples: list[ExampleView]


class DataQualityView(ReportView):
    """Every rule, whether or not it found anything."""

    report: Literal["data-quality"] = "data-quality"
    definition: DefinitionView
    rows: list[FindingView]


def _run(asked: Asked[DataQualityQuery]) -> DataQualityView:
    from chalicelib.insight.reports.service.quality import look  # no other report looks at single orders

    found = look(asked.tenant_id, asked.query.from_on, asked.query.to_on, asked.now)
    days = found.range
    return DataQualityView(
        **frame(days.horizon, days.tenant.timezone, days.from_on, days.to_on, found.revision),
        definition=DefinitionView.of(DATA_QUALITY, asked.locale),
        rows=[_row(each, found, 1 if asked.locale == "zh" else 0) for each in found.findings],
    )


def _row(each: "Finding", found: "Quality", at: int) -> FindingView:
    title, meaning = TITLES[each.rule], MEANINGS[each.rule]
    return FindingView(
        rule=each.rule.value, title=title[at], title_en=title.en, title_zh=title.zh, meaning=meaning[at],
        meaning_en=meaning.en, meaning_zh=meaning.zh, count=each.count, of=each.of,
        excludable=each.rule in EXCLUDABLE, examples=[_example(one, found.members) for one in each.examples],
    )  # fmt: skip


def _example(one: "Example", members: Mapping[int, MemberRecord]) -> ExampleView:
    member = None if one.member is None else members.get(one.member)
    like = None if one.like is None else members.get(one.like)
    return ExampleView.model_validate(
        {
            "kind": one.kind,
            "id": one.id or (member.id if member else ""),
            "member_id": member.id if member else None,
            "name": member.name if member else None,
            "external_ref": shown_reference(member.external_ref, member.identities) if member else None,
            "like": like.id if like else None,
        }
    )


_ROWS = columns(
    rule=("Rule", "规则", {rule.value: (each.en, each.zh) for rule, each in TITLES.items()}),
    count=("Found", "数量"), of=("Of", "总数"), meaning=("What it finds", "查找内容"),
    excludable=("Can be excluded", "可剔除", TRUTHS), examples=("Examples", "示例"), from_on=("From", "起始日"),
    to_on=("To", "截止日"),
)  # fmt: skip


def _table(view: DataQualityView) -> Csv:
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [
            each.rule, each.count, each.of, each.meaning, str(each.excludable).lower(),
            "; ".join(one.id for one in each.examples), view.from_on, view.to_on, *made_of,
        ]
        for each in view.rows
    ]  # fmt: skip
    return Csv("data-quality.csv", (*_ROWS, *FRAME), rows)


def _charts(view: DataQualityView) -> Sequence[Chart]:
    rows = [each for each in view.rows if each.count]
    series = [Series(Words("Found", "数量"), [each.count for each in rows])]
    title, labels = Words("What is doubtful", "存疑数据"), [Words(each.title_en, each.title_zh) for each in rows]
    return [Chart(Kind.BARS, title, Words("found", "项"), labels, series)] if rows else []


def _facts(view: DataQualityView) -> Sequence[Fact]:
    found = sum(each.count > 0 for each in view.rows)
    of = len(view.rows)
    some = Words(f"{found} of {of}", f"{of} 条中的 {found} 条")
    return [Fact(Words("Rules that found something", "发现存疑数据的规则"), some if found else Words("none", "无"))]


DATA_QUALITY_REPORT = Report(
    "data-quality",
    DataQualityQuery,
    DataQualityView,
    _run,
    _table,
    charts=_charts,
    facts=_facts,
    title=Words("Data quality", "数据质量"),
    tells=Words(
        "Doubtful data found by stated rules: duplicates, gaps, unusual amounts and missing links.",
        "按既定规则找出的存疑数据：重复、缺失、异常金额与关联缺失。",
    ),
)
"""What is doubtful in the data."""
