"""Staff find members by what they remember of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.insight.activity.service import earlier_members, reading_on
from chalicelib.kernel import clock
from chalicelib.members.enrolment.service import Newcomer, enrol, find_ordinals
from chalicelib.members.linking.service.adopting import give
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.searching import Called, asked, entries_of
from chalicelib.members.records import EntryRecord, MemberRecord
from chalicelib.members.service.finding import find_members
from chalicelib.members.service.members import name_unnamed
from tests.calls import Api
from tests.members.codes import sign_in
from tests.members.earlier import forget_that_they_are_known
from tests.tenants.brands import Brand, sign_up

PEOPLE = [
    ("phone", "+8613800138000", "王小明"),
    ("phone", "+8613900138000", "李小明"),
    ("email", "patricia@example.com", "Patricia O'Neil-Smith"),
    ("email", "pat@example.com", "Johnson, Pat"),
    ("ref", "C-1001", "Ada 王"),
    ("ref", "小明", None),
]


@pytest.fixture
def people(brand: Brand) -> dict[str, str]:
    """Names, or else references, by the members' ids."""
    with tenant_scope(brand.id):
        newcomers = [
            Newcomer(Identity(kind, value), date(2026, 3, 1), "sign_in", name=name)  # type: ignore[arg-type]
            for kind, value, name in PEOPLE
        ]
        enrol(brand.id, newcomers, clock.now())
    found = brand.get("/v1/members").json["items"]
    return {member["id"]: member["profile"]["name"] or member["external_ref"] for member in found}


