"""What makes a complaint good: a refund, an exchange, a coupon, points, or words; and who bears what it costs. Pure.

Amounts are minor units of the order's currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, Self

from chalicelib.complaints.errors import CouponNotForComplaints, VerdictGiven

MAX_PHOTOS = 9
"""Of one message of a complaint, or of the complaint itself."""

FOR_COMPLAINTS = "remedy"
"""The purpose of a batch of coupons that everybody of the team may give for a complaint."""

Goods = Literal["expected", "not_needed"]


class RemedyKind(StrEnum):
    """What the member gets."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    COUPON = "coupon"
    POINTS = "points"
    APOLOGY = "apology"


class Party(StrEnum):
    """To whom a complaint is attributed, and who bears what its remedy costs."""

    LEADER = "leader"
    SUPPLIER = "supplier"
    PLATFORM = "platform"
    BRAND = "brand"


class RemedyState(StrEnum):
    """``pending`` until the member has it; ``failed`` where it turned out that they cannot."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RemedyWanted:
    """What the team decided on. Without ``amount_minor`` and ``amounts`` a refund is all that the order has left;
    ``amounts`` are by offer or part of a bundle, and so are the ``units`` of an exchange.
    """

    kind: RemedyKind
    amount_minor: int | None = None
    currency: str | None = None
    amounts: Mapping[str, int] | None = None
    units: Mapping[str, int] = field(default_factory=dict)
    goods: Goods = "expected"
    batch_id: str | None = None
    points: int = 0
    text: str | None = None
    cost_to: Party = Party.BRAND
    supplier_id: str | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """A remedy as it was given, ``number`` counting those of a complaint from 1. ``by`` is who decided on it; ``units``
    of an exchange are by the ids of lines, and so is what one costs, ``unit_costs``; ``cost_minor`` is what it costs in
    all, None where that is the amount that goes back, or not known yet; ``failure`` is why it came to nothing, in
    English and Chinese.
    """

    number: int
    kind: RemedyKind
    state: RemedyState
    by: str
    cost_to: Party = Party.BRAND
    supplier_id: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    units: Mapping[str, int] = field(default_factory=dict)
    goods: Goods = "expected"
    batch_id: str | None = None
    coupon_id: str | None = None
    points: int | None = None
    text: str | None = None
    aftersale_id: str | None = None
    unit_costs: Mapping[str, int] = field(default_factory=dict)
    cost_minor: int | None = None
    failure: tuple[str, str] | None = None

    @property
    def borne_by(self) -> str:
        """Who bears what it costs, as the books know them; empty for the brand."""
        return bears(self.cost_to, self.supplier_id) or ""

    @property
    def costs(self) -> int | None:
        """What it costs: the amount of a refund; of others as far as that is known."""
        return self.amount_minor if self.kind is RemedyKind.REFUND else self.cost_minor

    def cost_of(self, units: Mapping[str, int]) -> int:
        """What so many units of an exchange cost; those of which the cost is not known cost nothing."""
        return sum(self.unit_costs.get(name, 0) * count for name, count in units.items())

    def done(self, **got: Any) -> Self:
        """The member has it."""
        return replace(self, state=RemedyState.DONE, failure=None, **got)

    def failed(self, en: str, zh: str) -> Self:
        """It came to nothing, and costs nothing."""
        return replace(self, state=RemedyState.FAILED, failure=(en, zh), cost_minor=self.cost_minor and 0)

    def as_json(self) -> dict[str, Any]:
        """As records keep it: what is not stated is left out."""
        stated = {name: getattr(self, name) for name in self.__dataclass_fields__}
        stated |= {"units": dict(self.units), "unit_costs": dict(self.unit_costs)}
        stated |= {"failure": list(self.failure) if self.failure else None}
        return {name: value for name, value in stated.items() if value not in (None, {})}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        words = stored.get("failure")
        return cls(
            **{
                **stored,
                "kind": RemedyKind(stored["kind"]),
                "state": RemedyState(stored["state"]),
                "cost_to": Party(stored.get("cost_to", Party.BRAND)),
                "failure": (words[0], words[1]) if words else None,
            }
        )


def bears(cost_to: Party, supplier_id: str | None) -> str | None:
    """How an order notes who bears a refund of it; None where that is the brand itself."""
    if cost_to is Party.BRAND:
        return None
    return f"{cost_to.value}:{supplier_id}" if cost_to is Party.SUPPLIER else cost_to.value


def cause_of(complaint_id: str, number: int) -> str:
    """What a complaint's remedy is called where it acts; nothing happens twice under one cause."""
    return f"complaint:{complaint_id}:{number}"


def read_cause(cause: str) -> tuple[str, int] | None:
    """The complaint, and the number of its remedy, that a cause names; None where it is another's."""
    what, _, rest = cause.partition(":")
    complaint_id, _, number = rest.partition(":")
    return (complaint_id, int(number)) if what == "complaint" and number.isdecimal() else None


def check_coupon(purpose: str, *, leads: bool) -> None:
    """Whether a coupon of a batch with this purpose may be given for a complaint: owners and managers, who lead, give
    any, others those that are to make something good. Raises CouponNotForComplaints.
    """
    if purpose != FOR_COMPLAINTS and not leads:
        raise CouponNotForComplaints.at(
            "/batch_id", "With your role you give coupons of batches that are to make something good; choose one of "
            "those, or ask a manager or an owner for this one.",
            "您的角色仅可发放用途为“补偿”的优惠券批次，请另选批次，或联系经理或所有者。",
        )  # fmt: skip


class Judged(StrEnum):
    """What the member says of a resolution."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A member's verdict on what came of their complaint; a rejection says why."""

    verdict: Judged
    comment: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"verdict": self.verdict.value, "comment": self.comment}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(Judged(stored["verdict"]), stored.get("comment"))


def check_verdict(earlier: Verdict | None, now: Verdict) -> bool:
    """Whether a verdict is new; the same one given again is none. Raises VerdictGiven for another one."""
    if earlier is None:
        return True
    if earlier != now:
        raise VerdictGiven(
            "You have said already what you think of this answer; write to the store to say more.",
            detail_zh="您已对处理结果作出评价；如有补充，请给商家留言。",
        )
    return False
