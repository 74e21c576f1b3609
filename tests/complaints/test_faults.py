"""Whatever fails, at whichever request: a complaint opens once, is changed once, and what makes it good is given once,
and never without its resolution.
"""

from collections.abc import Callable, Iterator

import pytest

from chalicelib.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.aftersales.service.making_good import exchange_for
from chalicelib.complaints.errors import ComplaintResolved
from chalicelib.complaints.model.cases import Urgency
from chalicelib.complaints.model.remedies import Judged, Party, RemedyKind, RemedyWanted, Verdict
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.handling import (
    Answer,
    ComplaintChanges,
    edit_complaint,
    get_complaint,
    resolve_complaint,
)
from chalicelib.complaints.service.opening import Noted, note_complaint, open_complaint
from chalicelib.complaints.service.verdicts import give_verdict
from chalicelib.coupons.model.batches import Wanted
from chalicelib.coupons.records import CouponRecord
from chalicelib.coupons.service.batches import create_batch
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Stale
from chalicelib.loyalty.points.service.ledger import read_account
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from infra.local.engine import Engine
from tests.aftersales.test_faults import collected, refunded, run
from tests.faults import Faults, faults
from tests.memory import Memory
from tests.orders.store import Store, open_store
from tests.orders.test_faults import _without_pauses, repeated

__all__ = ["_without_pauses", "faults"]

POINTS = RemedyWanted(RemedyKind.POINTS, points=5)
REFUND = RemedyWanted(RemedyKind.REFUND, amount_minor=500, currency="CNY", cost_to=Party.LEADER)


@pytest.fixture
def store(engine: Engine, memory: Memory) -> Iterator[Store]:
    made = open_store(remembered=memory)
    with tenant_scope(made.tenant_id):
        yield made


def opened(store: Store, key: str, order: OrderRecord | None = None) -> ComplaintRecord:
    order_id = order.id if order else None
    return open_complaint(store.tenant_id, store.member(), "Bruised", clock.now(), order_id=order_id, key=key)


def answered(store: Store, complaint: ComplaintRecord, remedy: RemedyWanted) -> ComplaintRecord:
    """The same answer, under the same key, however often it is asked for."""
    answer = Answer("Sorry", remedy, key="answer", body_hash="answer")
    return resolve_complaint(store.tenant_id, complaint.id, answer, None, store.staff, clock.now())


def each_once(
    store: Store, faults: Faults, complaints: list[ComplaintRecord], remedy: Callable[[int], RemedyWanted],
    check: Callable[[int, ComplaintRecord], None],
) -> int:  # fmt: skip
    """Resolves a complaint for each fault at each request, again until there is an answer, and once more."""

    def once(n: int) -> None:
        repeated(faults, lambda: answered(store, complaints[n], remedy(n)))
        faults.arm(None)
        after = answered(store, complaints[n], remedy(n))
        assert [entry["type"] for entry in after.history].count("resolved") == 1
        assert len(after.remedies) == 1
        check(n, after)

    return run(faults, lambda: answered(store, complaints[0], remedy(0)), once)


def test_a_call_is_noted_once(store: Store, faults: Faults) -> None:
    faults.of("complaint")

    def noted(n: int) -> ComplaintRecord:
        call = Noted("Bruised", "phone", member_id=store.member())
        return note_complaint(store.tenant_id, call, f"call-{n}", store.staff, clock.now())

    def once(n: int) -> None:
        first = repeated(faults, lambda: noted(n))
        faults.arm(None)
        assert noted(n).id == first.id

    runs = run(faults, lambda: noted(0), once)
    mine = ComplaintRecord.every(ComplaintRecord.of_member(store.tenant_id, store.member()), index="gsi2")
    assert (len(list(mine)), runs > 24) == (runs + 1, True)


def test_points_are_given_once(store: Store, faults: Faults) -> None:
    faults.of("complaint")
    complaints = [opened(store, f"points-{n}") for n in range(60)]
    given = [0]

    def check(n: int, after: ComplaintRecord) -> None:
        given[0] += 5
        assert read_account(store.tenant_id, store.member()).balance == 5 + given[0]

    assert each_once(store, faults, complaints, lambda n: POINTS, check) == 30


