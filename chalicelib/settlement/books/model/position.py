"""Where an order's money belongs, as its state says.

An order's journals are not a chain of steps, each relying on the one before. Each brings the order's accounts from
where they are to where the order's present state says that they belong. So messages may come twice and in any order:
when all have come, the accounts are the same.
"""

from dataclasses import dataclass, fields

from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.commission import share


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What of an order decides where its money belongs; amounts in minor units.

    ``goods_minor`` is net of discounts, and ``picked_minor`` of it the worth of what was handed over before the rest
    was forfeited; ``returned_minor`` was given back while the total stands, ``delivery_returned_minor`` of it for
    delivery, ``goodwill_minor`` of it for goods by goodwill, which costs the brand and not its leader, and
    ``disputed_minor`` of it to payers who won a dispute, which is no leader's loss either. ``charged_minor`` of the
    goodwill is for the leader to bear after all.
    """

    sold: bool = False
    forfeited: bool = False
    goods_minor: int = 0
    picked_minor: int = 0
    delivery_minor: int = 0
    deposit_minor: int = 0
    returned_minor: int = 0
    delivery_returned_minor: int = 0
    goodwill_minor: int = 0
    disputed_minor: int = 0
    charged_minor: int = 0

    @property
    def handed_over_minor(self) -> int:
        """The worth of the goods that were handed over."""
        if self.forfeited:
            return self.picked_minor
        return self.goods_minor if self.sold else 0

    @property
    def commission_base_minor(self) -> int:
        """Goods that were handed over, net of discounts and of what was given back for them, without delivery."""
        goods_returned = self.returned_minor - min(self.delivery_returned_minor, self.delivery_minor)
        goods_returned -= self.goodwill_minor + self.disputed_minor
        return max(0, self.handed_over_minor - max(0, goods_returned))

    def commission_minor(self, rate_bps: int) -> int:
        """What the leader earns with it. An exchange at no price has no base, and earns nothing. What the leader is to
        bear is taken off as far as the commission goes: beyond it the brand bears it.
        """
        return max(0, share(self.commission_base_minor, rate_bps) - self.charged_minor)

    def borne_minor(self, rate_bps: int) -> int:
        """What of the goodwill the leader bears with the commission at a rate."""
        return min(self.charged_minor, share(self.commission_base_minor, rate_bps))


@dataclass(frozen=True, slots=True)
class Position:
    """An order's part of six accounts, in minor units; all but ``returns`` are credit balances."""

    funds: int = 0
    deposits: int = 0
    sales: int = 0
    delivery: int = 0
    forfeited: int = 0
    returns: int = 0

    @property
    def held_minor(self) -> int:
        """The customer's money."""
        return self.funds + self.deposits


_ACCOUNTS = {
    "funds": chart.FUNDS, "deposits": chart.DEPOSITS, "sales": chart.SALES, "delivery": chart.DELIVERY,
    "forfeited": chart.FORFEITED, "returns": chart.RETURNS,
}  # fmt: skip


def position(received_minor: int, refunded_minor: int, facts: OrderFacts) -> Position:
    """Where the money of an order belongs, of which so much came in and so much was given back or is on its way.

    Whatever the state, the parts sum to ``received - refunded``. While some messages are still to come, parts may be
    below zero; when all have come, none is.
    """
    if not facts.sold and not facts.forfeited:
        kept = received_minor - refunded_minor
        deposits = max(0, min(kept, facts.deposit_minor))
        return Position(funds=kept - deposits, deposits=deposits)
    returns = max(0, min(facts.returned_minor, refunded_minor))
    revenue = received_minor - (refunded_minor - returns)
    if facts.forfeited:
        sales = max(0, min(facts.picked_minor, revenue))
        return Position(sales=sales, forfeited=revenue - sales, returns=returns)
    delivery = max(0, min(facts.delivery_minor, revenue))
    return Position(sales=revenue - delivery, delivery=delivery, returns=returns)


def moves(before: Position, after: Position) -> dict[str, int]:
    """The debits (positive) and credits (negative) that lead from one position to another, by account."""
    found = {}
    for field in fields(Position):
        rise = getattr(after, field.name) - getattr(before, field.name)
        if rise:
            found[_ACCOUNTS[field.name]] = rise if field.name == "returns" else -rise
    return found
