"""How much goes back, and the limit to it: what each line was paid with, what some of its units are worth, and that it
all closes. Pure.

Amounts are minor units. Nothing here rounds twice: an amount is split by largest remainder, and a part of a split is
the difference of two cumulative floors, so parts always add up to the whole and the last one takes the residue.
"""

from collections.abc import Mapping, Sequence

from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money, allocate
from chalicelib.orders.errors import RefundTooLarge
from chalicelib.pricing.model import split_discount

DELIVERY = "delivery"
"""The name under which the delivery fee stands beside the lines, which go by their offer ids."""


def check_limit(amount_minor: int, refundable: Money, lines: Mapping[str, int], rests: Mapping[str, int]) -> None:
    """Raises RefundTooLarge for a refund of nothing, of more than an order's ``refundable`` rest, or of more than is
    left of one line. ``lines`` has the parts of the refund by offer id, ``rests`` what can be refunded of each.
    """
    if not 0 < amount_minor <= refundable.amount_minor:
        raise RefundTooLarge(
            f"Of this order {refundable} can be refunded; ask for that much at most.",
            detail_zh=f"该订单最多可退 {refundable}。",
            extra={"refundable_minor": refundable.amount_minor},
        )
    for name, part in lines.items():
        rest = Money(rests.get(name, 0), refundable.currency)
        if part > rest.amount_minor:
            raise RefundTooLarge(
                f"Of this line {rest} can be refunded; ask for that much at most.",
                detail_zh=f"该商品最多可退 {rest}。",
                extra={"offer_id": name, "refundable_minor": rest.amount_minor},
            )


def overpaid(total: int, paid: int, refunded: int, returned: int) -> int:
    """What must go back where the total has fallen below what stands against it; never more than is left of it.

    ``returned`` is the part of ``refunded`` that was given back while the total stood.
    """
    return max(0, min(paid - refunded, paid - (refunded - returned) - total))


def payables(goods: Sequence[tuple[str, int]], discount: int, delivery: int) -> dict[str, int]:
    """What each line of ``(offer_id, total)`` costs after its share of the discount, and the delivery fee, if any."""
    totals = [total for _, total in goods]
    shares = split_discount(discount, totals) if discount else [0] * len(totals)
    costs = {offer_id: total - share for (offer_id, total), share in zip(goods, shares, strict=True)}
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


def split_refund(amount: int, left: Mapping[str, int]) -> dict[str, int]:
    """Splits a refund over the lines by what is left of each, by largest remainder; lines that get nothing drop out."""
    parts = allocate(amount, list(left.values())) if left and amount else [0] * len(left)
    return {name: part for name, part in zip(left, parts, strict=True) if part}


def refund_id(tenant_id: str, order_id: str, *cause: str) -> str:
    """The id of the refund of an order for a cause. It follows from the cause, so a cause is refunded once: asked for
    again, its record is there already, and the provider is given the same id.
    """
    return derived_id(tenant_id, "refund", order_id, *cause)
