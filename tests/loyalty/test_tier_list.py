"""The team lists the members of a tier: by a stated number of looks a page, to the end."""

from __future__ import annotations

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.members.enrolment.service import find_or_create_by_ref, ordinals_given
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import list_where
from tests.builders import Shop, made

MEMBERS = 260


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """260 members, of whom every fiftieth is silver."""

    def join() -> None:
        with tenant_scope(shop.tenant_id):
            find_or_create_by_ref(shop.tenant_id, [f"m{n:03}" for n in range(MEMBERS)], clock.now())
            for ordinal in range(0, MEMBERS, 50):
                place = MemberRecord.address_of_ordinal(shop.tenant_id, ordinal)
                found = MemberRecord.fetch(*place, consistent=True)
                assert found is not None
                found.tier = "silver"
                found.save()

    shop.once("members of a tier", join)
    return shop


def listed(shop: Shop, query: str) -> list[str]:
    """References, to the end of the list."""
    found, cursor = [], ""
    for _ in range(100):
        page = made(shop.brand.get(f"/v1/members?{query}{cursor}"), 200)
        found += [each["external_ref"] for each in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
    raise AssertionError("it never ends")


def test_the_members_of_a_tier_are_listed_latest_first_to_the_end(shop: Shop) -> None:
    every = ["m250", "m200", "m150", "m100", "m050", "m000"]

    for limit in (1, 2, 20, 100):
        assert listed(shop, f"tier=silver&limit={limit}") == every
    assert listed(shop, "tier=gold&limit=100") == []
    assert listed(shop, "tier=silver&external_ref=m100") == ["m100"]
    assert listed(shop, "tier=silver&external_ref=m101") == []


def test_a_page_looks_at_a_stated_number_of_members(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_scope(shop.tenant_id):
        assert ordinals_given(shop.tenant_id) == MEMBERS
        with metered() as cost:
            page = list_where(shop.tenant_id, lambda each: each.tier == "gold", 5, None)
        monkeypatch.setattr("chalicelib.members.service.members._MOST_AT_ONCE", 10)
        short = list_where(shop.tenant_id, lambda each: each.tier == "gold", 5, None)

    assert (page.items, page.last_key) == ([], None)
    assert cost.items_read <= MEMBERS + 1
    assert (short.items, short.last_key) == ([], {"below": MEMBERS - 5 - 4 * 10}), "a short page goes on"


def test_another_brands_members_are_in_no_tier_of_ours(shop: Shop, new_shop: object) -> None:
    other = new_shop()  # type: ignore[operator]

    assert made(other.brand.get("/v1/members?tier=silver"), 200)["items"] == []
