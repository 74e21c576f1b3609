"""The report of lifetime values: who is likely to be active still, what members will bring, who is most at risk."""

from chalicelib.insight.reports.lifetime_value.reading import LIFETIME_VALUE

__all__ = ["LIFETIME_VALUE"]
