"""What somebody asks for about messages, and that whoever tells them knows it at once."""

from copy import deepcopy
from datetime import time

import pytest

from chalicelib.db import tenant_scope
from chalicelib.members.model.identities import member_id
from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Digest, QuietHours, Recipient
from chalicelib.notices.recipients.service import find
from tests.calls import Api
from tests.members.codes import sign_in
from tests.tenants.brands import Brand, at_once

ME = "/v1/stores/linli/me"
MINE = f"{ME}/preferences"
TEAM = "/v1/me/preferences"

AS_FIRST_READ = {
    "locale": None,
    "timezone": None,
    "channels": None,
    "quiet_hours": None,
    "categories": {
        "order": {"on": True, "digest": None, "always": True},
        "money": {"on": True, "digest": None, "always": True},
        "service": {"on": True, "digest": {"every": "none", "at": None, "weekday": None}, "always": False},
        "news": {"on": False, "digest": {"every": "none", "at": None, "weekday": None}, "always": False},
    },
}
WANTED = {
    "locale": "en-GB",
    "timezone": "Europe/London",
    "channels": ["sms", "email"],
    "quiet_hours": {"from": "21:30", "to": "07:15"},
    "categories": {
        "service": {"on": False, "digest": {"every": "daily", "at": "18:00"}},
        "news": {"on": True, "digest": {"every": "weekly", "at": "09:05", "weekday": "sat"}},
    },
}
DIGEST = "/categories/service/digest"


@pytest.fixture
def token(api: Api, brand: Brand) -> str:
    found: str = sign_in(api)["access_token"]
    return found


def recipient(brand: Brand, person: Person | None = None) -> Recipient:
    with tenant_scope(brand.id):
        found = find(brand.id, person or Person.member(member_id(brand.id, 0)))
    assert found is not None
    return found


def wanting(**changes: object) -> dict[str, object]:
    return {**deepcopy(WANTED), **changes}


def of_service(**digest: object) -> dict[str, object]:
    return {"service": {"on": True, "digest": digest}, "news": {"on": False}}


def test_at_first_everything_is_the_stores_and_news_need_a_yes(api: Api, token: str) -> None:
    assert api.get(MINE, token=token).json == AS_FIRST_READ


def test_what_is_read_may_be_sent_back_and_changes_nothing(api: Api, token: str) -> None:
    for sent in (AS_FIRST_READ, WANTED):
        before = api.put(MINE, sent, token=token)
        again = api.put(MINE, before.json, token=token)
        assert (again.status, again.json, again.headers["etag"]) == (200, before.json, before.headers["etag"])


def test_what_is_asked_for_reaches_whoever_tells_them(api: Api, brand: Brand, token: str) -> None:
    saved = api.put(MINE, WANTED, token=token)
    assert saved.status == 200
    assert saved.json["categories"]["news"]["digest"] == {"every": "weekly", "at": "09:05", "weekday": "sat"}

    known = recipient(brand)
    assert (known.locale, known.timezone, known.own_timezone) == ("en-GB", "Europe/London", True)
    wishes = known.preferences
    assert (wishes.channels, wishes.marketing) == (("sms", "email"), True)
    assert wishes.declined == {Category.SERVICE}
    assert wishes.quiet_hours == QuietHours(time(21, 30), time(7, 15))
    assert wishes.digests == {Category.SERVICE: Digest(time(18)), Category.NEWS: Digest(time(9, 5), 5)}

    assert api.put(MINE, AS_FIRST_READ, token=token).json == AS_FIRST_READ
    assert recipient(brand).locale == "zh"


def test_no_medium_at_all_is_another_wish_than_the_stores(api: Api, brand: Brand, token: str) -> None:
    assert api.put(MINE, wanting(channels=[]), token=token).json["channels"] == []
    assert recipient(brand).preferences.channels == ()


