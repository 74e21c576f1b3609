"""What a payment is, how it moves, and whether what the provider says agrees with our own record. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Self

from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.errors import Invalid
from chalicelib.payments.errors import GivenBack, NotAcceptable, NothingCame, NothingDiffers

ProviderName = Literal["test", "stripe", "wechat"]
PROVIDERS: tuple[ProviderName, ...] = ("test", "stripe", "wechat")
Way = Literal["native", "jsapi", "page"]


def check_way(provider: str, way: str) -> None:
    """Raises Invalid for a page where the provider has none; whoever has but one way takes it whatever was asked."""
    if provider == "wechat" and way == "page":
        raise Invalid.at(
            "/way",
            "WeChat Pay has no page of its own; choose native, or jsapi inside WeChat.",
            "微信支付没有独立的支付页面，请选择 native，或在微信内选择 jsapi。",
        )


RECONCILE_AFTER = timedelta(minutes=5)
"""A payment is asked for this long after it last moved, so within ten minutes even where a sweep or two was missed."""

MOST_RECONCILE_PAUSE = timedelta(hours=6)
_LOOKS_OF_A_DAY = int(timedelta(days=1) / RECONCILE_AFTER)

ATTEMPT = timedelta(minutes=30)
"""An attempt to pay is closed after this long at the latest, also where the order waits for days, as for a balance: the
payer may always begin another one.
"""


class State(StrEnum):
    """Where a payment stands. ``created``: ours alone; ``pending``: the provider has it, the payer has not paid."""

    CREATED = "created"
    PENDING = "pending"
    FAILED = "failed"
    CLOSED = "closed"
    SUCCEEDED = "succeeded"


MOVES: Mapping[State, tuple[State, ...]] = {
    State.CREATED: (State.PENDING, State.FAILED, State.CLOSED, State.SUCCEEDED),
    State.PENDING: (State.FAILED, State.CLOSED, State.SUCCEEDED),
    State.FAILED: (State.CLOSED, State.SUCCEEDED),
    State.CLOSED: (State.SUCCEEDED,),
    State.SUCCEEDED: (),
}
"""Every move there is. Money that came in is never denied: even a closed payment succeeds when the provider took it.
Since every move goes up this order, reports in any order and number end in one state: the highest that was reported."""

OPEN = frozenset({State.CREATED, State.PENDING})
UNPAID = OPEN | {State.FAILED}


def after(current: State, reported: State) -> State:
    """The state after a report; one that would lead back changes nothing."""
    return reported if reported in MOVES[current] else current


@dataclass(frozen=True, slots=True)
class Terms:
    """What a payment is for, as we or the provider have it. ``merchant`` is the store's account at the provider."""

    payment_id: str
    order_id: str
    amount_minor: int
    currency: str
    merchant: str


@dataclass(frozen=True, slots=True)
class Report:
    """A provider's present word on a payment. ``reference`` is the provider's own id, where it has one; ``given_back``
    whether any of the money was refunded there, also in part, by us or by others. The amount says what came all the
    same: refunds do not lower it.
    """

    state: State
    terms: Terms
    reference: str = ""
    reason: str = ""
    given_back: bool = False


Mismatch = Literal["payment", "order", "amount", "currency", "merchant", "given_back"]


def mismatches(ours: Terms, theirs: Terms) -> tuple[Mismatch, ...]:
    """By name, everything in which the provider's word differs from our record; empty where both agree."""
    compared: tuple[tuple[Mismatch, object, object], ...] = (
        ("payment", ours.payment_id, theirs.payment_id),
        ("order", ours.order_id, theirs.order_id),
        ("amount", ours.amount_minor, theirs.amount_minor),
        ("currency", ours.currency, theirs.currency),
        ("merchant", ours.merchant, theirs.merchant),
    )
    return tuple(name for name, own, other in compared if own != other)


