"""A day of a series has one campaign, whatever staff change while it is made."""

from datetime import date
from typing import Any

import pytest

from chalicelib.campaigns.series.model.edit import SeriesEdit
from chalicelib.campaigns.series.model.recurrence import Rule
from chalicelib.campaigns.series.records import SeriesRecord
from chalicelib.campaigns.series.service import making as series_making
from chalicelib.campaigns.series.service import series
from chalicelib.catalog.model.products import ProductDetails
from chalicelib.catalog.service import products as catalog
from chalicelib.catalog.service import set_aside
from chalicelib.kernel.ids import is_id
from tests.campaigns.brand import HOUR, Brand
from tests.campaigns.test_series import EVENING, NIGHTLY, campaigns, deliver, set_up

AWAY = Rule("day", "20:00", 720, "2026-11-25")


def change_while_made(brand: Brand, nightly: SeriesRecord, monkeypatch: pytest.MonkeyPatch, edit: SeriesEdit) -> None:
    """Makes the first campaign; before that is written to the series, staff change it."""
    make = series_making._make

    def made(*args: Any) -> Any:
        done = make(*args)
        series.edit_series(brand.tenant_id, nightly.id, edit, brand.by, EVENING - 3 * HOUR, None)
        return done

    with monkeypatch.context() as patch:
        patch.setattr(series_making, "_make", made)
        deliver(brand, nightly, EVENING - 3 * HOUR)


@pytest.mark.parametrize(
    ("away", "back"),
    [
        (SeriesEdit(status="paused"), SeriesEdit(status="active")),
        (SeriesEdit(rule=AWAY), SeriesEdit(rule=NIGHTLY)),
        (SeriesEdit(rule=AWAY), SeriesEdit(rule=Rule("day", "21:00", 60, "2026-11-22"))),
    ],
    ids=["paused and resumed", "moved away and back", "moved away and back to another hour"],
)
def test_a_day_has_one_campaign_though_the_series_changed_while_it_was_made(
    brand: Brand, monkeypatch: pytest.MonkeyPatch, away: SeriesEdit, back: SeriesEdit
) -> None:
    brand.stocked("pears", 70)
    nightly = set_up(brand)
    change_while_made(brand, nightly, monkeypatch, away)
    (first,) = campaigns(brand)
    series.edit_series(brand.tenant_id, nightly.id, back, brand.by, EVENING - 2 * HOUR, None)
    for _ in range(2):
        after = deliver(brand, nightly, EVENING - 2 * HOUR)
    (made,) = campaigns(brand)
    assert (made.id, made.status, made.opens_at, made.rev) == (first.id, "scheduled", EVENING, first.rev)
    assert (after.history[-1]["type"], after.history[-1]["campaign_id"], int(after.made)) == ("made", made.id, 1)
    assert after.next_on == date(2026, 11, 23)


def test_a_campaign_of_a_series_stands_among_others_where_its_day_does(brand: Brand) -> None:
    nightly, other = set_up(brand), set_up(brand)
    ids = [nightly.campaign_id(date(2026, 11, day)) for day in (22, 23, 24)]
    assert ids == sorted({*ids})
    assert {*ids}.isdisjoint(other.campaign_id(date(2026, 11, day)) for day in (22, 23, 24))
    assert all(is_id(each) for each in ids)


def test_what_could_not_be_drafted_any_more_is_found_made(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    nightly = set_up(brand)
    change_while_made(brand, nightly, monkeypatch, SeriesEdit(status="paused"))
    (first,) = campaigns(brand)
    pears = set_aside.get_sku(brand.tenant_id, brand.skus["pears"])
    archived = ProductDetails(status="archived")
    catalog.edit_product(brand.tenant_id, pears.product_id, archived, [], None, brand.by, EVENING)
    series.edit_series(brand.tenant_id, nightly.id, SeriesEdit(status="active"), brand.by, EVENING - 2 * HOUR, None)
    after = deliver(brand, nightly, EVENING - 2 * HOUR)
    assert (after.history[-1]["type"], after.history[-1]["campaign_id"]) == ("made", first.id)
    assert [each.status for each in campaigns(brand)] == ["scheduled"]
