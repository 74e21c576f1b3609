"""What members say of themselves, which of it is used for what, and that the team writes it down for who calls."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as kernel_clock
from chalicelib.members.birthdays.records import BirthdayRecord
from chalicelib.members.enrolment.service import find_or_enrol_by_phone
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model import consents
from chalicelib.members.model.asking import ASKED, Asking
from chalicelib.members.model.profiles import CONSENTS, PROFILE_FIELDS, USES, usable
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.records import AuditEntry
from tests.builders import Shop, made

ALL = {
    "birthday": "03-08",
    "age_band": "25_34",
    "gender": "female",
    "household": "children_under_7",
    "occupation": "nurse",
    "income_band": "5000-7999",
    "interests": ["tea"],
    "favourite_point_id": "01J0000000000000000000000A",
}


def agreeing(*purposes: str, **others: bool) -> dict[str, Any]:
    return {name: {"granted": True} for name in purposes} | {name: {"granted": yes} for name, yes in others.items()}


class TestWhatMayBeUsed:
    def test_nothing_without_consent_and_nothing_for_another_purpose(self):
        for purpose in CONSENTS:
            assert usable(ALL, {}, purpose) == {}
            others = [name for name in CONSENTS if name != purpose]
            assert usable(ALL, agreeing(*others, **{purpose: False}), purpose) == {}

    def test_choosing_may_use_every_answer_and_figures_no_birthday(self):
        assert usable(ALL, agreeing("personalisation"), "personalisation") == ALL
        counted = usable(ALL, agreeing("analytics"), "analytics")
        assert counted == {name: answer for name, answer in ALL.items() if name != "birthday"}

    def test_news_need_no_answer(self):
        assert usable(ALL, agreeing("marketing"), "marketing") == {}

    def test_what_was_not_said_is_no_answer(self):
        silent = {"gender": "undisclosed", "interests": [], "occupation": None}
        assert usable(silent, agreeing("personalisation"), "personalisation") == {}

    def test_a_purpose_that_nobody_is_asked_about_is_a_mistake(self):
        with pytest.raises(ValueError, match="not for resale"):
            usable(ALL, agreeing("resale"), "resale")

    def test_every_purpose_has_its_answers_and_every_field_is_known(self):
        assert set(USES) == set(CONSENTS) == set(consents.QUESTIONS)
        assert set(ALL) == set(PROFILE_FIELDS)


def test_who_changes_the_words_raises_their_version():
    """Answers are kept with the version that they answered: put the digest of the new words beside the new version."""
    words = repr([(name, sorted(each.title.items()), sorted(each.text.items()))
                  for name, each in sorted(consents.QUESTIONS.items())])  # fmt: skip
    assert (consents.WORDS, sha256(words.encode()).hexdigest()[:12]) == (1, "0ad9c739b1c4")


class TestOneThingIsAsked:
    NOW = kernel_clock.parse_instant("2026-11-30T08:00:00Z")

    def test_what_is_not_known_in_turn_and_nothing_where_all_is(self):
        assert Asking().question({}, self.NOW) == ASKED[0]
        assert Asking().question({ASKED[0]: "03-08"}, self.NOW) == ASKED[1]
        assert Asking().question(dict.fromkeys(ASKED, "said"), self.NOW) is None

    def test_after_an_answer_there_is_quiet_for_a_month(self):
        asking = Asking().answered(self.NOW)
        assert asking.question({}, self.NOW + timedelta(days=29)) is None
        assert asking.question({}, self.NOW + timedelta(days=30)) == ASKED[0]

    def test_what_is_dismissed_comes_no_more_for_a_year_and_another_thing_after_months(self):
        asking = Asking().dismiss(ASKED[0], self.NOW)
        assert asking.question({}, self.NOW + timedelta(days=119)) is None
        assert asking.question({}, self.NOW + timedelta(days=120)) == ASKED[1]
        known = dict.fromkeys(ASKED[1:], "said")
        assert asking.question(known, self.NOW + timedelta(days=364)) is None
        assert asking.question(known, self.NOW + timedelta(days=365)) == ASKED[0]

    def test_an_answer_shortens_no_quiet_that_was_asked_for(self):
        asking = Asking().dismiss(ASKED[0], self.NOW).answered(self.NOW)
        assert asking.question({}, self.NOW + timedelta(days=119)) is None

    def test_it_is_stored_and_read_as_it_is(self):
        asking = Asking().dismiss(ASKED[0], self.NOW)
        assert Asking.from_json(asking.as_json()) == asking
        assert Asking.from_json(Asking().as_json()) == Asking()


class Me:
    """A member with all that is theirs."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.member = shop, shop.member()
        self.path = f"{shop.path}/me"

    def read(self, of: str = "") -> Any:
        return made(self.shop.caller.call("GET", f"{self.path}{of}", token=self.member.token), 200)

    def say(self, status: int = 200, **profile: Any) -> Any:
        return self.edit(status, profile=profile)

    def edit(self, status: int = 200, **changes: Any) -> Any:
        return made(self.shop.caller.call("PATCH", self.path, json=changes, token=self.member.token), status)

    def record(self) -> MemberRecord:
        with tenant_scope(self.shop.tenant_id):
            found = MemberRecord.at(self.shop.tenant_id, self.member.id, consistent=True)
        assert found is not None
        return found

    def born_on(self, birthday: str) -> list[int]:
        with tenant_scope(self.shop.tenant_id):
            partition = BirthdayRecord.partition(self.shop.tenant_id, birthday)
            return [int(each.ordinal) for each in BirthdayRecord.every(partition, consistent=True)]


