"""Amounts that people note: in the currency of the books, and no more than there is."""

from chalicelib.kernel.money import Money
from chalicelib.settlement.errors import AboveBalance, WrongPaymentCurrency


def check_currency(amount: Money, currency: str) -> None:
    """Raises WrongPaymentCurrency where an amount is in another currency than the books."""
    if amount.currency != currency:
        message = f"The books are in {currency}, not {amount.currency}."
        raise WrongPaymentCurrency.at("/amount/currency", message, f"账簿币种为 {currency}，而非 {amount.currency}。")


def above(left: Money) -> AboveBalance:
    """The refusal of more than is left."""
    return AboveBalance(
        f"At most {left:en} is left; note no more than that.",
        detail_zh=f"最多可登记 {left:zh}。",
        extra={"balance": left},
    )
