"""The rules of after-sale, worked by hand."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.aftersales.errors import (
    AfterSaleNotOffered,
    CaseEnded,
    HistoryFull,
    MoreThanClaimed,
    MoreThanReceived,
    MoveRefused,
    NothingReceived,
    RefundBeyondCase,
    WindowPassed,
)
from chalicelib.aftersales.model.arrivals import Arrived, Part, check_arrived
from chalicelib.aftersales.model.cases import (
    ENDED,
    MOVES,
    CaseLine,
    Kind,
    Status,
    awaits_goods,
    check_hand_on,
    check_move,
    targets_of,
)
from chalicelib.aftersales.model.claims import Received, check_claim
from chalicelib.aftersales.model.exchanges import without
from chalicelib.aftersales.model.refunds import Worth, check_refunded_units
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.handling import time_case
from chalicelib.cases.model.calendar import Calendar, Hours
from chalicelib.cases.model.clocks import Rules
from chalicelib.cases.service.timing import Timing

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAYS = {Kind.RETURN: 7, Kind.EXCHANGE: 15, Kind.REPAIR: 0}


def received(units: int = 3, days: dict[Kind, int] | None = None) -> dict[str, Received]:
    return {"pears": Received("pears", units, days or DAYS), "eggs": Received("eggs", 0, DAYS)}


def claim(kind: Kind = Kind.RETURN, units: int = 1, claimed: int = 0, after: timedelta = timedelta(days=1)) -> None:
    check_claim(kind, [("pears", units)], received(), {"pears": claimed}, NOON, NOON + after)


@pytest.mark.parametrize("kind", Kind)
def test_every_move_that_is_not_in_the_table_is_refused_by_name(kind: Kind) -> None:
    for current in Status:
        for to in Status:
            if to in MOVES[kind][current]:
                check_move(kind, current, to)
                continue
            with pytest.raises(MoveRefused) as refused:
                check_move(kind, current, to)
            assert refused.value.extra["after_sale_status"] == current
            assert refused.value.extra["allowed"] == [each.value for each in MOVES[kind][current]]


def test_nothing_is_mended_that_was_not_brought_and_a_granted_return_cannot_be_taken_back() -> None:
    with pytest.raises(MoveRefused):
        check_move(Kind.REPAIR, Status.APPROVED, Status.COMPLETED)
    with pytest.raises(MoveRefused):
        check_move(Kind.RETURN, Status.APPROVED, Status.WITHDRAWN)


@pytest.mark.parametrize(
    ("kind", "days"),
    [(Kind.RETURN, 7), (Kind.EXCHANGE, 15)],
)
def test_a_window_ends_so_many_days_after_the_pickup_to_the_second(kind: Kind, days: int) -> None:
    claim(kind, after=timedelta(days=days))
    with pytest.raises(WindowPassed) as refused:
        claim(kind, after=timedelta(days=days, microseconds=1))
    assert refused.value.extra == {
        "days": days,
        "until": (NOON + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    assert refused.value.errors[0].pointer == "/lines/0/offer_id"


def test_what_is_not_offered_is_refused_whenever_it_is_asked() -> None:
    with pytest.raises(AfterSaleNotOffered):
        claim(Kind.REPAIR, after=timedelta(0))


@pytest.mark.parametrize(("claimed", "most"), [(0, 3), (2, 1), (3, 0)])
def test_no_more_units_than_were_handed_over_and_are_not_claimed(claimed: int, most: int) -> None:
    if most:
        claim(units=most, claimed=claimed)
    with pytest.raises(MoreThanReceived) as refused:
        claim(units=most + 1, claimed=claimed)
    assert refused.value.extra == {"received": 3, "claimed": claimed, "left": most}


def test_before_anything_was_handed_over_nothing_comes_back() -> None:
    with pytest.raises(NothingReceived):
        check_claim(Kind.RETURN, [("pears", 1)], received(units=0), {}, None, NOON)


def test_of_a_part_pickup_the_part_can_come_back_and_the_window_waits_for_the_rest() -> None:
    lines = [("pears", 3)]
    check_claim(Kind.RETURN, lines, received(), {}, None, NOON)
    with pytest.raises(MoreThanReceived):
        check_claim(Kind.RETURN, [*lines, ("eggs", 1)], received(), {}, None, NOON)


def test_units_of_a_line_pay_back_its_share_to_the_last_cent() -> None:
    # ¥10.00 over 3 units: 3.33, 3.33, and the last takes the residue, 3.34.
    parts = [Worth(3, 1000, rest, paid_back).of(1) for paid_back, rest in ((0, 1000), (1, 667), (2, 334))]
    assert parts == [333, 333, 334]
    assert Worth(3, 1000, 1000, 0).of(2) == 666
    assert Worth(3, 1000, 1000, 0).of(3) == 1000


@pytest.mark.parametrize("share", [1, 99, 1000, 1001, 2 * 10**9 + 1])
def test_however_the_units_come_together_they_pay_back_the_share(share: int) -> None:
    for quantity in range(1, 8):
        for cuts in itertools.product((True, False), repeat=quantity - 1):
            groups = [len(run) for run in "".join("x," if cut else "x" for cut in (*cuts, False)).split(",")]
            paid_back, paid = 0, 0
            for units in groups:
                paid += Worth(quantity, share, share - paid, paid_back).of(units)
                paid_back += units
            assert (paid, paid_back) == (share, quantity)


def test_a_case_that_went_through_too_many_hands_is_decided_and_not_handed_on() -> None:
    check_hand_on(Status.REQUESTED, 49)
    with pytest.raises(HistoryFull):
        check_hand_on(Status.REQUESTED, 50)
    for status in ENDED:
        with pytest.raises(CaseEnded):
            check_hand_on(status, 1)


def test_what_was_given_back_as_an_amount_is_not_given_twice() -> None:
    # ¥9.00 of ¥10.00 went back for the first unit; the other two are worth what is left.
    assert Worth(3, 1000, 100, 1).of(2) == 100
    assert Worth(3, 1000, 0, 1).of(2) == 0


def test_a_decision_pays_back_no_units_beyond_its_case() -> None:
    check_refunded_units({"pears": 2}, {"pears": 2})
    for units in ({"pears": 3}, {"pears": 1, "eggs": 1}):
        with pytest.raises(RefundBeyondCase):
            check_refunded_units({"pears": 2}, units)


def test_no_more_comes_back_than_the_case_is_about_all_lines_together() -> None:
    check_arrived({"pears": 3}, [Arrived("pears", 2, "restock"), Arrived("pears", 1, "write_off")])
    with pytest.raises(MoreThanClaimed) as refused:
        check_arrived({"pears": 3}, [Arrived("pears", 2, "restock"), Arrived("pears", 2, "write_off")])
    assert refused.value.errors[0].pointer == "/lines/1/quantity"


def test_an_exchange_replaces_what_was_not_paid_back() -> None:
    assert without({"pears": 3, "eggs": 1}, {"pears": 2, "eggs": 1}) == {"pears": 1}


ALWAYS = Timing(Calendar(Hours(), ZoneInfo("Asia/Shanghai")), Rules())


def timed(kind: Kind, status: Status, *, goods: str | None = None, came: int = 0) -> AfterSaleRecord:
    """A case about three pears that took a state at noon, as it is stored then."""
    case = AfterSaleRecord(
        kind=kind.value, status=status.value, opened_at=NOON, since=NOON, decided_at=NOON, goods=goods
    )
    case.lines = [CaseLine("pears", "sku", "Pears", 3)]
    case.parts = [Part((Arrived("pears", came, "restock"),), NOON, "staff:1", "", "", 0, None)] if came else []
    time_case(case, ALWAYS, NOON)
    return case


def test_there_is_always_a_time_by_which_somebody_acts_until_the_end() -> None:
    assert timed(Kind.RETURN, Status.REQUESTED).act_by == NOON + timedelta(hours=48)
    assert timed(Kind.RETURN, Status.APPROVED).act_by == NOON + timedelta(days=7)
    assert timed(Kind.RETURN, Status.APPROVED, goods="not_needed").act_by == NOON + timedelta(days=3)
    assert timed(Kind.RETURN, Status.RECEIVED, came=2).act_by == NOON + timedelta(days=7)
    assert timed(Kind.EXCHANGE, Status.RECEIVED, came=3).act_by == NOON + timedelta(days=3)
    assert timed(Kind.REPAIR, Status.RECEIVED, came=3).act_by == NOON + timedelta(days=14)
    assert {timed(kind, status).act_by for kind in Kind for status in ENDED} == {None}


def test_a_case_waits_for_its_member_while_goods_are_to_come() -> None:
    assert [timed(Kind.RETURN, Status.RECEIVED, came=came).waiting_for for came in (1, 3)] == ["member", None]
    assert timed(Kind.RETURN, Status.APPROVED, goods="not_needed").waiting_for is None
    assert awaits_goods(Kind.REPAIR, Status.APPROVED, 1)
    assert not awaits_goods(Kind.REPAIR, Status.RECEIVED, 1)
    assert not awaits_goods(Kind.RETURN, Status.REQUESTED, 1)
    assert {targets_of(kind).value for kind in Kind} == {"after_sale", "repair"}
