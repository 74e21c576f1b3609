"""Another e-mail or phone number to sign in with: proved on both sides, unique, told, and logged."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel import clock as product_clock
from chalicelib.members.enrolment.service import Newcomer, enrol, find_or_enrol_by_phone, find_ordinals
from chalicelib.members.identity_changes.model import Holder, masked
from chalicelib.members.identity_changes.records import IdentityChange
from chalicelib.members.linking.service.adopting import give
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.model.status import IMPORTED
from chalicelib.members.records import MemberRecord
from chalicelib.settings import forget
from tests.builders import made
from tests.calls import Api, Reply
from tests.conftest import Clock, Drain
from tests.members.codes import ask, exchange, other_than, sent, sign_in
from tests.tenants.brands import Brand, at_once, sign_up

ME = "/v1/stores/linli/me"
CHANGES = f"{ME}/identity-changes"
OLD, NEW, PHONE = "fang@home.example", "fang@work.example", "+8613800138000"


def codes() -> dict[str, str]:
    """The codes that wait to be sent, by whom they go to."""
    return {each["data"]["to"]: each["data"]["params"]["code"] for each in sent()}


class Fang:
    """A member who changes what they sign in with."""

    def __init__(self, api: Api) -> None:
        self.api, self.token = api, sign_in(api)["access_token"]
        self.id = api.get(ME, token=self.token).json["id"]

    def ask(self, **wanted: str) -> Reply:
        return self.api.post(CHANGES, wanted, token=self.token)

    def confirm(self, own: str, new: str, **wanted: str) -> Reply:
        return self.api.post(f"{CHANGES}/confirm", wanted | {"own_code": own, "new_code": new}, token=self.token)

    def changes(self, own: str = OLD, **wanted: str) -> Reply:
        """Asks and confirms."""
        made(self.ask(**wanted), 202)
        found = codes()
        (new,) = [value for name, value in wanted.items() if name != "prove_with"]
        wanted.pop("prove_with", None)
        return self.confirm(found[own], found[new], **wanted)

    def adds_phone(self) -> None:
        self.token = made(self.changes(phone=PHONE), 200)["access_token"]


@pytest.fixture
def fang(api: Api, brand: Brand) -> Fang:
    return Fang(api)


class TestOfMembers:
    def test_both_codes_change_it_and_only_the_new_one_signs_in(self, api: Api, fang: Fang) -> None:
        before = fang.token
        asked = made(fang.ask(email=NEW), 202)
        assert asked == {"status": "sent", "own_code_sent_to": "f**@home.example", "expires_in": 600}
        found = codes()
        assert found.keys() == {OLD, NEW}

        answer = made(fang.confirm(found[OLD], found[NEW], email=NEW), 200)

        assert (answer["principal"]["id"], answer["expires_in"]) == (fang.id, 24 * 3600)
        assert api.get(ME, token=answer["access_token"]).json["email"] == NEW
        assert api.get(ME, token=before).status == 401, "every earlier token has ended"
        assert sign_in(api, email=NEW)["principal"]["id"] == fang.id
        assert sign_in(api, email=OLD)["principal"]["id"] != fang.id, "the old address is anybody's to join with"

    def test_the_old_address_is_told_in_part_what_took_its_place(self, fang: Fang, drain: Drain, engine: Any) -> None:
        made(fang.changes(email=NEW), 200)
        drain()

        (mail,) = [mail for mail in engine.mail() if "f**@work.example" in mail["text"]]
        assert (mail["to"], NEW in mail["text"]) == (OLD, False)
        assert "邻里鲜果" in mail["text"]

    def test_a_stranger_whom_members_name_again_and_again_gets_no_more_codes_of_one_source_than_by_signing_in(
        self, api: Api, fang: Fang, brand: Brand, drain: Drain, engine: Any
    ) -> None:
        tokens = [fang.token, *(sign_in(api, email=f"m{n}@home.example")["access_token"] for n in range(2))]
        for token in tokens:
            for _ in range(4):
                made(api.post(CHANGES, {"email": "stranger@elsewhere.example"}, token=token), 202)
        drain()

        assert len([mail for mail in engine.mail() if mail["to"] == "stranger@elsewhere.example"]) == 8
        made(ask(api, email="stranger@elsewhere.example"), 202)

    def test_what_a_stranger_is_sent_holds_no_word_of_the_brand_which_anybody_may_have_made(
        self, fang: Fang, drain: Drain, engine: Any
    ) -> None:
        made(fang.ask(phone=PHONE), 202)
        drain()

        (text,) = [each["text"] for each in engine.mail() if each["to"] == PHONE]
        assert ("邻里鲜果" in text, PHONE in text) == (False, True)

    def test_texts_of_a_store_whose_owner_has_not_come_yet_are_as_few_as_those_to_sign_in(
        self, fang: Fang, drain: Drain, engine: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setenv("LIMITS", '{"texts_to_newcomers_a_new_store": 2}')
            forget()
            for n in range(4):
                made(fang.ask(phone=f"+861380013800{n}"), 202)
            drain()
        forget()

        assert len([each for each in engine.mail() if each["to"].startswith("+86")]) == 2

    def test_the_team_finds_the_member_by_the_new_address_alone(self, fang: Fang, brand: Brand) -> None:
        made(fang.changes(email=NEW), 200)

        found = {q: [each["id"] for each in brand.get(f"/v1/members?q={q}").json["items"]] for q in (OLD, NEW)}
        assert found == {OLD: [], NEW: [fang.id]}

    def test_the_log_says_who_changed_what_without_the_addresses(self, fang: Fang, brand: Brand) -> None:
        made(fang.changes(email=NEW), 200)

        entry = brand.get(f"/v1/audit?target=member:{fang.id}").json["items"][0]
        assert (entry["action"], entry["by"]) == ("member.identity_changed", f"member:{fang.id}")
        assert entry["changes"] == {"email": {"from": "f**@home.example", "to": "f**@work.example"}}

    def test_a_first_phone_number_is_added_by_proof_of_the_e_mail(self, api: Api, fang: Fang, drain: Drain) -> None:
        fang.adds_phone()

        me = api.get(ME, token=fang.token).json
        assert (me["email"], me["phone"]) == (OLD, PHONE)
        assert sign_in(api, phone=PHONE)["principal"]["id"] == fang.id == sign_in(api)["principal"]["id"]

    @pytest.mark.parametrize("beside", ["theirs", "another's"])
    def test_a_number_that_the_brand_has_only_written_down_is_whose_proves_it(
        self, api: Api, fang: Fang, brand: Brand, beside: str
    ) -> None:
        other = sign_in(api, email="mo@home.example")["principal"]["id"]
        with tenant_scope(brand.id):
            ordinals = find_ordinals(brand.id, [Identity("email", OLD), Identity("email", "mo@home.example")])
            named = ordinals[Identity("email", OLD if beside == "theirs" else "mo@home.example")]
            assert give(brand.id, named, Identity("phone", PHONE), claimed=True)

        fang.adds_phone()

        assert sign_in(api, phone=PHONE)["principal"]["id"] == fang.id
        with tenant_scope(brand.id):
            found = [MemberRecord.at(brand.id, each) for each in (fang.id, other)]
        assert [each and each.further for each in found] == [None, None]

    def test_a_number_of_somebody_who_has_not_signed_in_yet_stays_theirs(self, fang: Fang, brand: Brand) -> None:
        with tenant_scope(brand.id):
            find_or_enrol_by_phone(brand.id, PHONE, "Mo", clock.now())
        assert fang.changes(phone=PHONE).json["code"] == "identity_taken"

    def test_who_has_lost_the_old_one_proves_another_of_theirs(self, api: Api, fang: Fang) -> None:
        fang.adds_phone()

        assert made(fang.ask(email=NEW, prove_with="phone"), 202)["own_code_sent_to"] == "****8000"
        found = codes()
        assert found.keys() == {PHONE, NEW}
        made(fang.confirm(found[PHONE], found[NEW], email=NEW), 200)
        assert sign_in(api, email=NEW)["principal"]["id"] == fang.id

    def test_what_they_do_not_have_proves_nothing(self, fang: Fang) -> None:
        refused = fang.ask(email=NEW, prove_with="phone")

        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/prove_with")
        assert codes() == {}

    @pytest.mark.parametrize("wrong", [(True, False), (False, True), (True, True)])
    def test_one_wrong_code_changes_nothing_and_uses_neither_up(self, fang: Fang, wrong: tuple[bool, bool]) -> None:
        made(fang.ask(email=NEW), 202)
        found = codes()
        own, new = (other_than(found[to]) if bad else found[to] for to, bad in zip((OLD, NEW), wrong, strict=True))

        refused = fang.confirm(own, new, email=NEW)

        assert (refused.status, refused.json["code"]) == (422, "codes_refused")
        assert fang.api.get(ME, token=fang.token).json["email"] == OLD
        assert fang.confirm(found[OLD], found[NEW], email=NEW).status == 200

    def test_codes_count_for_what_they_were_asked_for_once_and_for_ten_minutes(self, fang: Fang, clock: Clock) -> None:
        made(fang.ask(email=NEW), 202)
        found = codes()
        assert fang.confirm(found[OLD], found[NEW], email="other@work.example").status == 422
        clock.advance(minutes=11)
        assert fang.confirm(found[OLD], found[NEW], email=NEW).status == 422

        fang.token = made(fang.changes(email=NEW), 200)["access_token"]
        assert fang.confirm(found[OLD], found[NEW], email=OLD).status == 422

    def test_a_code_to_sign_in_with_is_none_to_change_with_nor_the_other_way_round(self, api: Api, fang: Fang) -> None:
        made(ask(api, email=OLD), 202)
        to_sign_in = codes()[OLD]
        made(fang.ask(email=NEW), 202)
        found = codes()

        assert fang.confirm(to_sign_in, found[NEW], email=NEW).status == 422
        assert exchange(api, found[OLD]).status == 401

    def test_five_tries_and_five_requests_whatever_is_wanted(self, fang: Fang) -> None:
        made(fang.ask(email=NEW), 202)
        found = codes()
        for _ in range(5):
            assert fang.confirm(other_than(found[OLD]), found[NEW], email=NEW).status == 422
        assert fang.confirm(found[OLD], found[NEW], email=NEW).status == 422, "the sixth try, though it is right"

        for number in range(4):
            made(fang.ask(email=f"fang{number}@work.example"), 202)
        refused = fang.ask(email="fang9@work.example")
        assert (refused.status, refused.json["code"]) == (429, "too_many_identity_codes")

    @pytest.mark.usefixtures("noon")  # all of it on one day
    def test_who_guesses_all_day_meets_longer_codes_and_the_member_still_changes(
        self, fang: Fang, clock: Clock
    ) -> None:
        for _ in range(6):
            made(fang.ask(email=NEW), 202)
            found = codes()
            for _ in range(5):
                assert fang.confirm(other_than(found[OLD]), found[NEW], email=NEW).status == 422
            clock.advance(minutes=4)
        made(fang.ask(email=NEW), 202)
        longer = codes()

        assert {len(code) for code in longer.values()} == {10}
        assert fang.confirm(found[OLD], found[NEW], email=NEW).status == 422
        assert fang.confirm(longer[OLD], longer[NEW], email=NEW).status == 200

    def test_an_address_of_somebody_else_looks_like_any_other_until_it_is_proved(self, api: Api, fang: Fang) -> None:
        theirs = sign_in(api, email="bo@home.example")["principal"]["id"]
        with metered() as free:
            nobody = fang.ask(email=NEW)
        with metered() as taken:
            somebody = fang.ask(email="bo@home.example")
        assert (nobody.status, nobody.json) == (somebody.status, somebody.json)
        assert free.by_operation == taken.by_operation
        found = codes()
        assert fang.confirm(found[OLD], other_than(found["bo@home.example"]), email="bo@home.example").status == 422

        refused = fang.confirm(found[OLD], found["bo@home.example"], email="bo@home.example")

        assert (refused.status, refused.json["code"]) == (409, "identity_taken")
        assert theirs not in refused.text
        assert sign_in(api, email="bo@home.example")["principal"]["id"] == theirs
        assert sign_in(api)["principal"]["id"] == fang.id

    def test_the_same_address_is_another_persons_in_another_store(self, api: Api, fang: Fang) -> None:
        sign_up(api, slug="other", owner_email="other@linli.example")
        sign_in(api, tenant="other", email=NEW)

        assert fang.changes(email=NEW).status == 200

    def test_what_it_is_already_is_no_change(self, fang: Fang) -> None:
        assert fang.ask(email="FANG@home.example").json["code"] == "identity_unchanged"
        both = fang.ask(email=NEW, phone=PHONE)
        assert (both.status, both.json["errors"][0]["pointer"]) == (422, "/email")

    def test_of_two_who_prove_the_same_address_at_once_one_gets_it(self, api: Api, fang: Fang) -> None:
        bo = sign_in(api, email="bo@home.example")["access_token"]
        made(fang.ask(email=NEW), 202)
        mine = codes()
        made(api.post(CHANGES, {"email": NEW}, token=bo), 202)
        theirs = codes()
        confirm = {"email": NEW, "own_code": theirs["bo@home.example"], "new_code": theirs[NEW]}
        calls: list[Callable[[], Reply]] = [
            partial(fang.confirm, mine[OLD], mine[NEW], email=NEW),
            partial(api.post, f"{CHANGES}/confirm", confirm, token=bo),
        ]

        assert sorted(reply.status for reply in at_once(calls)) == [200, 409]


class TestWithHelp:
    def test_the_team_changes_it_with_the_code_that_the_member_reads_out(
        self, api: Api, fang: Fang, brand: Brand, drain: Drain, engine: Any
    ) -> None:
        path = f"/v1/members/{fang.id}/identity-changes"
        assert made(brand.post(path, {"phone": PHONE}), 202)["own_code_sent_to"] is None
        found = codes()
        assert found.keys() == {PHONE}
        body = {"phone": PHONE, "new_code": found[PHONE], "reason": "Lost the mailbox"}

        changed = made(brand.post(f"{path}/confirm", body), 200)

        assert (changed["phone"], changed["email"]) == (PHONE, OLD)
        assert api.get(ME, token=fang.token).status == 401
        assert sign_in(api, phone=PHONE)["principal"]["id"] == fang.id
        entry = brand.get(f"/v1/audit?target=member:{fang.id}").json["items"][0]
        assert (entry["by"].partition(":")[0], entry["changes"]["reason"]) == ("api_key", "Lost the mailbox")
        drain()
        assert [mail["to"] for mail in engine.mail() if "****8000" in mail["text"]] == [OLD]

    def test_a_wrong_code_an_address_that_is_taken_and_a_role_without_the_right_change_nothing(
        self, api: Api, fang: Fang, brand: Brand
    ) -> None:
        sign_in(api, phone=PHONE)
        path = f"/v1/members/{fang.id}/identity-changes"
        made(brand.post(path, {"phone": PHONE}), 202)
        body = {"phone": PHONE, "new_code": codes()[PHONE], "reason": "Asked to"}

        wrong = brand.post(f"{path}/confirm", body | {"new_code": other_than(body["new_code"])})
        taken = brand.post(f"{path}/confirm", body)
        analyst = brand.post(path, {"phone": "+8613900139000"}, token=brand.key_with("analyst"))

        assert [wrong.json["code"], taken.json["code"], analyst.status] == ["codes_refused", "identity_taken", 403]
        assert brand.get(f"/v1/members/{fang.id}").json["phone"] is None

    def test_what_a_member_asked_for_takes_both_codes_whoever_confirms_it(self, fang: Fang, brand: Brand) -> None:
        made(fang.ask(email=NEW), 202)
        path, new = f"/v1/members/{fang.id}/identity-changes", codes()[NEW]
        body = {"email": NEW, "new_code": new, "reason": "Asked to"}
        assert brand.post(f"{path}/confirm", body).json["code"] == "codes_refused"

        made(brand.post(path, {"email": NEW}), 202)
        new = codes()[NEW]
        assert fang.confirm(new, new, email=NEW).json["code"] == "codes_refused"


def named(brand: Brand, email: str, phone: str) -> str:
    """The id of a member whom a file of the brand has named by both."""
    who, now = Identity("email", email), product_clock.now()
    newcomer = Newcomer(who, now.date(), IMPORTED, others=(Identity("phone", phone),))
    with tenant_scope(brand.id):
        return member_id(brand.id, enrol(brand.id, [newcomer], now)[who])


class TestOfWhomAFileHasNamed:
    def test_a_number_that_the_file_named_beside_is_theirs_once_they_prove_it(self, api: Api, brand: Brand) -> None:
        imported = named(brand, OLD, PHONE)
        fang = Fang(api)
        assert (fang.id, api.get(ME, token=fang.token).json["phone"]) == (imported, None)

        fang.adds_phone()

        assert api.get(ME, token=fang.token).json["phone"] == PHONE
        assert sign_in(api, phone=PHONE)["principal"]["id"] == fang.id
        assert made(fang.changes(phone="+8613700137000", prove_with="email"), 200), "and is replaced like any other"

    def test_a_number_named_beside_somebody_elses_address_goes_to_who_proves_it(
        self, api: Api, fang: Fang, brand: Brand
    ) -> None:
        named(brand, "bo@home.example", PHONE)
        bo = sign_in(api, email="bo@home.example")["principal"]["id"]

        fang.adds_phone()

        assert sign_in(api, phone=PHONE)["principal"]["id"] == fang.id
        assert sign_in(api, email="bo@home.example")["principal"]["id"] == bo != fang.id

    def test_a_number_of_somebody_who_has_not_come_yet_waits_for_them(self, api: Api, fang: Fang, brand: Brand) -> None:
        imported = named(brand, "bo@home.example", PHONE)

        assert fang.changes(phone=PHONE).json["code"] == "identity_taken"
        assert sign_in(api, phone=PHONE)["principal"]["id"] == imported

    def test_who_proved_a_number_with_the_teams_help_has_claimed_the_membership(self, api: Api, brand: Brand) -> None:
        imported = named(brand, OLD, PHONE)
        path, new = f"/v1/members/{imported}/identity-changes", "+8613900139000"
        made(brand.post(path, {"phone": new}), 202)
        body = {"phone": new, "new_code": codes()[new], "reason": "Has another number now"}
        assert made(brand.post(f"{path}/confirm", body), 200)["claimed"] is True

        stranger = sign_in(api, email=OLD)["principal"]["id"]

        assert stranger != imported, "that address was only written down"
        assert sign_in(api, phone=new)["principal"]["id"] == imported


def test_what_is_stored_of_a_request_names_neither_codes_nor_addresses(fang: Fang, brand: Brand) -> None:
    made(fang.ask(email=NEW), 202)
    found = codes()
    with tenant_scope(brand.id):
        stored = IdentityChange.of(Holder("member", brand.id, fang.id))

    assert stored is not None
    kept = [str(value) for attribute in stored.serialize().values() for value in attribute.values()]
    assert not [value for value in kept if value in found.values() or "@" in value]


class TestOfTheStaff:
    @pytest.fixture
    def mei(self, api: Api, brand: Brand) -> str:
        brand.hire("mei@linli.example", "editor")
        token: str = sign_in(api, audience="staff", email="mei@linli.example")["access_token"]
        return token

    def confirm(self, api: Api, token: str, email: str) -> Reply:
        made(api.post("/v1/auth/email-changes", {"email": email}, token=token), 202)
        found = codes()
        body = {"email": email, "own_code": found["mei@linli.example"], "new_code": found[email]}
        return api.post("/v1/auth/email-changes/confirm", body, token=token)

    def test_both_codes_change_it_and_the_old_address_is_told(
        self, api: Api, brand: Brand, mei: str, drain: Drain, engine: Any
    ) -> None:
        changed = made(self.confirm(api, mei, "mei@new.example"), 200)

        assert (changed["principal"]["roles"], changed["expires_in"]) == (["editor"], 3600)
        assert [api.get("/v1/tenant", token=each).status for each in (mei, changed["access_token"])] == [401, 200]
        again = sign_in(api, audience="staff", email="mei@new.example")["principal"]
        assert again["id"] == changed["principal"]["id"]
        made(ask(api, audience="staff", email="mei@linli.example"), 202)
        assert sent()[-1]["data"]["channel"] == "nobody"
        assert brand.hire("mei@linli.example", "editor"), "the old address is free"
        assert brand.get(f"/v1/audit?target=staff:{again['id']}").json["items"][0]["changes"] == {
            "email": {"from": "mei@linli.example", "to": "mei@new.example"}
        }
        drain()
        assert [mail["to"] for mail in engine.mail() if "m**@new.example" in mail["text"]] == ["mei@linli.example"]

    def test_an_address_of_the_team_is_refused_once_it_is_proved(self, api: Api, brand: Brand, mei: str) -> None:
        refused = self.confirm(api, mei, "owner@linli.example")

        assert (refused.status, refused.json["code"]) == (409, "identity_taken")
        assert api.get("/v1/tenant", token=mei).status == 200

    def test_keys_and_members_have_no_e_mail_to_change(self, api: Api, brand: Brand) -> None:
        for token in (brand.key, sign_in(api)["access_token"]):
            assert api.post("/v1/auth/email-changes", {"email": NEW}, token=token).status == 403


def test_an_identity_is_shown_in_part() -> None:
    assert masked(Identity("email", "fang@home.example")) == "f**@home.example"
    assert masked(Identity("phone", PHONE)) == "****8000"


def test_a_member_of_whom_the_brand_knows_a_reference_alone_is_told_to_ask_the_store(api: Api, brand: Brand) -> None:
    from chalicelib.members.enrolment.service import find_or_create_by_ref
    from chalicelib.web.tokens import issue

    now = product_clock.now()
    with tenant_scope(brand.id):
        member = find_or_create_by_ref(brand.id, ["C-1"], now)["C-1"]
    token = issue("member", brand.id, "linli", member.id, frozenset(), now, 600)

    assert api.post(CHANGES, {"email": NEW}, token=token).json["errors"][0]["pointer"] == "/prove_with"
