"""The passes there are over a campaign's orders, by name."""

from collections.abc import Mapping

from chalicelib.orders.passes.service.collecting import COLLECT_SOON, NO_SHOWS, READY
from chalicelib.orders.passes.service.completing import COMPLETE
from chalicelib.orders.passes.service.money_back import MONEY_BACK
from chalicelib.orders.passes.service.releasing import RELEASE
from chalicelib.orders.passes.service.reminding import ARRIVAL_MOVED, BALANCE_SOON, EXTENDED
from chalicelib.orders.passes.service.repricing import REPRICE
from chalicelib.orders.passes.service.walking import Pass

PASSES: Mapping[str, Pass] = {
    each.name: each
    for each in (
        RELEASE, MONEY_BACK, REPRICE, READY, NO_SHOWS, COMPLETE, EXTENDED, ARRIVAL_MOVED, BALANCE_SOON,
        COLLECT_SOON,
    )
}  # fmt: skip
"""What goes on by itself, page after page, until each order was visited."""
