"""How long people stay signed in, and how all their tokens end."""

from __future__ import annotations

from dataclasses import replace

import jwt
import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.members.enrolment.service import find_or_enrol_by_phone
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.records import MemberRecord
from chalicelib.web.tokens import issue
from tests.builders import Member, Shop, made
from tests.calls import Api, Reply
from tests.conftest import TEST_ENVIRONMENT, Clock
from tests.isolation.document import Operation, operations
from tests.isolation.examples import example
from tests.members.codes import sign_in
from tests.tenants.brands import Brand

FOR_MEMBERS = [each for each in operations() if each.for_members and not each.for_staff]


def renew(api: Api, token: str) -> Reply:
    return api.post("/v1/auth/renew", token=token)


class TestRenewal:
    def test_a_member_renews_without_a_code_for_thirty_days(self, api: Api, brand: Brand, clock: Clock) -> None:
        first = sign_in(api)
        token = first["access_token"]
        for _ in range(29):
            clock.advance(hours=23, minutes=50)
            renewed = made(renew(api, token), 200)
            token = renewed["access_token"]
            assert (renewed["principal"], renewed["token_type"]) == (first["principal"], "Bearer")
        assert renewed["expires_in"] == 24 * 3600

        clock.advance(hours=23, minutes=50)
        last = made(renew(api, token), 200)
        assert 4 * 3600 < last["expires_in"] < 6 * 3600, "the rest of the thirty days"
        clock.advance(hours=6)
        assert renew(api, last["access_token"]).json["code"] == "unauthenticated"

    def test_the_staff_renew_for_twelve_hours_with_the_roles_they_hold_now(
        self, api: Api, brand: Brand, clock: Clock
    ) -> None:
        mei = brand.hire("mei@linli.example", "editor")
        token = sign_in(api, audience="staff", email="mei@linli.example")["access_token"]
        brand.patch(f"/v1/staff/{mei}", {"roles": ["manager"]})
        for _ in range(12):
            clock.advance(minutes=58)
            renewed = made(renew(api, token), 200)
            token = renewed["access_token"]
        assert (renewed["principal"]["roles"], renewed["expires_in"] < 1800) == (["manager"], True)

        clock.advance(minutes=58)
        assert renew(api, token).status == 401

    def test_who_was_signed_in_too_long_is_told_to_use_a_new_code(self, api: Api, shop: Shop, clock: Clock) -> None:
        """With a token that is valid all the same, as one from before there were renewals may be."""
        token = shop.shopper.token
        clock.advance(days=31)
        refused = renew(api, token)

        assert (refused.status, refused.json["code"]) == (401, "sign_in_again")
        assert "30 days" in refused.json["detail"]

    def test_a_token_from_before_renewals_goes_back_to_when_it_was_issued(self, api: Api, shop: Shop) -> None:
        token = issue(
            "member", shop.tenant_id, shop.slug, shop.shopper.id, frozenset(), product_clock.now(), 30 * 86400
        )
        claims = jwt.decode(token, options={"verify_signature": False})
        del claims["auth_time"], claims["outs"]
        old = jwt.encode(
            claims | {"iat": claims["iat"] - 29 * 86400},
            TEST_ENVIRONMENT["TOKEN_SECRET"],
            algorithm="HS256",
            headers={"typ": "at+jwt"},
        )

        assert made(renew(api, old), 200)["expires_in"] == pytest.approx(24 * 3600, abs=5)

    def test_an_expired_token_a_key_and_nobody_renew_nothing(self, api: Api, shop: Shop, clock: Clock) -> None:
        now = product_clock.now()
        short = issue("member", shop.tenant_id, shop.slug, shop.shopper.id, frozenset(), now, 60)
        clock.advance(minutes=2)

        assert [renew(api, short).status, renew(api, shop.api_key).status, api.post("/v1/auth/renew").status] == [
            401, 403, 401,
        ]  # fmt: skip


