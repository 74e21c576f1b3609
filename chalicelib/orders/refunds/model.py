"""How much goes back, and the limit to it: what each line was paid with, what some of its units are worth, and that it
all closes; and what of it is a gift. Pure.

Amounts are minor units. Nothing here rounds twice: an amount is split by largest remainder, and a part of a split is
the difference of two cumulative floors, so parts always add up to the whole and the last one takes the residue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money, allocate
from chalicelib.orders.discounts.model import Applied, off_lines
from chalicelib.orders.errors import RefundTooLarge
from chalicelib.orders.model import Line
from chalicelib.pricing.model import split_discount

DELIVERY = "delivery"
"""The name under which the delivery fee stands beside the lines, which go by their offer ids."""


def check_limit(amount_minor: int, refundable: Money, lines: Mapping[str, int], rests: Mapping[str, int]) -> None:
    """Raises RefundTooLarge for a refund of nothing, of more than an order's ``refundable`` rest, or of more than is
    left of one line. ``lines`` has the parts of the refund by offer id, ``rests`` what can be refunded of each.
    """
    if not 0 < amount_minor <= refundable.amount_minor:
        raise RefundTooLarge(
            f"Of this order {refundable:en} can be refunded; ask for that much at most.",
            detail_zh=f"该订单最多可退 {refundable:zh}。",
            extra={"refundable_minor": refundable.amount_minor},
        )
    for name, part in lines.items():
        rest = Money(rests.get(name, 0), refundable.currency)
        if part > rest.amount_minor:
            raise RefundTooLarge(
                f"Of this line {rest:en} can be refunded; ask for that much at most.",
                detail_zh=f"该商品最多可退 {rest:zh}。",
                extra={"offer_id": name, "refundable_minor": rest.amount_minor},
            )


def overpaid(total: int, paid: int, refunded: int, returned: int) -> int:
    """What must go back where the total has fallen below what stands against it; never more than is left of it.

    ``returned`` is the part of ``refunded`` that was given back while the total stood.
    """
    return max(0, min(paid - refunded, paid - (refunded - returned) - total))


def taken_up(given_back: Mapping[str, int], before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """What of the money that was given back of lines while the total stood pays for what was taken out of them: as far
    as it is beyond what the line costs ``after`` that, and was not beyond what it cost ``before``.
    """
    beyond = {
        name: max(0, part - after.get(name, 0)) - max(0, part - before.get(name, 0))
        for name, part in given_back.items()
    }
    return {name: part for name, part in beyond.items() if part > 0}


def taken_off(lines: Sequence[Line], discounts: Sequence[Applied], discount_minor: int) -> dict[str, int]:
    """What was taken off each line, by offer id: as it was recorded; of an order that records none, by what the lines
    cost.
    """
    if discounts or not discount_minor:
        return off_lines(discounts)
    shares = split_discount(discount_minor, [line.total_minor for line in lines])
    return {line.offer_id: share for line, share in zip(lines, shares, strict=True)}


def payables(goods: Sequence[tuple[str, int]], off: Mapping[str, int], delivery: int) -> dict[str, int]:
    """What each line of ``(offer_id, total)`` costs after what was taken ``off`` it, and the delivery fee, if any."""
    costs = {offer_id: total - off.get(offer_id, 0) for offer_id, total in goods}
    return costs | ({DELIVERY: delivery} if delivery else {})


def paid_shares(kept: int, costs: Mapping[str, int]) -> dict[str, int]:
    """How ``kept``, the money that stands against an order, spreads over what it costs: by largest remainder.

    Paid in full, each share is the cost itself; a deposit is spread in proportion.
    """
    return dict(zip(costs, allocate(kept, list(costs.values())), strict=True)) if costs else {}


def units_value(share: int, quantity: int, before: int, units: int) -> int:
    """What ``units`` of a line's ``quantity`` are worth, after ``before`` of them went back already.

    The difference of two cumulative floors of the line's ``share``: however the units are grouped, all of them
    together are worth the share exactly.
    """
    if not 0 <= before <= before + units <= quantity:
        raise ValueError(f"{units} units after {before} are more than the line's {quantity}")
    return share * (before + units) // quantity - share * before // quantity


def left_of(shares: Mapping[str, int], given_back: Mapping[str, int]) -> dict[str, int]:
    """What of each share has not gone back yet."""
    return {name: max(0, share - given_back.get(name, 0)) for name, share in shares.items()}


@dataclass(frozen=True, slots=True)
class Stands:
    """The money that stands for an order: ``kept_minor`` against its total, ``given_back`` of it by the order's parts
    while the total stood, ``refundable_minor`` what has not gone back.
    """

    kept_minor: int = 0
    refundable_minor: int = 0
    given_back: Mapping[str, int] = field(default_factory=dict)

    def rests(self, costs: Mapping[str, int]) -> dict[str, int]:
        """What of it stands for each part, by what that costs, less what went back of it. What was paid beyond the
        costs stands for nothing; together the parts never have more than has not gone back.
        """
        kept = max(0, min(self.kept_minor, sum(costs.values())))
        rests = left_of(paid_shares(kept, costs), self.given_back)
        money = max(0, min(self.refundable_minor, sum(rests.values())))
        return dict(zip(rests, allocate(money, list(rests.values())), strict=True)) if rests else {}


def split_refund(amount: int, left: Mapping[str, int]) -> dict[str, int]:
    """Splits a refund over the lines by what is left of each, by largest remainder; lines that get nothing drop out."""
    parts = allocate(amount, list(left.values())) if left and amount else [0] * len(left)
    return {name: part for name, part in zip(left, parts, strict=True) if part}


def refund_id(tenant_id: str, order_id: str, *cause: str) -> str:
    """The id of the refund of an order for a cause. It follows from the cause, so a cause is refunded once: asked for
    again, its record is there already, and the provider is given the same id.
    """
    return derived_id(tenant_id, "refund", order_id, *cause)


@dataclass(frozen=True, slots=True)
class Goodwill:
    """What was given back of an order by goodwill: ``given_minor`` in all, ever; ``lines`` has what of it is a gift
    still, by offer id or ``delivery``.

    A gift costs the leader nothing. Where goods come back later, what was given for them before is part of what the
    return pays back, and no gift any more.
    """

    given_minor: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    def plus(self, parts: Mapping[str, int]) -> "Goodwill":
        """With more that was given."""
        lines = {name: self.lines.get(name, 0) + parts.get(name, 0) for name in {**self.lines, **parts}}
        return Goodwill(self.given_minor + sum(parts.values()), lines)

    def less(self, short: Mapping[str, int]) -> "Goodwill":
        """After a return that paid back so much less of each line than its units were worth."""
        lines = {name: part - min(part, max(0, short.get(name, 0))) for name, part in self.lines.items()}
        return Goodwill(self.given_minor, {name: part for name, part in lines.items() if part})

    def borne_by(self, charges: Mapping[str, int]) -> dict[str, int]:
        """What each party bears of the gifts that still are some, of what was charged to it: where a return took a part
        of them up, what is left is divided among the parties, and the brand bears nothing before they do.
        """
        left, charged = sum(self.lines.values()), sum(charges.values())
        if charged <= left:
            return {who: part for who, part in charges.items() if part}
        parts = allocate(left, list(charges.values()))
        return {who: part for who, part in zip(charges, parts, strict=True) if part}

    def as_json(self) -> list[Any]:
        return [self.given_minor, dict(self.lines)]

    @classmethod
    def from_json(cls, stored: Any) -> Self:
        return cls(int(stored[0]), {name: int(part) for name, part in stored[1].items()}) if stored else cls()
