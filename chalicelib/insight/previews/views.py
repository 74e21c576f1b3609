"""What a preview shows."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field

from chalicelib.insight.previews.model.baskets import Tried
from chalicelib.insight.previews.service.trying import Preview
from chalicelib.kernel.money import Money
from chalicelib.members.model.masking import masked_name
from chalicelib.pricing.model import Item
from chalicelib.web import LocalDate, MoneyField, UlidStr, View


class BasketLineView(View):
    """Goods of a basket; gifts are among them."""

    title: str
    quantity: int


class BasketExampleView(View):
    """A real basket of the month. Of its member no more than the first character is shown."""

    order_id: UlidStr
    placed_on: LocalDate
    member: str
    lines: list[BasketLineView]
    total_without: MoneyField
    total_with: MoneyField
    discount: MoneyField
    words: str = Field(description="The same as a sentence.")

    @classmethod
    def of(cls, tried: Tried, names: Mapping[str, str | None], titles: Mapping[str, str], *, zh: bool) -> Self:
        without, having = (each.totals.total for each in (tried.without, tried.having))
        currency, past = tried.having.currency, tried.past
        member = masked_name(names.get(past.member_id))
        return cls(
            order_id=past.order_id,
            placed_on=past.on,
            member=member,
            lines=[BasketLineView(title=_title(each, titles), quantity=each.quantity) for each in tried.having.items],
            total_without=MoneyField.of(without, currency),
            total_with=MoneyField.of(having, currency),
            discount=MoneyField.of(tried.discount_minor, currency),
            words=_words(tried, titles, zh=zh),
        )


class MonthPreviewView(View):
    """What would have come of it, had it held all month and in all group buys. ``orders`` is how many orders the month
    has, counted or, where there are very many, estimated; ``looked_at`` were priced again, drawn evenly, without it and
    with it, with the discounts that they had. Everything else is of those that were looked at, but for
    ``estimate_for_month``.
    """

    title: str
    month: str
    from_on: LocalDate
    to_on: LocalDate
    complete: bool = Field(description="Whether the month is over.")
    looked_at: int
    orders: int
    orders_counted: bool
    touched: int = Field(description="Baskets that it would have lowered.")
    refused: int = Field(description="Baskets that it would have lowered, had its budget or its uses not been used up.")
    used_up_on: LocalDate | None = Field(description="The first day on which one was refused for that.")
    dearer: int = Field(
        description="Of these, the baskets that cost more with it: they miss what another discount asks for."
    )
    discount: MoneyField
    paid_less: MoneyField = Field(
        description="What buyers pay less in all; not the discount where it takes the place of another one."
    )
    estimate_for_month: MoneyField = Field(description="The discount for all orders of the month, in proportion.")
    average_without: MoneyField | None = Field(description="What a basket that it touches costs without it.")
    average_with: MoneyField | None
    margin_without: MoneyField | None = Field(
        description="What those baskets leave over, of goods whose cost is known; null where none is."
    )
    margin_with: MoneyField | None
    uncosted: MoneyField = Field(description="What those baskets pay for goods whose cost is not known.")
    examples: list[BasketExampleView]
    said: str = Field(description="The result in words.")

    @classmethod
    def of(cls, found: Preview, locale: str) -> Self:
        currency, outcome, month = found.month.tenant.currency, found.outcome, found.month
        names = {each: member.name for each, member in month.members.items()}
        zh = locale == "zh"
        costed = found.margin_with.price_minor or found.margin_with.cost_minor
        margins = (found.margin_without.minor, found.margin_with.minor) if costed else (None, None)
        averages = [_average([getattr(each, side).totals.total for each in outcome.touched])
                    for side in ("without", "having")]  # fmt: skip
        return cls(
            title=found.title,
            month=f"{month.from_on:%Y-%m}",
            from_on=month.from_on,
            to_on=month.to_on,
            complete=month.complete,
            looked_at=outcome.looked_at,
            orders=month.sample.total,
            orders_counted=month.sample.counted,
            touched=len(outcome.touched),
            refused=outcome.refused,
            used_up_on=outcome.used_up_on,
            dearer=outcome.dearer,
            discount=MoneyField.of(outcome.discount_minor, currency),
            paid_less=MoneyField.of(outcome.before_minor - outcome.after_minor, currency),
            estimate_for_month=MoneyField.of(found.for_month(outcome.discount_minor), currency),
            average_without=_amount(averages[0], currency),
            average_with=_amount(averages[1], currency),
            margin_without=_amount(margins[0], currency),
            margin_with=_amount(margins[1], currency),
            uncosted=MoneyField.of(found.margin_with.uncosted_minor, currency),
            examples=[BasketExampleView.of(each, names, found.titles, zh=zh) for each in found.examples],
            said=_said(found, zh=zh),
        )


def _said(found: Preview, *, zh: bool) -> str:
    outcome, month = found.outcome, found.month
    discount = Money(outcome.discount_minor, month.tenant.currency)
    about_en, about_zh = ("", "") if month.sample.counted else ("about ", "约")
    if zh:
        return (
            f"查看了 {month.from_on.year}年{month.from_on.month}月的 {outcome.looked_at} 笔订单"
            f"（共{about_zh} {month.sample.total} 笔）："
            f"{len(outcome.touched)} 笔会享受优惠，共减 {discount:zh}。"
        )
    return (
        f"Looked at {outcome.looked_at} of {about_en}{month.sample.total} orders of {month.from_on:%B %Y}: it would "
        f"have lowered {len(outcome.touched)} of them by {discount:en} in all."
    )


def _words(tried: Tried, titles: Mapping[str, str], *, zh: bool) -> str:
    currency = tried.having.currency
    without, having = (Money(each.totals.total, currency) for each in (tried.without, tried.having))
    if zh:
        goods = "、".join(f"{_title(each, titles)} {each.quantity} 件" for each in tried.having.items)
        return f"{goods}：不享优惠 {without:zh}，享受后 {having:zh}"
    goods = ", ".join(f"{each.quantity} × {_title(each, titles)}" for each in tried.having.items)
    return f"{goods}: {without:en} without it, {having:en} with it"


def _title(item: Item, titles: Mapping[str, str]) -> str:
    return titles.get(item.offer_id if item.parts else item.sku_id, "–")


def _average(totals: list[int]) -> int | None:
    """Half a minor unit rounds up."""
    return (2 * sum(totals) + len(totals)) // (2 * len(totals)) if totals else None


def _amount(minor: int | None, currency: str) -> MoneyField | None:
    return None if minor is None else MoneyField.of(minor, currency)
