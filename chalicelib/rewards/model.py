"""How much of an order counts for points and tiers. Pure. Amounts are minor units."""

from chalicelib.settlement.books.model.position import OrderFacts


def counted_minor(facts: OrderFacts) -> int:
    """The money that was paid for goods which were handed over and kept: after all discounts, points among them, and
    less everything that was given back for goods, by goodwill and disputes too. Delivery counts for nothing.
    """
    of_delivery = min(facts.delivery_returned_minor, facts.delivery_minor)
    return max(0, facts.handed_over_minor - max(0, facts.returned_minor - of_delivery))
