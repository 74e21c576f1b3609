"""What the API shows of prices, whatever has one."""

from typing import Self

from chalicelib.pricing.model.tax import Tax
from chalicelib.web import MoneyField, View


class TaxView(View):
    """What of a document bears one rate, in per cent: ``base`` without the tax, ``amount`` the tax that prices include,
    rounded half up once for the document. Both together are what is paid.
    """

    rate: str
    base: MoneyField
    amount: MoneyField

    @classmethod
    def each(cls, tax: Tax, currency: str) -> list[Self]:
        """An entry for each rate."""
        return [
            cls(
                rate=part.rate,
                base=MoneyField.of(part.base_minor, currency),
                amount=MoneyField.of(part.tax_minor, currency),
            )
            for part in tax
        ]
