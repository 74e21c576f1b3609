"""Rates of praise, complaints and suggestions, as whatever report shows them."""

from chalicelib.catalog.model.ratings import share
from chalicelib.insight.reports.report import DefinitionView
from chalicelib.insight.reports.service.service_rates import ServiceRates
from chalicelib.web import View

RATE_NAMES = {
    "praise_rate": ("reviews that praise", "好评"), "complaint_rate": ("orders complained about", "被投诉订单"),
    "suggestion_rate": ("suggestions", "建议"),
}  # fmt: skip


class RateView(View):
    """``count`` of so many (``of``), and the share with four decimals; null where there is nothing to count of."""

    name: str
    count: int
    of: int
    rate: str | None
    definition: DefinitionView


def rate_views(found: ServiceRates, locale: str) -> list[RateView]:
    """Each by its definition, in the language."""
    return [
        RateView(
            name=each.definition.name,
            count=each.count,
            of=each.of,
            rate=share(each.count, each.of) if each.of else None,
            definition=DefinitionView.of(each.definition, locale),
        )
        for each in found.rates
    ]
