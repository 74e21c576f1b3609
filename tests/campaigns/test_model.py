"""The states of a campaign and its moves between them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.campaigns.model.campaign import (
    ACCEPTING,
    MOVES,
    MoveRefused,
    Status,
    effective_status,
    in_words,
    in_words_zh,
    move,
)
from chalicelib.campaigns.model.offers import Offer

OPENS = datetime(2026, 11, 22, 8, tzinfo=UTC)
CLOSES = datetime(2026, 11, 22, 20, tzinfo=UTC)
INSTANT = timedelta(milliseconds=1)


class TestMoves:
    def test_every_status_of_the_interface_is_known(self) -> None:
        named = (
            "draft, scheduled, open, closing, extended, cancelled, refunding, refunded, locked, purchasing, received,"
            " sorted, at_pickup, completed, settled"
        )
        assert {status.value for status in Status} == set(named.split(", "))
        assert set(MOVES) == set(Status)

    @pytest.mark.parametrize(
        "path",
        [
            "draft scheduled open closing locked",
            "draft scheduled open closing extended closing locked",
            "draft scheduled open closing extended open closing cancelled refunding refunded",
            "draft cancelled",
            "scheduled cancelled",
            "open cancelled",
            "locked purchasing received sorted at_pickup completed settled",
        ],
    )
    def test_the_ways_through_a_campaign(self, path: str) -> None:
        states = [Status(name) for name in path.split()]
        for current, to in pairwise(states):
            assert move(current, to) is to

    def test_every_other_move_is_refused_by_name(self) -> None:
        refused = [(a, b) for a in Status for b in Status if b not in MOVES[a]]
        assert len(refused) == 15 * 15 - 20  # the table above has 20 moves
        for current, to in refused:
            with pytest.raises(MoveRefused) as refusal:
                move(current, to)
            assert refusal.value.code == "campaign_move_refused"
            assert in_words(current) in refusal.value.detail
            assert in_words(to) in refusal.value.detail
            assert in_words_zh(to) in refusal.value.detail_zh

    def test_a_refusal_says_what_is_possible(self) -> None:
        with pytest.raises(MoveRefused, match="it can become open or cancelled") as refusal:
            move(Status.SCHEDULED, Status.LOCKED)
        assert refusal.value.extra == {"campaign_status": "scheduled", "possible": ["open", "cancelled"]}
        with pytest.raises(MoveRefused, match="this state is final"):
            move(Status.SETTLED, Status.OPEN)


class TestEffectiveStatus:
    @pytest.mark.parametrize(
        ("stored", "now", "shown"),
        [
            ("draft", CLOSES, "draft"),
            ("scheduled", OPENS - INSTANT, "scheduled"),
            ("scheduled", OPENS, "open"),
            ("scheduled", CLOSES, "closing"),
            ("open", CLOSES - INSTANT, "open"),
            ("open", CLOSES, "closing"),
            ("open", CLOSES + timedelta(days=3), "closing"),
            ("extended", CLOSES - INSTANT, "extended"),
            ("extended", CLOSES, "closing"),
            ("locked", CLOSES, "locked"),
            ("cancelled", OPENS, "cancelled"),
        ],
    )
    def test_a_late_timer_changes_nothing_for_the_reader(self, stored: str, now: datetime, shown: str) -> None:
        assert effective_status(stored, OPENS, CLOSES, now) == shown

    def test_a_draft_needs_no_times(self) -> None:
        assert effective_status("draft", None, None, OPENS) is Status.DRAFT

    def test_orders_are_taken_while_open_and_while_extended(self) -> None:
        assert {status.value for status in ACCEPTING} == {"open", "extended"}


def test_an_offer_survives_storage() -> None:
    offer = Offer("O", "S", "Pears, 2 kg", 2_590, 50, per_member_limit=2, buckets=3, product_id="P", set_aside=20)
    assert Offer.from_json(offer.as_json()) == offer
