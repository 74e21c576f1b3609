"""What a brand says of a batch of coupons, and what cannot be. Pure.

Amounts are minor units of the brand's currency.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chalicelib.coupons.errors import AmountInAnotherCurrency, BudgetBelowOneUse, TermsRefused
from chalicelib.coupons.model.terms import ALL_GOODS, ALWAYS, Goods, Kind, Purpose, Terms, Validity
from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.money import Money
from chalicelib.kernel.unset import UNSET, Unset

MOST_PER_MEMBER = 20
MOST_TOTAL = 10_000_000

Status = Literal["active", "paused"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A batch as a brand asks for it. Without ``code`` and ``count`` its coupons are granted alone; ``code`` is one for
    all, ``count`` the number of codes that are good once.
    """

    title: str
    kind: Kind
    purpose: Purpose
    value: Money | None = None
    percent_bps: int | None = None
    cap: Money | None = None
    minimum: Money | None = None
    goods: Goods = ALL_GOODS
    validity: Validity = ALWAYS
    code: str | None = None
    count: int | None = None
    per_member: int = 1
    total: int | None = None
    budget: Money | None = None

    def terms(self, currency: str) -> Terms:
        """What its coupons promise. Raises AmountInAnotherCurrency."""
        amounts = {"value": self.value, "at_most": self.cap, "minimum": self.minimum, "budget": self.budget}
        for name, amount in amounts.items():
            check_currency(name, amount, currency)
        return Terms(
            self.kind, currency, _minor(self.value), self.percent_bps, _minor(self.cap), _minor(self.minimum) or 0,
            self.goods,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changes:
    """What is ``UNSET`` stays as it is; a limit or budget of None is taken away."""

    title: str | Unset = UNSET
    status: Status | Unset = UNSET
    total: int | Unset | None = UNSET
    budget: Money | Unset | None = UNSET


def check(wanted: Wanted, now: datetime) -> None:
    """Raises TermsRefused for what no coupon can be, naming every field; BudgetBelowOneUse."""
    faults = [FieldError(*each) for each in (*_of_worth(wanted), *_of_time(wanted, now), *_of_handing_out(wanted))]
    if faults:
        said = " ".join(each.message for each in faults)
        raise TermsRefused(said, detail_zh="".join(each.message_zh for each in faults), errors=tuple(faults))
    check_budget(wanted.budget, wanted.cap if wanted.percent_bps is not None else wanted.value)


def check_budget(budget: Money | None, one_use: Money | None) -> None:
    """Raises BudgetBelowOneUse where a budget does not pay for one use, as far as is known what that costs."""
    if budget is not None and one_use is not None and budget < one_use:
        raise BudgetBelowOneUse.at(
            "/budget",
            f"The budget of {budget:en} does not pay for one use of {one_use:en}; raise it to {one_use:en} or more.",
            f"预算 {budget:zh} 不足以使用一次（{one_use:zh}），请至少设为 {one_use:zh}。",
        )


def check_currency(name: str, amount: Money | None, currency: str) -> None:
    """Raises AmountInAnotherCurrency."""
    if amount is not None and amount.currency != currency:
        raise AmountInAnotherCurrency.at(
            f"/{name}/currency",
            f"The brand's currency is {currency}, not {amount.currency}.",
            f"品牌币种为 {currency}，而不是 {amount.currency}。",
        )


_Faults = Iterator[tuple[str, str, str]]


def _of_worth(wanted: Wanted) -> _Faults:
    value, percent = wanted.value, wanted.percent_bps
    if wanted.kind == "amount" and value is None:
        yield "/value", "Say what the coupon takes off.", "请填写优惠金额。"
    if wanted.kind == "percent" and percent is None:
        yield "/percent_off", "Say how many per cent the coupon takes off.", "请填写折扣百分比。"
    if wanted.kind in ("amount", "delivery") and percent is not None:
        yield "/percent_off", "A share goes with the kinds percent and product.", "百分比仅适用于折扣券和单品券。"
    if wanted.kind == "percent" and value is not None:
        yield "/value", "Leave the amount out: the coupon takes a share off.", "折扣券请勿填写优惠金额。"
    if wanted.kind == "product" and value is not None and percent is not None:
        yield "/value", "Give an amount or a share, not both.", "优惠金额与百分比只能填写一项。"
    if wanted.cap is not None and percent is None:
        yield "/at_most", "A cap goes with a share.", "最高减免仅适用于百分比优惠。"
    if wanted.kind == "product" and not wanted.goods.product_ids:
        yield "/scope/product_ids", "Name the products that the coupon is for.", "请选择该优惠券适用的商品。"


def _of_time(wanted: Wanted, now: datetime) -> _Faults:
    begins, ends = wanted.validity.from_at, wanted.validity.until_at
    if wanted.validity.days is not None and (begins is not None or ends is not None):
        yield "/valid/days", "Give days or a time from and until, not both.", "有效天数与起止时间只能填写一项。"
    if ends is not None and ends <= now:
        yield "/valid/until_at", "Choose an end that has not passed.", "结束时间须在当前时间之后。"
    elif begins is not None and ends is not None and ends <= begins:
        yield "/valid/until_at", "The end must come after the beginning.", "结束时间须晚于开始时间。"


def _of_handing_out(wanted: Wanted) -> _Faults:
    if wanted.count is not None and wanted.total is not None and wanted.total > wanted.count:
        yield (
            "/limits/total",
            f"The codes are {counted(wanted.count, 'code')} in all; lower the total to that, or leave it out.",
            f"券码共 {wanted.count} 个，使用总数不能超过 {wanted.count}。",
        )


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.amount_minor