@pytest.fixture
def me(shop: Shop) -> Me:
    return Me(shop)


class TestMine:
    def test_what_i_say_is_kept_and_what_i_clear_is_gone(self, me: Me):
        said = {**ALL, "favourite_point_id": me.shop.pickup_point_id}
        assert me.say(**said)["profile"].items() >= said.items()
        cleared = me.say(birthday=None, household=None, favourite_point_id=None)["profile"]
        assert (cleared["birthday"], cleared["household"], cleared["favourite_point_id"]) == (None, None, None)
        assert cleared["occupation"] == "nurse"

    @pytest.mark.parametrize("day", ["02-29", "01-01", "12-31"])
    def test_a_birthday_is_a_day_of_some_year(self, me: Me, day: str):
        assert me.say(birthday=day)["profile"]["birthday"] == day

    @pytest.mark.parametrize("day", ["02-30", "13-01", "00-10", "3-8", "1990-03-08", "０３-０８", "", "abc"])
    def test_what_is_none_is_refused_beside_its_field(self, me: Me, day: str):
        refused = me.say(422, birthday=day)
        assert [each["pointer"] for each in refused["errors"]] == ["/profile/birthday"]

    def test_a_pickup_point_is_one_of_the_brands(self, me: Me):
        refused = me.say(422, favourite_point_id="01J0000000000000000000000A")
        assert [each["pointer"] for each in refused["errors"]] == ["/profile/favourite_point_id"]

    def test_a_birthday_is_found_by_its_day_alone(self, me: Me):
        ordinal = int(me.record().ordinal)
        me.say(birthday="03-08")
        assert me.born_on("03-08") == [ordinal]
        me.say(birthday="02-29")
        assert (me.born_on("03-08"), me.born_on("02-29")) == ([], [ordinal])
        me.say(occupation="nurse")
        assert me.born_on("02-29") == [ordinal]
        me.say(birthday=None)
        assert me.born_on("02-29") == []

    def test_a_change_is_an_event_and_none_is_none(self, me: Me):
        def emitted() -> list[str]:
            return [each["t"] for each in me.record().outbox or ()]

        me.say(occupation="nurse")
        assert emitted() == ["member.profile_changed"]
        me.say(occupation="nurse")
        assert emitted() == []
        me.edit(consent={"analytics": True})
        assert emitted() == ["member.profile_changed"]
        me.edit(locale="en-GB")
        assert emitted() == ["member.profile_changed"]


class TestConsents:
    def test_every_answer_is_kept_with_its_moment_and_the_version_of_its_words(self, me: Me, clock):
        me.edit(consent={"analytics": True, "words": 1})
        clock.advance(hours=1)
        me.edit(consent={"analytics": True})
        me.edit(consent={"analytics": False, "marketing": True})
        found = me.read("/consents")["items"]
        assert [(each["purpose"], each["granted"], each["words"], each["by"]) for each in found[:2]] == [
            ("marketing", True, 1, "member"),
            ("analytics", False, 1, "member"),
        ]
        assert [(each["purpose"], each["granted"]) for each in found[2:]] == [("analytics", True)]
        assert found[0]["at"] > found[2]["at"]
        assert me.read()["consent"]["analytics"] == {"granted": False, "at": found[1]["at"], "words": 1}

    def test_a_page_at_a_time(self, me: Me, clock):
        for yes in (True, False, True):
            me.edit(consent={"analytics": yes})
            clock.advance(minutes=1)
        first = me.read("/consents?limit=2")
        rest = me.read(f"/consents?limit=2&cursor={first['next_cursor']}")
        assert [each["granted"] for each in first["items"] + rest["items"]] == [True, False, True]
        assert rest["next_cursor"] is None

    def test_words_that_nobody_was_shown_are_refused(self, me: Me):
        refused = me.edit(422, consent={"analytics": True, "words": consents.WORDS + 1})
        assert refused["errors"][0]["pointer"] == "/consent/words"

    def test_what_is_asked_is_told_in_both_languages(self, shop: Shop):
        def purposes(language: str) -> list[dict[str, Any]]:
            reply = shop.caller.call("GET", f"{shop.path}/consent-purposes", headers={"Accept-Language": language})
            return made(reply, 200)["purposes"]

        assert [each["purpose"] for each in purposes("en")] == list(CONSENTS)
        assert all(each["words"] == consents.WORDS for each in purposes("zh"))
        assert purposes("en")[0]["title"] == "News and offers" != purposes("zh")[0]["title"]

    def test_the_team_reads_them(self, me: Me):
        me.edit(consent={"personalisation": True})
        found = made(me.shop.brand.get(f"/v1/members/{me.member.id}/consents"), 200)["items"]
        assert [(each["purpose"], each["granted"]) for each in found] == [("personalisation", True)]

    def test_the_team_withdraws_one_for_who_asks_and_gives_none(self, me: Me, clock):
        me.edit(consent={"analytics": True})
        clock.advance(minutes=1)
        me.edit(consent={"marketing": True})
        clock.advance(minutes=1)
        path = f"/v1/members/{me.member.id}/consents/withdraw"
        body = {"purpose": "marketing", "reason": "Called"}
        for _ in range(2):
            answer = made(me.shop.brand.post(path, body), 200)
        assert {name: each["granted"] for name, each in answer["consent"].items()} == {
            "marketing": False, "analytics": True,
        }  # fmt: skip
        found = me.read("/consents")["items"]
        assert [(each["purpose"], each["granted"], each["by"]) for each in found] == [
            ("marketing", False, "staff"), ("marketing", True, "member"), ("analytics", True, "member"),
        ]  # fmt: skip
        with tenant_scope(me.shop.tenant_id):
            logged = AuditEntry.page(AuditEntry.partition(me.shop.tenant_id), newest_first=True, limit=20).items
        told = [each.changes for each in logged if each.action == "member.consent_withdrawn"]
        assert told == [body]
        made(me.shop.brand.post(path, body | {"purpose": "personalisation"}), 200)
        assert "personalisation" not in me.read()["consent"]
        assert me.shop.brand.post(path, body | {"granted": True}).status == 422
        assert me.shop.brand.post(path, {"purpose": "marketing"}).status == 422
        me.edit(consent={"marketing": True})
        assert me.read()["consent"]["marketing"]["granted"] is True


