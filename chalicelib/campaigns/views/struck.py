"""What the API shows of a price that is struck out, and of the lowest before the reduction."""

from typing import Any, Self

from chalicelib.campaigns.model.struck import Struck
from chalicelib.pricing.model.history import Prior
from chalicelib.web import LocalDate, MoneyField, View


class PriorPriceView(View):
    """The lowest price of the 30 days before a reduction (article 6a of Directive 98/6/EC); of goods that are on the
    market for less, since the day ``since_on``.
    """

    price: MoneyField
    since_on: LocalDate | None

    @classmethod
    def of(cls, prior: Prior, currency: str) -> Self:
        return cls(price=MoneyField.of(prior.minor, currency), since_on=prior.since_on)


def struck_out(found: Struck | None, currency: str) -> dict[str, Any]:
    """What is struck out and what stands beside it, as the fields of a view."""
    return {
        "list_price": MoneyField.of(found.price_minor, currency) if found else None,
        "prior_price": PriorPriceView.of(found.prior, currency) if found else None,
    }
