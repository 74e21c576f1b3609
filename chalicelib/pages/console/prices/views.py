"""What the pages of prices show beyond the API's views: sales as a chart, and what is on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from chalicelib.pages.console.prices.model import MOST_WEEKS, STAGES, Bar, Point, Shown, bars
from chalicelib.pages.shell.saying import Saying
from chalicelib.pricing.views.prices import AlertView, PricingView, WeekView


@dataclass(frozen=True, slots=True)
class ProductShown:
    """A product's prices: the latest weeks, drawn and with their most, from the first that sold anything; what its
    stage is called and that which its sales suggest; the alerts that stand, and those that are over.
    """

    view: PricingView
    weeks: list[WeekView]
    chart: list[Bar]
    most: str
    stage: Shown | None
    suggested: Shown | None
    alerts: list[AlertView]
    past: list[AlertView]

    @classmethod
    def of(cls, view: PricingView, say: Saying) -> Self:
        weeks = _sold(view.weeks)[-MOST_WEEKS:]
        stage = view.stage.confirmed or view.stage.suggestion.stage
        suggested = view.stage.suggestion.stage
        return cls(
            view,
            weeks,
            bars([Point(max(0, each.units), say.day(each.begins_on), say.number(each.units)) for each in weeks]),
            say.number(max((each.units for each in weeks), default=0)),
            STAGES[stage] if stage else None,
            STAGES[suggested] if suggested else None,
            [each for each in view.alerts if each.ended_at is None],
            [each for each in view.alerts if each.ended_at is not None],
        )


def _sold(weeks: Sequence[WeekView]) -> list[WeekView]:
    """From the first week on in which anything was sold."""
    first = next((n for n, week in enumerate(weeks) if week.units), len(weeks))
    return list(weeks[first:])