class TestTheQuestion:
    def test_it_is_one_and_an_answer_or_a_dismissal_ends_it(self, me: Me, clock):
        assert me.read("/question") == {"question": "birthday"}
        me.say(birthday="03-08")
        assert me.read("/question") == {"question": None}
        clock.advance(days=31)
        assert me.read("/question") == {"question": "household"}
        put_away = {"question": "household"}
        dismissed = me.shop.caller.call("POST", f"{me.path}/question/dismiss", json=put_away, token=me.member.token)
        assert made(dismissed, 200) == {"question": None}
        clock.advance(days=121)
        assert me.read("/question") == {"question": "favourite_point_id"}


class TestTheTeam:
    def path(self, me: Me) -> str:
        return f"/v1/members/{me.member.id}/profile"

    def test_writes_down_what_somebody_says_and_the_log_has_no_answers(self, me: Me):
        changed = made(me.shop.brand.patch(self.path(me), {"name": "Ada", "birthday": "03-08"}), 200)
        assert (changed["profile"]["name"], changed["profile"]["birthday"]) == ("Ada", "03-08")
        with tenant_scope(me.shop.tenant_id):
            [entry] = AuditEntry.page(AuditEntry.partition_of(me.shop.tenant_id, f"member:{me.member.id}"),
                                      index="gsi1").items  # fmt: skip
        assert (entry.action, entry.changes) == ("member.profile_changed", {"fields": ["birthday", "name"]})
        assert me.born_on("03-08") == [int(me.record().ordinal)]

    def test_a_birthday_is_for_who_sees_contacts(self, me: Me):
        me.say(birthday="03-08", household="alone")
        for role, seen in (("service", "03-08"), ("analyst", None)):
            reply = me.shop.caller.call("GET", f"/v1/members/{me.member.id}", token=me.shop.team_token(role))
            profile = made(reply, 200)["profile"]
            assert (profile["birthday"], profile["household"]) == (seen, "alone")

    def test_nobody_else_writes(self, me: Me):
        token = me.shop.team_token("analyst")
        assert me.shop.caller.call("PATCH", self.path(me), json={"name": "Ada"}, token=token).status == 403


def test_of_two_who_are_one_the_persons_own_words_count(shop: Shop, brand_written: str):
    """A birthday that the brand wrote down goes along; what the person says of themselves is theirs."""
    me = Me(shop)
    me.say(occupation="nurse")
    gone = int(_record(shop, brand_written).ordinal)
    made(shop.brand.patch(f"/v1/members/{brand_written}/profile", {"birthday": "03-08", "occupation": "cook"}), 200)
    assert _record(shop, brand_written).unclaimed
    with tenant_scope(shop.tenant_id):
        assert unite(shop.tenant_id, gone, int(me.record().ordinal), kernel_clock.now())
    assert me.read()["profile"].items() >= {"birthday": "03-08", "occupation": "nurse"}.items()
    assert me.born_on("03-08") == [int(me.record().ordinal)]
    assert _record(shop, brand_written).profile == {}


@pytest.fixture
def brand_written(shop: Shop) -> str:
    """A member whom the brand's people wrote down."""
    with tenant_scope(shop.tenant_id):
        return find_or_enrol_by_phone(shop.tenant_id, "+8613800138077", "Bo", kernel_clock.now())


def _record(shop: Shop, which: str) -> MemberRecord:
    with tenant_scope(shop.tenant_id):
        found = MemberRecord.at(shop.tenant_id, which, consistent=True)
    assert found is not None
    return found
