from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from chalicelib.db import TenantRecord, metered, platform_scope, tenant_scope
from chalicelib.db.tenant_records import DUE_SHARDS
from chalicelib.kernel.clock import parse_instant
from chalicelib.tenants.model import DAY_GRACE
from chalicelib.tenants.records import ApiKeyHash, DayClock, RegistryEntry, Tenant
from tests.calls import Api
from tests.conftest import Clock, Sweep
from tests.tenants.brands import FORM, Brand, at_once, owners_of, sign_up


def test_a_brand_is_live_as_soon_as_it_has_signed_up(api: Api) -> None:
    answer = api.post("/v1/tenants", FORM)

    assert answer.status == 201
    tenant, issued = answer.json["tenant"], answer.json["api_key"]
    assert tenant["storefront_url"] == "http://127.0.0.1:8000/v1/stores/linli"
    expected = {"slug": "linli", "timezone": "Asia/Shanghai", "currency": "CNY", "locale": "zh", "status": "active"}
    assert tenant.items() >= expected.items()
    assert issued["secret"].startswith(f"lt_{issued['id']}.")
    assert api.get("/v1/stores/linli").json["name"] == "邻里鲜果"
    assert api.get("/v1/tenant", token=issued["secret"]).json["id"] == tenant["id"]


@pytest.mark.parametrize(("locale", "name"), [("zh-CN", "首个密钥"), ("en", "First key")])
def test_the_first_key_is_named_in_the_brands_language(api: Api, locale: str, name: str) -> None:
    assert api.post("/v1/tenants", {**FORM, "locale": locale}).json["api_key"]["name"] == name


def test_sign_up_is_one_transaction(api: Api) -> None:
    with metered() as meter:
        sign_up(api)
    assert meter.by_operation == {"TransactWriteItems": 1}


def test_the_owner_is_on_the_staff_with_a_normalised_e_mail(brand: Brand) -> None:
    assert [person.email for person in owners_of(brand.id)] == ["owner@linli.example"]


def test_the_secret_is_stored_nowhere(brand: Brand) -> None:
    key_id, _, secret = brand.key.removeprefix("lt_").partition(".")
    stored = ApiKeyHash.fetch(*ApiKeyHash.address(key_id))
    assert stored is not None
    assert secret not in str(stored.serialize())
    assert secret not in brand.get("/v1/api-keys").text


def test_a_taken_slug_is_refused_and_leaves_nothing_behind(api: Api, brand: Brand) -> None:
    answer = api.post("/v1/tenants", {**FORM, "name": "Another"})
    assert (answer.status, answer.json["code"]) == (409, "slug_taken")
    assert answer.json["errors"][0]["pointer"] == "/slug"
    assert "choose another" in answer.json["detail"]
    assert api.get("/v1/stores/linli").json["name"] == "邻里鲜果"


