"""How Stripe counts amounts. Pure.

Source: https://docs.stripe.com/currencies.
"""

from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.payments.errors import CurrencyNotTaken


def check_currency(currency: str) -> None:
    """Raises CurrencyNotTaken where Stripe would refuse amounts that an order or the refund of a part of one may have.

    Of three decimals Stripe takes those alone whose last digit is 0; of MGA
    whole ariary alone, as it counts them without decimals.
    """
    if CURRENCIES[currency] == 3 or currency == "MGA":
        raise CurrencyNotTaken(
            f"Stripe does not take every amount of {currency}; choose another way of paying.",
            detail_zh=f"Stripe 不支持 {currency} 的部分金额，请更换支付方式。",
        )


_HUNDREDTHS = frozenset({"ISK", "UGX"})
"""Currencies without decimals that Stripe counts in hundredths for the sake of its older clients.

By its special cases. HUF and TWD are taken to two decimals when charged; what is
said of them there is about payouts to a bank alone.
"""


def to_stripe(amount_minor: int, currency: str) -> int:
    """An amount in minor units as Stripe counts it."""
    return amount_minor * 100 if currency in _HUNDREDTHS else amount_minor


def from_stripe(amount: int, currency: str) -> int:
    """An amount as Stripe counts it, in minor units of ISO 4217."""
    return amount // 100 if currency in _HUNDREDTHS else amount
