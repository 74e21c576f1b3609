"""Channels are followed by visitors of the shop."""

from tests.pages.conftest import new_visitor, shopper, visitor

__all__ = ["new_visitor", "shopper", "visitor"]
