"""Use cases of the books."""

from chalicelib.settlement.service.campaigns import outstanding

__all__ = ["outstanding"]
