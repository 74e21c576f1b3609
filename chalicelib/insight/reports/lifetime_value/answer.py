"""Lifetime values as they are shown over HTTP."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from pydantic import Field

from chalicelib.insight.model.expectations import BANDS, LONG_WEEKS, MOST_AT_RISK, ONCE, SHORT_WEEKS, Band
from chalicelib.insight.model.lifetime_results import BandResult, ModelResult, Results
from chalicelib.insight.reports.behind import BehindView
from chalicelib.insight.reports.lifetime_value.definition import DEFINITION, REASONS
from chalicelib.insight.reports.report import DefinitionView, ReportView, frame
from chalicelib.insight.reports.service.lifetimes import Lifetimes
from chalicelib.web import Instant, MoneyField, View


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
            definition=DefinitionView.of(DEFINITION, locale),
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
    return None if of.reason is None else REASONS[of.reason][locale == "zh"]


def _row(of: Results, band: BandResult) -> LifetimeRowView:
    least, most = next(((low, high) for value, low, high in of.values if value == band.value), (None, None))
    low = BANDS if band.alive == ONCE else band.alive - 1
    return LifetimeRowView(
        alive=Band(band.alive, band.value).label.partition(":")[0],
        value=band.value,
        alive_from=str(Decimal(low) / BANDS),
        alive_to=str(Decimal(band.alive or BANDS) / BANDS),
        value_from=money(least, of.currency),
        value_to=money(most, of.currency),
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


def money(minor: int | None, currency: str) -> MoneyField | None:
    return None if minor is None else MoneyField.of(minor, currency)
