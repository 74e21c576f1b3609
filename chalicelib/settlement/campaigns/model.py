"""What a campaign has brought in, and what of its money is not where it belongs yet."""

from dataclasses import dataclass

PROFIT = "sales + delivery + forfeited - returns - goods - commission - fees"
"""The definition of the profit; every part is the balance of the account of that name, of this campaign's journals."""


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """A campaign's part of the accounts, in minor units. ``recognised`` counts the orders handed over or forfeited, of
    ``sold`` that stand by the campaign's progress; ``cases`` the after-sale cases that have not ended.
    """

    sales: int = 0
    delivery: int = 0
    forfeited: int = 0
    returns: int = 0
    goods: int = 0
    commission: int = 0
    fees: int = 0
    held: int = 0
    refunds: int = 0
    frozen: int = 0
    recognised: int = 0
    sold: int = 0
    cases: int = 0

    @property
    def profit(self) -> int:
        """What the campaign earned before labour, marketing and logistics, which the books do not know."""
        earned = self.sales + self.delivery + self.forfeited - self.returns
        return earned - self.goods - self.commission - self.fees

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
