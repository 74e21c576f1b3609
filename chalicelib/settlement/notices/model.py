"""What leaders are told of their money. Pure."""

from dataclasses import dataclass
from datetime import date

from chalicelib.kernel.money import Money
from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class LeaderPaidOut(Notice):
    """The brand has paid a leader on the statement of a period, whose last day is ``to_on``."""

    template = "leader_paid_out"
    telling = Telling(Category.MONEY, audience="leader", about="statement")
    texts = {
        "en": (
            "Paid out: {amount}",
            (
                "{brand} has paid you {amount} for {from_on} to {to_on}. Sign in to our store for the statement, which "
                "shows every order; if the money does not arrive within some days, tell us."
            ),
        ),
        "zh": (
            "佣金已支付：{amount}",
            (
                "{brand}已向您支付 {from_on}至{to_on} 的款项 {amount}。请登录店铺查看对账单明细；"
                "如数日内未到账，请联系我们。"
            ),
        ),
    }
    brand: str
    amount: Money
    from_on: date
    to_on: date