def differences(ours: Terms, report: Report) -> tuple[Mismatch, ...]:
    """By name, everything in which a first word of money that came differs from what we may book: also that some of it
    was given back there already, since it is not all there any more.
    """
    gone: tuple[Mismatch, ...] = ("given_back",) if report.state is State.SUCCEEDED and report.given_back else ()
    return mismatches(ours, report.terms) + gone


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That staff took a payment as it came: who and when, why, and what had been asked, in minor units."""

    asked_minor: int
    at: datetime
    by: str
    reason: str

    def as_json(self) -> list[Any]:
        """As the payment's record stores it."""
        return [self.asked_minor, sortable(self.at), self.by, self.reason]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        asked_minor, at, by, reason = stored
        return cls(int(asked_minor), parse_instant(at), by, reason)


def check_acceptable(report: Report, differs: Sequence[str]) -> None:
    """Whether what came can be taken as it is, which it can where nothing but its amount differs, and all is there yet.

    Nothing of a payment that differs was refunded by us, so what was given back, others gave back at the provider.
    Raises NothingDiffers, NotAcceptable, NothingCame, GivenBack.
    """
    if "given_back" in differs or (report.given_back and set(differs) == {"amount"}):
        raise GivenBack(
            "Money of this payment was already given back at the provider; give any rest back there too.",
            detail_zh="该款项已在支付渠道退款；如有余额，请在支付渠道一并退回。",
        )
    if not differs:
        raise NothingDiffers(
            "The provider's word agrees with what was asked; there is nothing to accept.",
            detail_zh="支付渠道的结果与应付一致，无需确认。",
        )
    if set(differs) != {"amount"}:
        raise NotAcceptable(
            f"It differs in {', '.join(differs)}, not in its amount alone; give it back at the provider.",
            detail_zh=f"不一致之处不止金额（{'、'.join(differs)}），请在支付渠道退回该款项。",
            extra={"differs": list(differs)},
        )
    if report.state is not State.SUCCEEDED:
        raise NothingCame(
            f"The payment is {report.state.value} at the provider; accept it once its money has come.",
            detail_zh="款项尚未到账，到账后方可确认。",
            extra={"payment_status": report.state.value},
        )


class RefundState(StrEnum):
    """Where the way back of some money stands at the provider."""

    REQUESTED = "requested"
    PENDING = "pending"
    FAILED = "failed"
    SUCCEEDED = "succeeded"


REFUND_OPEN = frozenset({RefundState.REQUESTED, RefundState.PENDING})
_REFUND_RANK = tuple(RefundState)


def refund_after(current: RefundState, reported: RefundState) -> RefundState:
    """As with payments, reports only lead upwards; what succeeded has succeeded."""
    return max(current, reported, key=_REFUND_RANK.index)


@dataclass(frozen=True, slots=True)
class Back:
    """The part of an order's refund that goes back through one payment.

    ``attempt`` counts how often staff had a declined one tried again: each is a refund of its own at the provider.
    """

    amount_minor: int
    state: RefundState = RefundState.REQUESTED
    attempt: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in REFUND_OPEN


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money that a provider has given back, under our own id of it, or its own where others had it given back."""

    reference: str
    amount_minor: int


class DisputeState(StrEnum):
    """Where a payer's dispute stands. While it is ``open``, the provider may withhold the money; ``lost`` gives it to
    the payer.
    """

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A payer's objection to a payment, which their bank decides on. ``unrecovered_minor`` is what was lost with it
    beyond what its order still held: money that had gone back before.
    """

    reference: str
    state: DisputeState
    amount_minor: int
    fee_minor: int = 0
    unrecovered_minor: int = 0

    def as_json(self) -> list[Any]:
        """As the payment's record stores it, by reference."""
        return [self.state.value, self.amount_minor, self.fee_minor, self.unrecovered_minor]

    @classmethod
    def from_json(cls, reference: str, stored: Sequence[Any]) -> Self:
        state, *amounts = stored
        return cls(reference, DisputeState(state), *(int(each) for each in amounts))


