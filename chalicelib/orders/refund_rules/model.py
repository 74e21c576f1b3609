"""When the money of a return goes back, and the caps of goodwill. Pure.

Amounts are minor units of the brand's currency.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from chalicelib.kernel.currencies import worth
from chalicelib.kernel.money import Money

Pays = Literal["on_receipt", "on_approval"]
"""When a granted return pays back: part by part as its goods arrive, or at once."""

ON_RECEIPT: Final = "on_receipt"
ON_APPROVAL: Final = "on_approval"

CappedRole = Literal["service", "manager"]
CAPPED: tuple[CappedRole, ...] = ("manager", "service")
"""The roles that may give back by goodwill up to a cap, the higher first. Owners are bound by what was paid alone."""


@dataclass(frozen=True, slots=True)
class RefundRules:
    """A brand's rules. ``caps`` has an amount for each role of ``CAPPED``; one that is missing has the usual cap."""

    currency: str
    pays: Pays = ON_RECEIPT
    caps: Mapping[str, int] = field(default_factory=dict)

    def cap(self, role: CappedRole) -> Money:
        """What a role may give back by goodwill of one order, all together.

        Usual is what makes an order worth some, or much: ¥50.00 for service, ¥200.00 for a manager.
        """
        usual = dict(zip(("service", "manager"), worth(self.currency), strict=True))[role]
        return Money(self.caps.get(role, usual), self.currency)

    def cap_of(self, roles: Collection[str]) -> Money | None:
        """The cap of somebody with these roles or scopes: the highest of them; None for an owner, who has none."""
        if not {"owner", "*"}.isdisjoint(roles):
            return None
        caps = [self.cap(role) for role in CAPPED if role in roles]
        return max(caps, key=lambda cap: cap.amount_minor) if caps else Money.zero(self.currency)