def test_a_complaint_is_changed_once(store: Store, faults: Faults) -> None:
    faults.of("complaint")
    complaints = [opened(store, f"edit-{n}") for n in range(60)]

    def changed(n: int) -> object:
        changes = ComplaintChanges(urgency=Urgency.HIGH, note="Called")
        try:
            return edit_complaint(store.tenant_id, complaints[n].id, changes, 1, store.staff, clock.now())
        except Stale:  # an earlier try has landed
            return None

    def once(n: int) -> None:
        repeated(faults, lambda: changed(n))
        faults.arm(None)
        changed(n)
        after = get_complaint(store.tenant_id, complaints[n].id, consistent=True)
        assert [entry["type"] for entry in after.history] == ["opened", "changed", "note"]

    assert run(faults, lambda: changed(0), once) == 18


def test_a_refund_goes_back_once_and_is_charged_once(store: Store, faults: Faults) -> None:
    faults.of("complaint")
    orders = collected(store, 31)
    complaints = [opened(store, f"refund-{n}", order) for n, order in enumerate(orders)]

    def check(n: int, after: ComplaintRecord) -> None:
        order = get_order(store.tenant_id, orders[n].id, consistent=True)
        assert (refunded(orders[n]), order.charges, order.goodwill[0]) == ([500], {"leader": 500}, 500)

    assert each_once(store, faults, complaints, lambda n: REFUND, check) == 30


def test_a_coupon_is_given_once(store: Store, faults: Faults) -> None:
    faults.of("complaint")
    wanted = Wanted("Sorry", "delivery", "remedy")
    batches = [create_batch(store.tenant_id, wanted, "zh", store.staff, clock.now()).id for _ in range(70)]
    complaints = [opened(store, f"coupon-{n}") for n in range(70)]

    def check(n: int, after: ComplaintRecord) -> None:
        mine = CouponRecord.every(CouponRecord.partition(store.tenant_id, store.member()), consistent=True)
        assert [each.batch_id for each in mine].count(batches[n]) == 1
        assert after.remedy is not None
        assert after.remedy.coupon_id is not None

    def remedy(n: int) -> RemedyWanted:
        return RemedyWanted(RemedyKind.COUPON, batch_id=batches[n])

    assert each_once(store, faults, complaints, remedy, check) > 30


@pytest.mark.verify
def test_an_exchange_is_opened_and_granted_once(store: Store, faults: Faults) -> None:
    faults.of("complaint")
    orders = collected(store, 150)
    complaints = [opened(store, f"exchange-{n}", order) for n, order in enumerate(orders)]
    for order, complaint in zip(orders, complaints, strict=True):
        answered(store, complaint, RemedyWanted(RemedyKind.EXCHANGE, units={order.lines[0].offer_id: 1}))

    def once(n: int) -> None:
        repeated(faults, lambda: exchange_for(store.tenant_id, complaints[n].id, clock.now()))
        faults.arm(None)
        exchange_for(store.tenant_id, complaints[n].id, clock.now())
        remedy = get_complaint(store.tenant_id, complaints[n].id, consistent=True).remedy
        assert remedy is not None
        case = AfterSaleRecord.fetch(
            *AfterSaleRecord.address(store.tenant_id, str(remedy.aftersale_id)), consistent=True
        )
        assert case is not None
        assert (remedy.state, case.status, case.complaint_id) == ("done", "approved", complaints[n].id)
        assert ClaimsRecord.of(store.tenant_id, orders[n].id).cases == {case.id: {orders[n].lines[0].offer_id: 1}}

    assert run(faults, lambda: exchange_for(store.tenant_id, complaints[0].id, clock.now()), once) > 60


def test_a_verdict_is_taken_once(store: Store, faults: Faults) -> None:
    faults.of("complaint")
    complaints = [opened(store, f"verdict-{n}") for n in range(60)]
    for complaint in complaints:
        answered(store, complaint, POINTS)

    def rejected(n: int) -> ComplaintRecord:
        verdict = Verdict(Judged.REJECTED, "Nothing came")
        return give_verdict(store.tenant_id, store.member(), complaints[n].id, verdict, clock.now())

    def once(n: int) -> None:
        repeated(faults, lambda: rejected(n))
        faults.arm(None)
        assert [entry["type"] for entry in rejected(n).history] == ["opened", "resolved", "rejected", "reopened"]

    assert run(faults, lambda: rejected(0), once) > 20


def test_another_answer_under_another_key_finds_it_resolved(store: Store) -> None:
    complaint = opened(store, "one")
    answered(store, complaint, POINTS)
    with pytest.raises(ComplaintResolved):
        resolve_complaint(store.tenant_id, complaint.id, Answer("No"), None, store.staff, clock.now())
