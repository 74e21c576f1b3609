"""What may be asked of lifetime values, and how it is answered."""

import re
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.db import Contended
from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.expectations import BANDS, ONCE, Band
from chalicelib.insight.model.lifetime_results import RiskResult
from chalicelib.insight.reports.behind import (
    BehindQuery,
    check_no_cursor,
    cursor_to,
    page_behind,
    place,
    shown_members,
)
from chalicelib.insight.reports.lifetime_value.answer import AtRiskView, LifetimeValueView, money
from chalicelib.insight.reports.lifetime_value.tables import behind, charts, facts, table
from chalicelib.insight.reports.report import Asked, FormQuery, Report, ReportedDate
from chalicelib.insight.reports.service.lifetimes import Lifetimes, lifetimes, members_of
from chalicelib.kernel.errors import Invalid
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import members_by_ordinal

_CELL = re.compile(rf"(once|[1-{BANDS}]):([0-{BANDS}])")
_AT_RISK = "risk"
_ATTEMPTS = 3


class LifetimeValueQuery(FormQuery, BehindQuery):
    """As of the end of which local day; by default as it was fitted last. ``members`` names a band whose members are
    listed, or ``risk`` for those most at risk.
    """

    as_of: ReportedDate | None = None
    members: Annotated[str | None, StringConstraints(max_length=60)] = Field(
        default=None, description="A band as alive:value, such as 2:5 or once:3; or risk"
    )


def _run(asked: Asked[LifetimeValueQuery]) -> LifetimeValueView:
    query = asked.query
    band = _band(query.members)
    if band is not None:
        return _with_members(asked, band)
    found = lifetimes(asked.tenant_id, query.as_of, asked.now)
    view = LifetimeValueView.of(found, asked.locale)
    if query.members is None:
        check_no_cursor(query)
        return view
    return view.model_copy(update=_page_at_risk(asked, found))


def _with_members(asked: Asked[LifetimeValueQuery], band: Band) -> LifetimeValueView:
    """The answer with who is in a band. Raises Contended where it is fitted anew again and again, which removes who was
    behind the result before.
    """
    for _ in range(_ATTEMPTS):
        found = lifetimes(asked.tenant_id, asked.query.as_of, asked.now)
        members = members_of(asked.tenant_id, found.edition, band) if found.edition else 0
        counted = found.found.band(band) if found.found else None
        if members.bit_count() == (counted.members if counted else 0):
            view = LifetimeValueView.of(found, asked.locale)
            return view.model_copy(update=page_behind(asked, "lifetime-value", members))
    raise Contended(
        "The models are being fitted anew; please send the request again.",
        detail_zh="模型正在重新拟合，请稍后重试。",
        retry_after=1,
    )


def _band(named: str | None) -> Band | None:
    """The band that is named; None for those at risk."""
    if named in {None, _AT_RISK}:
        return None
    cell = _CELL.fullmatch(str(named))
    if cell is None:
        raise Invalid.at(
            "?members",
            f"'{named}' names no members; write a band as alive:value, such as 2:5 or once:3, or risk.",
            f"“{named}”不是有效的分档，请按“活跃:价值”填写，例如 2:5 或 once:3，或填写 risk。",
        )
    return Band(ONCE if cell[1] == "once" else int(cell[1]), int(cell[2]))


def _page_at_risk(asked: Asked[LifetimeValueQuery], found: Lifetimes) -> dict[str, Any]:
    """The fields ``at_risk`` and ``next_cursor``. A cursor holds for one result alone. Raises BadCursor."""
    of_result = f"at-risk:{found.edition}"
    begin = place(asked, of_result) or 0
    every = found.found.at_risk if found.found else ()
    some = every[begin : begin + asked.query.limit]
    known = {int(each.ordinal): each for each in members_by_ordinal(asked.tenant_id, [of.ordinal for of in some])}
    shown = [_at_risk(of, found, known[of.ordinal]) for of in some if of.ordinal in known]
    following = begin + len(some)
    return {
        "at_risk": shown,
        "next_cursor": cursor_to(asked, of_result, following if following < len(every) else None),
    }


def _at_risk(of: RiskResult, found: Lifetimes, member: MemberRecord) -> AtRiskView:
    [who] = shown_members([member])
    return AtRiskView(
        **dict(who),
        repeats=of.repeats,
        p_alive=of.p_alive,
        orders=of.orders_long,
        amount=money(of.amount_long, found.currency),
        at_risk=money(of.at_risk, found.currency),
    )


LIFETIME_VALUE = Report(
    "lifetime-value",
    LifetimeValueQuery,
    LifetimeValueView,
    _run,
    table,
    charts=charts,
    title=Words("What members will bring", "会员生命周期价值"),
    tells=Words(
        "How likely members are still to be active, what they are expected to bring, and who is most at risk.",
        "会员仍活跃的概率、未来预期消费，以及流失风险最高的会员。",
    ),
    facts=facts,
    behind=behind,
)
