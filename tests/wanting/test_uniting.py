"""Two members are one person: what the one wanted, the other wants, and nothing is counted twice."""

from __future__ import annotations

from contextlib import suppress

import pytest

from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.members.records import MemberRecord
from chalicelib.wanting.model.lists import Kind
from chalicelib.wanting.records import PlaceRecord, QueueRecord
from chalicelib.wanting.service import favourites, keeping, reminding, waiting
from chalicelib.wanting.service.counting import count_of, units_waited_for
from chalicelib.wanting.service.uniting import hand_on
from tests.faults import KINDS, Faults, Killed, faults
from tests.faults import Kind as Fault
from tests.orders.store import Store
from tests.orders.test_faults import _without_pauses

__all__ = ["_without_pauses", "faults"]


def united(store: Store, gone: int, stays: int) -> None:
    """The one's history is the other's from now on."""
    first, second = (MemberRecord.at(store.tenant_id, store.member(n), consistent=True) for n in (gone, stays))
    assert first is not None
    assert second is not None
    first.united_with = int(second.ordinal)
    tx = Transaction()
    tx.replace("gone", first)
    tx.commit()


def wants(store: Store) -> tuple[str, str]:
    """Two members of whom both keep a product and wait for an offer; the first, longer, and is told of it as well."""
    campaign = store.publish(1)
    store.place(campaign, 1, member=9)
    product_id, offer_id = campaign.offers[0].product_id, campaign.offers[0].offer_id
    for n, quantity in ((0, 1), (1, 1)):
        favourites.keep(store.tenant_id, store.member(n), product_id, clock.now())
        waiting.wait(store.tenant_id, store.member(n), campaign.id, offer_id, quantity, clock.now())
    reminding.remind(store.tenant_id, store.member(0), product_id, clock.now())
    united(store, 0, 1)
    return product_id, offer_id


def check(store: Store, product_id: str, offer_id: str, since: str) -> None:
    counted = count_of(store.tenant_id, product_id)
    assert (counted.favourites, counted.reminders) == (1, 1)
    assert units_waited_for(store.tenant_id, [offer_id]) == {offer_id: 1}
    lists = [keeping.list_of(store.tenant_id, store.member(0), kind, consistent=True) for kind in Kind]
    assert lists == [{}, {}, {}]
    own = keeping.list_of(store.tenant_id, store.member(1), Kind.WAITING, consistent=True)
    assert own[offer_id].since == since
    places = PlaceRecord.every(QueueRecord.partition(store.tenant_id, offer_id), between=("0", "9~"), consistent=True)
    assert [(each.sk, each.member_id) for each in places] == [(f"{since}#{store.member(1)}", store.member(1))]


def test_what_one_wanted_the_other_wants_with_the_earlier_place_in_line(store: Store) -> None:
    product_id, offer_id = wants(store)
    since = keeping.list_of(store.tenant_id, store.member(0), Kind.WAITING, consistent=True)[offer_id].since
    for _ in range(2):
        hand_on(store.tenant_id, store.member(0), clock.now())
        check(store, product_id, offer_id, since)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_fails_while_it_is_handed_on(store: Store, faults: Faults, kind: Fault) -> None:
    faults.of("wants handed on")
    product_id, offer_id = wants(store)
    since = keeping.list_of(store.tenant_id, store.member(0), Kind.WAITING, consistent=True)[offer_id].since
    for at in range(12):
        faults.arm(kind, at)
        with suppress(Exception, Killed):
            hand_on(store.tenant_id, store.member(0), clock.now())
    faults.arm(None)
    hand_on(store.tenant_id, store.member(0), clock.now())
    check(store, product_id, offer_id, since)
