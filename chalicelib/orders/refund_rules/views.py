"""What the API shows of refund rules."""

from typing import Self

from chalicelib.orders.refund_rules.model import Pays, RefundRules
from chalicelib.web import MoneyField, View


class ReturnsView(View):
    """When the money of a return goes back."""

    refund: Pays


class GoodwillCapsView(View):
    """How much of one order each role may give back by goodwill, all together. Owners have no cap."""

    service: MoneyField
    manager: MoneyField


class RefundRulesView(View):
    returns: ReturnsView
    goodwill_caps: GoodwillCapsView

    @classmethod
    def of(cls, rules: RefundRules) -> Self:
        caps = {role: MoneyField.of(rules.cap(role).amount_minor, rules.currency) for role in ("service", "manager")}
        return cls(returns=ReturnsView(refund=rules.pays), goodwill_caps=GoodwillCapsView(**caps))
