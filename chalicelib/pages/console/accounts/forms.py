"""What the pages of payment accounts take."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.errors import Invalid
from chalicelib.web import Body

Words = Annotated[str, StringConstraints(max_length=9_000)]
_BASIS_POINTS = 2
"""Digits of a percentage that basis points have."""


class Nothing(Body):
    """A form that is no more than its button."""


class RatesForm(Body):
    """Whether it is on, and the provider's rates: percent and an amount of the brand's currency, as they are typed."""

    enabled: bool = False
    fee_bps: Words = ""
    fee_fixed_minor: Words = ""

    def settings(self, currency: str) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no number."""
        digits = CURRENCIES[currency]
        others = self.model_dump(exclude={"enabled", "fee_bps", "fee_fixed_minor"})
        return {
            "enabled": self.enabled,
            "fee_bps": _scaled(self.fee_bps, _BASIS_POINTS, "/fee_bps"),
            "fee_fixed_minor": _scaled(self.fee_fixed_minor, digits, "/fee_fixed_minor"),
            **{name: text.strip() for name, text in others.items() if text.strip()},
        }


class StripeForm(RatesForm):
    """A Stripe account as it is typed."""

    account_id: Words = ""
    publishable_key: Words = ""
    secret_key: Words = ""
    webhook_secret: Words = ""


class WeChatForm(RatesForm):
    """A WeChat Pay account as it is typed."""

    merchant_id: Words = ""
    app_id: Words = ""
    serial: Words = ""
    platform_serial: Words = ""
    platform_key: Words = ""
    private_key: Words = ""
    api_v3_key: Words = ""
    app_secret: Words = ""


def shown(number: int, digits: int) -> str:
    """``2.9`` of 290 with two digits."""
    return f"{Decimal(number).scaleb(-digits):f}"


def typed_rates(settings: Mapping[str, Any] | None, currency: str) -> dict[str, str]:
    """The rates as they stand in their fields."""
    if settings is None:
        return {"fee_bps": "", "fee_fixed_minor": ""}
    return {
        "fee_bps": shown(settings["fee_bps"], _BASIS_POINTS),
        "fee_fixed_minor": shown(settings["fee_fixed_minor"], CURRENCIES[currency]),
    }


def _scaled(typed: str, digits: int, pointer: str) -> int:
    try:
        found = Decimal(typed.strip().rstrip("%").strip() or "0").scaleb(digits)
        whole = int(found) if found.is_finite() else None
    except (InvalidOperation, OverflowError):
        whole = None
    if whole is None or whole != found:
        example = f"{Decimal(60).scaleb(-digits):f}"
        raise Invalid.at(pointer, f"Write a number such as {example}.", f"请填写数字，例如 {example}。")
    return whole
