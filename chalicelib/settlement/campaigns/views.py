"""What the API shows of a campaign's result."""

from typing import Self

from chalicelib.pricing.views import TaxView
from chalicelib.settlement.campaigns.model import PROFIT, CampaignResult
from chalicelib.web import MoneyField, View


class OutstandingView(View):
    """What keeps a campaign from being settled: members' money for goods not handed over, refunds under way, commission
    that is still frozen, sold orders whose end the books have not seen, and cases of after-sale that have not ended.
    """

    held: MoneyField
    refunds: MoneyField
    commission_frozen: MoneyField
    orders: int
    cases: int


class CampaignSettlementView(View):
    """A campaign's part of the books. ``definition`` says how the profit comes about; labour, marketing and logistics
    are not in the books. ``remedies`` is what complaints about its orders cost beyond money given back, less what
    suppliers and the platform bear. ``tax`` is what of the income bears tax, by rate; its amounts are no profit.
    """

    campaign_id: str
    status: str
    definition: str
    sales: MoneyField
    delivery: MoneyField
    forfeited: MoneyField
    returns: MoneyField
    tax: list[TaxView]
    goods: MoneyField
    commission: MoneyField
    fees: MoneyField
    remedies: MoneyField
    profit: MoneyField
    outstanding: OutstandingView

    @classmethod
    def of(cls, campaign_id: str, status: str, currency: str, result: CampaignResult) -> Self:
        names = ("sales", "delivery", "forfeited", "returns", "goods", "commission", "fees", "remedies", "profit")
        left = result.outstanding
        return cls(
            campaign_id=campaign_id,
            status=status,
            definition=PROFIT,
            tax=TaxView.each(result.tax, currency),
            **{name: MoneyField.of(getattr(result, name), currency) for name in names},
            outstanding=OutstandingView(
                **{n: MoneyField.of(left.get(n, 0), currency) for n in ("held", "refunds", "commission_frozen")},
                orders=left.get("orders", 0),
                cases=left.get("cases", 0),
            ),
        )
