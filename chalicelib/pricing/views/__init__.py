"""What the API shows of prices: of tax whatever has a price, of a product's life to the team alone."""

from chalicelib.pricing.views.tax import TaxView

__all__ = ["TaxView"]
