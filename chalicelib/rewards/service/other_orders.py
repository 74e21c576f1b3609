"""The other orders of a member, of which one may carry a reward that its own order carries no more."""

from collections.abc import Iterator
from itertools import islice

from chalicelib.db import fetch_many
from chalicelib.members.records import MemberRecord
from chalicelib.orders.records import OrderRecord, member_orders
from chalicelib.rewards.model import counted_minor
from chalicelib.settlement.books.service.orders import facts_of

_AT_ONCE = 25


def money_counts(order: OrderRecord) -> bool:
    """Whether money of an order counts: it was handed over and paid for, and not all of that was given back."""
    return counted_minor(facts_of(order)) > 0


def other_order(member: MemberRecord, order_id: str) -> OrderRecord | None:
    """The member's oldest other order of which money counts, read consistently; None where there is none. The index
    only says which orders there are: each has stood in it since it was placed.
    """
    ids = (each.id for each in _ids(member) if each.id != order_id)
    while some := list(islice(ids, _AT_ONCE)):
        places = [(OrderRecord, *OrderRecord.address(member.tenant_id, each)) for each in some]
        found: list[OrderRecord | None] = fetch_many(places, consistent=True)
        for order in found:
            if order is not None and order.origin is None and money_counts(order):
                return order
    return None


def _ids(member: MemberRecord) -> Iterator[OrderRecord]:
    return OrderRecord.every(member_orders(member.tenant_id, member.id), index="gsi2")
