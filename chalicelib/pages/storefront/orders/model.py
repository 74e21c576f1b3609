"""How a pickup code is read aloud, and how a basket is written. Pure."""

from collections.abc import Mapping

BASKET = "basket"
BASKET_SECONDS = 14 * 24 * 3600


def spoken(code: str) -> list[str]:
    """A code in groups as people say numbers: ``BG6 ZXV SZ2B``."""
    return [code[:3], code[3:6], code[6:]]


def basket(units: Mapping[str, int]) -> str:
    """Units by offer as the basket's cookie has them."""
    return "-".join(f"{offer_id}.{quantity}" for offer_id, quantity in units.items())
