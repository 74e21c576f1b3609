"""Whatever fails, at whichever request: a suggestion comes once, and its reward is given once."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pytest

from chalicelib.kernel import clock
from chalicelib.rate_limits.model import Budget
from chalicelib.rate_limits.records import SpentBudget
from chalicelib.suggestions.model.suggestions import Reward
from chalicelib.suggestions.records import SuggestedRecord, SuggestionRecord
from chalicelib.suggestions.service import deciding, following, suggesting
from chalicelib.suggestions.service.reading import get_suggestion
from tests.aftersales.test_faults import run
from tests.faults import Faults, Killed, faults
from tests.orders.conftest import store
from tests.orders.means import balance
from tests.orders.store import BODY_HASH, Store
from tests.orders.test_faults import _without_pauses, repeated

pytestmark = pytest.mark.usefixtures("noon")

__all__ = ["_without_pauses", "faults", "store"]


def noted(store: Store, n: int) -> SuggestionRecord:
    return suggesting.note_suggestion(
        store.tenant_id, store.member(), f"Say {n}", "telephone", f"key-{n}", BODY_HASH, store.staff, clock.now()
    )


def came(store: Store) -> int:
    return sum(
        int(each.came) for each in SuggestedRecord.every(SuggestedRecord.partition(store.tenant_id), consistent=True)
    )


def test_a_suggestion_comes_once(store: Store, faults: Faults) -> None:
    faults.of("suggestions")

    def once(n: int) -> None:
        repeated(faults, lambda: noted(store, n))
        faults.arm(None)
        assert noted(store, n).id
        assert came(store) == n + 1

    assert run(faults, lambda: noted(store, 0), once) > 10


def test_a_members_own_costs_one_of_the_days(store: Store, faults: Faults) -> None:
    """Whatever fails, and however often it is sent: as much is spent as was suggested."""
    faults.of("suggestions of members")

    def suggested(n: int) -> SuggestionRecord:
        key = f"key-{n}"
        return suggesting.suggest(store.tenant_id, store.member(n), f"Say {n}", key, BODY_HASH, clock.now())

    def once(n: int) -> None:
        repeated(faults, lambda: suggested(n))
        faults.arm(None)
        assert suggested(n).id
        budget = Budget.of("suggestions_a_member", store.tenant_id, store.member(n))
        spent = SpentBudget.fetch(*SpentBudget.address(budget, clock.now()), consistent=True)
        assert spent is not None
        assert int(spent.used) == 1

    store.member(45)
    assert run(faults, lambda: suggested(0), once) > 10


def adopted(store: Store, suggestion: SuggestionRecord) -> None:
    now = clock.now()
    on = now.date()
    deciding.adopt(store.tenant_id, suggestion.id, "Plan", on, Reward(points=10), None, store.staff, now)


def grouped(store: Store, same: SuggestionRecord, first: SuggestionRecord) -> None:
    wanted = deciding.Edit(regroups=True, same_as=first.id)
    deciding.edit(store.tenant_id, same.id, wanted, None, store.staff, clock.now())


@pytest.mark.verify
def test_a_reward_is_given_once(store: Store, faults: Faults) -> None:
    """At whichever request of what follows from the adoption, for the suggestion and the one that is the same."""
    faults.of("rewards of suggestions")
    pairs = []
    for n in range(120):
        first, same = noted(store, 2 * n), noted(store, 2 * n + 1)
        grouped(store, same, first)
        adopted(store, first)
        pairs.append(first)

    def followed(n: int) -> None:
        following.decided(store.tenant_id, pairs[n].id, "adopted", clock.now())

    def once(n: int) -> None:
        with suppress(Exception, Killed):
            followed(n)
        faults.arm(None)
        followed(n)
        assert balance(store) == 20 * (n + 1)

    assert run(faults, lambda: followed(0), once) > 20


def test_a_message_that_is_overtaken_leaves_nobody_with_an_older_outcome(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is declined, and that is told of, while somebody is still telling that it was adopted."""
    first, same = noted(store, 1), noted(store, 2)
    grouped(store, same, first)
    adopted(store, first)
    tell, overtaken = following._tell, list[str]()

    def meanwhile(found: SuggestionRecord, now: datetime) -> None:
        if not overtaken:
            overtaken.append(found.id)
            deciding.decline(store.tenant_id, first.id, "No", None, store.staff, now)
            following.decided(store.tenant_id, first.id, "declined", now)
        tell(found, now)

    monkeypatch.setattr(following, "_tell", meanwhile)
    following.decided(store.tenant_id, first.id, "adopted", clock.now())

    assert get_suggestion(store.tenant_id, same.id, consistent=True).status == "declined"
