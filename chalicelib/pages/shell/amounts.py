"""Amounts of money as people type them. Pure."""

import re

from chalicelib.kernel.currencies import CURRENCIES

_AMOUNT = re.compile(r"([0-9]{1,9})(?:[.]([0-9]{1,3}))?")


def minor_of(typed: str, digits: int) -> int | None:
    """An amount in minor units of a currency with so many ``digits`` after the point: ``12.5`` of two is 1250. None for
    what is none, or has more digits than the currency.
    """
    found = _AMOUNT.fullmatch(typed.strip())
    if found is None or len(found[2] or "") > digits:
        return None
    return int(found[1] + (found[2] or "").ljust(digits, "0"))


def typed(minor: int, currency: str) -> str:
    """An amount as a field of a form shows it: ``12.50``, ``1250`` of a currency without minor units."""
    digits = CURRENCIES[currency]
    whole, part = divmod(minor, 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)


def example(currency: str) -> str:
    """Such an amount, to be shown to who has typed something else."""
    return typed(125 * 10 ** CURRENCIES[currency] // 10, currency)
