"""The passes there are over a campaign's orders, by name."""

from collections.abc import Mapping

from chalicelib.orders.service.passes import Pass
from chalicelib.orders.service.releasing import RELEASE

PASSES: Mapping[str, Pass] = {each.name: each for each in (RELEASE,)}
"""What goes on by itself, page after page, until each order was visited."""
