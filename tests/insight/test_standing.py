"""A product of a file beside what stands: said again, extended, or refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.insight.imports.model.product_rows import Goods, ProductRow
from chalicelib.insight.imports.model.standing import Standing, called_alike, compare

SMALL = ProductRow(2, "Tea", "small", "T-1", 1000, None, None, None, {"brand": "Hill"})
LARGE = ProductRow(3, "Tea", "large", "T-2", 2000, None, None, None, {"brand": "Hill"})
SKU_IDS = {2: "sku-small", 3: "sku-large"}
TEA = Standing("tea", "Tea", "Hill", active=True, prices={"t-1": 1000}, sku_ids={"t-1": "before"})


def verdict(there: dict[str, Standing], *rows: ProductRow):
    return compare(Goods(rows or (SMALL, LARGE)), there, "own", SKU_IDS)


def test_a_variant_that_a_product_has_not_yet_is_new_to_it() -> None:
    found = verdict({"t-1": TEA})
    assert (found.own, found.same, found.new, found.wrong) == (0, 1, (LARGE,), {})


def test_rows_that_say_again_what_stands_are_doubles_and_those_of_this_very_import_its_own() -> None:
    both = {"t-1": 1000, "t-2": 2000}
    there = replace(TEA, prices=both, sku_ids={"t-1": "before", "t-2": "sku-large"})
    found = verdict({"t-1": there, "t-2": there})
    assert (found.own, found.same, found.new) == (1, 1, ())
    made = replace(TEA, product_id="own", prices=both)
    assert verdict({"t-1": made}).own == 2


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (replace(TEA, title="Coffee"), "is that of 'Coffee'"),
        (replace(TEA, prices={"t-1": 999}), "is that of 'Tea'"),
        (replace(TEA, active=False), "'Tea' is archived"),
        (replace(TEA, prices={"t-1": 1000} | {f"x-{n}": 1 for n in range(19)}), "more than 20 SKUs"),
    ],
)
def test_nothing_that_stands_is_written_over_nor_overfilled(there: Standing, words: str) -> None:
    [reason] = verdict({"t-1": there}).wrong.values()
    assert words in reason.en
    assert reason.zh


def test_a_new_variant_says_what_tells_it_apart() -> None:
    found = verdict({"t-1": TEA}, SMALL, replace(LARGE, variant=""))
    assert [(row, reason.en.partition(":")[0]) for row, reason in found.wrong.items()] == [(3, "variant is missing")]


def test_codes_of_two_products_are_no_product() -> None:
    other = replace(TEA, product_id="other", prices={"t-2": 2000})
    assert set(verdict({"t-1": TEA, "t-2": other}).wrong) == {2, 3}


def test_what_customers_could_not_tell_apart_is_called_alike() -> None:
    goods = Goods((replace(SMALL, title="ＴＥＡ"),))
    assert TEA.is_called_as(goods)
    assert not replace(TEA, brand="Valley").is_called_as(goods)
    assert not replace(TEA, active=False).is_called_as(goods)
    assert "is in the shop already" in called_alike(goods)[2].en
