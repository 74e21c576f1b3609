"""What an order takes of a promotion's budget and of its member's uses, in the order's own write; and what goes back.

A promotion pays for an order whole or not at all. Each part of its budget decides for itself, in the write, whether it
has enough; where parts have too little the others are asked, and only where all of them together have too little does
the promotion not apply.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import and_

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.db import Following, Refused, Transaction, fetch_many
from chalicelib.kernel.remembering import to_forget
from chalicelib.promotions.model.budget import Left, Share, first_part, joined, lowered, shares_of, together
from chalicelib.promotions.model.holding import NOTHING, Held, Wanted
from chalicelib.promotions.model.promotion import Promotion
from chalicelib.promotions.records import BudgetPart, MemberUse

REMEMBERED = timedelta(seconds=1)
_MOST = 1_000
_seen_left: dict[str, tuple[datetime, Left]] = {}
to_forget(_seen_left.clear)


@dataclass(slots=True)
class Funding:
    """What was found, while an order is priced and written, of promotions that do not pay for it: which of them do not
    apply, and from which parts the others pay. ``held`` is what the order holds already, by promotion.
    """

    held: Mapping[str, Held] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)
    shares: dict[str, tuple[Share, ...]] = field(default_factory=dict)

    def wanted(self, promotion: Promotion, minor: int) -> Wanted:
        """What the order wants of a promotion that takes off so much."""
        return Wanted.of(promotion, minor, self.held.get(promotion.id, NOTHING))

    def learn(self, tenant_id: str, refusal: Refused, wanted: Collection[Wanted], now: datetime) -> bool:
        """Whether promotions refused to pay; then the same order may be priced and written anew."""
        refused = {name.split(":")[1] for name in refusal.names if name.startswith(("budget:", "use:"))}
        for each in wanted:
            promotion_id = each.promotion.id
            if promotion_id not in refused:
                continue
            shares = None
            if _use_name(promotion_id) not in refusal.names:
                first = self.shares[promotion_id][0].part + 1 if promotion_id in self.shares else 0
                parts = _parts(tenant_id, each.promotion, now)
                shares = shares_of(parts, each.minor, each.uses, first % len(parts))
            if shares is None:
                self.without.add(promotion_id)
            else:
                self.shares[promotion_id] = shares
        return bool(refused)


def known_short(wanted: Collection[Wanted], now: datetime) -> set[str]:
    """The promotions of which all parts together had too little a moment ago, so that nobody asks them in a rush."""
    short = set()
    for each in wanted:
        found = _seen_left.get(each.promotion.id)
        if found is not None and timedelta(0) <= now - found[0] < REMEMBERED and not _pays(found[1], each):
            short.add(each.promotion.id)
    return short


def short_of(tenant_id: str, member_id: str, wanted: Collection[Wanted], now: datetime) -> set[str]:
    """The promotions that would not pay, by what is left now: for a quote, which takes nothing."""
    return find_shares(tenant_id, member_id, wanted, Funding(), now)


def find_shares(
    tenant_id: str, member_id: str, wanted: Collection[Wanted], funding: Funding, now: datetime
) -> set[str]:
    """Finds from which parts promotions pay; answers with those that do not pay, by what is left now."""
    short = set()
    for each in wanted:
        if each.minor or each.uses:
            shares = shares_of(_parts(tenant_id, each.promotion, now), each.minor, each.uses, 0)
            if shares is None:
                short.add(each.promotion.id)
            else:
                funding.shares[each.promotion.id] = shares
    limited = [each.promotion for each in wanted if each.by_member]
    addresses = [(MemberUse, *MemberUse.address(tenant_id, each.id, member_id)) for each in limited]
    found: list[MemberUse | None] = fetch_many(addresses, consistent=True) if addresses else []
    for promotion, use in zip(limited, found, strict=True):
        if use is not None and int(use.used) >= (promotion.per_member or 0):
            short.add(promotion.id)
    return short


def take(tx: Transaction, tenant_id: str, order_id: str, member_id: str, wanted: Wanted, funding: Funding) -> Held:
    """Adds what an order takes of a promotion, refused as ``budget:{promotion}:{part}`` and ``use:{promotion}``;
    answers what it then holds.
    """
    promotion, held = wanted.promotion, funding.held.get(wanted.promotion.id, NOTHING)
    taken: tuple[Share, ...] = ()
    if wanted.minor or wanted.uses:
        first = Share(first_part(order_id, promotion.id, promotion.parts), wanted.minor, wanted.uses)
        taken = funding.shares.get(promotion.id) or (first,)
    for share in taken:
        address = BudgetPart.address(tenant_id, promotion.id, share.part)
        enough = reduce(and_, _enough(share))
        tx.update(
            _part_name(promotion.id, share.part), BudgetPart, *address, actions=_moved(share, -1), condition=enough
        )
    if wanted.by_member:
        tx.update(
            _use_name(promotion.id),
            MemberUse,
            *MemberUse.address(tenant_id, promotion.id, member_id),
            actions=[MemberUse.used.add(1)],
            condition=MemberUse.used.does_not_exist() | (MemberUse.used < (promotion.per_member or 0)),
        )
    return Held(joined(held.shares, taken), held.by_member or wanted.by_member)


def give_back(
    tenant_id: str, member_id: str, promotion_id: str, held: Held, minor: int | None
) -> tuple[Held | None, list[Following]]:
    """What an order goes on holding of a promotion that takes no more than ``minor`` off it, None for nothing at all;
    and what goes back.
    """
    kept = lowered(held.shares, minor or 0)
    back = []
    for before, after in zip(held.shares, kept, strict=True):
        share = Share(before.part, before.minor - after.minor, before.uses if minor is None else 0)
        if share.minor or share.uses:
            address = BudgetPart.address(tenant_id, promotion_id, share.part)
            name, there = _part_name(promotion_id, share.part), BudgetPart.pk.exists()
            back.append(Following(name, BudgetPart, address, _moved(share, 1), there))
    if back:
        _seen_left.pop(promotion_id, None)
    if minor is not None:
        return Held(kept, held.by_member), back
    if held.by_member:
        address = MemberUse.address(tenant_id, promotion_id, member_id)
        back.append(
            Following(_use_name(promotion_id), MemberUse, address, [MemberUse.used.add(-1)], MemberUse.used >= 1)
        )
    return None, back


def _pays(left: Left, wanted: Wanted) -> bool:
    return (left.minor is None or left.minor >= wanted.minor) and (left.uses is None or left.uses >= wanted.uses)


def _parts(tenant_id: str, promotion: Promotion, now: datetime) -> list[Left]:
    """What every part has left, read consistently; the process remembers what all of them together have."""
    addresses = [(BudgetPart, *BudgetPart.address(tenant_id, promotion.id, n)) for n in range(promotion.parts)]
    found: list[BudgetPart | None] = fetch_many(addresses, consistent=True)
    parts = [part.left if part else Left(0, 0) for part in found]
    if len(_seen_left) >= _MOST:
        _seen_left.clear()
    _seen_left[promotion.id] = now, together(parts)
    return parts


def _moved(share: Share, sign: int) -> list[Action]:
    sides = [(BudgetPart.left_minor, share.minor), (BudgetPart.left_uses, share.uses)]
    return [side.add(sign * count) for side, count in sides if count]


def _enough(share: Share) -> list[Condition]:
    sides = [(BudgetPart.left_minor, share.minor), (BudgetPart.left_uses, share.uses)]
    return [side >= count for side, count in sides if count]


def _part_name(promotion_id: str, part: int) -> str:
    return f"budget:{promotion_id}:{part}"


def _use_name(promotion_id: str) -> str:
    return f"use:{promotion_id}"
