"""A member is reached by the brand's official account under the id that it knows them by."""

from __future__ import annotations

import json

import pytest

from chalicelib.db import tenant_scope
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.service import find
from tests.builders import Shop, made

OPEN_ID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"


def known(shop: Shop) -> str | None:
    with tenant_scope(shop.tenant_id):
        recipient = find(shop.tenant_id, Person.member(shop.shopper.id))
    return recipient.open_id if recipient else None


def test_notices_find_a_member_there_until_it_is_taken_away(shop: Shop) -> None:
    path = f"/v1/members/{shop.shopper.id}"
    for _ in range(2):
        assert shop.brand.put(f"{path}/official-account", {"open_id": OPEN_ID}).status == 204
    assert (known(shop), made(shop.brand.get(path), 200)["open_id"]) == (OPEN_ID, OPEN_ID)

    for _ in range(2):
        assert shop.brand.delete(f"{path}/official-account").status == 204
    assert (known(shop), made(shop.brand.get(path), 200)["open_id"]) == (None, None)
    log = made(shop.brand.get(f"/v1/audit?target=member:{shop.shopper.id}"), 200)["items"]
    assert [entry["action"] for entry in log][:2] == [
        "member.official_account_disconnected", "member.official_account_connected",
    ]  # fmt: skip
    assert OPEN_ID not in json.dumps(log)


@pytest.mark.parametrize("open_id", ["", "short", "o6_bmjrPTlm6_2sgVt7hM ZOPfL2M", "o" * 65, "o6_bmjrPTlm6_2sg,o6_b"])
def test_what_is_no_open_id_is_refused(shop: Shop, open_id: str) -> None:
    refused = shop.brand.put(f"/v1/members/{shop.shopper.id}/official-account", {"open_id": open_id})

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/open_id")
    assert known(shop) is None


def test_nobody_is_connected_who_is_not_there(shop: Shop) -> None:
    path = "/v1/members/01J9ZQ0W7N8RXC5B2M4T6V8Y0A/official-account"
    assert [shop.brand.put(path, {"open_id": OPEN_ID}).status, shop.brand.delete(path).status] == [404, 404]
