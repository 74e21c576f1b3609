from tests.calls import Api
from tests.members.codes import sign_in
from tests.tenants.brands import Brand


def test_a_brand_is_confirmed_when_an_owner_signs_in_and_by_nobody_else(api: Api, brand: Brand) -> None:
    brand.hire("mei@linli.example", "manager")
    sign_in(api, audience="staff", email="mei@linli.example")
    sign_in(api, email="owner@linli.example")
    assert brand.get("/v1/tenant").json["owner_confirmed"] is False

    sign_in(api, audience="staff", email="owner@linli.example")
    shown = brand.get("/v1/tenant")
    assert (shown.json["owner_confirmed"], shown.headers["etag"]) == (True, '"1"')
    assert brand.patch("/v1/tenant", {"name": "New"}).json["owner_confirmed"] is True
