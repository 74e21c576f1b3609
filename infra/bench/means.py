"""What an order costs that everything lowers: a promotion with a budget and a limit for each member, a coupon of a
shared code, and points.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import Any

from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.web.tokens import verify
from infra.bench.buying import Buying, Step
from infra.bench.figure import Figure, at_most, exactly, told
from infra.bench.orders import GOALS_MACHINE, spelled, time_spent
from infra.bench.routes import bare_microseconds
from infra.bench.stage import Brand, Stage

ROUNDS, WARM_UP = 100, 20
MOST_CPU_MS = 7
"""Of any one handler of the order path."""
_POINTS = 50


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about one order of one line with all of them."""
    brand = Brand(stage, "means-bench")
    shop = Lowered(stage, brand, brand.members(WARM_UP + ROUNDS + 1))
    with metered() as meter:
        shop.run(lambda name, call: call() if name == "order" else None)
    written = meter.by_operation["TransactWriteItems"]
    read = meter.by_operation["BatchGetItem"]
    yield exactly("write requests of an order with coupon, points and budget", 1, meter.writes, how=spelled(meter))
    yield told("transactions and batch reads of it", f"{written} and {read}", f"{meter.write_units:g} write units")
    spent = {name: median(each) for name, each in time_spent(shop, ROUNDS, WARM_UP).items()}
    slowest = max(spent, key=lambda name: spent[name])
    said = ", ".join(f"{name} {milliseconds:.2f}" for name, milliseconds in spent.items())
    yield at_most(
        "CPU of a handler of that order's path", MOST_CPU_MS, spent[slowest], "ms",
        f"{slowest}; process CPU, not the engine; median of {ROUNDS}: {said}", digits=2,
    )  # fmt: skip
    here = bare_microseconds()
    yield told(
        "… at the speed of the machine the goal is from", f"{spent[slowest] * GOALS_MACHINE / here:.2f} ms",
        f"bare Chalice answers a GET in {GOALS_MACHINE} µs there, in {here:.0f} µs here",
    )  # fmt: skip


class Lowered(Buying):
    """Orders of one line, each by another member with a coupon and points, in a campaign with a promotion."""

    def __init__(self, stage: Stage, brand: Brand, tokens: list[str]) -> None:
        super().__init__(stage, brand, tokens)
        begins, ends = (clock.instant(clock.now() + timedelta(days=days)) for days in (-1, 7))
        promotion = {
            "title": "Nine or more", "kind": "full_reduction", "starts_at": begins, "ends_at": ends,
            "terms": {"steps": [{"from": brand.money(900), "off": brand.money(100)}]},
            "budget": brand.money(100_000), "limits": {"per_member": 1},
        }  # fmt: skip
        made = stage.ask("POST", "/v1/promotions", promotion, brand.key)
        stage.ask("POST", f"/v1/promotions/{made['id']}/publish", None, brand.key)
        coupons = {
            "title": "Welcome", "kind": "amount", "value": brand.money(200), "purpose": "holiday",
            "valid": {"days": 7}, "codes": {"mode": "shared", "code": "BENCH-2026"}, "budget": brand.money(100_000),
        }  # fmt: skip
        stage.ask("POST", "/v1/coupon-batches", coupons, brand.key, Idempotency_Key="coupons")
        spend = {"points": 1, "worth": brand.money(1), "most_share": "100"}
        stage.ask("PUT", "/v1/points-rules", {"rules": [], "spend": spend}, brand.key)
        self._coupons = [self._furnish(token) for token in tokens]

    def _furnish(self, token: str) -> str:
        """Gives a member points and a coupon, whose id it says."""
        booked = {"delta": _POINTS, "reason": "Bench"}
        member = verify(token).id
        self.stage.ask("POST", f"/v1/members/{member}/points", booked, self.brand.key, Idempotency_Key=member)
        entered = {"code": "BENCH-2026"}
        return str(self.stage.ask("POST", f"/v1/stores/{self.brand.slug}/me/coupons", entered, token)["id"])

    def steps(self, number: int) -> list[Step]:
        own: dict[str, Any] = {"coupon_id": self._coupons[number % len(self._coupons)], "points": _POINTS}
        return [
            Step(each.name, each.method, each.path, each.body and each.body | own, each.headers)
            for each in super().steps(number)
        ]
