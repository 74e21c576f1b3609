"""The rules of goodwill: how much who may give back of one order. Pure.

Amounts are minor units of the order's currency.
"""

from collections.abc import Collection

from chalicelib.kernel.money import Money
from chalicelib.orders.goodwill.errors import AboveGoodwillCap
from chalicelib.orders.refund_rules.model import RefundRules


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
        f"With your role at most {cap:en} of one order is given back by goodwill, of which {before:en} was: {left:en} "
        f"is left. Ask {who} for {amount:en}.",
        detail_zh=f"您的角色对每单善意退款上限为 {cap:zh}，已退 {before:zh}，剩余 {left:zh}。"
        f"退还 {amount:zh} 请联系{who_zh}。",
        extra={"cap": cap, "given": before, "left": left},
    )
