"""Teams, worked by hand: three people within two hours, started at ten."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import DomainError
from chalicelib.orders.teams.errors import AlreadyInTeam, TeamClosed, TeamExpired, TeamFilled, TeamFull
from chalicelib.orders.teams.model import Seat, Team, TeamStatus, started

TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
NOON = TEN + timedelta(hours=2)
MINUTE = timedelta(minutes=1)


def seat(member: str, *, paid: bool = True, at: datetime = TEN) -> Seat:
    return Seat(member, f"{member}'s order", at, paid)


def team(*seats: Seat, size: int = 3) -> Team:
    return Team(size, NOON, seats)


def test_a_team_has_its_hours_but_never_longer_than_the_campaign() -> None:
    late_close, early_close = TEN + timedelta(days=3), TEN + timedelta(minutes=30)
    assert started(3, 2, late_close, seat("an"), TEN).ends_at == NOON
    assert started(3, 2, early_close, seat("an"), TEN).ends_at == early_close


def test_the_third_of_three_fills_it() -> None:
    two = team(seat("an")).joined(seat("bo"), TEN + MINUTE)
    assert (two.status, two.places_left, two.leader_id) == (TeamStatus.FORMING, 1, "an")
    three = two.joined(seat("cy"), NOON - MINUTE)
    assert (three.status, three.places_left) == (TeamStatus.FILLED, 0)


def test_an_unpaid_order_takes_a_place_and_fills_nothing() -> None:
    three = team(seat("an"), seat("bo", paid=False)).joined(seat("cy"), TEN)
    assert (three.status, three.places_left, three.paid) == (TeamStatus.FORMING, 0, 2)
    with pytest.raises(TeamFull):
        three.joined(seat("di"), TEN)
    filled = three.with_payment("bo's order", NOON - MINUTE)
    assert filled is not None
    assert filled.status is TeamStatus.FILLED


def test_a_hold_that_ends_gives_its_place_to_another() -> None:
    two = team(seat("an"), seat("bo", paid=False), seat("cy")).left("bo's order")
    assert two.places_left == 1
    assert two.joined(seat("di"), TEN).status is TeamStatus.FILLED


def test_a_payment_after_the_end_or_without_a_place_fills_nothing() -> None:
    waiting = team(seat("an"), seat("cy", paid=False))
    assert waiting.with_payment("cy's order", NOON) is None
    assert waiting.with_payment("di's order", TEN) is None
    assert waiting.failed().with_payment("cy's order", TEN) is None


def test_the_last_place_may_turn_out_to_be_paid_until_the_team_has_failed() -> None:
    waiting = team(seat("an"), seat("bo"), seat("cy", paid=False))
    filled = waiting.with_payment("cy's order", NOON)
    assert filled is not None
    assert filled.status is TeamStatus.FILLED
    assert waiting.shown_status(NOON) is TeamStatus.FORMING
    assert waiting.failed().with_payment("cy's order", NOON) is None


def test_it_ends_at_its_hour_and_not_a_moment_before() -> None:
    two = team(seat("an"), seat("bo"))
    instant = timedelta(milliseconds=1)
    assert two.joined(seat("cy"), NOON - instant).status is TeamStatus.FILLED
    with pytest.raises(TeamExpired) as refusal:
        two.joined(seat("cy"), NOON)
    assert refusal.value.extra == {"expires_at": NOON}
    assert [two.shown_status(NOON - instant), two.shown_status(NOON)] == [TeamStatus.FORMING, TeamStatus.FAILED]


def test_nobody_is_in_a_team_twice() -> None:
    with pytest.raises(AlreadyInTeam):
        team(seat("an")).joined(Seat("an", "another order", TEN, True), TEN)


def test_the_lead_passes_on_by_joining_and_the_last_one_out_dissolves_the_team() -> None:
    both = team(seat("an"), seat("bo", at=TEN + MINUTE))
    without_leader = both.left("an's order")
    assert (without_leader.leader_id, without_leader.places_left) == ("bo", 2)
    nobody = without_leader.left("bo's order")
    assert (nobody.status, nobody.leader_id, nobody.places_left) == (TeamStatus.DISSOLVED, None, 0)
    with pytest.raises(TeamClosed) as refusal:
        nobody.joined(seat("cy"), TEN)
    assert refusal.value.extra == {"team_status": "dissolved"}


def test_a_filled_team_stands() -> None:
    filled = team(seat("an"), seat("bo")).joined(seat("cy"), TEN)
    assert filled.left("an's order") == filled
    assert filled.failed() == filled
    with pytest.raises(TeamFilled):
        filled.check_may_leave()


def test_a_failed_team_keeps_who_was_in_it_and_lets_them_go() -> None:
    failed = team(seat("an"), seat("bo")).failed()
    assert failed.status is TeamStatus.FAILED
    assert failed.left("an's order") == failed
    failed.check_may_leave()


MINUTES = st.integers(min_value=0, max_value=130)
STEPS = st.lists(st.tuples(st.sampled_from(["hold", "buy", "pay", "leave", "end"]), st.integers(0, 5), MINUTES))


@given(STEPS)
def test_whatever_comes_a_team_is_full_of_different_people_who_paid_or_it_is_not_filled(
    steps: list[tuple[str, int, int]],
) -> None:
    one = team(seat("member 0"))
    for what, n, minutes in steps:
        now, before = TEN + timedelta(minutes=minutes), one
        with suppress(DomainError):
            if what in ("hold", "buy"):
                one = one.joined(seat(f"member {n}", paid=what == "buy"), now)
            elif what == "pay":
                one = one.with_payment(f"member {n}'s order", now) or one
            elif what == "leave":
                one = one.left(f"member {n}'s order")
            else:
                one = one.failed() if now >= NOON else one
        assert len({each.member_id for each in one.seats}) == len(one.seats) <= one.size
        assert (one.status is TeamStatus.FILLED) == (one.paid == one.size)
        assert (one.status is TeamStatus.DISSOLVED) == (not one.seats)
        assert before.status is TeamStatus.FORMING or one == before, "what is over does not change"


def test_a_seat_is_stored_and_comes_back() -> None:
    for each in (seat("an"), seat("bo", paid=False)):
        assert Seat.from_json(each.as_json()) == each
