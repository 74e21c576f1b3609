"""The tax that prices include, by rate. Pure. Amounts are minor units, rates basis points (``900`` is 9 %).

Tax is computed after all six steps, on what is really paid, once for each rate of a document and not once a line:
``tax = gross * rate / (1 + rate)``, a half rounded up, as EN 16931 (BR-CO-17) has it by rate and Chinese invoices do
(四舍五入). Lines get their parts by largest remainder, so that they sum to the document.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.money import allocate
from chalicelib.kernel.percent import percent_text

_FULL = 10_000

TaxRates = tuple[tuple[int | None, int], ...]
"""The rates of a line, each with the weight by which the line's amount falls on it: one for a plain SKU, several where
parts of a line have different ones. None is untaxed. Empty where the line has no rate at all.
"""


@dataclass(frozen=True, slots=True)
class RateTax:
    """What of an amount bears one rate: ``gross`` is paid, ``tax`` is included in it. Below zero only in what a change
    gave back by one rate and added by another.
    """

    rate_bps: int
    gross_minor: int
    tax_minor: int

    @property
    def base_minor(self) -> int:
        """The amount without its tax."""
        return self.gross_minor - self.tax_minor

    @property
    def rate(self) -> str:
        """The rate in per cent, as the API writes it: ``"9"``, ``"5.5"``."""
        return percent_text(self.rate_bps)

    def as_json(self) -> list[int]:
        return [self.rate_bps, self.gross_minor, self.tax_minor]


Tax = tuple[RateTax, ...]
"""The tax of a document: an entry for each rate, the highest first; nothing where nothing bears a rate."""


def included(gross_minor: int, rate_bps: int) -> int:
    """The tax that an amount includes, a half rounded up; of a negative amount as of the positive one."""
    if gross_minor < 0:
        return -included(-gross_minor, rate_bps)
    whole = _FULL + rate_bps
    return (2 * gross_minor * rate_bps + whole) // (2 * whole)


def split(amount_minor: int, rates: TaxRates) -> list[tuple[int | None, int]]:
    """The amount of a line by rate: by largest remainder over the weights of its rates."""
    if len(rates) == 1:
        return [(rates[0][0], amount_minor)]
    shares = allocate(amount_minor, [weight for _, weight in rates]) if rates else []
    return [(rate, share) for (rate, _), share in zip(rates, shares, strict=True)]


def tax_of(parts: Iterable[tuple[int | None, int]]) -> Tax:
    """The tax of a document of which so much bears each rate; parts without one bear none, and nothing has no entry."""
    gross: dict[int, int] = {}
    for rate, amount in parts:
        if rate is not None and amount:
            gross[rate] = gross.get(rate, 0) + amount
    return tuple(RateTax(rate, gross[rate], included(gross[rate], rate)) for rate in sorted(gross, reverse=True))


def by_part(parts: Sequence[tuple[int | None, int]]) -> list[int]:
    """The tax of each part: those of one rate sum to the document's tax at that rate, by largest remainder."""
    shares = [0] * len(parts)
    for each in tax_of(parts):
        own = [n for n, (rate, _) in enumerate(parts) if rate == each.rate_bps]
        for n, share in zip(own, allocate(each.tax_minor, [parts[n][1] for n in own]), strict=True):
            shares[n] = share
    return shares


def by_line(amounts: Mapping[str, int], rates: Mapping[str, TaxRates]) -> dict[str, int]:
    """The tax of each line by its name; a line without a rate is left out."""
    named = [(name, part) for name, amount in amounts.items() for part in split(amount, rates.get(name, ()))]
    taxes: dict[str, int] = {}
    for (name, (rate, _)), tax in zip(named, by_part([part for _, part in named]), strict=True):
        if rate is not None:
            taxes[name] = taxes.get(name, 0) + tax
    return taxes


def tax_of_lines(amounts: Mapping[str, int], rates: Mapping[str, TaxRates]) -> Tax:
    """The tax of a document of named lines, each with its rates."""
    return tax_of(part for name, amount in amounts.items() for part in split(amount, rates.get(name, ())))


def less(before: Tax, after: Tax) -> Tax:
    """By how much a document's tax fell, by rate; rates that did not move are left out."""
    was, now = ({each.rate_bps: each for each in tax} for tax in (before, after))
    fell = []
    for rate in sorted(was | now, reverse=True):
        nothing = RateTax(rate, 0, 0)
        one, other = was.get(rate, nothing), now.get(rate, nothing)
        gross, tax = one.gross_minor - other.gross_minor, one.tax_minor - other.tax_minor
        if gross or tax:
            fell.append(RateTax(rate, gross, tax))
    return tuple(fell)


def plus(*several: Tax) -> Tax:
    """The tax of several documents together: summed, never computed anew."""
    gross: dict[int, int] = {}
    tax: dict[int, int] = {}
    for each in (each for one in several for each in one):
        gross[each.rate_bps] = gross.get(each.rate_bps, 0) + each.gross_minor
        tax[each.rate_bps] = tax.get(each.rate_bps, 0) + each.tax_minor
    return tuple(RateTax(rate, gross[rate], tax[rate]) for rate in sorted(gross, reverse=True))


def first_part(tax: Tax, amount_minor: int, of_minor: int) -> Tax:
    """What of a refund's tax goes with the first ``amount`` of it, where it goes back by two ways; :func:`less` of that
    is the rest.
    """
    grosses = [each.gross_minor for each in tax]
    untaxed = of_minor - sum(grosses)
    if min([untaxed, *grosses]) < 0:  # a change that added by one rate what it took out by another
        shares = [gross * amount_minor // of_minor for gross in grosses]
    else:
        shares = allocate(amount_minor, [*grosses, untaxed])
    return tuple(
        RateTax(each.rate_bps, share, each.tax_minor * share // each.gross_minor if each.gross_minor else 0)
        for each, share in zip(tax, shares, strict=False)
    )


def one_rate(bps: int | None) -> TaxRates:
    """The rates of a line that has one, or none."""
    return () if bps is None else ((bps, 1),)


def stored_rates(rates: TaxRates) -> Any:
    """The rates of a line as an order stores them: one as a number, several as pairs."""
    if len(rates) == 1:
        return rates[0][0]
    return [list(each) for each in rates]


def read_rates(stored: Any) -> TaxRates:
    """The rates of a line as an order stores them."""
    if stored is None:
        return ()
    return ((stored, 1),) if isinstance(stored, int) else tuple((rate, weight) for rate, weight in stored)


def read_tax(stored: Iterable[Sequence[int]] | None) -> Tax:
    """A tax as records store it."""
    return tuple(RateTax(*each) for each in stored or ())
