"""What the API shows of what a member could use for a basket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from chalicelib.web import Instant, MoneyField, UlidStr, View

if TYPE_CHECKING:  # few orders need it
    from chalicelib.coupons.model.choosing import Weighed
    from chalicelib.kernel.errors import DomainError
    from chalicelib.orders.basket.service.choosing import Choices


class RefusalView(View):
    """Why something cannot be used: the ``code`` of the refusal, in words, and how much is missing, if that is it."""

    code: str
    detail: str
    missing: MoneyField | None


class WeighedCouponView(View):
    """A coupon of the member's held against a basket: what the basket costs less with it; or, where that is null, why
    it cannot be used. ``until_at`` is not in its time any more.
    """

    coupon_id: UlidStr
    title: str
    worth: str
    saves: MoneyField | None
    refused: RefusalView | None
    until_at: Instant | None

    @classmethod
    def of(cls, weighed: Weighed, currency: str, locale: str) -> Self:
        from chalicelib.coupons.model.rules import worth

        coupon, said, refusal = weighed.coupon, worth(weighed.coupon.terms), weighed.refusal
        return cls(
            coupon_id=coupon.id,
            title=coupon.title,
            worth=said.zh if locale == "zh" else said.en,
            saves=MoneyField.of(weighed.saves_minor, currency) if weighed.fits else None,
            refused=_refused(refusal, locale) if refusal else None,
            until_at=coupon.until_at,
        )


def _refused(refusal: DomainError, locale: str) -> RefusalView:
    detail = refusal.detail_zh if locale == "zh" else refusal.detail
    missing = refusal.extra.get("missing")
    return RefusalView(
        code=refusal.code, detail=detail, missing=MoneyField.model_validate(missing) if missing else None
    )  # fmt: skip


class UsablePointsView(View):
    """How many of the member's points could pay for the basket, after the coupon that it was priced with, and what they
    pay; ``balance`` is all that they have.
    """

    balance: int
    points: int
    amount: MoneyField


class ChoicesView(View):
    """What the member could use for the basket: their coupons, the last fifty that they got, the best first, and those
    that cannot be used after them; and points, null where the store takes none. The best coupon saves most; of equal
    ones it is that which ends first.
    """

    best_coupon_id: UlidStr | None
    coupons: list[WeighedCouponView]
    points: UsablePointsView | None

    @classmethod
    def of(cls, choices: Choices, currency: str, locale: str) -> Self:
        points = choices.points
        return cls(
            best_coupon_id=choices.best.coupon.id if choices.best else None,
            coupons=[WeighedCouponView.of(each, currency, locale) for each in choices.coupons],
            points=UsablePointsView(
                balance=points.balance,
                points=points.most.points,
                amount=MoneyField.of(points.most.amount_minor, currency),
            )
            if points
            else None,
        )
