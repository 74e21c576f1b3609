"""Whatever fails, at whichever request: a review earns its points once, and gives them back once."""

from __future__ import annotations

import pytest

from chalicelib.catalog.model.ratings import Marks
from chalicelib.kernel import clock
from chalicelib.loyalty.points.model.rules import Action, EarningRule, PointsRules
from chalicelib.loyalty.points.service.setting import set_rules
from chalicelib.reviews.model.reviews import id_of
from chalicelib.reviews.service import writing
from chalicelib.rewards.service import reviews
from tests.aftersales.test_faults import collected, run
from tests.faults import Faults, faults
from tests.orders.conftest import store
from tests.orders.means import balance
from tests.orders.store import BODY_HASH, Store
from tests.orders.test_faults import _without_pauses, repeated

__all__ = ["_without_pauses", "faults", "store"]

TWENTY = PointsRules({Action.REVIEW: EarningRule(Action.REVIEW, 20)})


@pytest.mark.parametrize("deleted", [False, True])
def test_points_follow_a_review_once(store: Store, faults: Faults, deleted: bool) -> None:
    faults.of(f"points of reviews {'deleted' if deleted else ''}")
    set_rules(store.tenant_id, TWENTY, None, store.staff, clock.now())
    orders = collected(store, 40)
    ids = [id_of(store.tenant_id, order.id, order.lines[0].sku_id) for order in orders]
    for order in orders:
        said = writing.Said(Marks(5))
        sku_id = order.lines[0].sku_id
        writing.write(store.tenant_id, store.member(), order.id, sku_id, said, BODY_HASH, clock.now())
    if deleted:
        for each in ids:
            reviews.follow(store.tenant_id, each, clock.now())
            writing.take_back(store.tenant_id, store.member(), each, clock.now())
    before = 20 * len(ids) if deleted else 0

    def once(n: int) -> None:
        repeated(faults, lambda: reviews.follow(store.tenant_id, ids[n], clock.now()))
        faults.arm(None)
        reviews.follow(store.tenant_id, ids[n], clock.now())
        assert balance(store) == before + (-20 if deleted else 20) * (n + 1)

    assert run(faults, lambda: reviews.follow(store.tenant_id, ids[0], clock.now()), once) > 10