def test_of_sixteen_brands_that_want_a_slug_at_once_one_gets_it(api: Api) -> None:
    answers = at_once([partial(api.post, "/v1/tenants", {**FORM, "name": f"Brand {n}"}) for n in range(16)])

    winners = [answer.json for answer in answers if answer.status == 201]
    assert len(winners) == 1
    assert {answer.json["code"] for answer in answers if answer.status != 201} == {"slug_taken"}
    assert api.get("/v1/tenant", token=winners[0]["api_key"]["secret"]).json["name"] == winners[0]["tenant"]["name"]
    assert RegistryEntry.fetch(*RegistryEntry.address(winners[0]["tenant"]["id"])) is not None


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("slug", "admin", "slug_reserved"),
        ("slug", "No Good", "slug_invalid"),
        ("slug", "x", "slug_invalid"),
        ("timezone", "Mars/Olympus", "invalid"),
        ("timezone", "../etc/passwd", "invalid"),
        ("currency", "XXX", "invalid"),
        ("currency", "cny", "invalid"),
        ("locale", "zh_CN", "invalid"),
        ("locale", "in English, please", "invalid"),
        ("owner_email", "not an address", "invalid"),
        ("name", "", "invalid"),
        ("name", "x" * 121, "invalid"),
        ("name", 5, "invalid"),
    ],
)
def test_a_bad_field_is_refused_by_its_name(api: Api, field: str, value: object, code: str) -> None:
    answer = api.post("/v1/tenants", {**FORM, field: value})
    assert (answer.status, answer.json["code"]) == (422, code)
    assert answer.json["errors"][0]["pointer"] == f"/{field}"


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB", "zh-Hant-TW", "fr"])
def test_a_locale_is_answered_as_it_was_given(api: Api, locale: str) -> None:
    made = api.post("/v1/tenants", {**FORM, "locale": locale})
    assert (made.status, made.json["tenant"]["locale"]) == (201, locale)
    token = made.json["api_key"]["secret"]
    assert api.get(f"/v1/stores/{FORM['slug']}").json["locale"] == locale
    assert api.patch("/v1/tenant", {"locale": "EN-gb"}, token=token).json["locale"] == "EN-gb"
    refused = api.patch("/v1/tenant", {"locale": "zh_CN"}, token=token)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/locale")
    assert "zh-CN" in refused.json["errors"][0]["message"]


def test_a_refusal_speaks_chinese_when_asked(api: Api) -> None:
    answer = api.post("/v1/tenants", {**FORM, "slug": "admin"}, headers={"Accept-Language": "zh-CN"})
    assert "平台保留" in answer.json["detail"]


@pytest.mark.parametrize("slug", ["nobody-here", "LINLI", "a" * 3000, "li%23nli", "%00", "邻里"])
def test_a_store_that_does_not_exist_is_not_found(api: Api, brand: Brand, slug: str) -> None:
    assert api.get(f"/v1/stores/{slug}").status == 404


def test_the_day_clock_is_set_to_the_tenants_own_midnight(api: Api, clock: Clock) -> None:
    clock.set(datetime(2026, 3, 1, 15, 30, tzinfo=UTC))
    shanghai, new_york = sign_up(api), sign_up(api, slug="newyork", timezone="America/New_York")
    assert _due(shanghai.id) == datetime(2026, 3, 1, 16, 0, tzinfo=UTC) + DAY_GRACE
    assert _due(new_york.id) == datetime(2026, 3, 2, 5, 0, tzinfo=UTC) + DAY_GRACE


def test_the_day_clock_is_seen_by_the_nightly_sweep(brand: Brand) -> None:
    with platform_scope():
        query = TenantRecord._get_connection().query
        seen = [item for n in range(DUE_SHARDS["night"]) for item in query(f"night#{n}", index_name="due")["Items"]]
    assert [(item["due_kind"]["S"], item["due_queue"]["S"]) for item in seen] == [("tenant.day_ended", "rollup")]
    assert seen[0]["pk"]["S"].startswith(brand.id)


def test_a_night_moves_the_day_clock_and_leaves_the_brands_revision(brand: Brand, clock: Clock, sweep: Sweep) -> None:
    first = _due(brand.id)
    clock.set(first + timedelta(minutes=1))
    sweep()
    assert _due(brand.id) == first + timedelta(days=1)
    assert brand.get("/v1/tenant").headers["etag"] == '"1"'


def test_the_tenant_announces_itself_once(brand: Brand) -> None:
    with tenant_scope(brand.id):
        tenant = Tenant.fetch(*Tenant.address(brand.id))
    assert tenant is not None
    assert [entry["t"] for entry in tenant.outbox] == ["tenant.created"]
    assert parse_instant(brand.get("/v1/tenant").json["created_at"]).tzinfo is not None


def _due(tenant_id: str) -> datetime:
    with tenant_scope(tenant_id):
        found = DayClock.fetch(*DayClock.address(tenant_id))
    assert found is not None
    return found.due_at
