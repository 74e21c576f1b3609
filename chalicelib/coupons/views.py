"""What the API shows of coupons."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Self, cast

from pydantic import Field

from chalicelib.coupons.model.codes import shown
from chalicelib.coupons.model.rules import worth
from chalicelib.coupons.model.terms import Goods, Kind, Purpose, Terms
from chalicelib.coupons.records import BatchRecord, CouponRecord
from chalicelib.coupons.service.batches import Effect
from chalicelib.coupons.service.making import Code
from chalicelib.jobs.records import JobRecord
from chalicelib.web import Instant, MoneyField, UlidStr, View, columns

CODE_COLUMNS = columns(number=("No.", "序号"), code=("Code", "券码"))


class ScopeView(View):
    """What a coupon is for; empty lists narrow nothing."""

    campaign_ids: list[str]
    product_ids: list[str]
    categories: list[str]
    tags: list[str]

    @classmethod
    def of(cls, goods: Goods) -> Self:
        return cls(**{name: list(getattr(goods, name)) for name in cls.model_fields})


class WorthView(View):
    """What a coupon gives; ``worth`` says it in words."""

    kind: Kind
    value: MoneyField | None
    percent_off: str | None
    at_most: MoneyField | None
    minimum: MoneyField | None
    scope: ScopeView
    worth: str


class ValidView(View):
    """When coupons of the batch can be used; ``until_at`` is not in it any more."""

    from_at: Instant | None
    until_at: Instant | None
    days: int | None


class CodesView(View):
    """How its coupons are got by code; of single codes ``made`` are there already, the job draws the others. Lists
    leave out how many are made.
    """

    mode: Literal["single", "shared"]
    code: str | None = None
    count: int | None = None
    made: int | None = None
    job_id: UlidStr | None = None


class LimitsView(View):
    """How many coupons one member may get, and how many orders may use one in all."""

    per_member: int
    total: int | None


class BatchView(WorthView):
    """A batch of coupons."""

    id: UlidStr
    title: str
    purpose: Purpose
    status: Literal["active", "paused"]
    valid: ValidView
    codes: CodesView | None
    limits: LimitsView
    budget: MoneyField | None
    created_at: Instant
    created_by: str

    @classmethod
    def of(cls, batch: BatchRecord, locale: str) -> "BatchView":
        return BatchView(**_batch(batch, None, locale))


class FullBatchView(BatchView):
    """A batch with what came of it: coupons ``granted`` to members, by code or by name; ``used`` by orders, unpaid
    ones among them; ``discount`` is what these took off, which counts against the ``budget``.
    """

    granted: int
    used: int
    discount: MoneyField

    @classmethod
    def with_effect(cls, batch: BatchRecord, effect: Effect, job: JobRecord | None, locale: str) -> Self:
        """``job`` draws its single codes, if it has any."""
        discount = MoneyField.of(effect.spent_minor, batch.terms.currency)
        return cls(**_batch(batch, job, locale), granted=effect.granted, used=effect.used, discount=discount)


class CodeView(View):
    """A single code, and which member has entered it, if anybody."""

    number: int
    code: str
    member_id: UlidStr | None
    entered_at: Instant | None

    @classmethod
    def of(cls, code: Code) -> Self:
        return cls(number=code.number + 1, code=shown(code.code), member_id=code.member_id, entered_at=code.entered_at)


Shown = Literal["granted", "held", "used", "returned", "expired"]


class CouponView(WorthView):
    """A member's coupon. It is ``granted``, ``held`` by an unpaid order, ``used`` by an order, ``returned`` by one that
    came to nothing, which makes it usable again, or ``expired``. ``until_at`` is not in its time any more.
    """

    id: UlidStr
    title: str
    status: Shown
    first_order_only: bool = Field(description="It is for people who have not ordered before.")
    from_at: Instant | None
    until_at: Instant | None
    order_id: UlidStr | None
    discount: MoneyField | None = Field(description="What it takes off the order that has it.")
    got_at: Instant

    @classmethod
    def of(cls, coupon: CouponRecord, now: datetime, locale: str) -> Self:
        taken, currency = coupon.amount_minor, coupon.terms.currency
        names = ("id", "title", "from_at", "until_at", "order_id", "got_at")
        return cls(
            **_worth(coupon.terms, locale),
            **{name: getattr(coupon, name) for name in names},
            status=cast("Shown", coupon.status(now)),
            first_order_only=bool(coupon.first_order_only),
            discount=None if taken is None else MoneyField.of(int(taken), currency),
        )


def _worth(terms: Terms, locale: str) -> dict[str, Any]:
    said = worth(terms)
    return {
        "kind": terms.kind,
        "value": _money(terms.value_minor, terms.currency),
        "percent_off": None if terms.percent_bps is None else f"{(Decimal(terms.percent_bps) / 100).normalize():f}",
        "at_most": _money(terms.cap_minor, terms.currency),
        "minimum": _money(terms.minimum_minor or None, terms.currency),
        "scope": ScopeView.of(terms.goods),
        "worth": said.zh if locale == "zh" else said.en,
    }


def _batch(batch: BatchRecord, job: JobRecord | None, locale: str) -> dict[str, Any]:
    budget = batch.budget
    names = ("id", "title", "purpose", "created_at", "created_by")
    return {
        **_worth(batch.terms, locale),
        **{name: getattr(batch, name) for name in names},
        "status": "paused" if batch.paused else "active",
        "valid": ValidView.model_validate(batch.validity),
        "codes": _codes(batch, job),
        "limits": LimitsView(per_member=int(batch.per_member), total=_whole(batch.total)),
        "budget": None if budget is None else MoneyField.of(budget.amount_minor, budget.currency),
    }


def _codes(batch: BatchRecord, job: JobRecord | None) -> CodesView | None:
    if batch.code_count is not None:
        made = int(job.done) if job else None
        return CodesView(mode="single", count=int(batch.code_count), made=made, job_id=batch.job_id)
    return None if batch.code is None else CodesView(mode="shared", code=batch.code)


def _money(minor: int | None, currency: str) -> MoneyField | None:
    return None if minor is None else MoneyField.of(int(minor), currency)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
