"""Who may come in: forged, foreign, expired and revoked credentials all look the same from outside."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.settings import secret as ring
from chalicelib.web import principal as principals
from chalicelib.web import staff
from tests.conftest import TEST_ENVIRONMENT
from tests.web.conftest import KEY, READER
from tests.web.scratch import OURS, SHOPPER, STAFF, THEIRS

SECRET = TEST_ENVIRONMENT["TOKEN_SECRET"]
DOOR = "/v1/handover"


def claims(**changes):
    now = int(product_clock.now().timestamp())
    whole = {"iss": "lintuan", "aud": "staff", "tid": OURS, "slug": "tea", "sub": STAFF, "roles": ["owner"],
             "iat": now, "exp": now + 600}  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not None}


def signed(payload, secret=SECRET, algorithm="HS256", **headers):
    return jwt.encode(payload, secret, algorithm=algorithm, headers={"typ": "at+jwt"} | headers)


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hand_signed(header, payload):
    body = f"{part(header)}.{part(payload)}"
    return f"{body}.{part(hmac.digest(SECRET.encode(), body.encode(), hashlib.sha256))}"


def unsigned(algorithm):
    return f"{part({'alg': algorithm, 'typ': 'at+jwt'})}.{part(claims())}."


FORGED = {
    "no algorithm": lambda: unsigned("none"),
    "no algorithm, shouted": lambda: unsigned("NONE"),
    "another secret": lambda: signed(claims(), secret="x" * 40),
    "another algorithm": lambda: signed(claims(), secret=SECRET * 2, algorithm="HS512"),
    "HS384 with the right secret": lambda: signed(claims(), secret=SECRET * 2, algorithm="HS384"),
    "a key that nobody has": lambda: signed(claims(), kid="00000000"),
    "a key without a name": lambda: signed(claims(), kid=""),
    "the right key's name over the secret itself": lambda: signed(claims(), kid=ring("tokens").current.id),
    "the key of cursors": lambda: signed(
        claims(), secret=ring("cursors").current.value, kid=ring("cursors").current.id
    ),
    "a name that is a path": lambda: signed(claims(), kid="../../dev/null"),
    "no type": lambda: signed(claims(), typ="JWT"),
    "another type": lambda: signed(claims(), typ="refresh+jwt"),
    "another audience": lambda: signed(claims(aud="platform")),
    "two audiences": lambda: signed(claims(aud=["staff", "member"])),
    "no audience": lambda: signed(claims(aud=None)),
    "another issuer": lambda: signed(claims(iss="someone")),
    "no issuer": lambda: signed(claims(iss=None)),
    "no expiry": lambda: signed(claims(exp=None)),
    "no subject": lambda: signed(claims(sub=None)),
    "no tenant": lambda: signed(claims(tid=None)),
    "no roles": lambda: signed(claims(roles=None)),
    "expired": lambda: signed(claims(exp=int(product_clock.now().timestamp()) - 1)),
    "expires this second": lambda: signed(claims(exp=int(product_clock.now().timestamp()))),
    "expiry as text": lambda: hand_signed({"alg": "HS256", "typ": "at+jwt"}, claims(exp="later")),
    "a changed claim": lambda: ".".join([*signed(claims()).split(".")[:1], part(claims(tid=THEIRS)), "x"]),
    "header of nested brackets": lambda: f"{part(b'[' * 3000)}.{part(claims())}.x",
    "claims of nested brackets": lambda: hand_signed({"alg": "HS256", "typ": "at+jwt"}, b"[" * 3000),
    "claims that are a list": lambda: hand_signed({"alg": "HS256", "typ": "at+jwt"}, [1]),
    "a critical header": lambda: signed(claims(), crit=["b64"], b64=False),
    "a key of its own": lambda: signed(claims(), secret="x" * 40, jwk={"kty": "oct", "k": part(b"x" * 40)}),
    "a subject of the other tenant": lambda: signed(claims(tid=THEIRS)),
    "someone who has left": lambda: signed(claims(sub=OURS)),
    "two parts": lambda: "a.b",
    "nothing readable": lambda: "....",
    "bytes": lambda: "\u00ff\u00fe.\u0000.x",
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_token_opens_nothing_and_is_not_told_why(forgery, web):
    reply = web.get(DOOR, token=FORGED[forgery]())

    assert (reply.status, reply.json["code"]) == (401, "unauthenticated"), reply.text
    assert reply.json["detail"] in (
        "The credential is not valid or has expired; sign in again.",
        "The credential is not valid.",
    )


def test_the_same_token_unforged_passes(web):
    assert web.get(DOOR, token=signed(claims())).status == 403  # an editor, and the door is for service
    assert web.get("/v1/kettles", token=signed(claims())).status == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic abc", "Token abc", "lt_K1.open sesame", "Bearer lt_", "Bearer lt_.",
     "Bearer lt_K1",     "Bearer lt_K1.", "Bearer lt_K1.wrong", "Bearer lt_K9.open sesame", "Bearer lt_K9.",
     "Bearer lt_K1.open sesame2",
     "Bearer lt_" + "K" * 5000 + ".x", "Bearer lt_#.x", "Bearer lt_K1 .open sesame", "Bearer lt_\u00e9.x",
     "Bearer null", "Bearer undefined"],
)  # fmt: skip
def test_anything_else_in_the_header_is_no_credential(header, web):
    assert web.get("/v1/kettles", headers={"Authorization": header}).status == 401


def test_the_scheme_is_read_without_regard_to_case_and_spaces(web):
    assert web.get("/v1/kettles", headers={"Authorization": f"bearer   {KEY} "}).status == 200


def test_a_key_that_does_not_exist_is_compared_like_one_that_does(directory, monkeypatch):
    """The work is the same for a known and an unknown key, so that its time tells nothing."""
    work = []
    compare = hmac.compare_digest
    monkeypatch.setattr(principals.hmac, "compare_digest", lambda a, b: work.append((len(a), len(b))) or compare(a, b))
    for credential in ("lt_K1.wrong", "lt_K9.wrong"):
        with pytest.raises(principals.Unauthenticated):
            principals.authenticate(
                f"Bearer {credential}", directory, lambda _: principals.ANONYMOUS, product_clock.now()
            )

    assert work == [(64, 64)] * 2
    assert directory.asked == [("key", "K1"), ("key", "K9")]


class TestRoles:
    def test_a_key_with_the_scope_passes_and_one_without_is_told_which_roles_do(self, web):
        assert web.get("/v1/kettles", token=READER).status == 200
        refused = web.post("/v1/kettles", {"title": "a"}, token=READER)
        assert (refused.status, refused.json["detail"]) == (403, "One of these roles is needed: owner, editor.")

    def test_a_token_grants_only_what_its_holder_still_is(self, web, tokens, directory):
        token = tokens.staff(roles=("owner",))  # the directory says editor
        assert web.post("/v1/kettles", {"title": "a"}, token=token).status == 201
        assert web.delete(f"/v1/kettles/{OURS}", token=token).status == 403

        directory.staff_now.clear()
        assert web.get("/v1/kettles", token=token).status == 401

    def test_kinds_do_not_stand_in_for_each_other(self, web, tokens):
        assert web.get("/v1/kettles", token=tokens.member()).status == 403
        buy = {"headers": {"Idempotency-Key": "1"}}
        assert web.post("/v1/stores/tea/orders", {"title": "a"}, token=tokens.staff(), **buy).status == 403
        assert web.post("/v1/stores/tea/orders", {"title": "a"}, token=KEY, **buy).status == 403
        assert web.get(DOOR, token=tokens.member()).json["kind"] == "member"
        assert web.get(DOOR, token=KEY).json["kind"] == "api_key"

    def test_a_members_token_counts_at_its_own_store_alone(self, web, tokens):
        buy = {"headers": {"Idempotency-Key": "1"}}
        assert web.post("/v1/stores/tea/orders", {"title": "a"}, token=tokens.member(), **buy).json["tenant"] == OURS
        assert web.post("/v1/stores/tea/orders", {"title": "a"}, token=tokens.neighbour(), **buy).status == 401
        assert web.post("/v1/stores/rice/orders", {"title": "a"}, token=tokens.member(), **buy).status == 401
        assert web.post("/v1/stores/nobody/orders", {"title": "a"}, token=tokens.member(), **buy).status == 401

    def test_public_routes_look_at_no_credential(self, web):
        assert web.get("/v1/stores/tea/kettles", token="nonsense").status == 200

    def test_an_unknown_role_in_a_declaration_fails_at_import(self):
        with pytest.raises(ValueError, match="unknown roles"):
            staff("emperor")

    def test_refusal_comes_before_the_input_is_looked_at(self, web):
        assert web.post("/v1/kettles", token=READER, body="{").status == 403
        assert web.post("/v1/kettles", body="{").status == 401


class TestSignOuts:
    @pytest.mark.parametrize("outs", [1, 2])
    def test_a_members_token_ends_when_they_sign_out_once_more(self, web, tokens, directory, outs):
        token = tokens.member()
        assert web.get(DOOR, token=token).status == 200
        directory.signed_out = outs
        refused = web.get(DOOR, token=token, headers={"Accept-Language": "zh"})
        assert (refused.status, refused.json["detail"]) == (401, "凭证无效或已过期，请重新登录。")

    def test_one_of_the_staff_as_well(self, web, tokens, directory):
        token = tokens.staff()
        assert web.get("/v1/kettles", token=token).status == 200
        directory.staff_now[STAFF] = replace(directory.staff_now[STAFF], sign_outs=1)
        assert web.get("/v1/kettles", token=token).status == 401

    def test_a_token_from_before_sign_outs_counts_until_the_first(self, web, directory):
        token = signed(claims(aud="member", sub=SHOPPER, roles=[]))
        assert web.get(DOOR, token=token).status == 200
        directory.signed_out = 1
        assert web.get(DOOR, token=token).status == 401

    def test_who_is_refused_anyway_is_not_looked_up(self, web, tokens, directory):
        assert web.get("/v1/kettles", token=tokens.member()).status == 403
        assert web.get("/v1/stores/tea/kettles").status == 200
        assert directory.asked == []


def test_a_token_ends_by_the_products_clock(web, tokens, clock):
    token = tokens.member(seconds=600)
    clock.stand(product_clock.now() + timedelta(seconds=598))
    assert web.get(DOOR, token=token).status == 200
    clock.advance(seconds=3)
    assert web.get(DOOR, token=token).status == 401
