"""Work on coupons in the background. Pure."""

from chalicelib.jobs.model import Kind

MAKING = Kind("coupon_codes", "coupons.making", "service")
"""Drawing the single codes of a batch."""

GRANTING = Kind("coupon_grants", "coupons.granting", "service")
"""Giving coupons of a batch to members by name."""

MOST_NAMED = 1_000
"""Members whom one request names."""
