"""What a campaign has brought in, and what of its money is not where it belongs yet."""

from dataclasses import dataclass

from chalicelib.pricing.model.tax import Tax

PROFIT = "sales + delivery + forfeited - returns - tax - goods - commission - fees - remedies"
"""The definition of the profit; every part is the balance of the account of that name, of this campaign's journals; the
tax is the sum of its rates.
"""


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """A campaign's part of the accounts, in minor units. ``recognised`` counts the orders handed over or forfeited, of
    ``sold`` that stand by the campaign's progress; ``cases`` the after-sale cases that have not ended. ``tax`` is what
    of the income bears tax, by rate.
    """

    sales: int = 0
    delivery: int = 0
    forfeited: int = 0
    returns: int = 0
    goods: int = 0
    commission: int = 0
    fees: int = 0
    remedies: int = 0
    held: int = 0
    refunds: int = 0
    frozen: int = 0
    recognised: int = 0
    sold: int = 0
    cases: int = 0
    tax: Tax = ()

    @property
    def profit(self) -> int:
        """What the campaign earned before labour, marketing and logistics, which the books do not know."""
        earned = self.sales + self.delivery + self.forfeited - self.returns
        earned -= sum(each.tax_minor for each in self.tax)
        return earned - self.goods - self.commission - self.fees - self.remedies

    @property
    def outstanding(self) -> dict[str, int]:
        """What keeps it from being settled, by name; empty where nothing does.

        ``held``: members' money for goods not handed over. ``refunds``: money on its way back. ``commission_frozen``:
        commission of orders that may still be returned. ``orders``: sold orders whose end the books have not seen.
        ``cases``: after-sale cases that have not ended.
        """
        found = {
            "held": self.held,
            "refunds": self.refunds,
            "commission_frozen": self.frozen,
            "orders": max(0, self.sold - self.recognised),
            "cases": self.cases,
        }
        return {name: amount for name, amount in found.items() if amount}
