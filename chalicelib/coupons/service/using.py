"""An order takes a member's coupon, and more off its price: in the order's own write. What becomes of it there follows
from the order: see ``following``.

Each function adds named operations to a transaction of the caller's, which is refused as a whole where one does not
hold: ``coupon`` and ``coupon part``. An order takes a coupon once and gives it back once, since each change of the
coupon asks whose it is.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.coupons.errors import (
    CouponBudgetSpent,
    CouponExpired,
    CouponNotFound,
    CouponNotYetValid,
    CouponUsed,
    CouponUsedUp,
)
from chalicelib.coupons.model.in_order import InOrder
from chalicelib.coupons.model.parts import Left, first_part, part_that_pays, together
from chalicelib.coupons.model.states import USABLE, State, remind_at
from chalicelib.coupons.records import CouponRecord, PartRecord
from chalicelib.db import Record, Refused, Transaction, fetch_many
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.money import Money
from chalicelib.kernel.remembering import to_forget

COUPON, PART = "coupon", "coupon part"

REMEMBERED = timedelta(seconds=1)
"""So long a process refuses at once what all parts of a batch had too little for: in a rush on a code that is used up
nobody reads them for each order.
"""
_MOST = 1_000
_seen_left: dict[str, tuple[datetime, Left]] = {}
to_forget(_seen_left.clear)


def record_address(tenant_id: str, member_id: str, coupon_id: str) -> tuple[type[Record], str, str]:
    """Where a member's coupon is, for the batch read of an order: nothing is there that is not this member's."""
    return (CouponRecord, *CouponRecord.address(tenant_id, member_id, coupon_id))


def not_found() -> CouponNotFound:
    """The refusal of a coupon that the member does not have."""
    return CouponNotFound.at(
        "/coupon_id", "You have no such coupon; choose one of your own.", "您没有该优惠券，请从您的优惠券中选择。"
    )


@dataclass
class Taking:
    """An order that takes a coupon, and the part of its batch that pays for it: ``amount_minor`` off the price.

    ``add`` adds it to the order's transaction; when that is refused, ``look_again`` finds another part, or raises what
    stands in the way; then the transaction is made anew. ``held`` where the order waits for its payment.
    """

    NAMES: ClassVar = frozenset({COUPON, PART})

    coupon: CouponRecord
    order_id: str
    amount_minor: int
    held: bool = False
    part: int = field(init=False)

    def __post_init__(self) -> None:
        self.part = first_part(self.order_id, int(self.coupon.parts))

    @property
    def in_order(self) -> InOrder:
        """The coupon as the order keeps it."""
        coupon = self.coupon
        again = None if coupon.reminded else remind_at(coupon.got_at, coupon.until_at)
        return InOrder(coupon.id, coupon.batch_id, self.part, self.amount_minor, self.held, again)

    def add(self, tx: Transaction, now: datetime) -> None:
        """Takes the coupon, if it is usable at ``now``, one use of its batch, and the amount of the batch's budget.
        Raises CouponUsedUp, CouponBudgetSpent where that was so a moment ago.
        """
        _check_seen(self.coupon, self.amount_minor, now)
        state = State.HELD if self.held else State.USED
        actions = [
            CouponRecord.state.set(state.value), CouponRecord.order_id.set(self.order_id),
            CouponRecord.amount_minor.set(self.amount_minor), CouponRecord.part.set(self.part),
            CouponRecord.used_at.set(now), CouponRecord.rev.add(1), *CouponRecord.not_due(),
        ]  # fmt: skip
        _change(tx, self.coupon, actions, _usable(now))
        _change_part(tx, self.coupon, self.part, uses=1, amount_minor=self.amount_minor)

    def look_again(self, refusal: Refused, now: datetime) -> None:
        """Chooses another part where the one that was asked has too little. Nothing where neither was refused.

        Raises CouponUsed, CouponExpired, CouponNotYetValid; only when all parts together have too little CouponUsedUp,
        CouponBudgetSpent; Unavailable where others take what is left first.
        """
        if COUPON in refusal.names:
            raise _why(refusal.item(COUPON, CouponRecord), now)
        if PART in refusal.names:
            self.part = _another_part(self.coupon, self.amount_minor, self.part, now)


def taken_again(coupon: CouponRecord, order_id: str, amount_minor: int, now: datetime) -> Taking:
    """An order that gave the coupon back takes it again, as things stand now. Raises what stands in the way."""
    if coupon.status(now) not in USABLE or (coupon.from_at is not None and now < coupon.from_at):
        raise _why(coupon, now)
    taking = Taking(coupon, order_id, amount_minor)
    taking.part = _another_part(coupon, amount_minor, taking.part, now)
    return taking


def take_more(tx: Transaction, coupon: CouponRecord, order_id: str, has: InOrder, amount_minor: int) -> InOrder:
    """Adds that the coupon takes more off the order that has it; what the order has then. Refused as ``coupon part``
    where the part that pays for it has too little: :func:`look_for_more`.
    """
    actions: list[Action] = [CouponRecord.amount_minor.set(amount_minor), CouponRecord.rev.add(1)]
    _change(tx, coupon, actions, CouponRecord.order_id == order_id)
    _change_part(tx, coupon, has.part, uses=0, amount_minor=amount_minor - has.amount_minor)
    return replace(has, amount_minor=amount_minor)


def look_for_more(coupon: CouponRecord, has: InOrder, amount_minor: int) -> None:
    """Unites what the parts have left in the one that pays for an order's coupon, which is to take so much off it.
    Raises CouponBudgetSpent where all have too little.
    """
    parts: list[PartRecord] = fetch_many(_part_addresses(coupon), consistent=True)
    everything = together([part.left for part in parts])
    if everything.budget_minor < amount_minor - has.amount_minor:
        raise _budget_spent(coupon, everything.budget_minor)
    _unite(parts, everything, has.part)


def short_of(coupon: CouponRecord, amount_minor: int) -> DomainError | None:
    """Why the coupon's batch does not pay for so much any more, for who only looks; None where it does. One part is
    asked, and only where that has too little the others are.
    """
    addresses = _part_addresses(coupon)
    asked = first_part(coupon.id, len(addresses))
    for wanted in ([addresses[asked]], addresses):
        parts: list[PartRecord] = fetch_many(wanted, consistent=True)
        left = together([part.left for part in parts])
        if left.pays(amount_minor):
            return None
    return _used_up() if left.uses < 1 else _budget_spent(coupon, left.budget_minor)


def _change(tx: Transaction, coupon: CouponRecord, actions: list[Action], condition: Condition) -> None:
    tx.update(COUPON, CouponRecord, str(coupon.pk), str(coupon.sk), actions=actions, condition=condition)


def _change_part(tx: Transaction, coupon: CouponRecord, part: int, *, uses: int, amount_minor: int) -> None:
    """Takes uses and an amount from a part."""
    actions = [
        PartRecord.uses_left.add(-uses), PartRecord.budget_left_minor.add(-amount_minor),
        PartRecord.used.add(uses), PartRecord.spent_minor.add(amount_minor), PartRecord.rev.add(1),
    ]  # fmt: skip
    enough: Any = (PartRecord.uses_left >= uses) & (PartRecord.budget_left_minor >= amount_minor)
    place = PartRecord.address(coupon.tenant_id, coupon.batch_id, part)
    tx.update(PART, PartRecord, *place, actions=actions, condition=enough)


def _usable(now: datetime) -> Condition:
    begun: Any = CouponRecord.from_at.does_not_exist() | (CouponRecord.from_at <= now)
    not_over: Any = CouponRecord.until_at.does_not_exist() | (CouponRecord.until_at > now)
    free: Condition = CouponRecord.state.is_in(*sorted(USABLE)) & begun & not_over
    return free


def _why(found: CouponRecord | None, now: datetime) -> DomainError:
    if found is None:
        return not_found()
    if found.state not in USABLE:
        return CouponUsed(
            "This coupon is in another order of yours; choose another one.",
            detail_zh="该优惠券已用于您的其他订单，请选择其他优惠券。",
        )
    if found.from_at is not None and now < found.from_at:
        return CouponNotYetValid("This coupon is not valid yet.", detail_zh="该优惠券尚未生效。")
    return CouponExpired("This coupon has expired; choose another one.", detail_zh="该优惠券已过期，请选择其他优惠券。")


def forget_left(batch_id: str) -> None:
    """Something goes back to a batch: it is asked again."""
    _seen_left.pop(batch_id, None)


def _check_seen(coupon: CouponRecord, amount_minor: int, now: datetime) -> None:
    found = _seen_left.get(coupon.batch_id)
    if found is not None and timedelta(0) <= now - found[0] < REMEMBERED:
        _check_pays(coupon, found[1], amount_minor)


def _check_pays(coupon: CouponRecord, everything: Left, amount_minor: int) -> None:
    if everything.uses < 1:
        raise _used_up()
    if everything.budget_minor < amount_minor:
        raise _budget_spent(coupon, everything.budget_minor)


def _another_part(coupon: CouponRecord, amount_minor: int, tried: int, now: datetime) -> int:
    """A part that has enough; where none has, one in which all that is left was united."""
    parts: list[PartRecord] = fetch_many(_part_addresses(coupon), consistent=True)
    left = [part.left for part in parts]
    enough = part_that_pays(left, amount_minor, tried)
    if enough is not None:
        return enough
    everything = together(left)
    if len(_seen_left) >= _MOST:
        _seen_left.clear()
    _seen_left[coupon.batch_id] = now, everything
    _check_pays(coupon, everything, amount_minor)
    return _unite(parts, everything, tried)


def _part_addresses(coupon: CouponRecord) -> list[tuple[type[PartRecord], str, str]]:
    parts = range(int(coupon.parts))
    return [(PartRecord, *PartRecord.address(coupon.tenant_id, coupon.batch_id, n)) for n in parts]


def _used_up() -> CouponUsedUp:
    return CouponUsedUp(
        "All coupons of this kind are used up; order without it.", detail_zh="该优惠券已被用完，请不使用该券下单。"
    )


def _budget_spent(coupon: CouponRecord, left_minor: int) -> CouponBudgetSpent:
    left = Money(max(0, left_minor), coupon.terms.currency)
    return CouponBudgetSpent(
        f"What the store set aside for these coupons is spent but for {left:en}; order without it.",
        detail_zh=f"商家为该优惠券准备的预算仅剩 {left:zh}，请不使用该券下单。",
    )


def _unite(parts: list[PartRecord], everything: Left, into: int) -> int:
    """Moves what all parts have left into one. Where others take some first, what they left is looked for again."""
    tx = Transaction()
    for n, part in enumerate(parts):
        if n != into and part.left != Left(0, 0):
            part.uses_left, part.budget_left_minor = 0, 0
            tx.replace(f"part:{n}", part)
    parts[into].uses_left, parts[into].budget_left_minor = everything.uses, everything.budget_minor
    tx.replace(f"part:{into}", parts[into])
    with suppress(Refused):
        tx.commit()
    return into
