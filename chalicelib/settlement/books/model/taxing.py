"""How the tax in an order's sale is booked: taken out of its income, and owed by rate. Pure."""

from chalicelib.pricing.model.tax import Tax
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.journals import Debits


def tax_moves(risen: Tax) -> Debits:
    """What it moves that the tax of a sale rose by so much; balanced in itself."""
    moved: dict[str, int] = {}
    for each in risen:
        moved[chart.TAXED] = moved.get(chart.TAXED, 0) + each.gross_minor
        moved[chart.net_sales(each.rate_bps)] = -each.base_minor
        moved[chart.tax_payable(each.rate_bps)] = -each.tax_minor
    return moved
