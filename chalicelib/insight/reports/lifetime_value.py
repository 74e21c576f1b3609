"""The report of lifetime values: who is likely to be active still, what members will bring, and who is most at risk."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.expectations import BANDS, LONG_WEEKS, MOST_AT_RISK, ONCE, SHORT_WEEKS, Band
from chalicelib.insight.model.lifetime import LEAST_MEMBERS, LEAST_REPEATERS, MOST_FITTED
from chalicelib.insight.model.lifetime_results import BandResult, ModelResult, Results, RiskResult
from chalicelib.insight.reports.behind import (
    BehindQuery,
    BehindView,
    check_no_cursor,
    members_table,
    page_behind,
    shown_members,
)
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
from chalicelib.insight.reports.service.lifetimes import Lifetimes, lifetimes, members_of
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.cursor import decode, encode
from chalicelib.kernel.errors import Invalid
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.settings import secret
from chalicelib.web import Csv, Instant, MoneyField, View, columns

LIFETIME_VALUE_DEFINITION = Definition(
    "lifetime_value",
    1,
    "As of the end of a local day, from the local days on which members ordered: how likely they are to be active "
    f"still, and how many days with an order, and which amount, are to be expected in the next {SHORT_WEEKS} and "
    f"{LONG_WEEKS} weeks. Orders: BG/NBD (Fader, Hardie, Lee 2005), time in weeks; amounts: Gamma-Gamma (Fader, Hardie "
    "2013) on the mean amount of days with an order after the first, in the tenant's currency; other currencies are "
    "not converted and add no amount. Amounts are orders times the amount expected of each; nothing is discounted. "
    f"Both are fitted by maximum likelihood from three starts, to all members, or of more than {MOST_FITTED:,} to a "
    "fixed sample of about as many. Where derivatives do not vanish, the curvature is not downward, the starts "
    "disagree or a parameter runs away, the model has not converged; then, or with fewer than "
    f"{LEAST_MEMBERS} members or {LEAST_REPEATERS} who ordered again, no value is shown. Alive: fifths of the "
    "probability of being active; members with a single day are apart, since the model counts them as active for "
    "certain. Value: fifths of members by what they would bring in the long time if they were active, equal values "
    "together. At risk: that amount times the probability that they are not active. Members who have left are counted "
    "apart and expected to bring nothing.",
    "以本地日期日终为准，依据会员下单的本地日期：仍活跃的概率，以及未来 "
    f"{SHORT_WEEKS} 周与 {LONG_WEEKS} 周的预期下单天数与金额。订单：BG/NBD 模型（Fader、Hardie、Lee 2005），"
    "时间以周计；金额：Gamma-Gamma 模型（Fader、Hardie 2013），取首个下单日之后各下单日的平均金额，商家币种，"
    "其他币种不换算、不计金额。预期金额为预期下单天数乘以每次预期金额，不折现。"
    "两个模型均以极大似然法从三个起点拟合，使用全部会员；"
    f"超过 {MOST_FITTED:,} 人时使用约同样人数的固定样本。导数不为零、曲率不向下、各起点结果不一致或参数发散时，"
    f"视为未收敛；未收敛，或会员不足 {LEAST_MEMBERS} 人、复购会员不足 {LEAST_REPEATERS} 人时，不显示任何数值。"
    "活跃分档：活跃概率的五等分；仅有一个下单日的会员单列，因模型视其必然活跃。"
    "价值分档：按假定活跃时长期预期金额将会员五等分，相同的值归同一档。风险金额：该金额乘以已不活跃的概率。"
    "已退出的会员单独计数，预期为零。",
)

_CELL = re.compile(rf"(once|[1-{BANDS}]):([0-{BANDS}])")
_AT_RISK = "at_risk"

_REASONS = {
    "computing": (
        "It is being computed for the first time; ask again in a minute.", "正在首次计算，请稍后再查询。",
    ),
    "too_few_members": (
        f"There are fewer than {LEAST_MEMBERS} members with an order.", f"有订单的会员不足 {LEAST_MEMBERS} 人。",
    ),
    "too_few_repeaters": (
        f"Fewer than {LEAST_REPEATERS} members ordered again on another day, or for an amount.",
        f"在其他日期再次下单（或再次有金额）的会员不足 {LEAST_REPEATERS} 人。",
    ),
    "no_mean": (
        "Amounts differ so much that no mean amount can be expected.", "金额差异过大，无法得出预期均值。",
    ),
    "runs_away": (
        "The members' behaviour does not determine the model: a parameter grows or shrinks without end.",
        "会员行为不足以确定模型：有参数无限增大或减小。",
    ),
    "not_flat": ("The search for the best parameters did not come to an end.", "参数搜索未能结束。"),
    "no_peak": (
        "The best parameters are not unique: others are as likely.", "最优参数不唯一：其他取值同样可能。",
    ),
    "starts_disagree": (
        "The search came to another result from each start.", "从不同起点搜索得到不同结果。",
    ),
}  # fmt: skip


class LifetimeValueQuery(FormQuery, BehindQuery):
    """As of the end of which local day; by default as it was fitted last. ``members`` names a band whose members are
    listed, or ``at_risk`` for those most at risk.
    """

    as_of: ReportedDate | None = None
    members: Annotated[str | None, StringConstraints(max_length=60)] = Field(
        default=None, description="A band as alive:value, such as 2:5 or once:3; or at_risk"
    )


class LifetimeModelView(View):
    """The models' parameters: of orders (BG/NBD; r, alpha in weeks, a, b) and of amounts (Gamma-Gamma; p, q, and v in
    minor units). All are null unless converged; ``reason`` then says why. ``correlation`` is that of orders and
    amounts, which the model of amounts supposes to be none.
    """

    r: str | None
    alpha: str | None
    a: str | None
    b: str | None
    converged: bool
    log_likelihood: str | None
    reason: str | None
    p: str | None
    q: str | None
    v: str | None
    amounts_converged: bool
    amounts_reason: str | None
    correlation: str | None
    members: int
    repeaters: int
    fitted_to: int
    left: int
    fitted_at: Instant | None


class ExpectedView(View):
    """What is expected within so many weeks after the day; amounts are null without their model."""

    weeks: int
    orders: str
    amount: MoneyField | None


class LifetimeRowView(View):
    """Members of a band. ``alive``: ``once``, or 1 to 5 by fifths of the probability of being active, from
    ``alive_from`` to ``alive_to``. ``value``: 1 to 5 by what they would bring if active, which is at least and at most
    ``value_from`` and ``value_to``; 0, without amounts, where there is no model of amounts.
    """

    alive: str
    value: int
    alive_from: str
    alive_to: str
    value_from: MoneyField | None
    value_to: MoneyField | None
    members: int
    expected: list[ExpectedView]


class AtRiskView(BehindView):
    """A member at risk: with what probability they are active, what is expected of them in the long time, and which
    amount is at risk.
    """

    repeats: int
    p_alive: str
    orders: str
    amount: MoneyField | None
    at_risk: MoneyField | None


class LifetimeValueView(ReportView):
    """What members are expected to bring from the end of ``to_on`` on. ``job_id`` names the job that computes it anew,
    since figures have changed; until it is done ``complete`` is false.
    """

    report: Literal["lifetime-value"] = "lifetime-value"
    definition: DefinitionView
    model: LifetimeModelView
    job_id: str | None
    expected: list[ExpectedView] = Field(description="Of all members together.")
    rows: list[LifetimeRowView]
    members: list[BehindView] | None = Field(None, description="The members of the band that was named.")
    at_risk: list[AtRiskView] | None = Field(
        None, description=f"Those most at risk, the greatest amount first, {MOST_AT_RISK:,} at most; if asked for."
    )
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, found: Lifetimes, locale: str) -> "LifetimeValueView":
        shown = frame(found.horizon, found.timezone, found.from_on, found.on, found.revision)
        bands = found.found.bands if found.found else ()
        return cls(
            **{**shown, "complete": shown["complete"] and found.is_current},
            definition=DefinitionView.of(LIFETIME_VALUE_DEFINITION, locale),
            model=_model(found, locale),
            job_id=found.job_id,
            expected=_together(bands, found.currency) if bands else [],
            rows=[_row(found.found, each) for each in bands] if found.found else [],
        )


def _model(found: Lifetimes, locale: str) -> LifetimeModelView:
    of = found.found
    orders = of.orders if of else ModelResult(None, "computing")
    amounts = of.amounts if of else orders
    named = (orders.parameters or {}) | (amounts.parameters or {})
    return LifetimeModelView.model_validate(
        {
            **dict.fromkeys(("r", "alpha", "a", "b", "p", "q", "v")),
            **named,
            "converged": orders.reason is None,
            "reason": _reason(orders, locale),
            "amounts_converged": amounts.reason is None,
            "amounts_reason": _reason(amounts, locale),
            "log_likelihood": of.log_likelihood if of else None,
            "correlation": of.correlation if of else None,
            "members": of.members if of else 0,
            "repeaters": of.repeaters if of else 0,
            "fitted_to": of.fitted_to if of else 0,
            "left": of.left if of else 0,
            "fitted_at": found.fitted_at,
        }
    )


def _reason(of: ModelResult, locale: str) -> str | None:
    return None if of.reason is None else _REASONS[of.reason][locale == "zh"]


def _row(of: Results, band: BandResult) -> LifetimeRowView:
    least, most = next(((low, high) for value, low, high in of.values if value == band.value), (None, None))
    low = BANDS if band.alive == ONCE else band.alive - 1
    return LifetimeRowView(
        alive=Band(band.alive, band.value).label.partition(":")[0],
        value=band.value,
        alive_from=str(Decimal(low) / BANDS),
        alive_to=str(Decimal(band.alive or BANDS) / BANDS),
        value_from=_money(least, of.currency),
        value_to=_money(most, of.currency),
        members=band.members,
        expected=_together([band], of.currency),
    )


def _together(bands: Sequence[BandResult], currency: str) -> list[ExpectedView]:
    """Of all members of these bands: the sum of what is shown of each."""
    short = str(sum(Decimal(each.orders_short) for each in bands))
    long = str(sum(Decimal(each.orders_long) for each in bands))
    return [
        ExpectedView(weeks=SHORT_WEEKS, orders=short, amount=_sum([each.amount_short for each in bands], currency)),
        ExpectedView(weeks=LONG_WEEKS, orders=long, amount=_sum([each.amount_long for each in bands], currency)),
    ]


def _sum(amounts: Sequence[int | None], currency: str) -> MoneyField | None:
    known = [each for each in amounts if each is not None]
    return MoneyField.of(sum(known), currency) if known else None


def _money(minor: int | None, currency: str) -> MoneyField | None:
    return None if minor is None else MoneyField.of(minor, currency)


def _run(asked: Asked[LifetimeValueQuery]) -> LifetimeValueView:
    query = asked.query
    band = _band(query.members)
    found = lifetimes(asked.tenant_id, query.as_of, asked.now)
    view = LifetimeValueView.of(found, asked.locale)
    if query.members is None:
        check_no_cursor(query)
        return view
    if band is None:
        return view.model_copy(update=_page_at_risk(asked, found))
    members = members_of(asked.tenant_id, found.edition, band) if found.edition else 0
    return view.model_copy(update=page_behind(asked, "lifetime-value", members))


def _band(named: str | None) -> Band | None:
    """The band that is named; None for those at risk."""
    if named in {None, _AT_RISK}:
        return None
    cell = _CELL.fullmatch(str(named))
    if cell is None:
        raise Invalid.at(
            "?members",
            f"'{named}' names no members; write a band as alive:value, such as 2:5 or once:3, or at_risk.",
            f"“{named}”不是有效的分档，请按“活跃:价值”填写，例如 2:5 或 once:3，或填写 at_risk。",
        )
    return Band(ONCE if cell[1] == "once" else int(cell[1]), int(cell[2]))


def _page_at_risk(asked: Asked[LifetimeValueQuery], found: Lifetimes) -> dict[str, Any]:
    """The fields ``at_risk`` and ``next_cursor``. A cursor holds for one result alone. Raises BadCursor."""
    query, keys = asked.query, secret("cursors")
    binding = json.dumps([asked.tenant_id, "at-risk", found.edition])
    begin = int(decode(query.cursor, binding, keys)["after"]) if query.cursor else 0
    every = found.found.at_risk if found.found else ()
    some = every[begin : begin + query.limit]
    known = {int(each.ordinal): each for each in members_by_ordinal(asked.tenant_id, [of.ordinal for of in some])}
    shown = [_at_risk(of, found, known[of.ordinal]) for of in some if of.ordinal in known]
    following = begin + len(some)
    return {
        "at_risk": shown,
        "next_cursor": encode({"after": following}, binding, keys) if following < len(every) else None,
    }


def _at_risk(of: RiskResult, found: Lifetimes, member: Any) -> AtRiskView:
    [who] = shown_members([member])
    return AtRiskView(
        **dict(who),
        repeats=of.repeats,
        p_alive=of.p_alive,
        orders=of.orders_long,
        amount=_money(of.amount_long, found.currency),
        at_risk=_money(of.at_risk, found.currency),
    )


_ALIVE = {
    "once": ("a single day", "仅一个下单日"), "1": ("0-20 %", "0–20%"), "2": ("20-40 %", "20–40%"),
    "3": ("40-60 %", "40–60%"), "4": ("60-80 %", "60–80%"), "5": ("80-100 %", "80–100%"),
}  # fmt: skip

_ROWS = columns(
    alive=("Likely to be active", "活跃概率", _ALIVE), value=("Value band", "价值分档"),
    value_from_minor=("Value from", "价值下限"), value_to_minor=("Value to", "价值上限"), members=("Members", "人数"),
    orders_short=(f"Orders in {SHORT_WEEKS} weeks", f"{SHORT_WEEKS} 周预期订单"),
    amount_short_minor=(f"Sales in {SHORT_WEEKS} weeks", f"{SHORT_WEEKS} 周预期销售额"),
    orders_long=(f"Orders in {LONG_WEEKS} weeks", f"{LONG_WEEKS} 周预期订单"),
    amount_long_minor=(f"Sales in {LONG_WEEKS} weeks", f"{LONG_WEEKS} 周预期销售额"), currency=("Currency", "币种"),
    to_on=("On", "日期"),
)  # fmt: skip
_RISKS = columns(
    id=("Member ID", "会员编号"), external_ref=("Reference", "外部编号"), name=("Name", "姓名"),
    repeats=("Days after the first", "首单后下单天数"), p_alive=("Likely to be active", "活跃概率"),
    orders=(f"Orders in {LONG_WEEKS} weeks", f"{LONG_WEEKS} 周预期订单"),
    amount_minor=(f"Sales in {LONG_WEEKS} weeks", f"{LONG_WEEKS} 周预期销售额"),
    at_risk_minor=("At risk", "风险金额"), currency=("Currency", "币种"),
)  # fmt: skip


def _table(view: LifetimeValueView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    if view.at_risk is not None:
        return Csv("at-risk.csv", _RISKS, [_risk_cells(each) for each in view.at_risk])
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [[*_cells(each), view.to_on, *made_of] for each in view.rows]
    return Csv("lifetime-value.csv", (*_ROWS, *FRAME), rows)


def _cells(row: LifetimeRowView) -> list[Any]:
    short, long = row.expected
    return [
        row.alive, row.value, _minor(row.value_from), _minor(row.value_to), row.members, Decimal(short.orders),
        _minor(short.amount), Decimal(long.orders), _minor(long.amount),
        row.value_from.currency if row.value_from else None,
    ]  # fmt: skip


def _risk_cells(of: AtRiskView) -> list[Any]:
    who = [of.id, of.external_ref, of.name, of.repeats, Decimal(of.p_alive), Decimal(of.orders)]
    return [*who, _minor(of.amount), _minor(of.at_risk), of.amount.currency if of.amount else None]


def _minor(amount: MoneyField | None) -> int | None:
    return None if amount is None else amount.amount_minor


_LABELS = {"once": "1x", **{alive: said[0] for alive, said in _ALIVE.items() if alive != "once"}}


def _charts(view: LifetimeValueView) -> list[Chart]:
    """Members, and what they are expected to bring, by how likely they are to be active."""
    if not view.rows:
        return []
    alive = list(_LABELS)
    values = sorted({row.value for row in view.rows})
    counted = {(row.alive, row.value): row for row in view.rows}
    members = [
        Series(
            Words(f"Value {value}", f"价值 {value}") if value else Words("Members", "会员"),
            [counted[each, value].members if (each, value) in counted else 0 for each in alive],
        )
        for value in values
    ]
    title = Words("Members by how likely they are active (1x: a single day)", "按活跃概率的会员数（1x：仅一个下单日）")
    charts = [Chart(Kind.STACKED, title, Words("members", "人"), list(_LABELS.values()), members)]
    long = view.expected[-1].amount
    if long is not None:
        amounts = [_major(view.rows, each, long.currency) for each in alive]
        charts.append(
            Chart(
                Kind.BARS,
                Words(f"Sales to be expected in {LONG_WEEKS} weeks", f"未来 {LONG_WEEKS} 周预期销售额"),
                Words(long.currency, long.currency),
                list(_LABELS.values()),
                [Series(Words("Expected sales", "预期销售额"), amounts)],
            )
        )
    return charts


def _major(rows: Sequence[LifetimeRowView], alive: str, currency: str) -> Decimal:
    minor = sum(_minor(row.expected[-1].amount) or 0 for row in rows if row.alive == alive)
    return Decimal(minor).scaleb(-CURRENCIES[currency])


LIFETIME_VALUE = Report(
    "lifetime-value", LifetimeValueQuery, LifetimeValueView, _run, _table, charts=_charts
)  # fmt: skip
