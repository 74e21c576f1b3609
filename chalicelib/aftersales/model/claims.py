"""The rules of what can come back: of which product, until when, how many units. Pure.

Instants are UTC.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.aftersales.errors import AfterSaleNotOffered, MoreThanReceived, NothingReceived, WindowPassed
from chalicelib.aftersales.model.cases import Kind
from chalicelib.campaigns.model.after_sale import is_open, window_ends
from chalicelib.kernel.clock import instant


@dataclass(frozen=True, slots=True)
class Received:
    """A line of an order as it was handed over: ``units`` of them, and for how many days each kind is granted."""

    offer_id: str
    units: int
    days: Mapping[str, int]


def last_instant(kind: Kind, line: Received, picked_up_at: datetime | None, now: datetime) -> datetime | None:
    """Until when a kind can be asked for, that instant included; None where it is not granted. A window does not run
    before the whole order was picked up.
    """
    days = line.days[kind]
    return window_ends(picked_up_at or now, days) if days else None


def check_claim(
    kind: Kind,
    wanted: Iterable[tuple[str, int]],
    received: Mapping[str, Received],
    claimed: Mapping[str, int],
    picked_up_at: datetime | None,
    now: datetime,
    wall_time: Callable[[datetime], str] = instant,
) -> None:
    """Whether ``wanted`` units (by offer id, each in the order) can be claimed now.

    ``claimed`` are units that other cases hold; ``wall_time`` shows an instant as the brand's clocks do. Raises
    NothingReceived, AfterSaleNotOffered, WindowPassed, MoreThanReceived; the first fault counts.
    """
    if not any(line.units for line in received.values()):
        raise NothingReceived(
            "Nothing of this order was picked up yet; until the cutoff it can be cancelled.",
            detail_zh="订单尚未取货，不能申请售后；截止前可取消订单。",
        )
    for index, (offer_id, units) in enumerate(wanted):
        line = received[offer_id]
        _check_window(kind, line, picked_up_at, now, f"/lines/{index}/offer_id", wall_time)
        _check_units(line, units, claimed.get(offer_id, 0), f"/lines/{index}/quantity")


def _check_window(
    kind: Kind,
    line: Received,
    picked_up_at: datetime | None,
    now: datetime,
    pointer: str,
    wall_time: Callable[[datetime], str],
) -> None:
    days, until = line.days[kind], last_instant(kind, line, picked_up_at, now)
    if until is None:
        raise AfterSaleNotOffered.at(pointer, f"There is no {kind} of this product.", "该商品不支持此类售后。")
    if not is_open(until, now):
        words, span = f"{'An' if kind is Kind.EXCHANGE else 'A'} {kind}", "one day" if days == 1 else f"{days} days"
        shown = wall_time(until)
        refusal = WindowPassed.at(
            pointer,
            f"{words} can be asked for within {span} of the pickup; that ended at {shown}.",
            f"取货后 {days} 天内可申请，期限已于 {shown} 结束。",
        )
        refusal.extra = {"days": days, "until": instant(until)}
        raise refusal


def _check_units(line: Received, units: int, claimed: int, pointer: str) -> None:
    left = line.units - claimed
    if units > left:
        refusal = MoreThanReceived.at(
            pointer,
            f"Handed over: {line.units}; in other cases: {claimed}. At most {left} can be claimed.",
            f"已取 {line.units} 件，其中 {claimed} 件已在售后中，最多可申请 {left} 件。",
        )
        refusal.extra = {"received": line.units, "claimed": claimed, "left": left}
        raise refusal
