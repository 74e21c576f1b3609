"""Leaderboards are a recount of what stands of orders and ledgers; equal values share a rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord
from chalicelib.recruitment.records import ReferralRecord
from tests.builders import made
from tests.invariants.brand import Brand
from tests.invariants.people import Person
from tests.invariants.snapshot import Snapshot

_EARNS = frozenset({"order", "participation", "check_in", "survey", "birthday", "referral", "journey"})
_TAKES_BACK = frozenset({"refund", "referral_back", "participation_ended"})


def check_boards(brand: Brand, stored: Snapshot, people: Mapping[str, Person]) -> None:
    """The boards of spending and of orders, of each month in which anybody ordered; those of points and of referrals
    over all months, since what is taken back counts in the month in which it was given.
    """
    _check_orders(brand, people)
    earned, brought = Counter[str](), Counter[str]()
    for who in people.values():
        pk, _ = PointsRecord.address(brand.tenant_id, who.id)
        for entry in stored.every(PointsEntryRecord, pk, "points#"):
            if entry.cause.type.value in _EARNS | _TAKES_BACK:
                earned[who.id] += int(entry.delta)
        referral = stored.fetch(ReferralRecord, *ReferralRecord.address(brand.tenant_id, who.id))
        brought[str(who.record.referred_by)] += referral is not None and referral.state == "rewarded"
    first, last = min(who.joined_on for who in people.values()), max(who.today for who in people.values())
    months = {f"{first + timedelta(days=n):%Y-%m}" for n in range((last - first).days + 1)}
    for board, right in (("points", earned), ("referrals", brought)):
        shown = Counter[str]()
        for month in months:
            shown.update(_shown(brand, f"{board}?period={month}")[0])
        assert +shown == +right, board


def _check_orders(brand: Brand, people: Mapping[str, Person]) -> None:
    months = {f"{on:%Y-%m}" for who in people.values() for on in who.days_of_orders}
    for month in sorted(months):
        spent, orders = Counter[str](), Counter[str]()
        for who in people.values():
            for order_id, on in who.orders.items():
                if f"{on:%Y-%m}" == month:
                    spent[who.id] += who.bought[order_id]
                    orders[who.id] += 1
        _check(brand, f"spend?period={month}", spent)


def _check(brand: Brand, board: str, right: Counter[str]) -> None:
    values, shown = _shown(brand, board)
    assert values == dict(+right), board
    for row in shown["rows"]:
        assert row["rank"] == 1 + sum(value > row["value"] for value in right.values()), f"{board}: {row}"
    assert shown["members"] == len(values)


def _shown(brand: Brand, board: str) -> tuple[dict[str, int], Any]:
    shown: Any = made(brand.ask("GET", f"/v1/leaderboards/{board}"), 200)
    return {row["member"]["id"]: row["value"] for row in shown["rows"]}, shown
