"""A member's purchases are kept as they stand, and what they add up to is read from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.db import tenant_scope
from chalicelib.histories.model import History, Part, Purchase
from chalicelib.histories.service import Bought, first_and_last, histories_of, history_of, keep, purchases_of
from tests.builders import Shop

NOW = datetime(2026, 11, 30, tzinfo=UTC)
RICE = Part("rice", "staples", 2, 500)
TEA = Part("tea", "drinks", 1, 300)
JUNE = Purchase("o-1", date(2026, 6, 1), "CNY", 800, 3, campaign_id="c-1", parts=(RICE, TEA))
SAME_DAY = Purchase("A#7", date(2026, 6, 1), "CNY", 100, 1, imported=True)
JULY = Purchase("o-2", date(2026, 7, 9), "USD", 500, 2, pickup_point_id="p-1", channel_id="l-1", parts=(RICE,))


@pytest.fixture
def tenant_id(shop: Shop) -> Iterator[str]:
    with tenant_scope(shop.tenant_id):
        yield shop.tenant_id


def test_days_orders_units_and_spend_add_up_by_what_they_are_of() -> None:
    history = History.of([JULY, SAME_DAY, JUNE])
    assert (history.first_on, history.last_on) == (date(2026, 6, 1), date(2026, 7, 9))
    assert (history.orders, history.occasions, history.units) == (3, 2, 6)
    assert history.spend == {"CNY": 900, "USD": 500}
    assert history.units_by_product == {"rice": 4, "tea": 1}
    assert history.units_by_category == {"staples": 4, "drinks": 1}
    assert history.spend_by("category") == {
        ("staples", "CNY"): 500, ("drinks", "CNY"): 300, ("staples", "USD"): 500,
    }  # fmt: skip
    assert history.between(to_on=date(2026, 6, 30)).orders == 2
    assert (History().first_on, History().occasions, History().spend) == (None, 0, {})


def test_purchases_are_read_back_as_they_were_kept_each_in_its_members_history(tenant_id: str) -> None:
    keep(tenant_id, [Bought(4, JULY), Bought(4, JUNE), Bought(4, SAME_DAY), Bought(5, JUNE)])
    keep(tenant_id, [Bought(4, JULY)])

    assert purchases_of(tenant_id, 4) == [SAME_DAY, JUNE, JULY]
    assert purchases_of(tenant_id, 4, from_on=date(2026, 6, 2)) == [JULY]
    assert purchases_of(tenant_id, 4, to_on=date(2026, 6, 1)) == [SAME_DAY, JUNE]
    assert {ordinal: each.orders for ordinal, each in histories_of(tenant_id, [4, 5, 6]).items()} == {4: 3, 5: 1, 6: 0}
    assert first_and_last(tenant_id, 4) == (date(2026, 6, 1), date(2026, 7, 9))
    assert first_and_last(tenant_id, 6) is None


def test_what_stands_no_more_is_gone_and_what_has_changed_is_written_over(tenant_id: str) -> None:
    keep(tenant_id, [Bought(4, JULY), Bought(4, JUNE)])
    keep(tenant_id, [Bought(4, JULY, stands=False), Bought(4, replace(JUNE, units=1, amount_minor=250, parts=()))])
    keep(tenant_id, [Bought(4, JULY, stands=False)])

    assert history_of(tenant_id, 4).spend == {"CNY": 250}
    assert first_and_last(tenant_id, 4) == (date(2026, 6, 1), date(2026, 6, 1))
