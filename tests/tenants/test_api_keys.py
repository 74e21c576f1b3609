import pytest

from tests.calls import Api
from tests.tenants.brands import Brand, sign_up


def test_a_key_works_until_it_is_revoked(brand: Brand) -> None:
    issued = brand.post("/v1/api-keys", {"name": "checkout", "scopes": ["planner"]}).json
    assert brand.get("/v1/tenant", token=issued["secret"]).status == 200
    assert brand.delete(f"/v1/api-keys/{issued['id']}").status == 204
    assert brand.get("/v1/tenant", token=issued["secret"]).status == 401
    assert brand.delete(f"/v1/api-keys/{issued['id']}").status == 404


def test_a_key_may_revoke_itself(brand: Brand) -> None:
    key_id = brand.get("/v1/api-keys").json["items"][0]["id"]
    assert brand.delete(f"/v1/api-keys/{key_id}").status == 204
    assert brand.get("/v1/tenant").status == 401


def test_the_list_shows_who_made_each_key_and_never_a_secret(brand: Brand) -> None:
    for n in range(3):
        brand.post("/v1/api-keys", {"name": f"key {n}", "scopes": ["editor"]})
    first = brand.get("/v1/api-keys?limit=2").json
    second = brand.get(f"/v1/api-keys?limit=2&cursor={first['next_cursor']}").json
    listed = first["items"] + second["items"]
    assert [key["name"] for key in listed] == ["首个密钥", "key 0", "key 1", "key 2"]
    assert listed[1]["created_by"].startswith("api_key:")
    assert all("secret" not in key and "hash" not in str(key) for key in listed)


@pytest.mark.parametrize("scopes", [["owner"], ["*"], ["manager", "analyst"]])
def test_a_key_cannot_grant_more_than_it_has(brand: Brand, scopes: list[str]) -> None:
    manager = brand.key_with("manager")
    answer = brand.post("/v1/api-keys", {"name": "more", "scopes": scopes}, token=manager)
    assert (answer.status, answer.json["code"]) == (403, "cannot_grant")
    assert brand.post("/v1/api-keys", {"name": "same", "scopes": ["manager"]}, token=manager).status == 201


def test_a_key_cannot_revoke_one_of_higher_rights(brand: Brand) -> None:
    manager, all_rights = brand.key_with("manager"), brand.get("/v1/api-keys").json["items"][0]["id"]
    assert brand.delete(f"/v1/api-keys/{all_rights}", token=manager).status == 403
    assert brand.get("/v1/tenant").status == 200


def test_who_is_technical_sees_to_keys_of_their_own_rights_and_to_nothing_else(brand: Brand) -> None:
    theirs = brand.token_of(brand.hire("mo@linli.example", "technical"))
    first = brand.get("/v1/api-keys").json["items"][0]["id"]
    listed = brand.get("/v1/api-keys", token=theirs).json["items"]
    assert [(each["id"], each["keeper"]["name"]) for each in listed] == [(first, None)]

    made = brand.post("/v1/api-keys", {"name": "probe", "scopes": ["technical"]}, token=theirs)
    assert made.status == 201
    assert brand.get("/v1/tenant", token=made.json["secret"]).status == 200
    assert brand.post(f"/v1/api-keys/{made.json['id']}/rotate", token=theirs).status == 200
    refused = [
        brand.post("/v1/api-keys", {"name": "more", "scopes": ["analyst"]}, token=theirs),
        brand.post(f"/v1/api-keys/{first}/rotate", token=theirs),
        brand.delete(f"/v1/api-keys/{first}", token=theirs),
    ]
    assert [(each.status, each.json["code"]) for each in refused] == [(403, "cannot_grant")] * 3
    closed = ("/v1/members", "/v1/orders", "/v1/staff", "/v1/audit", "/v1/payment-settings", "/v1/reports/summary")
    assert {brand.get(path, token=theirs).status for path in closed} == {403}


@pytest.mark.parametrize("scopes", [[], ["boss"], "manager", [1], None])
def test_scopes_are_roles_or_the_star(brand: Brand, scopes: object) -> None:
    assert brand.post("/v1/api-keys", {"name": "x", "scopes": scopes}).status == 422


@pytest.mark.parametrize(
    "credential",
    ["lt_", "lt_.", "lt_x.y", "lt_" + "0" * 26 + ".secret", "lt_" + "x" * 5000, "nonsense", "lt_a#b.c", "lt_漢字.x"],
)
def test_a_wrong_credential_never_says_what_is_wrong(brand: Brand, credential: str) -> None:
    answer = brand.get("/v1/tenant", token=credential)
    assert (answer.status, answer.json["code"]) == (401, "unauthenticated")


def test_the_right_id_with_a_wrong_secret_is_refused(brand: Brand) -> None:
    assert brand.get("/v1/tenant", token=brand.key[:-1] + ("A" if brand.key[-1] != "A" else "B")).status == 401


def test_another_brands_key_is_not_found(api: Api, brand: Brand) -> None:
    other = sign_up(api, slug="other")
    theirs = other.get("/v1/api-keys").json["items"][0]["id"]
    assert brand.delete(f"/v1/api-keys/{theirs}").status == 404
    assert other.get("/v1/tenant").status == 200
