"""What the team may do with an order as it stands; whether it is done, the API decides."""

from dataclasses import dataclass
from typing import Self

from chalicelib.campaigns.model.campaign import FROM_LOCK, FROM_PICKUP, ON_SHOW
from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.model import Status
from chalicelib.orders.views.orders import FullStaffOrderView
from chalicelib.pages.console.orders.forms import held

_STANDS = frozenset({Status.PLACED, Status.READY})


@dataclass(frozen=True, slots=True)
class Acts:
    """What is offered on the page of an order; nothing by default."""

    change: bool = False
    cancel: bool = False
    adjust: bool = False
    move: bool = False
    hand_over: bool = False
    give_back: bool = False

    @classmethod
    def of(cls, order: FullStaffOrderView) -> Self:
        """What fits the order's state: changes for its member until the close, by the team after the lock."""
        campaign, own = order.campaign.status, order.after_sale_id is None
        waits = order.status in (Status.HELD, Status.PLACED) and campaign in ON_SHOW
        stands = order.status in _STANDS and order.forfeited_at is None
        after_lock = stands and campaign in FROM_LOCK
        return cls(
            change=own and waits,
            cancel=own and (waits or order.status == Status.HELD),
            adjust=after_lock,
            move=after_lock and not any(each.quantity for each in order.picked),
            hand_over=stands and campaign in FROM_PICKUP and (order.balance_due_at is None or not _due(order)),
            give_back=refundable(order) > 0,
        )

    @property
    def any(self) -> bool:
        """Whether there is anything besides the handover and money given back."""
        return self.change or self.cancel or self.adjust or self.move


def refundable(order: FullStaffOrderView) -> int:
    """What was paid and has not gone back, in minor units."""
    return order.totals.paid.amount_minor - order.totals.refunded.amount_minor


def left(order: FullStaffOrderView) -> dict[str, int]:
    """The units that were not handed over yet, by the names of :func:`held`."""
    done = picked(order)
    return {each.name: each.quantity - done.get(each.name, 0) for each in held(order)}


def picked(order: FullStaffOrderView) -> dict[str, int]:
    """The units that were handed over, by the same names."""
    return {part_named(each.offer_id, each.sku_id): each.quantity for each in order.picked}


def _due(order: FullStaffOrderView) -> int:
    return order.totals.due.amount_minor
