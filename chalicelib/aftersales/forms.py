"""What the API takes of after-sale."""

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.aftersales.model.arrivals import Arrived, Disposition, Goods
from chalicelib.aftersales.model.cases import MAX_PHOTOS, Kind
from chalicelib.aftersales.service.handling import CaseFilter
from chalicelib.aftersales.service.opening import Wanted
from chalicelib.aftersales.service.paying import Verdict
from chalicelib.kernel.errors import InvalidField
from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.forms.orders import PartLineForm
from chalicelib.orders.model import MAX_PARCEL_LINES
from chalicelib.orders.refund_rules.model import Pays
from chalicelib.web import Body, Harmless, PriceField, Quantity, Query, ShortText, UlidStr

KindName = Literal["return", "exchange", "repair"]
StatusName = Literal["requested", "approved", "rejected", "withdrawn", "received", "completed"]
_ONE = [{"offer_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "quantity": 1}]
Words = Annotated[str, StringConstraints(min_length=1, max_length=500), Harmless]


class AfterSaleForm(Body):
    """What should come back, be exchanged or be mended, and why; ``photos`` are ids of uploads."""

    EXAMPLES = {"one unit goes back": {"kind": "return", "lines": _ONE, "reason": "烂了"}}

    kind: KindName
    lines: list[PartLineForm] = Field(min_length=1, max_length=MAX_PARCEL_LINES)
    reason: Words
    photos: list[UlidStr] = Field(default=[], max_length=MAX_PHOTOS)

    def wanted(self) -> Wanted:
        lines = tuple((line.name, line.quantity) for line in self.lines)
        return Wanted(Kind(self.kind), lines, self.reason, tuple(dict.fromkeys(self.photos)))


class ReturnForm(Body):
    """What would come back."""

    EXAMPLES = {"one unit": {"lines": _ONE}}

    lines: list[PartLineForm] = Field(min_length=1, max_length=MAX_PARCEL_LINES)

    def wanted(self) -> tuple[tuple[str, int], ...]:
        return tuple((line.name, line.quantity) for line in self.lines)


class RefundForm(Body):
    """Either an ``amount``, or ``lines``: units, which go back at exactly what they were paid with."""

    amount: PriceField | None = None
    lines: list[PartLineForm] | None = Field(default=None, min_length=1, max_length=MAX_PARCEL_LINES)

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.amount is None and self.lines is None:
            raise InvalidField("give an amount, or lines", "请填写金额或明细之一")
        if self.amount is not None and self.lines is not None:
            raise InvalidField("give an amount or lines, not both", "金额与明细只能填写其中一项")
        return self

    def units(self) -> dict[str, int] | None:
        """Units by offer, or part of a bundle; None where an amount is given."""
        if self.lines is None:
            return None
        units: Counter[str] = Counter()
        for line in self.lines:
            units[line.name] += line.quantity
        return dict(units)


class DecisionForm(Body):
    """Without ``refund`` an approved return pays back all its units; an exchange or a repair pays back nothing.

    Money goes back when the brand's refund rules say, unless ``pays`` says otherwise: part by part as the goods arrive,
    or at once. With ``goods`` at ``not_needed`` the member keeps them, as where a photo is proof enough, and the money
    goes back at once. Units of an exchange that are paid back are not replaced. A rejection needs its ``reason``, which
    the member is told, and takes nothing else.
    """

    EXAMPLES = {
        "all units go back at what was paid": {"outcome": "approve"},
        "a part of the money": {"outcome": "approve", "refund": {"amount": {"amount_minor": 500, "currency": "CNY"}}},
        "a photo is proof enough": {"outcome": "approve", "goods": "not_needed"},
        "refused": {"outcome": "reject", "reason": "The photo shows another product."},
    }

    outcome: Literal["approve", "reject"]
    refund: RefundForm | None = None
    goods: Goods = "expected"
    pays: Pays | None = None
    reason: Words | None = None

    @model_validator(mode="after")
    def _rejection_has_a_reason_and_nothing_else(self) -> Self:
        if self.outcome == "reject" and (self.reason is None or self.refund is not None):
            raise InvalidField("a rejection needs a reason and takes no refund", "拒绝时须填写原因，且不能退款")
        if self.outcome == "reject" and (self.goods != "expected" or self.pays is not None):
            raise InvalidField("a rejection takes neither goods nor pays", "拒绝时不能填写商品去留或退款时间")
        if self.goods == "not_needed" and self.pays == "on_receipt":
            raise InvalidField("goods that are not needed never arrive; leave pays out", "商品无需寄回时不能收货后退款")
        return self

    def verdict(self) -> Verdict:
        approved = self.outcome == "approve"
        return _verdict(self.refund, self.reason, self.goods, approved=approved, pays=self.pays)


class InsteadForm(Body):
    """Why an exchange is paid back, which the member is told. Without ``refund``, all units that were not replaced yet
    go back at what they were paid with; an ``amount`` stands for all of them. Where money goes back on receipt, the
    units that it is for must have come back, unless ``goods`` says that the member keeps them.
    """

    EXAMPLES = {
        "all units that were not replaced": {"reason": "卖完了，为您退款"},
        "one of them, the others are still replaced": {"refund": {"lines": _ONE}, "reason": "只剩一件"},
    }

    refund: RefundForm | None = None
    goods: Goods = "expected"
    reason: Words

    def verdict(self) -> Verdict:
        return _verdict(self.refund, self.reason, self.goods, approved=True)


def _verdict(
    refund: RefundForm | None, reason: str | None, goods: Goods, *, approved: bool, pays: Pays | None = None
) -> Verdict:
    amount = refund.amount if refund else None
    return Verdict(
        approved=approved,
        reason=reason,
        amount_minor=amount.amount_minor if amount else None,
        currency=amount.currency if amount else None,
        units=refund.units() if refund else None,
        goods=goods,
        pays=pays,
    )


class ArrivedForm(Body):
    """Units that came back, and whether they go back on the shelf."""

    offer_id: UlidStr
    sku_id: UlidStr | None = Field(default=None, description="Of a bundle: which part.")
    quantity: Quantity
    disposition: Disposition


class ReceiptForm(Body):
    """What came back; less than the case is about may come, and more of it later. A further part needs an
    Idempotency-Key, or If-Match.
    """

    EXAMPLES = {"one unit, for the shelf": {"lines": [_ONE[0] | {"disposition": "restock"}]}}

    lines: list[ArrivedForm] = Field(min_length=1, max_length=2 * MAX_PARCEL_LINES)
    note: Words | None = None

    def arrived(self) -> list[Arrived]:
        return [Arrived(part_named(line.offer_id, line.sku_id), line.quantity, line.disposition) for line in self.lines]


class CompletionForm(Body):
    """What was done, which the member sees."""

    note: ShortText | None = None


class HandOnForm(Body):
    """Who works on the case from now on (a staff id), and how soon; what is absent stays. A priority moves the due
    times.
    """

    owner: UlidStr | None = None
    priority: Literal["p1", "p2", "p3", "p4"] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.owner is None and self.priority is None:
            raise InvalidField("name an owner or a priority", "请填写负责人或优先级")
        return self


class AfterSaleQuery(Query):
    """Overdue: still in work at the time by which somebody had to act."""

    member_id: UlidStr | None = None
    status: StatusName | None = None
    kind: KindName | None = None
    owner: UlidStr | None = None
    order_id: UlidStr | None = None
    overdue: bool | None = None

    def filter(self) -> CaseFilter:
        return CaseFilter(**self.model_dump())