def names(people: dict[str, str], answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    return [people[member["id"]] for member in answer.json["items"]]


FOUND = {
    "小明": {"王小明", "李小明", "小明"},
    "明": {"王小明", "李小明"},
    "王": {"王小明", "Ada 王"},
    "王小明": {"王小明"},
    "王明": set(),
    "pat": {"Patricia O'Neil-Smith", "Johnson, Pat"},
    "ＰＡＴ": {"Patricia O'Neil-Smith", "Johnson, Pat"},
    "pat johnson": {"Johnson, Pat"},
    "smith": {"Patricia O'Neil-Smith"},
    "ohnson": set(),
    "patricia@": {"Patricia O'Neil-Smith"},
    "pat@example.com": {"Johnson, Pat"},
    "8000": {"王小明", "李小明"},
    "900138000": {"李小明"},
    "+86 139-0013-8000": {"李小明"},
    "0139 0013 8000": {"李小明"},
    "0086 139 0013 8000": {"李小明"},
    "08000": set(),
    "000": set(),
    "C-1001": {"Ada 王"},
}


def test_parts_of_names_and_numbers_find_members(brand: Brand, people: dict[str, str]) -> None:
    for q, found in FOUND.items():
        assert sorted(names(people, brand.get(f"/v1/members?q={quote(q)}"))) == sorted(found), q


def test_a_page_goes_on_where_the_last_ended_and_shows_nobody_twice(brand: Brand, people: dict[str, str]) -> None:
    shown, cursor = list[str](), ""
    for _ in range(10):
        answer = brand.get(f"/v1/members?q=pat&limit=1{cursor}")
        shown += names(people, answer)
        if answer.json["next_cursor"] is None:
            break
        cursor = f"&cursor={answer.json['next_cursor']}"
    assert sorted(shown) == ["Johnson, Pat", "Patricia O'Neil-Smith"]


def test_a_search_takes_few_requests_however_many_members_there_are(brand: Brand) -> None:
    with tenant_scope(brand.id):
        newcomers = [
            Newcomer(Identity("email", f"m{n}@example.com"), date(2026, 3, 1), "sign_in", name=f"Member {n}")
            for n in range(150)
        ]
        enrol(brand.id, newcomers, clock.now())
        with metered() as meter:
            page = find_members(brand.id, "member", 100, None)
    assert (len(page.items), meter.by_operation) == (100, {"Query": 1, "BatchGetItem": 2})


def test_a_new_name_is_found_and_the_old_one_is_not(api: Api, brand: Brand) -> None:
    token = sign_in(api, profile={"name": "方芳"})["access_token"]
    changed = api.patch("/v1/stores/linli/me", {"profile": {"name": "方小红"}}, token=token)
    assert changed.status == 200
    assert [len(brand.get(f"/v1/members?q={q}").json["items"]) for q in ("芳", "方", "小红", "fang")] == [0, 1, 1, 1]
    api.patch("/v1/stores/linli/me", {"profile": {"name": None}}, token=token)
    with tenant_scope(brand.id):
        left = EntryRecord.every(EntryRecord.partition(brand.id, "name", "方"))
        assert list(left) == []


def test_a_reference_that_came_with_another_members_history_finds_its_member_once(
    brand: Brand, people: dict[str, str]
) -> None:
    with tenant_scope(brand.id):
        [pat] = find_ordinals(brand.id, [Identity("email", "pat@example.com")]).values()
        for reference in ("C-7", "pat@example.com"):
            assert give(brand.id, pat, Identity("ref", reference), claimed=True)
    for path in ("/v1/members?q=pat@example.com", "/v1/members?q=pat@example.com&email=pat@example.com"):
        assert names(people, brand.get(path)) == ["Johnson, Pat"], path
    assert names(people, brand.get("/v1/members?q=C-7")) == ["Johnson, Pat"]


def test_another_brand_finds_nobody(api: Api, brand: Brand, people: dict[str, str]) -> None:
    other = sign_up(api, slug="other", owner_email="o@other.example")
    assert other.get("/v1/members?q=小明").json["items"] == []


def test_who_may_not_see_numbers_does_not_find_by_them(brand: Brand, people: dict[str, str]) -> None:
    analyst = brand.key_with("analyst")
    found = [names(people, brand.get(f"/v1/members?q={q}", token=analyst)) for q in ("8000", "patricia@", "王小明")]
    assert found == [[], [], ["王小明"]]


def test_who_may_not_see_numbers_does_not_find_by_whole_ones(brand: Brand, people: dict[str, str]) -> None:
    with tenant_scope(brand.id):
        spelled = Newcomer(Identity("ref", "138 0013 9000"), date(2026, 3, 1), "import")
        ordinal = enrol(brand.id, [spelled], clock.now())[spelled.identity]
        give(brand.id, ordinal, Identity("phone", "+8613800139000"))
    asked = ("email=pat@example.com", "phone=%2B8613800138000", "q=138 0013 9000", "external_ref=138 0013 9000")
    paths = [f"/v1/members?{each.replace(' ', '%20')}" for each in asked]
    analyst = brand.key_with("analyst")
    assert [len(brand.get(path, token=analyst).json["items"]) for path in paths] == [0, 0, 0, 0]
    assert [len(brand.get(path).json["items"]) for path in paths] == [1, 1, 1, 1]
    shown = brand.get("/v1/members", token=analyst).json["items"]
    assert "138 0013 9000" not in {each["external_ref"] for each in shown}
    assert "C-1001" in {each["external_ref"] for each in shown}


def test_members_of_before_are_found_after_a_night(
    brand: Brand, people: dict[str, str], sweep: Callable[..., None], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier_members, "SLICE_MEMBERS", 2)
    monkeypatch.setattr(reading_on, "MESSAGE_SECONDS", 0.0)  # so that each slice is a message
    with tenant_scope(brand.id):
        for ordinal in range(len(PEOPLE)):
            member = MemberRecord.fetch(*MemberRecord.address_of_ordinal(brand.id, ordinal))
            assert member is not None
            entries, member.indexed = entries_of(member.called), None
            tx = Transaction()
            for entry in entries:
                tx.delete(entry.text, EntryRecord, *EntryRecord.address(brand.id, entry, ordinal))
            tx.replace("member", member)
            tx.commit()
    forget_that_they_are_known(brand.id)
    assert brand.get("/v1/members?q=小明&limit=1").json["items"][0]["external_ref"] == "小明"
    assert names(people, brand.get("/v1/members?q=8000")) == []
    clock.advance(days=1)
    sweep()
    assert sorted(names(people, brand.get("/v1/members?q=8000"))) == ["李小明", "王小明"]


def test_a_member_of_before_who_gets_a_name_is_found_at_once(brand: Brand, people: dict[str, str]) -> None:
    with tenant_scope(brand.id):
        [nameless] = [one for one, name in people.items() if name == "小明"]
        name_unnamed(brand.id, nameless, "Zoë", clock.now())
    assert names({**people, nameless: "Zoë"}, brand.get("/v1/members?q=zoë")) == ["Zoë"]


def test_a_name_of_a_hundred_characters_is_found_by_its_beginning() -> None:
    entries = entries_of(Called(name="王" * 120))
    assert len(entries) <= 16
    assert max(len(each.text) for each in entries) == 40
    assert asked("王" * 60)[0].first_of(Called(name="王" * 120)) is not None
