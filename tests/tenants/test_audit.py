from tests.calls import Api
from tests.tenants.brands import Brand, sign_up


def test_every_change_of_the_account_is_on_record_newest_first(brand: Brand) -> None:
    mei = brand.hire("mei@linli.example", "editor")
    brand.patch(f"/v1/staff/{mei}", {"roles": ["planner"]})
    brand.patch("/v1/tenant", {"name": "Renamed"})
    key_id = brand.post("/v1/api-keys", {"name": "checkout", "scopes": ["editor"]}).json["id"]
    brand.delete(f"/v1/api-keys/{key_id}")
    brand.delete(f"/v1/staff/{mei}")

    entries = brand.get("/v1/audit").json["items"]
    assert [entry["action"] for entry in entries] == [
        "staff.removed", "api_key.revoked", "api_key.created", "tenant.changed", "staff.changed", "staff.added",
        "tenant.created",
    ]  # fmt: skip
    assert entries[3]["changes"] == {"name": {"from": "邻里鲜果", "to": "Renamed"}}
    assert entries[4]["changes"] == {"roles": {"from": ["editor"], "to": ["planner"]}}
    assert all(entry["by"].startswith("api_key:") for entry in entries[:-1])
    assert brand.key.partition(".")[2] not in str(entries)


def test_the_log_is_filtered_by_target_and_action(brand: Brand) -> None:
    mei = brand.hire("mei@linli.example", "editor")
    brand.patch(f"/v1/staff/{mei}", {"roles": ["planner"]})
    brand.hire("li@linli.example", "editor")

    of_mei = brand.get(f"/v1/audit?target=staff:{mei}").json["items"]
    assert [entry["action"] for entry in of_mei] == ["staff.changed", "staff.added"]
    added = brand.get("/v1/audit?action=staff.added").json["items"]
    assert [entry["changes"]["email"] for entry in added] == ["li@linli.example", "mei@linli.example"]
    both = brand.get(f"/v1/audit?target=staff:{mei}&action=staff.added").json["items"]
    assert len(both) == 1


def test_the_log_is_paged(brand: Brand) -> None:
    for n in range(5):
        brand.patch("/v1/tenant", {"name": f"Name {n}"})
    seen, cursor = [], ""
    while cursor is not None:
        page = brand.get(f"/v1/audit?limit=2{cursor and f'&cursor={cursor}'}").json
        seen += [entry["id"] for entry in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 6
    assert seen == sorted(seen, reverse=True)


def test_a_refused_change_leaves_no_entry(brand: Brand) -> None:
    brand.delete(f"/v1/staff/{brand.owner_id()}")
    assert len(brand.get("/v1/audit").json["items"]) == 1


def test_a_filter_that_is_none_is_refused(brand: Brand) -> None:
    assert brand.get("/v1/audit?target=staff%23x").status == 422
    assert brand.get("/v1/audit?actor=x").status == 422


def test_only_managers_read_the_log_and_only_their_own(api: Api, brand: Brand) -> None:
    other = sign_up(api, slug="other")
    assert brand.get("/v1/audit", token=brand.key_with("editor")).status == 403
    mine = brand.get("/v1/audit").json["items"]
    assert not {entry["id"] for entry in mine} & {entry["id"] for entry in other.get("/v1/audit").json["items"]}
    assert brand.get(f"/v1/audit?target=tenant:{other.id}").json["items"] == []
