"""While a campaign's orders have after-sale cases that have not ended, the campaign is not settled."""

from __future__ import annotations

import itertools

import pytest

from chalicelib.settlement.books.service import orders as order_books
from chalicelib.settlement.campaigns.service import result as campaigns
from chalicelib.settlement.campaigns.service.cases import follow
from tests.faults import KINDS, Faults, faults
from tests.orders.test_faults import _without_pauses, repeated, requests_of
from tests.settlement.office import Office

__all__ = ["_without_pauses", "faults"]


def open_cases(office: Office) -> int:
    return campaigns.outstanding(office.tenant_id, office.campaign.id).get("cases", 0)


def test_a_case_is_outstanding_until_it_ends(office: Office) -> None:
    order = office.order(1_000)
    follow(office.tenant_id, order.id, "case-1", ended=False)
    follow(office.tenant_id, order.id, "case-2", ended=False)
    assert open_cases(office) == 2
    follow(office.tenant_id, order.id, "case-1", ended=True)
    assert open_cases(office) == 1
    follow(office.tenant_id, order.id, "case-2", ended=True)
    assert "cases" not in campaigns.outstanding(office.tenant_id, office.campaign.id)


@pytest.mark.parametrize("told", list(itertools.permutations((False, True, False, True))))
def test_however_often_and_in_whichever_order_it_is_told(office: Office, told: tuple[bool, ...]) -> None:
    order = office.order(1_000)
    for ended in told:
        follow(office.tenant_id, order.id, "case-1", ended=ended)
    assert open_cases(office) == 0


def test_the_orders_books_stay_as_they_are(office: Office) -> None:
    order = office.order(1_000)
    office.tell_paid(order, office.pay(order, 1_000))
    follow(office.tenant_id, order.id, "case-1", ended=False)
    office.hand_over(order)
    office.tell_changed(order)
    assert office.book(order).cases == {"case-1": False}
    assert open_cases(office) == 1
    assert office.balance("sales") == 1_000
    assert office.proof().holds


def test_it_is_counted_once_whatever_fails(office: Office, faults: Faults) -> None:
    faults.of("books")
    orders = [office.order(1_000) for _ in range(13)]
    requests = requests_of(faults, lambda: follow(office.tenant_id, orders[0].id, "case", ended=False))
    assert requests == 2
    runs = 1
    for kind in KINDS:
        for at in range(requests):
            faults.arm(kind, at)
            repeated(faults, lambda n=runs: follow(office.tenant_id, orders[n].id, "case", ended=False))  # type: ignore[misc]
            faults.arm(None)
            follow(office.tenant_id, orders[runs].id, "case", ended=False)
            runs += 1
    assert open_cases(office) == runs == 13
    assert not order_books.read(office.tenant_id, orders[0].id).is_new
