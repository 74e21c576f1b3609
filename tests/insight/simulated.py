"""Members who behave as the models of orders and of amounts suppose, in whole days; the same every time."""

from __future__ import annotations

import random
from collections import Counter

from chalicelib.insight.model.bgnbd import History
from chalicelib.insight.model.gamma_gamma import Spending


def purchase_days(chance: random.Random, seen: int, r: float, alpha: float, a: float, b: float) -> list[int]:
    """The days after the first on which a member orders again, of so many; one a day at most."""
    rate, leaves = chance.gammavariate(r, 1 / alpha), chance.betavariate(a, b)
    days: list[int] = []
    at = 0.0
    while True:
        at += chance.expovariate(rate) * 7 if rate > 1e-9 else 1e9
        if at > seen:
            return days
        if int(at) not in {0, *days[-1:]}:
            days.append(int(at))
        if chance.random() < leaves:
            return days


def histories(seed: int, members: int, *parameters: float) -> Counter[History]:
    """What so many members did, each of whom was seen for 30 to 364 days."""
    chance = random.Random(seed)
    found: Counter[History] = Counter()
    for _ in range(members):
        seen = chance.randrange(30, 365)
        days = purchase_days(chance, seen, *parameters)
        found[History(len(days), (days or [0])[-1] / 7, seen / 7)] += 1
    return found


def spendings(seed: int, members: int, p: float, q: float, v: float) -> Counter[Spending]:
    """What they spent on one to nine orders."""
    chance = random.Random(seed)
    found: Counter[Spending] = Counter()
    for _ in range(members):
        scale, orders = chance.gammavariate(q, 1 / v), chance.randrange(1, 10)
        found[Spending(orders, round(chance.gammavariate(p * orders, 1 / scale) / orders))] += 1
    return found
