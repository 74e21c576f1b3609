"""The simulation of five thousand orders a second: no key is asked for more than DynamoDB promises it.

The limits stand here once more, so that a change of the simulation's own cannot move them: AWS publishes 1,000 write
units and 3,000 read units a second for one partition key.
"""

import pytest

from chalicelib.campaigns.stock import model as stock_model
from chalicelib.coupons.model import parts
from chalicelib.db import tenant_records
from chalicelib.promotions.model import budget
from infra.bench import rush
from infra.bench.rush import RUSHES, Load, Rush, simulate

WRITES, READS = 1_000, 3_000

BUCKETS, GLANCES, CAMPAIGN = "bucket, writes", "bucket, reads", "campaign, reads"
COUPONS = {"a member's coupon, reads", "a member's coupon, writes", "coupon part, writes"}
COUPON_PARTS = "coupon part, reads"
BUDGETS, PARTS, PROMOTIONS = "budget, writes", "budget, reads", "promotions, reads"
ORDERS, MEMBERS, DUE = "list of a campaign's orders", "list of a member's orders", "list of what is due"

AT_PICKUP = {BUCKETS, CAMPAIGN, ORDERS, MEMBERS}
ASKED = {
    "paid at pickup, stock for all": AT_PICKUP,
    "paid at pickup, sold out at half time": AT_PICKUP | {GLANCES},
    "paid online, stock for all": AT_PICKUP | {DUE},
    "paid online, sold out at half time": AT_PICKUP | {DUE, GLANCES},
    "paid at pickup, five units for everyone": AT_PICKUP | {GLANCES},
    "paid at pickup, a budget for all": AT_PICKUP | {BUDGETS, PROMOTIONS},
    "paid at pickup, a budget for half": AT_PICKUP | {BUDGETS, PARTS, PROMOTIONS},
    "a code and a budget for all": AT_PICKUP | {BUDGETS, PROMOTIONS} | COUPONS,
    "a code and a budget for half": AT_PICKUP | {BUDGETS, PARTS, PROMOTIONS, COUPON_PARTS} | COUPONS,
}
"""The kinds of key that each rush asks."""


def limit(kind: str) -> int:
    return READS if kind.endswith("reads") else WRITES


def over(load: Load) -> set[str]:
    """The kinds of key of which the busiest was asked for more than it has."""
    return {kind for kind, most in load.most.items() if most > limit(kind)}


@pytest.mark.parametrize(("name", "asked"), RUSHES, ids=[name for name, _ in RUSHES])
def test_no_key_passes_its_limit(name: str, asked: Rush) -> None:
    assert asked.orders_per_second == 5_000
    load = simulate(asked)
    assert set(load.most) == ASKED[name]
    assert {kind: most for kind, most in load.most.items() if most > limit(kind)} == {}
    assert load.sold + load.refused == pytest.approx(asked.orders_per_second * asked.seconds, rel=0.01)
    assert load.sold == min(asked.units, load.sold + load.refused)
    assert load.promoted == min(asked.promoted, load.sold)
    assert load.coded == min(asked.coded, load.sold)


def test_the_same_buyers_give_the_same_figures() -> None:
    asked = Rush(500, 2, 800, online=True)
    assert simulate(asked).most == simulate(asked).most


pytestmark = pytest.mark.usefixtures("as_deployed")

ONLINE = Rush(5_000, 6, 40_000, online=True)
AT_THE_POINT = Rush(5_000, 2, 20_000, online=False)


def test_eight_partitions_of_the_due_index_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenant_records, "DUE_SHARDS", {"due": 8})
    load = simulate(ONLINE)
    assert over(load) == {DUE}
    assert load.most[DUE] == pytest.approx(1_300, rel=0.05)


def test_orders_that_are_paid_online_need_twice_the_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush, "bucket_count", lambda peak, units, **_: stock_model.bucket_count(peak, units))
    assert over(simulate(ONLINE)) == {BUCKETS}


def test_a_campaign_that_each_order_reads_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush, "REMEMBERED", rush.REMEMBERED * 0)
    assert over(simulate(AT_THE_POINT)) == {CAMPAIGN}


def test_a_budget_in_one_part_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_PARTS", 1)
    load = simulate(Rush(5_000, 2, 20_000, online=False, promoted=20_000))
    assert over(load) == {BUDGETS}


def test_a_code_that_is_used_up_and_asked_by_each_order_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush, "USED_UP", rush.USED_UP * 0)
    load = simulate(Rush(5_000, 2, 20_000, online=False, coded=2_000))
    assert {COUPON_PARTS, BUCKETS} == over(load)


def test_a_code_whose_uses_are_in_one_part_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_PARTS", 1)
    assert over(simulate(Rush(5_000, 2, 20_000, online=False, coded=20_000))) == {"coupon part, writes"}


def test_those_who_come_after_the_last_unit_would_wear_its_bucket_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five units are in five buckets; without the memory, each of five thousand buyers a second asks one of them."""
    monkeypatch.setattr(rush, "REMEMBERED", rush.REMEMBERED * 0)
    assert {BUCKETS, GLANCES} <= over(simulate(Rush(5_000, 2, 5, online=False)))
