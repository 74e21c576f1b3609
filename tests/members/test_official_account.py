"""A member is reached by the brand's official account under the id that it knows them by."""

from __future__ import annotations

import json
from functools import partial

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.members.enrolment.service import find_or_enrol_by_phone, ordinals_by_ref
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import member_id
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.service import find
from tests.builders import Shop, made
from tests.calls import Api, Reply
from tests.members.codes import sign_in
from tests.tenants.brands import at_once

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


def connect(shop: Shop, member: str, open_id: str = OPEN_ID) -> Reply:
    return shop.brand.put(f"/v1/members/{member}/official-account", {"open_id": open_id})


def followed_by(shop: Shop, member: str) -> str | None:
    found: str | None = made(shop.brand.get(f"/v1/members/{member}"), 200)["open_id"]
    return found


def imported(shop: Shop, *references: str) -> list[str]:
    with tenant_scope(shop.tenant_id):
        ordinals = ordinals_by_ref(shop.tenant_id, references, clock.now())
    return [member_id(shop.tenant_id, each) for each in ordinals.values()]


def test_an_id_leads_to_one_member_of_a_brand_until_it_is_free(api: Api, shop: Shop) -> None:
    first, second, elsewhere = shop.shopper.id, shop.member().id, Shop(api)
    assert connect(shop, first).status == connect(elsewhere, elsewhere.shopper.id).status == 204

    refused = connect(shop, second)
    assert (refused.status, refused.json["code"], refused.json["member_id"]) == (409, "follower_taken", first)
    assert (followed_by(shop, first), followed_by(shop, second)) == (OPEN_ID, None)

    assert connect(shop, first, "o" * 28).status == 204  # another id in its place
    assert connect(shop, second).status == 204
    assert connect(shop, first).json["member_id"] == second
    shop.brand.delete(f"/v1/members/{second}/official-account")
    assert connect(shop, first).status == 204
    assert connect(shop, second, "o" * 28).status == 204


def test_of_two_members_that_are_connected_at_once_one_is(shop: Shop) -> None:
    members = [shop.shopper.id, shop.member().id]
    answers = at_once([partial(connect, shop, each) for each in members * 2])
    winner, loser = sorted(members, key=lambda each: followed_by(shop, each) or "", reverse=True)

    assert (followed_by(shop, winner), followed_by(shop, loser)) == (OPEN_ID, None)
    expected = {winner: 204, loser: 409}
    assert [each.status for each in answers] == [expected[each] for each in members * 2]


def test_it_goes_with_the_history_to_the_member_who_stays(shop: Shop) -> None:
    gone, stays, other = imported(shop, "C-1", "C-2", "C-3")
    assert connect(shop, gone).status == 204
    with tenant_scope(shop.tenant_id):
        assert unite(shop.tenant_id, 0, 1, clock.now())

    assert (followed_by(shop, stays), connect(shop, other).json["member_id"]) == (OPEN_ID, stays)
    assert connect(shop, other, "o" * 28).status == 204
    with tenant_scope(shop.tenant_id):
        assert unite(shop.tenant_id, 2, 1, clock.now())
    assert followed_by(shop, stays) == OPEN_ID  # which they had
    assert connect(shop, shop.shopper.id, "o" * 28).status == 204


def test_it_is_free_when_somebody_proves_that_the_member_is_theirs(api: Api, shop: Shop) -> None:
    with tenant_scope(shop.tenant_id):
        written = find_or_enrol_by_phone(shop.tenant_id, "+8613800138000", "Fang", clock.now())
    assert connect(shop, written).status == 204
    assert sign_in(api, shop.slug, phone="+8613800138000")["principal"]["id"] == written

    assert followed_by(shop, written) is None
    assert connect(shop, shop.shopper.id).status == 204


@pytest.mark.parametrize("open_id", ["", "short", "o6_bmjrPTlm6_2sgVt7hM ZOPfL2M", "o" * 65, "o6_bmjrPTlm6_2sg,o6_b"])
def test_what_is_no_open_id_is_refused(shop: Shop, open_id: str) -> None:
    refused = shop.brand.put(f"/v1/members/{shop.shopper.id}/official-account", {"open_id": open_id})

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/open_id")
    assert known(shop) is None


def test_nobody_is_connected_who_is_not_there(shop: Shop) -> None:
    path = "/v1/members/01J9ZQ0W7N8RXC5B2M4T6V8Y0A/official-account"
    assert [shop.brand.put(path, {"open_id": OPEN_ID}).status, shop.brand.delete(path).status] == [404, 404]