class TestConsent:
    def consent(self, api: Api, token: str):
        return api.get(ME, token=token).json["consent"].get("marketing")

    def test_wanting_news_gives_it_and_no_longer_wanting_them_withdraws_it(self, api, brand, token, clock):
        api.put(MINE, wanting(), token=token)
        given = self.consent(api, token)
        clock.advance(hours=1)
        api.put(MINE, wanting(locale="fr"), token=token)
        assert (given["granted"], self.consent(api, token)) == (True, given)

        api.put(MINE, wanting(categories=of_service(every="none")), token=token)
        withdrawn = self.consent(api, token)
        assert (withdrawn["granted"], withdrawn["at"] > given["at"]) == (False, True)
        assert recipient(brand).preferences.marketing is False

    def test_not_wanting_what_was_never_given_is_no_answer(self, api, token):
        api.put(MINE, wanting(categories=of_service(every="none")), token=token)
        assert self.consent(api, token) is None

    def test_the_profile_changes_the_same(self, api, brand, token):
        for granted in (True, False):
            api.patch(ME, {"consent": {"marketing": granted}}, token=token)
            assert api.get(MINE, token=token).json["categories"]["news"]["on"] is granted
            assert recipient(brand).preferences.marketing is granted

    def test_of_both_at_once_none_is_lost(self, api, token):
        calls = [
            lambda: api.put(MINE, wanting(), token=token),
            lambda: api.patch(ME, {"consent": {"analytics": True}}, token=token),
        ]
        assert {each.status for each in at_once(calls)} == {200}
        consent = api.get(ME, token=token).json["consent"]
        assert {name for name, answer in consent.items() if answer["granted"]} == {"marketing", "analytics"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/categories"),
        (wanting(locale="en_GB!"), "/locale"),
        (wanting(timezone="Mars/Olympus"), "/timezone"),
        (wanting(timezone="+08:00"), "/timezone"),
        (wanting(channels=["fax"]), "/channels/0"),
        (wanting(channels=["sms", "sms"]), "/channels"),
        (wanting(quiet_hours={"from": "22:00"}), "/quiet_hours/to"),
        (wanting(quiet_hours={"from": "22:00", "to": "22:00"}), "/quiet_hours/to"),
        (wanting(quiet_hours={"from": "24:00", "to": "08:00"}), "/quiet_hours/from"),
        (wanting(quiet_hours={"from": "8", "to": "09:00"}), "/quiet_hours/from"),
        (wanting(categories={"service": {"on": True}}), "/categories/news"),
        (wanting(categories={"service": {"on": "yes"}, "news": {"on": True}}), "/categories/service/on"),
        (wanting(categories=of_service(every="hourly")), f"{DIGEST}/every"),
        (wanting(categories=of_service(every="daily")), f"{DIGEST}/at"),
        (wanting(categories=of_service(every="weekly", at="09:00")), f"{DIGEST}/weekday"),
        (wanting(categories=of_service(every="daily", at="9:00", weekday="mon")), f"{DIGEST}/at"),
        (
            wanting(categories=of_service(every="daily", at="09:00", weekday="mon")),
            f"{DIGEST}/weekday",
        ),
        (wanting(categories=of_service(every="none", at="09:00")), f"{DIGEST}/at"),
        (wanting(categories={**of_service(every="none"), "order": {"on": False}}), "/categories/order/on"),
        (wanting(categories={**of_service(every="none"), "money": {"on": False}}), "/categories/money/on"),
        (wanting(categories={**of_service(every="none"), "access": {"on": False}}), "/categories/access"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_place(api: Api, token: str, body: object, pointer: str) -> None:
    for language in ("en", "zh"):
        refused = api.put(MINE, body, token=token, headers={"Accept-Language": language})
        assert (refused.status, [each["pointer"] for each in refused.json["errors"]]) == (422, [pointer]), refused.text


@pytest.mark.parametrize("time", ["25:00", "9:00", "09:60", "21.30", "٠٩:٠٠"])
def test_who_mistypes_a_time_of_day_is_told_how_to_write_one(api: Api, token: str, time: str) -> None:
    refused = api.put(MINE, wanting(quiet_hours={"from": time, "to": "08:00"}), token=token)
    assert "such as 21:30" in refused.json["errors"][0]["message"]


def test_a_stale_wish_is_refused(api: Api, token: str) -> None:
    read = api.get(MINE, token=token).headers["etag"]
    assert api.put(MINE, WANTED, token=token, headers={"If-Match": read}).status == 200
    assert api.put(MINE, AS_FIRST_READ, token=token, headers={"If-Match": read}).status == 412


class TestTeam:
    def test_somebody_on_the_staff_says_how_and_when(self, brand: Brand, api: Api) -> None:
        mei = brand.hire("mei@linli.example", "service")
        token = brand.token_of(mei)
        first = api.get(TEAM, token=token)
        assert first.json["categories"]["service"] == {
            "on": True, "digest": {"every": "none", "at": None, "weekday": None}, "always": True,
        }  # fmt: skip
        body = {
            "locale": "en",
            "timezone": "Europe/London",
            "quiet_hours": {"from": "20:00", "to": "08:00"},
            "categories": {"service": {"digest": {"every": "daily", "at": "09:00"}}},
        }
        saved = api.put(TEAM, body, token=token, headers={"If-Match": first.headers["etag"]})
        assert saved.status == 200, saved.text
        assert api.put(TEAM, saved.json, token=token).headers["etag"] == saved.headers["etag"]
        assert api.put(TEAM, body, token=token, headers={"If-Match": first.headers["etag"]}).status == 412

        known = recipient(brand, Person.staff(mei))
        assert (known.locale, known.timezone, known.roles) == ("en", "Europe/London", {"service"})
        assert known.preferences.digests == {Category.SERVICE: Digest(time(9))}
        entries = [each["action"] for each in brand.get("/v1/audit").json["items"]]
        assert entries.count("staff.preferences_changed") == 1

    def test_what_they_ask_for_outlasts_other_roles_and_ends_with_them(self, brand: Brand, api: Api) -> None:
        mei = brand.hire("mei@linli.example", "service")
        assert api.put(TEAM, {"locale": "en"}, token=brand.token_of(mei)).status == 200
        brand.patch(f"/v1/staff/{mei}", {"roles": ["planner"]})
        assert (recipient(brand, Person.staff(mei)).locale, recipient(brand, Person.staff(mei)).roles) == (
            "en",
            {"planner"},
        )

    def test_nobody_declines_work_and_no_key_has_wishes(self, brand: Brand, api: Api, token: str) -> None:
        mine = brand.token_of(brand.owner_id())
        off = {"categories": {"service": {"on": False}}}
        assert api.put(TEAM, off, token=mine).json["errors"][0]["pointer"] == "/categories/service/on"
        assert api.put(TEAM, {"channels": ["sms"]}, token=mine).status == 422
        assert [api.get(TEAM, token=each).status for each in (brand.key, token)] == [403, 403]
        assert api.get(MINE, token=mine).status == 403


def test_wishes_stay_with_a_member_who_is_blocked_for_a_while(api: Api, brand: Brand, token: str) -> None:
    api.put(MINE, WANTED, token=token)
    for status in ("blocked", "active"):
        body = {"status": status, "reason": "Never collects"}
        brand.patch(f"/v1/members/{member_id(brand.id, 0)}", body)
    assert recipient(brand).preferences.channels == ("sms", "email")
