"""API keys in the console: made, shown once, rotated, taken over, revoked."""

from __future__ import annotations

from tests.builders import made


def key_of(shop, name):
    return next((each for each in shop.brand.get("/v1/api-keys").json["items"] if each["name"] == name), None)


def worked(shop, secret):
    return shop.caller.call("GET", "/v1/tenant", token=secret).status == 200


def test_a_key_is_shown_once(desk, shop):
    page = desk.send(
        desk.get("/api-keys/new"), "Make the key", name="Books", scopes__analyst="true", last_on="2099-01-31"
    )
    assert page.headers["cache-control"] == "no-store"
    secret = page.words("#secret")
    assert worked(shop, secret)
    key = key_of(shop, "Books")
    assert key["scopes"] == ["analyst"]
    assert key["expires_at"] == "2099-01-31T16:00:00Z"  # midnight in Shanghai
    assert secret not in desk.get("/api-keys").text


def test_what_is_missing_stands_beside_its_field(desk):
    page = desk.send(desk.get("/api-keys/new"), "Make the key", name="", last_on="2001-01-01")
    assert page.status == 422
    assert page.words("#f-name-fault")
    assert page.words("#scopes-fault") == "Tick at least one."
    past = desk.send(page, "Make the key", name="Books", scopes__analyst="true", last_on="2001-01-01")
    assert past.words("#f-last_on-fault")


def test_a_new_secret_ends_the_old_one_at_once_where_it_is_known(desk, shop):
    issued = made(shop.brand.post("/v1/api-keys", {"name": "Scales", "scopes": ["analyst"]}))
    token = desk.get("/api-keys").soup.select_one("input[name=_csrf]")["value"]
    sent = {"_csrf": token, "_key": "probe", "overlap_hours": "0"}
    page = desk.post(f"/console/api-keys/{issued['id']}/rotate", sent)
    assert worked(shop, page.words("#secret"))
    assert not worked(shop, issued["secret"])


def test_a_key_is_taken_over_and_revoked(desk, shop):
    issued = made(shop.brand.post("/v1/api-keys", {"name": "Scales", "scopes": ["analyst"]}))
    token = desk.get("/api-keys").soup.select_one("input[name=_csrf]")["value"]
    base, sent = f"/console/api-keys/{issued['id']}", {"_csrf": token, "_key": "probe"}
    before = key_of(shop, "Scales")["keeper"]["staff_id"]
    desk.post(f"{base}/take-over", sent)
    assert key_of(shop, "Scales")["keeper"]["staff_id"] != before
    done = desk.post(f"{base}/revoke", sent)
    assert done.words(".flash") == "The key is revoked. It does not work any more."
    assert key_of(shop, "Scales") is None
    assert desk.post(f"{base}/revoke", sent).status == 404


def test_nobody_makes_a_key_that_may_do_more_than_they(new_desk, shop):
    page = new_desk(shop, "technical").get("/api-keys/new")
    assert [each["name"] for each in page.soup.select("input[type=checkbox]")] == ["scopes.technical"]
    assert new_desk(shop, "service").get("/api-keys").status == 403


def test_the_list_is_in_chinese_too(new_desk, shop):
    assert new_desk(shop, language="zh").get("/api-keys").heading.startswith("API 密钥")
