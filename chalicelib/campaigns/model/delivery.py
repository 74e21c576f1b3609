"""The delivery fee of a campaign. Pure."""

from dataclasses import dataclass

from chalicelib.campaigns.model.stored_terms import StoredTerms


@dataclass(frozen=True, slots=True)
class Delivery(StoredTerms):
    """Delivery from the chosen pickup point to the member's door, for a fee; none where the goods are worth enough.

    Amounts in minor units; ``free_from_minor`` is None where delivery always costs the fee. ``tax_bps`` is the rate of
    the tax that the fee includes, in basis points, as it was at publishing; None where there is none.
    """

    fee_minor: int
    free_from_minor: int | None = None
    tax_bps: int | None = None

    def fee_for(self, goods_minor: int) -> int:
        """What delivery costs for goods of that value, before any discount."""
        return 0 if self.free_from_minor is not None and goods_minor >= self.free_from_minor else self.fee_minor
