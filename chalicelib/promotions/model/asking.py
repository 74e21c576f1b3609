"""Terms as staff ask for them, and what is refused of them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.catalog.model.products import WrongCurrency
from chalicelib.kernel.money import Money
from chalicelib.pricing.model import Reduction
from chalicelib.promotions.errors import OffAboveFrom, StepsDoNotRise, TermsDoNotFit
from chalicelib.promotions.model.terms import GiftTerms, Kind, PriceTerms, ReductionTerms, Terms


@dataclass(frozen=True, slots=True)
class Asked:
    """Terms with their amounts; ``named`` are the fields that were sent, as the API calls them. Percentages are basis
    points; ``prices`` are by SKU, ``steps`` what is spent and what is taken off.
    """

    named: frozenset[str]
    percent_bps: int | None = None
    amount_off: Money | None = None
    price: Money | None = None
    prices: tuple[tuple[str, Money], ...] = ()
    tier: str | None = None
    steps: tuple[tuple[Money, Money], ...] = ()
    repeat: bool = False
    from_amount: Money | None = None
    from_quantity: int | None = None
    sku_id: str | None = None
    quantity: int = 1

    def amounts(self) -> list[tuple[str, Money]]:
        """Every amount, with its place below the terms."""
        single = [("amount_off", self.amount_off), ("price", self.price), ("from", self.from_amount)]
        steps = [(f"steps/{n}/{name}", money) for n, pair in enumerate(self.steps)
                 for name, money in zip(("from", "off"), pair, strict=True)]  # fmt: skip
        prices = [(f"prices/{n}/price", money) for n, (_, money) in enumerate(self.prices)]
        return [(place, money) for place, money in single if money is not None] + steps + prices


class _Of(NamedTuple):
    """Of ``one`` of these fields a kind needs exactly one, of ``all`` each; ``also`` it may have."""

    one: Sequence[str]
    all: Sequence[str] = ()
    also: Sequence[str] = ()


_FIELDS: Mapping[Kind, _Of] = {
    Kind.TIMED_PRICE: _Of(("percent_off", "amount_off", "price")),
    Kind.FULL_REDUCTION: _Of(("steps",), also=("repeat",)),
    Kind.GIFT: _Of(("from", "from_quantity"), all=("sku_id",), also=("quantity",)),
    Kind.MEMBER_PRICE: _Of(("percent_off", "prices"), also=("tier",)),
}


def terms_of(kind: Kind, asked: Asked, currency: str) -> Terms:
    """The terms of a promotion of that kind; of a gift without its title, which its SKU has.

    Raises TermsDoNotFit, WrongCurrency, StepsDoNotRise, OffAboveFrom.
    """
    _check_fields(kind, asked.named)
    for place, money in asked.amounts():
        check_currency(money, currency, f"/terms/{place}")
    if kind is Kind.FULL_REDUCTION:
        _check_steps(asked.steps)
        steps = tuple(Reduction(amount.amount_minor, off.amount_minor) for amount, off in asked.steps)
        return ReductionTerms(steps, asked.repeat)
    if kind is Kind.GIFT:
        return GiftTerms(str(asked.sku_id), asked.quantity, _minor(asked.from_amount), asked.from_quantity)
    prices = tuple((sku_id, money.amount_minor) for sku_id, money in asked.prices)
    return PriceTerms(asked.percent_bps, _minor(asked.amount_off), _minor(asked.price), prices, asked.tier)


def check_currency(money: Money, currency: str, pointer: str) -> None:
    """Raises WrongCurrency for an amount that is not in the store's currency."""
    if money.currency != currency:
        message = f"Amounts of this store are in {currency}, not {money.currency}."
        raise WrongCurrency.at(f"{pointer}/currency", message, f"本店金额须为 {currency}，而非 {money.currency}。")


def _check_fields(kind: Kind, named: frozenset[str]) -> None:
    of = _FIELDS[kind]
    needless = sorted(named - {*of.one, *of.all, *of.also})
    if needless:
        raise TermsDoNotFit.at(
            f"/terms/{needless[0]}",
            f"A promotion of kind '{kind}' has no '{needless[0]}'; leave it out.",
            f"“{kind}”类型的促销没有“{needless[0]}”，请去掉。",
        )
    if len(named & set(of.one)) != 1 or not named >= set(of.all):
        names = " or ".join(f"'{name}'" for name in of.one)
        more = "".join(f", and '{name}'" for name in of.all)
        names_zh, more_zh = "、".join(of.one), "".join(f"，以及 {name}" for name in of.all)
        raise TermsDoNotFit.at(
            "/terms",
            f"A promotion of kind '{kind}' needs exactly one of {names}{more}.",
            f"“{kind}”类型的促销需要且只需要以下一项：{names_zh}{more_zh}。",
        )


def _check_steps(steps: Sequence[tuple[Money, Money]]) -> None:
    for n, (amount, off) in enumerate(steps):
        if n and not (steps[n - 1][0] < amount and steps[n - 1][1] < off):
            before, less = steps[n - 1]
            raise StepsDoNotRise.at(
                f"/terms/steps/{n}",
                f"Each step needs more spent and takes more off than the one before: {off:en} off from {amount:en} "
                f"comes after {less:en} off from {before:en}.",
                f"每一档的门槛和减免都须高于前一档：前一档满 {before:zh} 减 {less:zh}，"
                f"本档满 {amount:zh} 减 {off:zh}。",
            )
        if not off <= amount:
            raise OffAboveFrom.at(
                f"/terms/steps/{n}/off",
                f"{off:en} is more than the {amount:en} that has to be spent; take off that much at most.",
                f"减免 {off:zh} 超过门槛 {amount:zh}，请不要超过门槛金额。",
            )


def _minor(money: Money | None) -> int | None:
    return None if money is None else money.amount_minor
