"""What a discount is, in words for whoever buys. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from chalicelib.kernel.money import Money
from chalicelib.pricing.model.full_reduction import Reduction
from chalicelib.pricing.model.rules import Words

MEMBER_PRICES = Words("member price", "会员价")


def titled(title: str, what: Words) -> Words:
    """What a discount is, under the title that the brand gave it."""
    return Words(f"{title}: {what.en}", f"{title}：{what.zh}")


def percent_words(bps: int) -> Words:
    """``12.5% off``, which Chinese says by what is left to pay: in tenths, 8.75 折."""
    if bps == 10_000:
        return Words("free", "免费")
    return Words(f"{_plain(Decimal(bps) / 100)}% off", f"打 {_plain(Decimal(10_000 - bps) / 1_000)} 折")


def off_each_words(off: Money) -> Words:
    """So much less for each unit."""
    return Words(f"{off:en} off each", f"每件减 {off:zh}")


def price_words(price: Money) -> Words:
    """So much for each unit."""
    return Words(f"{price:en} each", f"每件 {price:zh}")


def off_words(off: Money) -> Words:
    """So much less in all."""
    return Words(f"{off:en} off", f"立减 {off:zh}")


def delivery_words(off: Money | None = None) -> Words:
    """So much less for the delivery; None where it costs nothing."""
    return Words(f"{off:en} off delivery", f"配送费减 {off:zh}") if off else Words("free delivery", "免配送费")


def reduction_words(steps: Sequence[Reduction], currency: str, *, repeat: bool = False) -> Words:
    """From which amounts how much is taken off."""
    of = [(Money(each.from_minor, currency), Money(each.off_minor, currency)) for each in steps]
    if repeat:
        return Words(
            ", ".join(f"{off:en} off for every {amount:en}" for amount, off in of),
            "，".join(f"每满 {amount:zh} 减 {off:zh}" for amount, off in of),
        )
    return Words(
        ", ".join(f"{off:en} off from {amount:en}" for amount, off in of),
        "，".join(f"满 {amount:zh} 减 {off:zh}" for amount, off in of),
    )


def gift_words(title: str, quantity: int, from_amount: Money | None, from_quantity: int = 0) -> Words:
    """What is given, and from which amount or number of units on."""
    if from_amount is not None:
        return Words(f"{quantity} × {title} free from {from_amount:en}", f"满 {from_amount:zh} 赠 {title} × {quantity}")
    return Words(
        f"{quantity} × {title} free from {from_quantity} units", f"满 {from_quantity} 件赠 {title} × {quantity}"
    )


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
