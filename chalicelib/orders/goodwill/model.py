"""The rules of goodwill: how much who may give back of one order, and what of it stays a gift. Pure.

Amounts are minor units of the order's currency.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from chalicelib.kernel.money import Money
from chalicelib.orders.goodwill.errors import AboveGoodwillCap
from chalicelib.orders.refund_rules.model import RefundRules


@dataclass(frozen=True, slots=True)
class Goodwill:
    """What was given back of an order by goodwill: ``given_minor`` in all, ever; ``lines`` has what of it is a gift
    still, by offer id or ``delivery``.

    A gift costs the leader nothing. Where goods come back later, what was given for them before is part of what the
    return pays back, and no gift any more.
    """

    given_minor: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    def plus(self, parts: Mapping[str, int]) -> "Goodwill":
        """With more that was given."""
        lines = {name: self.lines.get(name, 0) + parts.get(name, 0) for name in {**self.lines, **parts}}
        return Goodwill(self.given_minor + sum(parts.values()), lines)

    def less(self, short: Mapping[str, int]) -> "Goodwill":
        """After a return that paid back so much less of each line than its units were worth."""
        lines = {name: part - min(part, max(0, short.get(name, 0))) for name, part in self.lines.items()}
        return Goodwill(self.given_minor, {name: part for name, part in lines.items() if part})

    def as_json(self) -> list[Any]:
        return [self.given_minor, dict(self.lines)]

    @classmethod
    def from_json(cls, stored: Any) -> Self:
        return cls(int(stored[0]), {name: int(part) for name, part in stored[1].items()}) if stored else cls()


def check_cap(amount: Money, given_minor: int, rules: RefundRules, roles: Collection[str]) -> None:
    """Whether somebody with these roles may give back an amount of an order of which ``given_minor`` was given before,
    by whomever: the cap is of the order, so that many small refunds are no way around it. Raises AboveGoodwillCap.
    """
    cap = rules.cap_of(roles)
    if cap is None or given_minor + amount.amount_minor <= cap.amount_minor:
        return
    before = Money(given_minor, amount.currency)
    left = Money(max(0, cap.amount_minor - given_minor), amount.currency)
    manager = rules.cap("manager")
    enough = given_minor + amount.amount_minor <= manager.amount_minor
    who, who_zh = ("a manager or an owner", "经理或所有者") if enough else ("an owner", "所有者")
    raise AboveGoodwillCap(
        f"With your role at most {cap} of one order is given back by goodwill, of which {before} was: {left} is left. "
        f"Ask {who} for {amount}.",
        detail_zh=f"您的角色对每单善意退款上限为 {cap}，已退 {before}，剩余 {left}。退还 {amount} 请联系{who_zh}。",
        extra={"cap": cap, "given": before, "left": left},
    )
