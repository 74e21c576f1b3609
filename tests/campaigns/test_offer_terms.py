"""What an offer may ask for, and which terms fit which kind."""

from typing import Any

import pytest

from chalicelib.campaigns.model.delivery import Delivery
from chalicelib.campaigns.model.kinds import Balance, Caps, Kind, NoShow, Team
from chalicelib.campaigns.model.ladder import LadderNotFalling, Step
from chalicelib.campaigns.model.offer_terms import (
    DepositNotBelowPrice,
    LadderNotOfKind,
    MisplacedTerms,
    NotPositive,
    OfferTerms,
    PriceOrLadder,
    check_amounts,
    check_fit,
)
from chalicelib.campaigns.model.offers import Offer
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.money import Money
from tests.refusals import refusal

PLAIN = Offer("O", "S", "Pears", 1_000, 50)
LADDER = (Step(1, 1_000), Step(20, 900))


def cny(amount_minor: int) -> Money:
    return Money(amount_minor, "CNY")


def asked(price: int | None = 1_000, **terms: Any) -> OfferTerms:
    return OfferTerms("S", cny(price) if price is not None else None, 50, **terms)


@pytest.mark.parametrize(
    ("offer", "refusal", "place"),
    [
        (asked(None), PriceOrLadder, "price"),
        (asked(900, ladder=((1, cny(1_000)), (20, cny(900)))), PriceOrLadder, "price"),
        (asked(0), NotPositive, "price/amount_minor"),
        (asked(-1), NotPositive, "price/amount_minor"),
        (asked(None, ladder=((1, cny(1_000)), (20, cny(0)))), NotPositive, "ladder/1/price/amount_minor"),
        (asked(deposit=cny(0)), NotPositive, "deposit/amount_minor"),
        (asked(deposit=cny(1_000)), DepositNotBelowPrice, "deposit"),
        (asked(None, ladder=((1, cny(900)), (20, cny(900)))), LadderNotFalling, "ladder/1/price"),
    ],
)
def test_each_fault_has_its_name_and_place(offer: OfferTerms, refusal: type[DomainError], place: str) -> None:
    with pytest.raises(refusal) as refused:
        check_amounts([asked(), offer])
    assert [error.pointer for error in refused.value.errors] == [f"/offers/1/{place}"]
    assert (refused.value.status, bool(refused.value.title_zh)) == (422, True)


def test_sound_offers_are_taken() -> None:
    sound = [asked(1), asked(None, ladder=((1, cny(2)), (50, cny(1)))), asked(deposit=cny(999))]
    assert refusal(check_amounts, sound) is None


@pytest.mark.parametrize("kind", list(Kind))
def test_terms_of_another_kind_are_refused(kind: Kind) -> None:
    deposited = Offer("B", "T", "Plums", 900, 9)
    offers = [PLAIN, Offer(**{**deposited.as_json(), "deposit_minor": 100})]
    misplaced = {
        "/offers/1/deposit": kind is not Kind.PRE_ORDER,
        "/balance": kind is not Kind.PRE_ORDER,
        "/team": kind is not Kind.TEAM_BUY,
    }
    with pytest.raises(MisplacedTerms) as refused:
        check_fit(kind, offers, has_team=True, has_balance=True)
    assert [error.pointer for error in refused.value.errors] == [place for place, wrong in misplaced.items() if wrong]
    check_fit(kind, [PLAIN], has_team=False, has_balance=False)


@pytest.mark.parametrize("kind", [Kind.TEAM_BUY, Kind.FLASH_SALE, Kind.PRE_ORDER])
def test_a_ladder_in_a_campaign_that_sells_at_one_price_is_refused_by_name(kind: Kind) -> None:
    laddered = Offer("A", "S", "Pears", 1_000, 50, ladder=LADDER)
    with pytest.raises(LadderNotOfKind, match="of this kind sells at one price") as refused:
        check_fit(kind, [PLAIN, laddered], has_team=True, has_balance=True)
    assert [error.pointer for error in refused.value.errors] == ["/offers/1/ladder"]
    assert "单一价格" in str(refused.value.detail_zh)


@pytest.mark.parametrize("kind", [Kind.LADDER, Kind.GROUP_ORDER])
def test_a_ladder_and_a_group_order_take_one(kind: Kind) -> None:
    laddered = Offer("A", "S", "Pears", 1_000, 50, ladder=LADDER)
    assert check_fit(kind, [laddered], has_team=False, has_balance=False) is None


def test_offers_survive_storage_and_store_only_what_they_say() -> None:
    rich = Offer("O", "S", "Pears", 1_000, 50, 2, ladder=LADDER, final_price_minor=900, return_days=3, set_aside=20)
    assert Offer.from_json(rich.as_json()) == rich
    assert PLAIN.as_json().keys() == {"offer_id", "sku_id", "title", "price_minor", "quantity"}
    assert Offer.from_json(PLAIN.as_json()) == PLAIN


def test_terms_survive_storage() -> None:
    for terms in (
        Team(3, 24),
        Caps(100, 50_000),
        Caps(orders=1),
        Delivery(500, 9_900),
        Balance(),
        NoShow(48, "forfeit"),
    ):
        assert type(terms).from_json(terms.as_json()) == terms


def test_money_is_paid_back_unless_the_campaign_says_otherwise() -> None:
    assert (NoShow(), Balance()) == (NoShow(72, "refund"), Balance(72, "refund"))


def test_delivery_costs_its_fee_below_what_makes_it_free() -> None:
    assert [Delivery(500, 9_900).fee_for(goods) for goods in (0, 9_899, 9_900)] == [500, 500, 0]
    assert Delivery(500).fee_for(10**9) == 500


@pytest.mark.parametrize(
    ("orders", "amount_minor", "reached"), [(9, 49_999, False), (10, 0, True), (0, 50_000, True), (11, 50_001, True)]
)
def test_either_cap_is_enough(orders: int, amount_minor: int, reached: bool) -> None:
    assert Caps(10, 50_000).reached(orders, amount_minor) is reached
    assert Caps(orders=10).reached(0, 10**9) is False
