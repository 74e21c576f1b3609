"""The passes there are over a campaign's orders, by name."""

from collections.abc import Mapping

from chalicelib.orders.service.collecting import NO_SHOWS, READY
from chalicelib.orders.service.passes import Pass
from chalicelib.orders.service.releasing import RELEASE
from chalicelib.orders.service.repricing import REPRICE

PASSES: Mapping[str, Pass] = {each.name: each for each in (RELEASE, REPRICE, READY, NO_SHOWS)}
"""What goes on by itself, page after page, until each order was visited."""