class TestSigningOut:
    def test_it_ends_every_token_of_a_member_and_no_other(self, api: Api, brand: Brand) -> None:
        phone, laptop = (sign_in(api)["access_token"] for _ in range(2))
        other = sign_in(api, email="bo@home.example")["access_token"]

        assert api.post("/v1/auth/sign-out", token=phone).status == 204

        me = "/v1/stores/linli/me"
        assert [api.get(me, token=each).status for each in (phone, laptop, other)] == [401, 401, 200]
        assert [renew(api, each).status for each in (phone, laptop)] == [401, 401]
        assert api.post("/v1/auth/sign-out", token=phone).status == 401
        assert api.get(me, token=sign_in(api)["access_token"]).status == 200, "in the same second"

    def test_it_ends_every_token_of_someone_on_the_staff(self, api: Api, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager")
        one, two = (sign_in(api, audience="staff", email="mei@linli.example")["access_token"] for _ in range(2))

        assert api.post("/v1/auth/sign-out", token=one).status == 204

        assert [api.get("/v1/tenant", token=each).status for each in (one, two)] == [401, 401]
        assert brand.get(f"/v1/audit?target=staff:{mei}").json["items"][0]["action"] == "staff.signed_out"
        again = sign_in(api, audience="staff", email="mei@linli.example")["access_token"]
        assert api.get("/v1/tenant", token=again).status == 200

    def test_an_owner_signs_out_one_of_the_staff_and_removing_them_does_too(self, api: Api, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager")
        token = sign_in(api, audience="staff", email="mei@linli.example")["access_token"]
        assert brand.post(f"/v1/staff/{mei}/sign-out", token=token).status == 403
        assert brand.post(f"/v1/staff/{mei}/sign-out").status == 204
        assert api.get("/v1/tenant", token=token).status == 401

        token = sign_in(api, audience="staff", email="mei@linli.example")["access_token"]
        assert brand.delete(f"/v1/staff/{mei}").status == 204
        assert [api.get("/v1/tenant", token=token).status, renew(api, token).status] == [401, 401]

    def test_the_team_signs_a_member_out_and_the_log_says_who_did(self, shop: Shop) -> None:
        member = shop.shopper
        path = f"/v1/members/{member.id}"

        assert shop.brand.post(f"{path}/sign-out").status == 204

        assert shop.caller.call("GET", f"{shop.path}/me", token=member.token).status == 401
        (entry, *_) = made(shop.brand.get(f"/v1/audit?target=member:{member.id}"), 200)["items"]
        assert (entry["action"], entry["by"].partition(":")[0]) == ("member.signed_out", "api_key")
        assert shop.brand.post(f"/v1/members/{derived_id('nobody')}/sign-out").status == 404

    def test_a_key_is_nobody_to_sign_out(self, shop: Shop) -> None:
        assert shop.brand.post("/v1/auth/sign-out").status == 403

    def test_whose_membership_became_anothers_is_signed_out(self, api: Api, shop: Shop) -> None:
        now = product_clock.now()
        with tenant_scope(shop.tenant_id):
            gone = find_or_enrol_by_phone(shop.tenant_id, "+8613800138000", None, now)
            member = MemberRecord.at(shop.tenant_id, gone, consistent=True)
        token = issue("member", shop.tenant_id, shop.slug, gone, frozenset(), now, 600)
        assert api.get(f"{shop.path}/me", token=token).status == 200
        stays = sign_in(api, shop.slug, email="pat@home.example")["principal"]["id"]
        with tenant_scope(shop.tenant_id):
            other = MemberRecord.at(shop.tenant_id, stays, consistent=True)
            assert member is not None
            assert other is not None
            assert unite(shop.tenant_id, int(member.ordinal), int(other.ordinal), now)

        order = shop.order(Member(gone, token, ""))

        assert (api.get(f"{shop.path}/me", token=token).status, order.status) == (401, 401)

    def test_a_member_who_is_no_more_is_signed_out(self, shop: Shop) -> None:
        now = product_clock.now()
        nobody = issue("member", shop.tenant_id, shop.slug, derived_id("nobody"), frozenset(), now, 600)

        assert shop.caller.call("GET", f"{shop.path}/orders", token=nobody).status == 401

    @pytest.mark.parametrize("operation", FOR_MEMBERS, ids=str)
    def test_no_route_lets_them_in_any_more(self, operation: Operation, ended: Shop) -> None:
        ids = {"campaign": ended.campaign_id, "offer": ended.offer_id, "pickup_point": ended.pickup_point_id}
        path = operation.path.format(**{name: derived_id(name) for name in operation.collections()} | {
            "slug": ended.slug, "name": "summary",
        })  # fmt: skip
        body = None if operation.body is None else example(operation.body, ids)
        if body is not None:
            body.pop("coupon_id", None)  # refused as input, which these routes look at first

        refused = ended.caller.call(
            operation.method, path, json=body, token=ended.shopper.token, headers={"Idempotency-Key": "ended"}
        )

        assert refused.status == 401, refused.text

    def test_an_order_is_not_shown_again_to_a_token_that_was_ended(self, shop: Shop) -> None:
        made(shop.order(key="once"))
        made(shop.order(key="once"))
        shop.caller.call("POST", "/v1/auth/sign-out", token=shop.shopper.token)

        assert shop.order(key="once").status == 401


def test_a_replica_that_lags_behind_refuses_no_order_of_a_new_token(shop: Shop) -> None:
    """Someone has just signed out and in again, and the order path still reads the member as before."""
    now = product_clock.now()
    newer = issue("member", shop.tenant_id, shop.slug, shop.shopper.id, frozenset(), now, 600, sign_outs=1)

    assert shop.order(replace(shop.shopper, token=newer)).status == 201


@pytest.fixture
def ended(shop: Shop) -> Shop:
    """A shop whose shopper has signed out everywhere; the campaign is open."""
    _ = shop.open_campaign
    made(shop.caller.call("POST", "/v1/auth/sign-out", token=shop.shopper.token), 204)
    return shop


def test_the_order_path_reads_no_more_for_it_and_other_routes_of_members_one_item(shop: Shop) -> None:
    order = made(shop.order())
    with metered() as placing:
        made(shop.order())
    with metered() as reading:
        made(shop.caller.call("GET", f"{shop.path}/orders/{order['id']}", token=shop.shopper.token), 200)

    assert placing.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert (reading.by_operation["GetItem"], reading.by_operation["BatchGetItem"]) == (2, 1)
