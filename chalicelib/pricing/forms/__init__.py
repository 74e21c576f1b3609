"""What the API takes: of discounts, whatever they come from, and of a product's prices."""

from chalicelib.pricing.forms.discounts import MOST_NAMED, Named, PercentOff, ScopeFields, basis_points

__all__ = ["MOST_NAMED", "Named", "PercentOff", "ScopeFields", "basis_points"]