Attention = Literal["differs", "disputed", "refund_failed", "not_asked", "refunded_at_provider", "returned"]
"""Why a person should look at a payment: the provider's word contradicts our record; its payer disputes it, or did with
success; money did not go back; the provider could not be asked what became of money; money went back there without us;
money that no order wanted came in and is given back whole.
"""


@dataclass(frozen=True, slots=True)
class Signs:
    """What of a payment may make a person look at it."""

    differs: bool = False
    disputed: bool = False
    unasked: bool = False
    elsewhere: bool = False
    unwanted: bool = False


def attention(signs: Signs, backs: Iterable[Back], dismissed: Collection[str] = ()) -> Attention | None:
    """The most urgent reason to look at a payment which nobody has dismissed yet, if there is any."""
    declined = any(back.state is RefundState.FAILED for back in backs)
    reasons: tuple[tuple[Attention, bool], ...] = (
        ("differs", signs.differs),
        ("disputed", signs.disputed),
        ("refund_failed", declined),
        ("not_asked", signs.unasked),
        ("refunded_at_provider", signs.elsewhere),
        ("returned", signs.unwanted),
    )
    return next((reason for reason, is_so in reasons if is_so and reason not in dismissed), None)


@dataclass(frozen=True, slots=True)
class Dismissal:
    """That staff have seen to a payment, for one reason to look at it: who and when, and what they noted."""

    at: datetime
    by: str
    note: str

    def as_json(self) -> list[Any]:
        """As the payment's record stores it, by reason."""
        return [sortable(self.at), self.by, self.note]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        at, by, note = stored
        return cls(parse_instant(at), by, note)


def is_awaited(state: State, backs: Iterable[Back], held_until: datetime, now: datetime) -> bool:
    """Whether only the provider can tell what became of money: on its way back, or of a payer whose time is up."""
    return any(back.is_open for back in backs) or (state in OPEN and now >= held_until)


@dataclass(frozen=True, slots=True)
class Fees:
    """What a provider takes of each payment, as agreed with the store: a share in basis points and a fixed amount."""

    bps: int = 0
    fixed_minor: int = 0

    def of(self, amount_minor: int) -> int:
        """The fee on an amount, in minor units: the share is rounded half up, once, then the fixed part is added.

        Providers keep their fee when money goes back, so it is never more than the payment and never returns.
        """
        share = (amount_minor * self.bps + 5_000) // 10_000
        return min(share + self.fixed_minor, amount_minor)


class NotCovered(ValueError):
    """The payments of an order hold less than is to be given back: a defect of ours, since refunds are reserved."""


def parts_of(amount_minor: int, left: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """From which payments an amount goes back: ``left`` is what each still holds, oldest first.

    One payment that covers it all is taken alone, so that most refunds are one transfer; else they are emptied in
    turn. Raises NotCovered where all together hold too little.
    """
    for payment_id, held in left:
        if held >= amount_minor:
            return [(payment_id, amount_minor)]
    parts = []
    for payment_id, held in left:
        part = min(held, amount_minor)
        if part > 0:
            parts.append((payment_id, part))
            amount_minor -= part
    if amount_minor:
        raise NotCovered("more is to be refunded than was paid")
    return parts


def whole(states: Iterable[RefundState]) -> RefundState:
    """The state of a refund from those of its parts: it has succeeded when all have, and failed when one has."""
    seen = set(states)
    if RefundState.FAILED in seen:
        return RefundState.FAILED
    if seen <= {RefundState.SUCCEEDED}:
        return RefundState.SUCCEEDED
    return RefundState.PENDING if RefundState.REQUESTED not in seen else RefundState.REQUESTED


def next_pause(tries: int) -> timedelta:
    """How long to wait before asking again: five minutes for the first day, then doubling up to six hours."""
    return min(RECONCILE_AFTER * (1 << min(max(tries - _LOOKS_OF_A_DAY + 1, 0), 10)), MOST_RECONCILE_PAUSE)
