"""What the API takes of refund rules."""

from typing import Literal

from chalicelib.kernel.errors import Invalid
from chalicelib.orders.refund_rules.model import RefundRules
from chalicelib.web import Body, PriceField


class ReturnsForm(Body):
    """When the money of a return goes back: as its goods arrive, or when it is approved."""

    refund: Literal["on_receipt", "on_approval"] = "on_receipt"


class GoodwillCapsForm(Body):
    """How much of one order each role may give back by goodwill, all together; a role without one has the usual cap."""

    service: PriceField | None = None
    manager: PriceField | None = None


class RefundRulesForm(Body):
    """All of a brand's refund rules; what is left out becomes as usual."""

    EXAMPLES = {
        "returns are paid for when they arrive": {"returns": {"refund": "on_receipt"}},
        "service may give ¥20.00 back": {
            "goodwill_caps": {"service": {"amount_minor": 2_000, "currency": "CNY"}},
        },
    }

    returns: ReturnsForm = ReturnsForm()
    goodwill_caps: GoodwillCapsForm = GoodwillCapsForm()

    def rules(self, currency: str) -> RefundRules:
        """Raises Invalid for a cap in another currency than the brand's."""
        caps = {}
        for role in ("service", "manager"):
            given = getattr(self.goodwill_caps, role)
            if given is None:
                continue
            if given.currency != currency:
                raise Invalid.at(
                    f"/goodwill_caps/{role}/currency",
                    f"The brand's currency is {currency}.",
                    f"品牌币种为 {currency}。",
                )
            caps[role] = given.amount_minor
        return RefundRules(currency, self.returns.refund, caps)
