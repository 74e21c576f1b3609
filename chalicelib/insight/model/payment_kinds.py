"""What people paid by, as figures group it. Pure."""

from enum import StrEnum


class PaymentKind(StrEnum):
    """The kind of a payment method. A card provider may pass on wallets too: it says only that it was paid there."""

    MOBILE_WALLET = "mobile_wallet"
    CARD = "card"
    AT_PICKUP = "at_pickup"
    UNKNOWN = "unknown"


_KINDS = {
    "wechat": PaymentKind.MOBILE_WALLET,
    "stripe": PaymentKind.CARD,
    "pickup": PaymentKind.AT_PICKUP,
}


def kind_of(method: str | None) -> PaymentKind:
    """The kind of an order's payment method; unknown for imported orders, and for what is no real payment."""
    return _KINDS.get(method or "", PaymentKind.UNKNOWN)
