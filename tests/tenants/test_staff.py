from functools import partial

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.model import LastOwner
from chalicelib.tenants.service import staff as people
from tests.calls import Api
from tests.tenants.brands import Brand, at_once, owners_of, sign_up


def test_someone_joins_changes_roles_and_leaves(brand: Brand) -> None:
    hired = brand.post("/v1/staff", {"email": "Mei@Linli.example", "name": "Mei", "roles": ["editor", "editor"]})
    assert hired.status == 201
    assert (hired.json["email"], hired.json["roles"]) == ("mei@linli.example", ["editor"])

    changed = brand.patch(f"/v1/staff/{hired.json['id']}", {"roles": ["planner", "service"]})
    assert changed.json["roles"] == ["planner", "service"]
    assert brand.get(f"/v1/staff/{hired.json['id']}").json == changed.json

    assert brand.delete(f"/v1/staff/{hired.json['id']}").status == 204
    assert brand.get(f"/v1/staff/{hired.json['id']}").status == 404
    assert len(brand.get("/v1/staff").json["items"]) == 1


def test_an_e_mail_is_on_the_staff_once_and_free_again_afterwards(brand: Brand) -> None:
    first = brand.hire("mei@linli.example", "editor")
    answer = brand.post("/v1/staff", {"email": "MEI@linli.example", "roles": ["analyst"]})
    assert (answer.status, answer.json["code"]) == (409, "staff_exists")
    brand.delete(f"/v1/staff/{first}")
    assert brand.hire("mei@linli.example", "analyst") != first


def test_of_ten_who_hire_the_same_person_at_once_one_does(brand: Brand) -> None:
    body = {"email": "mei@linli.example", "roles": ["editor"]}
    answers = at_once([lambda: brand.post("/v1/staff", body)] * 10)
    assert sorted(answer.status for answer in answers) == [201] + [409] * 9
    assert len(brand.get("/v1/staff").json["items"]) == 2


def test_the_last_owner_stays(brand: Brand) -> None:
    owner = brand.owner_id()
    for answer in (brand.delete(f"/v1/staff/{owner}"), brand.patch(f"/v1/staff/{owner}", {"roles": ["editor"]})):
        assert (answer.status, answer.json["code"]) == (409, "last_owner")
    second = brand.hire("second@linli.example", "owner")
    theirs = brand.token_of(second)
    assert brand.delete(f"/v1/staff/{owner}", token=theirs).status == 204
    assert brand.delete(f"/v1/staff/{second}", token=theirs).status == 409


@pytest.mark.parametrize("round_", range(5))
def test_when_all_owners_are_removed_at_once_one_remains(brand: Brand, round_: int) -> None:
    """Whoever removes them was let in before: a key or a token ends with its owner, so that over HTTP some would be
    turned away at the door.
    """
    owners = [brand.owner_id()] + [brand.hire(f"o{n}@linli.example", "owner") for n in range(5)]
    by = Principal("staff", brand.id, owners[0], frozenset({"owner"}), person=owners[0])

    def end(n: int, owner: str) -> str:
        with tenant_scope(brand.id):
            try:
                if n % 2:
                    people.remove_staff(brand.id, owner, None, by, clock.now())
                else:
                    people.edit_staff(brand.id, owner, None, ["editor"], None, by, clock.now())
            except LastOwner:
                return "stays"
        return "gone"

    assert at_once([partial(end, n, owner) for n, owner in enumerate(owners)]).count("stays") == 1
    assert len(owners_of(brand.id)) == 1


def test_an_owner_who_is_removed_many_times_at_once_is_counted_off_once(brand: Brand) -> None:
    first, second, third, fourth = [brand.owner_id(), *[brand.hire(f"o{n}@linli.example", "owner") for n in range(3)]]
    answers = at_once([partial(brand.delete, f"/v1/staff/{fourth}")] * 8)
    assert sorted(answer.status for answer in answers) == [204] + [404] * 7
    # Were the count off, an owner could not go while others remain, or the only one could.
    theirs = brand.token_of(first)
    statuses = [brand.delete(f"/v1/staff/{owner}", token=theirs).status for owner in (third, second, first)]
    assert statuses == [204, 204, 409]


def test_a_stale_edit_is_refused(brand: Brand) -> None:
    mei = brand.hire("mei@linli.example", "editor")
    brand.patch(f"/v1/staff/{mei}", {"name": "Mei"})
    for answer in (
        brand.patch(f"/v1/staff/{mei}", {"name": "X"}, headers={"If-Match": '"1"'}),
        brand.delete(f"/v1/staff/{mei}", headers={"If-Match": '"1"'}),
    ):
        assert answer.status == 412


@pytest.mark.parametrize("body", [{"roles": []}, {"roles": ["boss"]}, {"email": "x@y.example"}, {"name": ""}])
def test_a_bad_edit_is_refused(brand: Brand, body: dict[str, object]) -> None:
    assert brand.patch(f"/v1/staff/{brand.owner_id()}", body).status == 422


def test_only_owners_change_the_staff(brand: Brand) -> None:
    manager = brand.key_with("manager")
    assert brand.get("/v1/staff", token=manager).status == 200
    assert brand.post("/v1/staff", {"email": "a@b.example", "roles": ["editor"]}, token=manager).status == 403
    assert brand.delete(f"/v1/staff/{brand.owner_id()}", token=manager).status == 403


def test_another_brands_people_are_not_found(api: Api, brand: Brand) -> None:
    other = sign_up(api, slug="other")
    theirs = other.hire("theirs@other.example", "editor")
    assert brand.get(f"/v1/staff/{theirs}").status == 404
    assert brand.patch(f"/v1/staff/{theirs}", {"name": "X"}).status == 404
    assert brand.delete(f"/v1/staff/{theirs}").status == 404
    assert other.get(f"/v1/staff/{theirs}").json["name"] == "Somebody"
