from functools import partial

import pytest

from tests.calls import Api
from tests.tenants.brands import Brand, at_once, sign_up

FACE = {
    "logo": "https://img.example/logo.svg",
    "colours": {"primary": "#0A7F3F"},
    "slogan": "邻居的味道 🍊",
    "story": "Two growers and a van.",
    "values": ["fresh", "fair"],
}


def test_the_face_of_the_brand_shows_on_the_storefront(brand: Brand) -> None:
    answer = brand.patch("/v1/tenant", {"name": "Linli Fruit", "brand": FACE})
    assert answer.status == 200
    store = brand.api.get("/v1/stores/linli").json
    assert store["name"] == "Linli Fruit"
    assert store["brand"] == {**FACE, "colours": {"primary": "#0a7f3f"}}
    assert "owner" not in str(store)


def test_an_edit_leaves_what_it_does_not_name_and_clears_what_it_nulls(brand: Brand) -> None:
    brand.patch("/v1/tenant", {"brand": FACE})
    changed = brand.patch("/v1/tenant", {"brand": {"slogan": None}}).json
    assert changed["brand"] == {**FACE, "colours": {"primary": "#0a7f3f"}, "slogan": None}
    assert changed["name"] == "邻里鲜果"


@pytest.mark.parametrize(("field", "value"), [("slug", "other"), ("timezone", "Europe/Berlin"), ("currency", "EUR")])
def test_what_is_fixed_at_sign_up_says_so(brand: Brand, field: str, value: str) -> None:
    answer = brand.patch("/v1/tenant", {field: value})
    assert (answer.status, answer.json["code"]) == (422, "fixed_at_sign_up")
    assert answer.json["errors"][0]["pointer"] == f"/{field}"


@pytest.mark.parametrize(
    "face",
    [
        {"logo": "javascript:alert(1)"},
        {"logo": "http://plain.example/logo.png"},
        {"colours": {"primary": "red"}},
        {"colours": {"border": "#000000"}},
        {"values": ["x"] * 13},
        {"story": "x" * 5001},
        {"unknown": 1},
    ],
)
def test_a_face_that_would_break_the_page_is_refused(brand: Brand, face: dict[str, object]) -> None:
    assert brand.patch("/v1/tenant", {"brand": face}).status == 422


def test_a_stale_edit_is_refused(brand: Brand) -> None:
    tag = brand.get("/v1/tenant").headers["etag"]
    assert brand.patch("/v1/tenant", {"name": "First"}, headers={"If-Match": tag}).headers["etag"] == '"2"'
    answer = brand.patch("/v1/tenant", {"name": "Second"}, headers={"If-Match": tag})
    assert (answer.status, answer.json["code"]) == (412, "stale")
    assert brand.get("/v1/tenant").json["name"] == "First"


def test_edits_of_different_fields_at_once_all_stay(brand: Brand) -> None:
    edits = [{"name": "Renamed"}, {"brand": {"slogan": "Fresh"}}, {"locale": "en"}]
    answers = at_once([partial(brand.patch, "/v1/tenant", edit) for edit in edits])
    assert [answer.status for answer in answers] == [200, 200, 200]
    seen = brand.get("/v1/tenant").json
    assert (seen["name"], seen["brand"]["slogan"], seen["locale"]) == ("Renamed", "Fresh", "en")


def test_an_edit_without_effect_is_not_audited(brand: Brand) -> None:
    brand.patch("/v1/tenant", {"locale": "zh"})
    assert [entry["action"] for entry in brand.get("/v1/audit").json["items"]] == ["tenant.created"]


def test_only_managers_change_the_brand_and_everyone_on_the_staff_reads_it(brand: Brand) -> None:
    for role in ("editor", "planner", "service", "analyst"):
        key = brand.key_with(role)
        assert brand.get("/v1/tenant", token=key).status == 200
        assert brand.patch("/v1/tenant", {"name": "X"}, token=key).status == 403
    assert brand.patch("/v1/tenant", {"name": "X"}, token=brand.key_with("manager")).status == 200


def test_each_brand_sees_itself(api: Api, brand: Brand) -> None:
    other = sign_up(api, slug="other", name="Other")
    other.patch("/v1/tenant", {"name": "Changed"})
    assert brand.get("/v1/tenant").json["name"] == "邻里鲜果"
