"""What the API shows of quotes."""

from typing import Self

from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.struck import Struck
from chalicelib.campaigns.views.struck import PriorPriceView, struck_out
from chalicelib.orders.basket.service.pricing import Basket
from chalicelib.orders.views.choices import ChoicesView
from chalicelib.orders.views.lines import LinePartView, LineView, Taxes, line_fields, line_taxes
from chalicelib.orders.views.totals import DiscountView, TotalsView
from chalicelib.pricing.model import Item, Quote
from chalicelib.pricing.views import TaxView
from chalicelib.web import MoneyField, View


class QuotePartView(LinePartView):
    title: str


class QuoteLineView(LineView):
    """A line of a quote. ``list_price`` is what may be struck out beside the price of a unit, by the campaign's price
    or a promotion for everybody, and then ``prior_price`` stands beside it.
    """

    title: str
    list_price: MoneyField | None
    prior_price: PriorPriceView | None
    parts: list[QuotePartView] = []  # type: ignore[assignment]


class QuoteView(View):
    """What a basket costs now. Send ``total.amount_minor`` as ``expected_total_minor`` to order at no other price.

    A ``deposit`` is what a pre-order is paid first; the rest follows after the close. ``tax`` is included in the total.
    ``choices`` are there where they were asked for.
    """

    campaign_id: str
    lines: list[QuoteLineView]
    discounts: list[DiscountView]
    totals: TotalsView
    tax: list[TaxView]
    total: MoneyField
    deposit: MoneyField | None
    choices: ChoicesView | None = None

    @classmethod
    def of(cls, basket: Basket, choices: ChoicesView | None = None) -> Self:
        from chalicelib.orders.basket.service.struck import struck_lines  # no order needs it

        quote, currency = basket.quote, basket.quote.currency
        lines = zip(quote.items, basket.offers, struck_lines(basket), strict=True)
        included = basket.taxable
        taxes = line_taxes(included, currency)
        return cls(
            campaign_id=basket.campaign.id,
            lines=[_quoted(item, offer, struck, taxes, currency) for item, offer, struck in lines],
            discounts=discounts_of(quote),
            totals=TotalsView.of(quote.totals, currency),
            tax=TaxView.each(included.document, currency),
            total=MoneyField.of(quote.totals.total, currency),
            deposit=MoneyField.of(basket.deposit_minor, currency) if basket.deposit_minor else None,
            choices=choices,
        )


def discounts_of(quote: Quote) -> list[DiscountView]:
    """Every discount of a quote."""
    offer_ids = [item.offer_id for item in quote.items]
    return [DiscountView.of(each, offer_ids, quote.currency) for each in quote.discounts]


def _quoted(item: Item, offer: Offer, struck: Struck | None, taxes: Taxes, currency: str) -> QuoteLineView:
    goods = offer.goods() if offer.parts else ()
    parts = [
        QuotePartView(
            sku_id=each.sku_id, quantity=item.quantity * each.per, title=each.title,
            total=MoneyField.of(each.price_minor * item.quantity, currency), **taxes.get(each.offer_id, {}),
        )
        for each in goods
    ]  # fmt: skip
    shown = line_fields(item, currency) | {"sku_id": item.sku_id or None} | taxes.get(item.offer_id, {})
    return QuoteLineView(**shown, title=offer.title, parts=parts, **struck_out(struck, currency))
