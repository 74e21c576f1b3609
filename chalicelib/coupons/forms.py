"""What the API takes of coupons."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from chalicelib.coupons.model.batches import MOST_PER_MEMBER, MOST_TOTAL, Changes, Status, Wanted
from chalicelib.coupons.model.codes import LONGEST, MOST_CODES, SHORTEST, shared_code
from chalicelib.coupons.model.terms import Goods, Kind, Purpose, Validity
from chalicelib.coupons.model.work import MOST_NAMED
from chalicelib.coupons.service.owning import Show
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import Money
from chalicelib.kernel.unset import UNSET
from chalicelib.pricing.forms import PercentOff, ScopeFields, basis_points
from chalicelib.web import Body, Instant, MoneyField, OneLine, PriceField, Query, Title, UlidStr


class ValidForm(Body):
    """When a coupon can be used: from an instant until another, which is not in it any more; or for so many ``days``
    of the brand's calendar after the day on which a member gets it. Without any of them it never ends.
    """

    from_at: Instant | None = None
    until_at: Instant | None = None
    days: Annotated[int, Field(ge=1, le=3650)] | None = None


class CodesForm(Body):
    """How coupons are got by code: by so many single codes, each good once, or by one ``code`` for all, 4 to 30 letters
    and digits. Codes are read in any case and width, with or without blanks and dashes, O as 0, I and L as 1.
    """

    mode: Literal["single", "shared"]
    count: Annotated[int, Field(ge=1, le=MOST_CODES)] | None = None
    code: Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine] | None = None

    def chosen(self) -> tuple[int | None, str | None]:
        """The count, or the code as it is shown. Raises Invalid."""
        if self.mode == "single":
            if self.count is None or self.code is not None:
                raise Invalid.at(
                    "/codes/count", "Say how many single codes there are to be, and no code.",
                    "请填写单次券码的数量，且不要填写券码。",
                )  # fmt: skip
            return self.count, None
        code = shared_code(self.code or "")
        if code is None or self.count is not None:
            raise Invalid.at(
                "/codes/code", f"Choose a code of {SHORTEST} to {LONGEST} letters and digits, and no count.",
                f"请填写 {SHORTEST} 至 {LONGEST} 位字母或数字的券码，且不要填写数量。",
            )  # fmt: skip
        return None, code


class LimitsForm(Body):
    """How many coupons of the batch one member may get, and how many orders may use one in all."""

    per_member: Annotated[int, Field(ge=1, le=MOST_PER_MEMBER)] = 1
    total: Annotated[int, Field(ge=1, le=MOST_TOTAL)] | None = None


_TEN: JsonDict = {
    "title": "中秋满减券",
    "kind": "amount",
    "purpose": "holiday",
    "value": {"amount_minor": 1_000, "currency": "CNY"},
    "minimum": {"amount_minor": 5_000, "currency": "CNY"},
    "valid": {"days": 14},
}


class NewBatch(Body):
    """A batch of coupons. ``amount`` takes ``value`` off the goods, ``percent`` a share (at most ``at_most``),
    ``delivery`` the delivery fee (at most ``value``), ``product`` falls on one unit of the products in scope, which
    is free where neither ``value`` nor ``percent_off`` is given. ``minimum`` is what the goods in scope must still cost
    after other discounts. Without ``codes`` its coupons are granted alone. One for the purpose ``new_member`` is for
    people who have never ordered, whichever of their addresses they use.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_TEN]})

    EXAMPLES = {
        "10 off from 50, by a code for all": _TEN | {"codes": {"mode": "shared", "code": "MOON-2026"}},
        "a fifth off for new members": {
            "title": "新人八折", "kind": "percent", "purpose": "new_member", "percent_off": "20",
            "at_most": {"amount_minor": 3_000, "currency": "CNY"}, "codes": {"mode": "single", "count": 500},
        },
    }  # fmt: skip

    title: Title
    kind: Kind
    purpose: Purpose
    value: PriceField | None = None
    percent_off: PercentOff | None = None
    at_most: PriceField | None = None
    minimum: PriceField | None = None
    scope: ScopeFields = ScopeFields()
    valid: ValidForm = ValidForm()
    codes: CodesForm | None = None
    limits: LimitsForm = LimitsForm()
    budget: PriceField | None = Field(None, description="What all its uses together may take off.")

    def wanted(self) -> Wanted:
        """Raises Invalid for codes that cannot be."""
        count, code = self.codes.chosen() if self.codes else (None, None)
        return Wanted(
            self.title,
            self.kind,
            self.purpose,
            value=_money(self.value),
            percent_bps=basis_points(self.percent_off),
            cap=_money(self.at_most),
            minimum=_money(self.minimum),
            goods=_goods(self.scope),
            validity=Validity(self.valid.from_at, self.valid.until_at, self.valid.days),
            code=code,
            count=count,
            per_member=self.limits.per_member,
            total=self.limits.total,
            budget=_money(self.budget),
        )


def _goods(scope: ScopeFields) -> Goods:
    return Goods(**{name: tuple(dict.fromkeys(getattr(scope, name))) for name in ScopeFields.model_fields})


def _money(amount: MoneyField | None) -> Money | None:
    return None if amount is None else amount.money()


class LimitsChanges(Body):
    """How many orders may use a coupon of the batch; null takes the limit away."""

    total: Annotated[int, Field(ge=1, le=MOST_TOTAL)] | None


class BatchChanges(Body):
    """Fields of a batch; what is left out stays, a budget of null takes it away. While it is ``paused`` nothing is
    handed out; coupons that members have stay good. Neither limit may fall below what was used.
    """

    EXAMPLES = {"nothing more is handed out": {"status": "paused"}}

    title: Title = Field(default_factory=str)
    status: Status = "active"
    limits: LimitsChanges = LimitsChanges(total=None)
    budget: PriceField | None = None

    def changes(self) -> Changes:
        sent = self.model_fields_set
        return Changes(
            title=self.title if "title" in sent else UNSET,
            status=self.status if "status" in sent else UNSET,
            total=self.limits.total if "limits" in sent else UNSET,
            budget=_money(self.budget) if "budget" in sent else UNSET,
        )


class GrantForm(Body):
    """The members who are each to get a coupon of the batch: by name, or all of a segment."""

    EXAMPLES = {"to a segment": {"segment_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}}

    member_ids: Annotated[list[UlidStr], Field(max_length=MOST_NAMED)] = []
    segment_id: UlidStr | None = None

    def named(self) -> list[str]:
        """The members by name. Raises Invalid where nobody is named, or members and a segment."""
        if self.segment_id is not None and self.member_ids:
            raise Invalid.at("/segment_id", "Name members, or a segment, not both.", "会员与人群只能选择其一。")
        if self.segment_id is None and not self.member_ids:
            raise Invalid.at(
                "/member_ids", "Name one member at least, or a segment.", "请至少选择一位会员，或一个人群。"
            )
        return self.member_ids


class CodeForm(Body):
    """A code as the member types it."""

    EXAMPLES = {"as it is read out": {"code": "7kq2m 9xw4d"}}

    code: Annotated[str, StringConstraints(min_length=1, max_length=100), OneLine]


class ShowQuery(Query):
    """Which coupons: those that are ``usable``, ``used`` (held by an unpaid order, too) or ``expired``; else all."""

    show: Show | None = None


class CodesQuery(Query):
    """As JSON, or as a table; without ``format`` the Accept header decides."""

    format: Literal["json", "csv", "xlsx"] | None = None
