"""A brand that runs experiments, and the people who are exposed to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.insight.experiments.model.tallies import NAMES, Tally, summed
from chalicelib.insight.experiments.records import ArmCountRecord
from chalicelib.insight.experiments.service import starting
from chalicelib.insight.experiments.service.keeping import today
from chalicelib.kernel import clock as product_clock
from chalicelib.members.service.members import members_by_ordinal
from tests.builders import Member, Reply, Shop, made
from tests.insight.figures import Figures

ARMS = [{"name": "grey", "share": "0.5"}, {"name": "blue", "share": "0.5"}]


class Trials:
    """The experiments of a brand."""

    def __init__(self, shop: Shop, drain: Callable[[], None]) -> None:
        self.shop, self.drain = shop, drain
        self.tenant_id = shop.tenant_id

    def create(self, key: str = "button", **fields: Any) -> Reply:
        body: dict[str, Any] = {
            "key": key, "arms": ARMS, "metric": "conversion", "horizon": {"sample": 1_000}, "method": "fixed",
        }  # fmt: skip
        return self.shop.brand.post("/v1/experiments", body | fields)

    def start(self, experiment_id: str) -> Reply:
        return self.shop.brand.post(f"/v1/experiments/{experiment_id}/start")

    def running(self, key: str = "button", **fields: Any) -> Any:
        """An experiment that runs; who has no orders yet takes what it needs for granted."""
        made_one = made(self.create(key, **fields))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(starting, "has_orders", lambda *_: True)
            patched.setattr(starting, "_come", lambda *_: 2_000)
            return made(self.start(made_one["id"]), 200)

    def arm(self, member: Member | None = None, visitor: str = "", key: str = "button", agent: str = "") -> Reply:
        """Asks which arm somebody sees."""
        query = f"?visitor_id={visitor}" if visitor else ""
        headers = {"User-Agent": agent or "Mozilla/5.0 (iPhone)"}
        token = member.token if member else None
        path = f"/v1/stores/{self.shop.slug}/experiments/{key}{query}"
        return self.shop.caller.call("GET", path, token=token, headers=headers)

    def sees(self, member: Member | None = None, visitor: str = "", key: str = "button") -> str:
        return str(made(self.arm(member, visitor, key), 200)["arm"])

    def results(self, experiment_id: str, **headers: str) -> Any:
        return made(self.shop.brand.get(f"/v1/experiments/{experiment_id}/results", headers=headers), 200)

    def counted(self, experiment_id: str, arms: Sequence[Tally], on: date | None = None) -> None:
        """Counts people into the arms, as if they had been exposed on a local day."""
        with tenant_scope(self.tenant_id):
            day = on or today(self.tenant_id, product_clock.now())
            tx = Transaction()
            for number, tally in enumerate(arms):
                address = ArmCountRecord.address(self.tenant_id, experiment_id, 0, str(number), day)
                actions = [getattr(ArmCountRecord, name).add(n) for name, n in zip(NAMES, tally.as_json(), strict=True)]
                tx.update(f"arm {number}", ArmCountRecord, *address, actions=[*actions, ArmCountRecord.rev.add(1)])
            tx.commit()

    def whole(self, experiment_id: str) -> Tally:
        """What was counted of all arms."""
        with tenant_scope(self.tenant_id):
            return summed(each.tally for each in ArmCountRecord.of_experiment(self.tenant_id, experiment_id))

    @property
    def today(self) -> date:
        with tenant_scope(self.tenant_id):
            return today(self.tenant_id, product_clock.now())

    def in_days(self, days: int) -> str:
        return (self.today + timedelta(days=days)).isoformat()


@pytest.fixture
def trials(shop: Shop, drain: Callable[[], None]) -> Trials:
    return Trials(shop, drain)


@pytest.fixture
def imported(shop: Shop, drain: Callable[[], None]) -> str:
    """The brand's first member, brought by an order file and unclaimed."""
    Figures(shop, drain).import_unrolled([("o-1", "ref-1", "2026-01-05", 1, 100, shop.currency)])
    with tenant_scope(shop.tenant_id):
        [member] = members_by_ordinal(shop.tenant_id, [0])
    return str(member.id)


def refused(reply: Reply, status: int = 422) -> str:
    """The field and the code of a refusal."""
    assert reply.status == status, reply.text
    errors = reply.json.get("errors") or [{"pointer": ""}]
    return f"{errors[0]['pointer']} {reply.json['code']}"
