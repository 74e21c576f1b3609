"""What a product's pictures show, in words: each text stays with its picture."""

from __future__ import annotations

import pytest

from chalicelib.catalog.model.pictures import texts_for
from chalicelib.kernel.errors import Invalid
from tests.builders import made

FRONT, BACK = "https://img.example/front.jpg", "https://img.example/back.jpg"


def test_a_text_stays_with_its_picture_and_goes_with_it():
    before = {FRONT: "A red jar", BACK: "The label"}
    assert texts_for([BACK, FRONT], before, None) == before
    assert texts_for([BACK], before, None) == {BACK: "The label"}


def test_what_is_named_takes_the_place_of_all_and_an_empty_text_is_none():
    assert texts_for([FRONT, BACK], {FRONT: "A red jar"}, {BACK: "The label"}) == {BACK: "The label"}
    assert texts_for([FRONT], {FRONT: "A red jar"}, {FRONT: ""}) == {}


def test_a_picture_that_the_product_does_not_have_is_refused_by_name():
    with pytest.raises(Invalid) as refused:
        texts_for([FRONT], {}, {BACK: "The label"})
    assert refused.value.errors[0].pointer == "/image_alts"
    assert BACK in refused.value.detail


def test_texts_of_pictures_are_read_back_in_the_store_too(shop):
    product = shop.product(images=[FRONT, BACK], image_alts={FRONT: "A red jar"})
    path = f"/v1/products/{product['id']}"
    assert product["image_alts"] == {FRONT: "A red jar"}
    shown = shop.caller.call("GET", f"{shop.path}/products/{product['id']}")
    assert made(shown, 200)["image_alts"] == {FRONT: "A red jar"}

    changed = made(shop.brand.patch(path, {"images": [BACK, FRONT]}), 200)
    assert changed["image_alts"] == {FRONT: "A red jar"}
    assert made(shop.brand.patch(path, {"images": [BACK]}), 200)["image_alts"] == {}
    refused = shop.brand.patch(path, {"image_alts": {FRONT: "A red jar"}})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/image_alts")
    assert shop.brand.patch(path, {"image_alts": {BACK: "x" * 201}}).status == 422
