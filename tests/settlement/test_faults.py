"""Whatever request fails, in whatever way: when messages have come again, the books are as if nothing had failed."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.kernel import clock
from chalicelib.settlement.books.model.remedies import RemedyCost
from chalicelib.settlement.books.service.remedies import book_remedy
from chalicelib.settlement.commission import service as releasing
from tests.faults import KINDS, Faults, Killed, Kind, faults
from tests.settlement.store_books import StoreBooks

__all__ = ["faults"]

Deliver = Callable[[], None]
_REQUESTS = {"payment": 3, "handover": 3, "refund": 3, "release": 2, "remedy": 2, "remedy of no order": 2}
_numbers = itertools.count(1)
_MOST_TRIES = 4


def _prepared(books: StoreBooks, step: str) -> Deliver:
    """An order that has come to just before a step; the message of the step."""
    order = books.order(1_000)
    payment = books.pay(order, 1_000, fee=(100, 0))
    if step == "payment":
        return lambda: books.book_paid(order, payment)
    books.book_paid(order, payment)
    books.hand_over(order)
    if step == "handover":
        return lambda: books.book_changed(order)
    books.book_changed(order)
    if step.startswith("remedy"):
        about = order.id if step == "remedy" else None
        bearer = "leader" if about else "platform"
        cost = RemedyCost(f"complaint-{next(_numbers)}:1", 50, bearer)
        return lambda: book_remedy(books.tenant_id, cost.name[:-2], about, cost, "CNY", clock.now())
    if step == "refund":
        refund = books.refund(order, 400, stands=True)
        return lambda: books.book_refund(order, refund)
    end = clock.now() + timedelta(days=16)
    return lambda: releasing.release(books.tenant_id, order.id, end)


_ONCE = {
    "payment": {"customer_funds": 1_000},
    "handover": {"sales": 1_000, "commission_expense": 75, "commission_frozen:leader": 75},
    "refund": {
        "sales": 1_000, "sales_returns": 400, "refunds_payable": 400,
        "commission_expense": 45, "commission_frozen:leader": 45,
    },
    "release": {"sales": 1_000, "commission_expense": 75, "commission_payable:leader": 75},
    "remedy": {
        "sales": 1_000, "remedies": 50, "paid_in_kind": 50, "commission_expense": 25, "commission_frozen:leader": 25,
    },
    "remedy of no order": {
        "sales": 1_000, "platform_receivable": 50, "paid_in_kind": 50,
        "commission_expense": 75, "commission_frozen:leader": 75,
    },
}  # fmt: skip


_EVERY_RUN = ("payment", "handover", "remedy of no order")
_STEPS = [pytest.param(step, marks=() if step in _EVERY_RUN else pytest.mark.verify) for step in _REQUESTS]


@pytest.mark.parametrize("step", _STEPS)
def test_a_step_is_booked_once_whichever_of_its_requests_fails(books: StoreBooks, faults: Faults, step: str) -> None:
    """The write fails in every way; reads change nothing, so one way is enough for each."""
    faults.of("books")
    assert books.campaign
    hit = 0
    write = _REQUESTS[step] - 1
    runs: list[tuple[Kind, int]] = [(kind, write) for kind in KINDS] + [("error_500", read) for read in range(write)]
    for kind, at in runs:
        deliver = _prepared(books, step)
        faults.arm(kind, at)
        _until_done(deliver, faults)
        hit += faults.hits
        faults.arm(None)
        deliver()
    times = len(runs)
    expected = _ONCE[step] | {"clearing:test": 990, "provider_fees": 10}
    assert books.balances() == {account: amount * times for account, amount in expected.items()}
    assert books.proof().holds
    assert hit == times


def _until_done(deliver: Deliver, faults: Faults) -> None:
    for _ in range(_MOST_TRIES):
        with suppress(Exception, Killed):
            deliver()
            return
    pytest.fail(f"not delivered in {_MOST_TRIES} tries: {faults.seen}")
