"""Bundles: what they are made of, how their price falls on that, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.drafting.model.bundles import (
    BundleTooSmall,
    NestedBundle,
    PartBeyondStock,
    RepeatedPart,
    SkuOrParts,
    check_bundles,
    check_part_units,
    sharing_stock,
)
from chalicelib.campaigns.drafting.model.checks import DuplicateOffer, TooManyOffers, check_offers
from chalicelib.campaigns.drafting.model.copying import offer_terms
from chalicelib.campaigns.model.bundles import BundleKind, Part, part_id, sold_as, split_price, worth_of
from chalicelib.campaigns.model.ladder import Step
from chalicelib.campaigns.model.offer_terms import BundleTerms, OfferTerms, PartTerms, units_offered, worth
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.target import at_final_prices, worth_as_ordered
from chalicelib.campaigns.stock.model import sold_alone, spread, units_drawn, with_set_aside
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import Money
from tests.builders import Shop, made

NOW = datetime(2030, 6, 1, tzinfo=UTC)


def part(sku: str, list_minor: int, quantity: int = 1, **more: Any) -> Part:
    return Part(sku, quantity, list_minor, sku.title(), **more)


def bundle(*parts: Part, price: int = 9_000, quantity: int = 10, **more: Any) -> Offer:
    return Offer("BUNDLE", "", "Breakfast", price, quantity, parts=parts, **more)


def asked(*parts: tuple[str, int], sku_id: str = "", quantity: int = 5) -> OfferTerms:
    made_of = BundleTerms(tuple(PartTerms(*each) for each in parts), "Breakfast") if parts else None
    return OfferTerms(sku_id, Money(9_000, "CNY"), quantity, bundle=made_of)


# price, (list price, units) of each part, what falls on each part. By hand: price × part ÷ sum, rounded down, then one
# more for the largest remainders, the earlier part first.
SPLITS = [
    (90, [(60, 1), (40, 1)], [54, 36]),
    (91, [(60, 1), (40, 1)], [55, 36]),  # 54.6, 36.4
    (92, [(60, 1), (40, 1)], [55, 37]),  # 55.2, 36.8
    (93, [(60, 1), (40, 1)], [56, 37]),  # 55.8, 37.2
    (95, [(50, 1), (50, 1)], [48, 47]),  # 47.5, 47.5: the first
    (1, [(60, 1), (40, 1)], [1, 0]),
    (100, [(1, 1), (1, 1), (1, 1)], [34, 33, 33]),
    (101, [(1, 1), (1, 1), (1, 1)], [34, 34, 33]),
    (999, [(300, 1), (500, 1), (700, 1)], [200, 333, 466]),  # 199.8, 333, 466.2
    (1_000, [(333, 1), (333, 1), (334, 1)], [333, 333, 334]),
    (5_000, [(1_000, 3), (2_500, 1), (2_500, 2)], [1_429, 1_190, 2_381]),  # 3000:2500:5000 = 1428.57, 1190.48, 2380.95
    (7, [(10, 2), (10, 3), (10, 5)], [1, 2, 4]),  # 1.4, 2.1, 3.5
    (120, [(60, 1), (40, 1)], [72, 48]),  # dearer than alone
    (90, [(0, 1), (40, 1)], [0, 90]),  # one costs nothing alone
    (90, [(0, 1), (0, 1)], [45, 45]),  # nothing to go by: alike
    (0, [(60, 1), (40, 1)], [0, 0]),
]


@pytest.mark.parametrize(("price", "parts", "shares"), SPLITS)
def test_a_price_falls_on_parts_by_what_they_cost_alone(
    price: int, parts: list[tuple[int, int]], shares: list[int]
) -> None:
    made_of = [part(f"sku-{n}", *each) for n, each in enumerate(parts)]
    assert split_price(price, made_of) == shares


@given(st.integers(0, 10**9), st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 100)), min_size=2, max_size=10))
def test_the_shares_sum_to_the_price_and_none_is_off_by_a_cent(price: int, parts: list[tuple[int, int]]) -> None:
    made_of = [part(f"sku-{n}", *each) for n, each in enumerate(parts)]
    shares, whole = split_price(price, made_of), sum(each.alone_minor for each in made_of)
    assert sum(shares) == price
    if whole:
        assert all(
            abs(share * whole - price * each.alone_minor) < whole for share, each in zip(shares, made_of, strict=True)
        )


@given(st.integers(0, 10**6), st.integers(1, 100), st.integers(0, 1_000))
def test_whole_bundles_are_worth_their_price_and_more_units_never_less(price: int, per: int, bundles: int) -> None:
    assert worth_of(price, bundles * per, per) == bundles * price
    assert worth_of(price, bundles * per + 1, per) >= bundles * price


def test_what_is_stocked_of_a_bundle_are_its_parts() -> None:
    whole = bundle(part("pears", 60, 1), part("eggs", 40, 6), quantity=10, per_member_limit=2, buckets=2)
    pears, eggs = whole.goods()
    assert (pears.offer_id, eggs.offer_id) == ("BUNDLE-0", "BUNDLE-1") == (part_id("BUNDLE", 0), part_id("BUNDLE", 1))
    assert (pears.quantity, eggs.quantity) == (10, 60)
    assert (pears.price_minor, eggs.price_minor) == (1_800, 7_200)  # 60 and 240 of 9,000
    assert (pears.per_member_limit, eggs.per_member_limit) == (2, None)
    assert (pears.sold_as, eggs.sold_as, sold_as("OTHER")) == ("BUNDLE", "BUNDLE", "OTHER")
    assert spread(eggs, 60) == [30, 30]
    assert spread(replace(eggs, buckets=4), 60) == [18, 18, 12, 12]  # whole bundles in each
    assert Offer.from_json(whole.as_json()) == whole
    assert whole.pieces == 7


def test_a_part_draws_on_the_offer_that_sells_it_alone() -> None:
    alone = Offer("PEARS", "pears", "Pears", 60, 20)
    pears, whole = sharing_stock([alone, bundle(part("pears", 60, 2), part("eggs", 40))])
    assert pears == alone
    assert [each.draws_on for each in whole.parts] == ["PEARS", ""]
    assert whole.alone_minor == 2 * 60 + 40
    cheaper = sharing_stock([replace(alone, price_minor=55), whole])[1]
    assert cheaper.alone_minor == 2 * 55 + 40  # saved is what nobody would have to pay here
    assert split_price(9_000, cheaper.parts) == split_price(9_000, whole.parts)
    # 12 pears sold, 8 of them in 4 bundles: 4 alone; and all 12 came out of one stock.
    sold = sold_alone([alone, *whole.goods()], {"PEARS": 12, "BUNDLE-0": 8, "BUNDLE-1": 4})
    assert sold == {"PEARS": 4, "BUNDLE-0": 8, "BUNDLE-1": 4}
    assert units_drawn([alone, *whole.goods()], sold)["PEARS"] == 12
    assert whole.ordered(sold) == 4
    assert worth_as_ordered([alone, whole], sold) == 4 * 60 + 4 * 9_000
    # Most that there is: 20 pears, and the eggs of 10 bundles, whose pears are among the 20.
    assert units_offered([alone, whole]) == 30
    assert worth([alone, whole]) == 20 * 60 + 10 * (9_000 - 2 * 60)


def test_of_the_shelf_the_first_offers_of_a_sku_have_what_there_is() -> None:
    alone = Offer("PEARS", "pears", "Pears", 60, 20)
    offers = sharing_stock([alone, bundle(part("pears", 60), part("eggs", 40, 2), quantity=10)])
    other = replace(bundle(part("eggs", 40), part("oil", 90), quantity=10), offer_id="OTHER")
    pears, first, second = with_set_aside([*offers, other], {"pears": 15, "eggs": 25})
    assert pears.set_aside == 15
    assert [each.set_aside for each in first.parts] == [0, 20]  # its pears are those of the other offer's stock
    assert [each.set_aside for each in second.parts] == [5, 0]


def test_a_bundle_on_a_ladder_has_its_final_price_by_part() -> None:
    steps = (Step(1, 9_000), Step(5, 8_000))
    (whole,) = at_final_prices(
        [bundle(part("pears", 60), part("eggs", 40), ladder=steps)], {"BUNDLE-0": 5, "BUNDLE-1": 5}
    )
    assert whole.final_price_minor == 8_000
    assert [each.final_price_minor for each in whole.goods()] == [4_800, 3_200]


def test_the_terms_of_a_bundle_are_kept_and_read_again() -> None:
    terms = replace(
        asked(("pears", 2), ("eggs", 1)),
        bundle=BundleTerms((PartTerms("pears", 2), PartTerms("eggs", 1)), "Set", BundleKind.THEMED),
    )
    assert OfferTerms.from_json(terms.as_json()) == terms
    whole = bundle(part("pears", 60, 2), part("eggs", 40), bundle_kind="contrasting", quantity=5)
    again = offer_terms(whole, "CNY")
    assert again.bundle == BundleTerms(
        (PartTerms("pears", 2), PartTerms("eggs", 1)), "Breakfast", BundleKind.CONTRASTING
    )
    assert again.sku_ids == ("pears", "eggs")
    assert OfferTerms.from_json({"sku_id": "pears", "price": None, "quantity": 3}).bundle is None  # as stored before


@pytest.mark.parametrize(
    ("wanted", "refusal", "pointer"),
    [
        (asked(("pears", 1), ("eggs", 1), sku_id="pears"), SkuOrParts, "/offers/0/sku_id"),
        (asked(), SkuOrParts, "/offers/0/sku_id"),
        (asked(("pears", 2)), BundleTooSmall, "/offers/0/parts"),
        (asked(("pears", 1), ("eggs", 1), ("pears", 1)), RepeatedPart, "/offers/0/parts/2/sku_id"),
        (asked(("pears", 1), ("OLD", 1)), NestedBundle, "/offers/0/parts/1/sku_id"),
    ],
)
def test_what_is_no_bundle_is_refused_by_name(wanted: OfferTerms, refusal: type[Invalid], pointer: str) -> None:
    with pytest.raises(refusal) as refused:
        check_bundles([wanted], {"OLD"})
    assert [each.pointer for each in refused.value.errors] == [pointer]
    assert refused.value.errors[0].message_zh


def test_a_bundle_takes_no_more_than_the_offer_of_its_sku_has() -> None:
    alone = Offer("PEARS", "pears", "Pears", 60, 9)
    offers = sharing_stock([alone, bundle(part("pears", 60, 2), part("eggs", 40), quantity=5)])
    with pytest.raises(PartBeyondStock) as refused:
        check_offers(offers)
    assert refused.value.errors[0].pointer == "/offers/1/quantity"
    check_offers([replace(alone, quantity=10), *offers[1:]])
    with pytest.raises(PartBeyondStock):
        check_part_units(replace(offers[1], quantity=6), [replace(alone, quantity=10)])


def test_two_bundles_of_the_same_parts_are_one() -> None:
    same = bundle(part("pears", 60), part("eggs", 40))
    with pytest.raises(DuplicateOffer):
        check_offers([same, replace(same, offer_id="OTHER", title="Supper")])
    check_offers([same, replace(same, offer_id="OTHER", parts=(part("pears", 60, 2), part("eggs", 40)))])


def test_each_part_counts_towards_what_one_transaction_takes() -> None:
    parts = [part(f"sku-{n}", 100) for n in range(10)]
    four = [replace(bundle(*parts[: 10 - n]), offer_id=f"B{n}") for n in range(4)]  # 10 + 9 + 8 + 7 parts
    check_offers(four)
    with pytest.raises(TooManyOffers):
        check_offers([*four, *(replace(bundle(*parts[: 6 - n]), offer_id=f"C{n}") for n in range(3))])


class TestOverTheApi:
    """Drafts with bundles, as the brand's people make them."""

    def skus(self, shop: Shop, *prices: int) -> list[str]:
        return [str(shop.product(price=price)["skus"][0]["id"]) for price in prices]

    def draft(self, shop: Shop, *offers: Any, **fields: Any) -> Any:
        return made(shop.brand.post("/v1/campaigns", {"title": "Sets", "offers": list(offers), **fields}))

    def test_a_draft_shows_what_is_inside_what_that_costs_alone_and_what_is_saved(self, shop: Shop) -> None:
        pears, eggs = self.skus(shop, 6_000, 2_000)
        offer = {
            "title": "Breakfast", "bundle_kind": "themed", "price": shop.money(9_000), "quantity": 4,
            "parts": [{"sku_id": pears}, {"sku_id": eggs, "quantity": 2}],
        }  # fmt: skip
        (shown,) = self.draft(shop, offer)["offers"]
        assert (shown["sku_id"], shown["product_id"], shown["bundle_kind"]) == (None, None, "themed")
        assert shown["price_alone"] == shop.money(10_000)
        assert [(each["sku_id"], each["quantity"], each["price"]["amount_minor"]) for each in shown["parts"]] == [
            (pears, 1, 6_000), (eggs, 2, 2_000),
        ]  # fmt: skip
        assert shown["title"] == "Breakfast"

    def test_an_edit_keeps_the_bundle_and_a_copy_has_it(self, shop: Shop) -> None:
        pears, eggs = self.skus(shop, 6_000, 4_000)
        parts = [{"sku_id": pears, "quantity": 1}, {"sku_id": eggs, "quantity": 1}]
        offer = {"parts": parts, "price": shop.money(9_000), "quantity": 4}
        drafted = self.draft(shop, offer)
        path = f"/v1/campaigns/{drafted['id']}"
        again = [offer | {"price": shop.money(8_500), "title": "Duo", "parts": parts[::-1]}]
        edited = made(shop.brand.call("PATCH", path, json={"offers": again}), 200)
        assert edited["offers"][0]["id"] == drafted["offers"][0]["id"]
        assert (edited["offers"][0]["title"], edited["offers"][0]["price"]) == ("Duo", shop.money(8_500))
        copied = made(shop.brand.post(f"{path}/copy", {}))
        assert [each["sku_id"] for each in copied["offers"][0]["parts"]] == [eggs, pears]
        assert copied["left_out"] == []

    def test_what_is_archived_or_anothers_is_no_part_and_a_copy_leaves_such_a_bundle_out(
        self, shop: Shop, new_shop: Any
    ) -> None:
        pears = self.skus(shop, 6_000)[0]
        gone = shop.product(price=4_000)
        (foreign,) = self.skus(new_shop(), 1_000)
        offer = {
            "parts": [{"sku_id": pears}, {"sku_id": gone["skus"][0]["id"]}],
            "price": shop.money(9_000),
            "quantity": 4,
        }
        drafted = self.draft(shop, shop.offer(), offer)
        made(shop.brand.call("PATCH", f"/v1/products/{gone['id']}", json={"status": "archived"}), 200)
        for other in (gone["skus"][0]["id"], foreign):
            offer["parts"] = [{"sku_id": pears}, {"sku_id": other}]
            refused = shop.brand.post("/v1/campaigns", {"title": "Sets", "offers": [offer]})
            assert (refused.status, refused.json["code"]) == (422, "unknown_sku")
            assert refused.json["errors"][0]["pointer"] == "/offers/0/parts/1/sku_id"
        copied = made(shop.brand.post(f"/v1/campaigns/{drafted['id']}/copy", {}))
        assert [each["code"] for each in copied["left_out"]] == ["unknown_sku"]
        assert len(copied["offers"]) == 1

    def test_a_bundle_in_a_bundle_is_refused(self, shop: Shop) -> None:
        pears, eggs = self.skus(shop, 6_000, 4_000)
        offer = {"parts": [{"sku_id": pears}, {"sku_id": eggs}], "price": shop.money(9_000), "quantity": 4}
        drafted = self.draft(shop, offer)
        nested = offer | {"parts": [{"sku_id": pears}, {"sku_id": drafted["offers"][0]["id"]}]}
        refused = shop.brand.call("PATCH", f"/v1/campaigns/{drafted['id']}", json={"offers": [nested]})
        assert (refused.status, refused.json["code"]) == (422, "nested_bundle")
