"""What a fitting found, as the report shows it and as it is kept: numbers rounded once, texts of decimals. Pure."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from chalicelib.insight.model.bgnbd import Bgnbd
from chalicelib.insight.model.expectations import Band, Expectations, Expected, Sums
from chalicelib.insight.model.gamma_gamma import GammaGamma
from chalicelib.insight.model.lifetime import Fitted, Reason


@dataclass(frozen=True, slots=True)
class ModelResult:
    """Parameters by name, as decimals; None, with the reason, where there is no model."""

    parameters: dict[str, str] | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class BandResult:
    """Members of a band and what is expected of them together; amounts in minor units, None without their model."""

    alive: int
    value: int
    members: int
    orders_short: str
    orders_long: str
    amount_short: int | None
    amount_long: int | None


@dataclass(frozen=True, slots=True)
class RiskResult:
    """A member at risk, by ordinal; amounts as above."""

    ordinal: int
    repeats: int
    p_alive: str
    orders_long: str
    amount_long: int | None
    at_risk: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """All of it. ``values`` are the least and the most of value bands; without a model of orders there are none."""

    currency: str
    members: int
    repeaters: int
    fitted_to: int
    left: int
    orders: ModelResult
    amounts: ModelResult
    log_likelihood: str | None
    correlation: str | None
    bands: Sequence[BandResult] = ()
    values: Sequence[tuple[int, int, int]] = ()
    at_risk: Sequence[RiskResult] = ()

    def pack(self) -> bytes:
        """For keeping; equal results give equal bytes."""
        return zlib.compress(json.dumps(asdict(self), separators=(",", ":"), sort_keys=True).encode(), 9)

    @classmethod
    def unpack(cls, content: bytes) -> Self:
        """What :meth:`pack` wrote."""
        said: dict[str, Any] = json.loads(zlib.decompress(content))
        for name, kind in (("bands", BandResult), ("at_risk", RiskResult)):
            said[name] = [kind(**each) for each in said[name]]
        said["values"] = [(value, least, most) for value, least, most in said["values"]]
        return cls(**{**said, **{name: ModelResult(**said[name]) for name in ("orders", "amounts")}})

    def band(self, band: Band) -> BandResult | None:
        """That band, if anyone is in it."""
        return next((each for each in self.bands if (each.alive, each.value) == band), None)


def results(currency: str, fitted: Fitted, found: Expectations | None, left: int) -> Results:
    """Rounds what was found; without a model of orders nothing is expected. ``left``: how many had left."""
    has_amounts = isinstance(fitted.amounts, GammaGamma)
    orders, amounts = _model(fitted.orders), _model(fitted.amounts)
    likelihood = None if orders.reason else decimal(fitted.log_likelihood, 4)
    correlation = None if fitted.correlation is None else decimal(fitted.correlation, 4)
    counts = fitted.members, fitted.repeaters, fitted.fitted_to, left
    if found is None:
        return Results(currency, *counts, orders, amounts, likelihood, correlation)
    return Results(
        currency, *counts, orders, amounts, likelihood, correlation,
        bands=[_band(band, sums, has_amounts) for band, sums in found.bands.items()],
        values=[(value, least, most) for value, (least, most) in found.values.items()],
        at_risk=[_risk(each, has_amounts) for each in found.at_risk],
    )  # fmt: skip


def decimal(value: float, places: int) -> str:
    """A number as a decimal with so many places."""
    return f"{value:.{places}f}"


def _model(model: Bgnbd | GammaGamma | Reason) -> ModelResult:
    if isinstance(model, Reason):
        return ModelResult(None, model.value)
    return ModelResult({name: decimal(value, 6) for name, value in asdict(model).items()}, None)


def _band(band: Band, sums: Sums, has_amounts: bool) -> BandResult:
    return BandResult(
        band.alive, band.value, len(sums.members), decimal(sums.orders_short, 2), decimal(sums.orders_long, 2),
        round(sums.amount_short) if has_amounts else None, round(sums.amount_long) if has_amounts else None,
    )  # fmt: skip


def _risk(of: Expected, has_amounts: bool) -> RiskResult:
    return RiskResult(
        of.ordinal, of.repeats, decimal(of.p_alive, 4), decimal(of.orders_long, 2),
        round(of.orders_long * of.amount) if has_amounts else None, round(of.at_risk) if has_amounts else None,
    )  # fmt: skip
