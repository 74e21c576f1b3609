"""An API key does no more than whose it is may do, and stops with them unless somebody takes it over."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.remembering import forget_everything
from chalicelib.tenants.records import ApiKeyHash, ApiKeyRecord
from tests.calls import Reply
from tests.tenants.brands import Brand, at_once, sign_up


def a_key(brand: Brand, *scopes: str, **options: Any) -> Any:
    """A key that somebody makes: the credential in `token`, else the brand's first key."""
    token = options.pop("token", brand.key)
    answer = brand.post("/v1/api-keys", {"name": "a key", "scopes": list(scopes), **options}, token=token)
    assert answer.status == 201, answer.text
    return answer.json


def listed(brand: Brand, key_id: str) -> Any:
    """The key as the list has it."""
    return next(each for each in brand.get("/v1/api-keys").json["items"] if each["id"] == key_id)


class TestWhoseAKeyIs:
    def test_a_managers_key_stops_with_the_manager(self, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager")
        key = a_key(brand, "manager", token=brand.token_of(mei))
        assert brand.get("/v1/tenant", token=key["secret"]).status == 200

        assert brand.delete(f"/v1/staff/{mei}").status == 204

        answer = brand.get("/v1/tenant", token=key["secret"])
        assert (answer.status, answer.json["code"]) == (401, "unauthenticated")
        shown = listed(brand, key["id"])
        assert (shown["status"], shown["scopes"], shown["scopes_now"]) == ("stopped", ["manager"], [])
        assert shown["keeper"] == {"staff_id": mei, "name": "Somebody"}

    def test_a_key_loses_what_its_keeper_loses_with_the_next_request(self, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager", "analyst")
        key = a_key(brand, "manager", "analyst", token=brand.token_of(mei))
        assert brand.get("/v1/audit", token=key["secret"]).status == 200

        answer = brand.patch(f"/v1/staff/{mei}", {"roles": ["analyst"]})

        assert brand.get("/v1/audit", token=key["secret"]).status == 403
        assert brand.get("/v1/tenant", token=key["secret"]).status == 200
        shown = answer.json["api_keys"]
        assert [(each["id"], each["scopes_now"], each["status"]) for each in shown] == [
            (key["id"], ["analyst"], "active")
        ]
        brand.patch(f"/v1/staff/{mei}", {"roles": ["manager", "analyst"]})
        assert brand.get("/v1/audit", token=key["secret"]).status == 200

    def test_a_key_of_every_scope_does_what_an_owner_who_is_one_no_more_may(self, brand: Brand) -> None:
        second = brand.hire("second@linli.example", "owner")
        everything = a_key(brand, "*", token=brand.token_of(second))["secret"]
        assert brand.get("/v1/payment-settings", token=everything).status == 200
        scoped = a_key(brand, "owner", token=brand.token_of(second))["secret"]
        assert brand.get("/v1/payment-settings", token=scoped).status == 200
        brand.patch(f"/v1/staff/{second}", {"roles": ["editor"]})
        assert brand.get("/v1/payment-settings", token=everything).status == 403
        assert brand.get("/v1/staff", token=everything).status == 200

    def test_a_key_that_a_key_made_is_its_keepers_too(self, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager")
        first = a_key(brand, "manager", token=brand.token_of(mei))
        second = a_key(brand, "manager", token=first["secret"])
        assert (second["created_by"], second["keeper"]["staff_id"]) == (f"api_key:{first['id']}", mei)

        brand.delete(f"/v1/api-keys/{first['id']}")
        assert brand.get("/v1/tenant", token=second["secret"]).status == 200
        brand.delete(f"/v1/staff/{mei}")
        assert brand.get("/v1/tenant", token=second["secret"]).status == 401

    def test_the_first_key_is_the_first_owners(self, brand: Brand) -> None:
        owner, second = brand.owner_id(), brand.hire("second@linli.example", "owner")
        first = brand.get("/v1/api-keys").json["items"][0]
        assert first["keeper"] == {"staff_id": owner, "name": "owner@linli.example"}
        assert [each["id"] for each in brand.get(f"/v1/staff/{owner}").json["api_keys"]] == [first["id"]]

        brand.delete(f"/v1/staff/{owner}")

        assert brand.get("/v1/tenant").status == 401
        stopped = brand.get(f"/v1/api-keys?keeper_id={owner}", token=brand.token_of(second)).json["items"]
        assert [(each["id"], each["status"]) for each in stopped] == [(first["id"], "stopped")]

    def test_who_is_hired_again_has_no_keys_from_before(self, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager")
        key = a_key(brand, "manager", token=brand.token_of(mei))
        brand.delete(f"/v1/staff/{mei}")
        again = brand.hire("mei@linli.example", "manager")
        assert brand.get("/v1/tenant", token=key["secret"]).status == 401
        assert brand.get(f"/v1/staff/{again}").json["api_keys"] == []

    def test_those_who_may_not_list_keys_are_shown_none(self, brand: Brand) -> None:
        owner, editor = brand.owner_id(), brand.key_with("editor")
        assert brand.get(f"/v1/staff/{owner}", token=editor).json["api_keys"] == []

    def test_a_key_whose_keeper_holds_none_of_its_scopes_is_told_so(self, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager")
        key = a_key(brand, "manager", token=brand.token_of(mei))
        brand.patch(f"/v1/staff/{mei}", {"roles": ["editor"]})
        answer = brand.get("/v1/tenant", token=key["secret"])
        assert (answer.status, answer.json["detail"].startswith("Whoever answers for this API key")) == (403, True)


class TestTakingOver:
    def test_what_is_taken_over_runs_on_when_its_keeper_leaves(self, brand: Brand) -> None:
        mei, li = (brand.hire(f"{name}@linli.example", "manager") for name in ("mei", "li"))
        key = a_key(brand, "manager", token=brand.token_of(mei))

        taken = brand.post(f"/v1/api-keys/{key['id']}/take-over", token=brand.token_of(li))
        brand.delete(f"/v1/staff/{mei}")

        assert (taken.status, taken.json["keeper"]["staff_id"], "secret" in taken.json) == (200, li, False)
        assert brand.get("/v1/tenant", token=key["secret"]).status == 200
        newest = brand.get("/v1/audit?action=api_key.taken_over").json["items"][0]
        assert (newest["target"], newest["by"]) == (f"api_key:{key['id']}", f"staff:{li}")
        assert newest["changes"] == {"name": "a key", "keeper": {"from": mei, "to": li}}
        brand.delete(f"/v1/staff/{li}")
        assert brand.get("/v1/tenant", token=key["secret"]).status == 401

    def test_a_stopped_key_runs_again_for_who_takes_it_over(self, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager")
        key = a_key(brand, "manager", token=brand.token_of(mei))
        brand.delete(f"/v1/staff/{mei}")
        assert brand.get("/v1/tenant", token=key["secret"]).status == 401
        assert brand.post(f"/v1/api-keys/{key['id']}/take-over").json["status"] == "active"
        assert brand.get("/v1/tenant", token=key["secret"]).status == 200

    def test_taking_over_ones_own_changes_nothing(self, brand: Brand) -> None:
        key = brand.get("/v1/api-keys").json["items"][0]["id"]
        assert brand.post(f"/v1/api-keys/{key}/take-over").status == 200
        assert brand.get("/v1/audit?action=api_key.taken_over").json["items"] == []

    def test_nobody_takes_over_more_than_they_may(self, brand: Brand) -> None:
        manager, first = brand.key_with("manager"), brand.get("/v1/api-keys").json["items"][0]["id"]
        for way in ("take-over", "rotate"):
            answer = brand.post(f"/v1/api-keys/{first}/{way}", token=manager)
            assert (answer.status, answer.json["code"]) == (403, "cannot_grant")

    def test_another_brands_key_is_not_there(self, brand: Brand) -> None:
        theirs = sign_up(brand.api, slug="other").get("/v1/api-keys").json["items"][0]["id"]
        for way in ("take-over", "rotate"):
            assert brand.post(f"/v1/api-keys/{theirs}/{way}").status == 404


class TestRotating:
    def rotated(self, brand: Brand, key: Any, **body: object) -> Any:
        answer = brand.post(f"/v1/api-keys/{key['id']}/rotate", body)
        assert answer.status == 200, answer.text
        return answer.json

    def test_the_old_secret_works_for_a_day_more(self, brand: Brand, clock: Any) -> None:
        key = a_key(brand, "manager")
        new = self.rotated(brand, key)
        assert (new["id"], new["scopes"]) == (key["id"], ["manager"])
        assert new["secret"] != key["secret"]
        for secret in (key["secret"], new["secret"]):
            assert brand.get("/v1/tenant", token=secret).status == 200

        clock.advance(hours=24, seconds=1)

        assert brand.get("/v1/tenant", token=key["secret"]).status == 401
        assert brand.get("/v1/tenant", token=new["secret"]).status == 200

    def test_or_ends_at_once(self, brand: Brand) -> None:
        key = a_key(brand, "manager")
        new = self.rotated(brand, key, overlap_hours=0)
        assert brand.get("/v1/tenant", token=key["secret"]).status == 401
        assert brand.get("/v1/tenant", token=new["secret"]).status == 200

    def test_two_secrets_work_at_most(self, brand: Brand) -> None:
        key = a_key(brand, "manager")
        second = self.rotated(brand, key)
        assert self.statuses(brand, second) == [200]
        third = self.rotated(brand, key)
        assert self.statuses(brand, key, second, third) == [401, 200, 200]

    def test_where_the_answer_was_lost_it_is_asked_again_and_what_runs_runs_on(self, brand: Brand) -> None:
        key = a_key(brand, "manager")
        assert self.statuses(brand, key) == [200]
        lost, again = self.rotated(brand, key), self.rotated(brand, key)
        assert self.statuses(brand, key, lost, again) == [200, 401, 200]

    def test_a_secret_that_was_ended_never_comes_back(self, brand: Brand) -> None:
        leaked = a_key(brand, "manager")
        ended = self.rotated(brand, leaked, overlap_hours=0)
        again = self.rotated(brand, leaked)
        assert self.statuses(brand, leaked, ended, again) == [401, 200, 200]

    def test_rotating_again_does_not_lengthen_what_was_said_of_the_one_in_use(self, brand: Brand) -> None:
        key = a_key(brand, "manager")
        first, longer = self.rotated(brand, key, overlap_hours=1), self.rotated(brand, key, overlap_hours=48)
        assert longer["old_secret_ends_at"] == first["old_secret_ends_at"]
        self.rotated(brand, key, overlap_hours=0)
        assert self.statuses(brand, key) == [401]

    def test_rotations_at_once_leave_what_runs_and_one_new_secret(self, brand: Brand) -> None:
        key = a_key(brand, "manager")
        new = at_once([lambda: self.rotated(brand, key)] * 5)
        assert self.statuses(brand, key) == [200]
        assert sorted(self.statuses(brand, *new)) == [200, 401, 401, 401, 401]

    def statuses(self, brand: Brand, *keys: Any) -> list[int]:
        return [brand.get("/v1/tenant", token=each["secret"]).status for each in keys]

    def test_it_is_on_record_and_the_secret_is_not(self, brand: Brand) -> None:
        key = a_key(brand, "manager")
        new = self.rotated(brand, key, overlap_hours=2)
        log = brand.get(f"/v1/audit?target=api_key:{key['id']}").json["items"]
        assert [each["action"] for each in log] == ["api_key.rotated", "api_key.created"]
        assert log[0]["changes"] == {"name": "a key", "old_secret_ends_at": new["old_secret_ends_at"]}
        assert new["secret"].partition(".")[2] not in str(log)
        assert listed(brand, key["id"])["rotated_at"] == new["rotated_at"]

    def test_the_key_becomes_whose_sees_the_secret(self, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager")
        key = a_key(brand, "manager", token=brand.token_of(mei))
        assert self.rotated(brand, key)["keeper"]["staff_id"] == brand.owner_id()

    @pytest.mark.parametrize("hours", [-1, 169, 1.5, "1"])
    def test_an_overlap_is_up_to_a_week(self, brand: Brand, hours: object) -> None:
        key = a_key(brand, "manager")
        assert brand.post(f"/v1/api-keys/{key['id']}/rotate", {"overlap_hours": hours}).status == 422


class TestExpiry:
    def test_a_key_ends_when_it_was_said_to(self, brand: Brand, clock: Any) -> None:
        ends = product_clock.instant(product_clock.now() + timedelta(hours=2))
        key = a_key(brand, "manager", expires_at=ends)
        assert key["expires_at"] == ends
        assert brand.get("/v1/tenant", token=key["secret"]).status == 200

        clock.advance(hours=2)

        assert brand.get("/v1/tenant", token=key["secret"]).status == 401
        assert (listed(brand, key["id"])["status"], listed(brand, key["id"])["scopes_now"]) == ("expired", [])
        answer = brand.post(f"/v1/api-keys/{key['id']}/rotate")
        assert (answer.status, answer.json["code"]) == (409, "api_key_expired")

    def test_an_old_secret_never_outlives_its_key(self, brand: Brand) -> None:
        ends = product_clock.instant(product_clock.now() + timedelta(hours=2))
        key = a_key(brand, "manager", expires_at=ends)
        assert brand.post(f"/v1/api-keys/{key['id']}/rotate").json["old_secret_ends_at"] == ends

    def test_an_end_in_the_past_is_refused_at_its_field(self, brand: Brand) -> None:
        past = product_clock.instant(product_clock.now())
        answer = brand.post("/v1/api-keys", {"name": "x", "scopes": ["editor"], "expires_at": past})
        assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/expires_at")


class TestUse:
    def test_the_last_use_is_shown_and_written_once_an_hour(self, brand: Brand, clock: Any) -> None:
        key = a_key(brand, "manager")
        assert listed(brand, key["id"])["last_used_at"] is None
        self.cost(brand, key)
        first = listed(brand, key["id"])["last_used_at"]
        assert first is not None

        clock.advance(minutes=59)
        assert self.cost(brand, key) == (0, 1)
        assert listed(brand, key["id"])["last_used_at"] == first

        clock.advance(minutes=2)
        assert self.cost(brand, key) == (1, 1)
        assert listed(brand, key["id"])["last_used_at"] > first
        assert self.cost(brand, key) == (0, 1)

    def cost(self, brand: Brand, key: Any) -> tuple[int, int]:
        """Writes, and reads to know the caller, of one request that is then refused for its role."""
        with metered() as meter:
            assert brand.get("/v1/payment-settings", token=key["secret"]).status == 403
        return meter.writes, meter.reads

    def test_a_request_succeeds_where_its_use_cannot_be_written_down(
        self, brand: Brand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = a_key(brand, "manager")

        def fails(_: Transaction) -> None:
            raise Unavailable("throttled")

        with monkeypatch.context() as patch:
            patch.setattr(Transaction, "commit", fails)
            assert brand.get("/v1/tenant", token=key["secret"]).status == 200
        assert listed(brand, key["id"])["last_used_at"] is None

    def test_a_wrong_secret_is_no_use(self, brand: Brand) -> None:
        key = a_key(brand, "manager")
        assert brand.get("/v1/tenant", token=key["secret"] + "x").status == 401
        assert listed(brand, key["id"])["last_used_at"] is None

    def test_a_key_taken_over_in_another_process_is_looked_up_again(self, brand: Brand) -> None:
        mei = brand.hire("mei@linli.example", "manager")
        key = a_key(brand, "manager", token=brand.token_of(mei))
        assert self.cost(brand, key)  # whose it is, is known now
        brand.post(f"/v1/api-keys/{key['id']}/take-over")
        brand.delete(f"/v1/staff/{mei}")
        assert brand.get("/v1/tenant", token=key["secret"]).status == 200


class TestKeysOfEarlierReleases:
    """They were stored without a keeper."""

    def aged(self, brand: Brand, key_id: str) -> None:
        """As an earlier release stored it."""
        with tenant_scope(brand.id):
            for kind, address in (
                (ApiKeyRecord, ApiKeyRecord.address(brand.id, key_id)),
                (ApiKeyHash, ApiKeyHash.address(key_id)),
            ):
                record = kind.fetch(*address)
                assert record is not None
                names = [name for name in ("keeper", "keeper_name", "used_at") if hasattr(record, name)]
                record.update(actions=[getattr(kind, name).remove() for name in names])
        forget_everything()

    def test_they_go_on_working_for_who_made_them(self, brand: Brand) -> None:
        self.aged(brand, brand.key[3:29])
        assert brand.get("/v1/tenant").status == 200
        [first] = brand.get("/v1/api-keys").json["items"]
        assert (first["status"], first["keeper"]["staff_id"]) == ("active", brand.owner_id())

    def of_mei(self, brand: Brand, scopes: tuple[str, ...] = ("manager",)) -> tuple[str, Any, Any]:
        mei = brand.hire("mei@linli.example", "manager")
        first = a_key(brand, *scopes, token=brand.token_of(mei))
        second = a_key(brand, *scopes, token=first["secret"])
        for each in (first, second):
            self.aged(brand, each["id"])
        return mei, first, second

    def test_one_that_was_never_used_since_stops_with_its_maker_too(self, brand: Brand) -> None:
        mei, first, second = self.of_mei(brand)
        assert [each["id"] for each in brand.get(f"/v1/staff/{mei}").json["api_keys"]] == [first["id"], second["id"]]
        brand.delete(f"/v1/staff/{mei}")
        assert [self.status(brand, each) for each in (first, second)] == [401, 401]

    def test_one_made_by_a_key_that_is_gone_is_its_makers(self, brand: Brand) -> None:
        mei, first, second = self.of_mei(brand)
        brand.delete(f"/v1/api-keys/{first['id']}")
        assert listed(brand, second["id"])["keeper"]["staff_id"] == mei
        brand.patch(f"/v1/staff/{mei}", {"roles": ["editor"]})
        assert self.status(brand, second) == 403

    def test_one_made_by_the_first_key_that_is_gone_is_the_first_owners(self, brand: Brand) -> None:
        key, owner = a_key(brand, "*"), brand.owner_id()
        brand.delete(f"/v1/api-keys/{brand.key[3:29]}", token=key["secret"])
        self.aged(brand, key["id"])
        kept = brand.get("/v1/api-keys", token=key["secret"]).json["items"]
        assert [each["keeper"]["staff_id"] for each in kept] == [owner]

    def test_one_whose_maker_had_left_goes_on_until_it_is_taken_over(self, brand: Brand) -> None:
        mei, first, second = self.of_mei(brand)
        brand.delete(f"/v1/staff/{mei}")
        for each in (first, second):
            self.aged(brand, each["id"])

        assert self.status(brand, first) == 200
        shown = listed(brand, first["id"])
        assert (shown["status"], shown["keeper"], shown["scopes_now"]) == ("active", None, ["manager"])
        for made in (
            brand.post("/v1/api-keys", {"name": "x", "scopes": ["manager"]}, token=first["secret"]),
            brand.post(f"/v1/api-keys/{second['id']}/rotate", token=first["secret"]),
            brand.post(f"/v1/api-keys/{second['id']}/take-over", token=first["secret"]),
        ):
            assert (made.status, made.json["code"]) == (403, "key_without_keeper")
        brand.post(f"/v1/api-keys/{first['id']}/take-over")
        assert listed(brand, first["id"])["keeper"]["staff_id"] == brand.owner_id()

    def status(self, brand: Brand, key: Any) -> int:
        answer: Reply = brand.get("/v1/audit", token=key["secret"])
        return answer.status
