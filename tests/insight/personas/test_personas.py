"""Personas: who the members are, by what they agree to be counted by."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.personas.model import Field, Persona, PersonaBits, members_at, members_on
from chalicelib.insight.personas.records import ChangedRecord, PersonaBitsRecord
from chalicelib.insight.personas.service import folding, noting
from chalicelib.insight.reports.service.personas import _rows, _shown
from chalicelib.kernel import clock as product_clock
from chalicelib.members.model.profiles import MemberChanges
from chalicelib.members.service.members import edit_me, members_by_ordinal
from tests.builders import made
from tests.insight.figures import Figures, data_file
from tests.insight.test_imported_members import bring
from tests.insight.test_linking import signed_in

HEADER = "member,name,joined_on,age,gender,income"
# Six of 25 to 34, one of 65 and older, one without an age: joined on 1 May 2027; the last one joins today.
MEMBERS = [
    *(f"C-{n},M{n},2027-05-01,25-34,{'f' if n % 2 else 'm'},a lot" for n in range(6)),
    "C-6,M6,2027-05-01,65+,f,little",
    "C-7,M7,2027-05-01,,,",
    "C-8,M8,2028-01-10,19-24,m,",
]
ORDERS = [(f"R-{n}", f"C-{n}", "2027-06-01", 1, 100, "USD") for n in (0, 1, 2, 6)]


@pytest.fixture
def known(figures: Figures) -> Figures:
    def all_made() -> None:
        bring(figures, *MEMBERS, header=HEADER)
        figures.import_orders(ORDERS)
        figures.roll()
        for name, member_id in ids(figures, 9).items():
            if name != "C-5":
                agree(figures, member_id)

    figures.shop.once("personas of nine", all_made)
    return figures


def ids(figures: Figures, number: int) -> dict[str, str]:
    """The ids of members by what the file calls them."""
    tenant_id = figures.shop.tenant_id
    with tenant_scope(tenant_id):
        return {str(each.external_ref): each.id for each in members_by_ordinal(tenant_id, range(number))}


def agree(figures: Figures, member_id: str, *, to: bool = True, **profile: Any) -> None:
    """As the member says in the shop."""
    shop = figures.shop
    body = {"consent": {"analytics": to}} | ({"profile": profile} if profile else {})
    token = shop.signed_in(member_id, "").token
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=body, token=token), 200)


def rows(figures: Figures, name: str, **query: Any) -> dict[str, tuple[int, int]]:
    """The rows of a field: value to members and customers."""
    found = figures.report("personas", **query)["rows"]
    return {row["value"]: (row["members"], row["customers"]) for row in found if row["field"] == name}


BY_AGE = {"25_34": (5, 3), "65_plus": (1, 1), "unknown": (1, 0), "not_agreed": (1, 0)}


def fold(figures: Figures, drain: Callable[[], None]) -> None:
    with tenant_scope(figures.shop.tenant_id):
        folding.begin(figures.shop.tenant_id, product_clock.now())
    drain()


def test_conversion_is_one_number_in_every_report_and_of_every_day(known: Figures) -> None:
    days = {"from_on": "2028-01-01", "to_on": "2028-01-10"}
    report = known.report("summary", **days, by="day", compare="previous")
    shown = {each["to_on"]: each["conversion"] for each in report["rows"]}
    assert len(shown) == 10
    assert shown["2028-01-10"] != shown["2028-01-09"]  # somebody joined
    for on, conversion in shown.items():
        personas = known.report("personas", to_on=on)["conversion"]
        assert conversion == {name: personas[name] for name in ("members", "customers", "rate")}, on
        assert known.report("summary", to_on=on)["conversion"] == personas
    beside = report["compared"]["conversion"]
    assert beside["now"] == shown[report["compared"]["to_on"]]
    assert beside["points"] is None or report["compared"]["fair"]
    assert all(each["conversion"] is None for each in known.report("summary", **days, by="weekday")["rows"])
    assert "0.500000" in known.ask("summary", **days, by="day", format="csv").text


def test_members_of_many_days_are_those_of_each() -> None:
    chunks = {
        number: PersonaBits().with_changes(
            {place: Persona(date(2017, 1, 1 + place * 7 % 28), agrees=True, values={}) for place in range(0, 100, 3)}
        )
        for number in (0, 2)
    }
    days = [date(2016, 12, 31), *(date(2017, 1, day) for day in (1, 2, 9, 15, 28)), date(2017, 3, 1)]
    assert list(members_at(chunks, days)) == [members_on(chunks, on) for on in days]
    assert list(members_at(chunks, [])) == list(members_at({}, [])) == []
    assert list(members_at({}, days)) == [0] * len(days)


def test_members_by_age_with_who_is_not_known_and_who_does_not_agree(known: Figures) -> None:
    report = known.report("personas")
    assert rows(known, "age_band") == BY_AGE
    assert {**report["conversion"], "definition": None} == {
        "members": 8, "customers": 4, "rate": "0.500000", "definition": None
    }  # fmt: skip
    assert report["conversion"]["definition"]["name"] == "conversion.member_to_customer"
    assert (report["waiting"], report["to_on"]) == (0, "2028-01-09")
    assert [(each["topic"], each["year"]) for each in report["reference"]] == [("age", 2025)]
    assert rows(known, "age_band", to_on="2028-01-10")["18_24"] == (1, 0)  # who said 19-24, and joined today


def test_the_night_takes_changes_in_and_figures_stay_what_they_are(known: Figures, drain: Callable[[], None]) -> None:
    before = known.report("personas")
    fold(known, drain)
    tenant_id = known.shop.tenant_id
    with tenant_scope(tenant_id):
        assert list(ChangedRecord.of_tenant(tenant_id)) == []
        stored = PersonaBitsRecord.at(tenant_id, 0)
        fold(known, drain)
        assert PersonaBitsRecord.at(tenant_id, 0).rev == stored.rev
    assert known.report("personas") == before


def test_what_a_member_changes_counts_at_once_and_withdrawn_answers_no_more(
    known: Figures, drain: Callable[[], None]
) -> None:
    fold(known, drain)
    first = known.report("personas")["revision"]
    agree(known, ids(known, 9)["C-6"], to=False)
    agree(known, ids(known, 9)["C-5"], age_band="65_plus")
    drain()
    assert rows(known, "age_band") == {"25_34": (5, 3), "65_plus": (1, 0), "unknown": (1, 0), "not_agreed": (1, 1)}
    assert known.report("personas")["revision"] == first + 2

    fold(known, drain)

    assert rows(known, "age_band") == {"25_34": (5, 3), "65_plus": (1, 0), "unknown": (1, 0), "not_agreed": (1, 1)}
    assert known.report("personas")["revision"] == first + 2


def test_messages_that_come_twice_and_a_crash_before_notes_are_removed_change_nothing(
    known: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fold(known, drain)
    agree(known, ids(known, 9)["C-5"], age_band="65_plus")
    drain()
    tenant_id = known.shop.tenant_id
    with tenant_scope(tenant_id):
        everybody = list(ids(known, 9).values())
        noting.note(tenant_id, [*everybody, *everybody])
    expected = known.report("personas")
    with monkeypatch.context() as crashing, tenant_scope(tenant_id):
        crashing.setattr(folding, "_remove", lambda noted: (_ for _ in ()).throw(RuntimeError("crashed")))
        with pytest.raises(RuntimeError):
            folding._take_in(tenant_id, 0, {})
    assert known.report("personas") == expected
    fold(known, drain)
    assert known.report("personas") == expected


def test_who_leaves_is_a_member_no_more_from_that_day_on(known: Figures, drain: Callable[[], None]) -> None:
    shop = known.shop
    made(shop.brand.post(f"/v1/members/{ids(known, 9)['C-0']}/leave", {"reason": "moved_away"}), 200)
    drain()
    assert known.report("personas", to_on="2028-01-09")["conversion"]["members"] == 8
    today = known.report("personas", to_on="2028-01-10")["conversion"]
    assert (today["members"], today["customers"]) == (8, 3)  # one left, and one joined


def test_an_analyst_is_not_shown_a_group_that_tells_of_a_few(known: Figures) -> None:
    secret = made(known.shop.brand.post("/v1/api-keys", {"name": "figures", "scopes": ["analyst"]}))["secret"]
    found = made(known.shop.caller.call("GET", "/v1/reports/personas", token=secret), 200)["rows"]
    ages = {row["value"]: row["members"] for row in found if row["field"] == "age_band"}
    # Of eight members five are 25 to 34: whoever is left over would be three, so that group is not shown either.
    assert ages == {"small_groups": 6, "unknown": 1, "not_agreed": 1}


def test_a_row_of_what_is_not_told_apart_is_of_five_and_more() -> None:
    values = {"female": 2**20 - 1, "male": 0b111 << 20}
    everyone = 2**60 - 1  # most of whom said nothing
    seen = _shown({Field.GENDER: values}, everyone)
    found = _rows(Field.GENDER, values, everyone, everyone, 0, seen)
    assert {each.value: each.conversion.members for each in found} == {"small_groups": 23, "unknown": 37}


def test_the_members_behind_a_row_are_as_many_as_it_says(known: Figures) -> None:
    found = known.report("personas", members="age_band:25_34", limit=3)
    following = known.report("personas", members="age_band:25_34", limit=3, cursor=found["next_cursor"])
    refs = [each["external_ref"] for each in (*found["members"], *following["members"])]
    assert (refs, following["next_cursor"]) == (["C-0", "C-1", "C-2", "C-3", "C-4"], None)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"members": "shoe_size:43"}, "?members"),
        ({"cursor": "abc"}, "?cursor"),
        ({"from_on": "2027-01-01"}, "?from_on"),
    ],
)
def test_what_it_does_not_take_is_named(known: Figures, query: dict[str, str], pointer: str) -> None:
    refused = known.ask("personas", None, **query)
    assert refused.status in (400, 422)
    assert [each["pointer"] for each in refused.json.get("errors", [{"pointer": pointer}])] == [pointer]


def test_complete_journey_by_age_and_income(figures: Figures, drain: Callable[[], None]) -> None:
    """Every household of the data set, imported by a file, each agreeing to be counted."""
    source = data_file("completejourney/members.csv")
    expected = json.loads(data_file("completejourney/reference.json").read_text())
    people = list(csv.DictReader(source.open()))
    lines = [f'{each["member"]},2017-01-01,{each["age"]},"{each["income"]}"' for each in people]
    assert bring(figures, *lines, header="member,joined_on,age,income")["errors"] == []
    with tenant_scope(figures.shop.tenant_id):
        for member_id in ids(figures, len(people)).values():
            agreed = MemberChanges(consent={"analytics": True})
            edit_me(figures.shop.tenant_id, member_id, agreed, None, product_clock.now())

    def by(name: str) -> dict[str, int]:
        shown = rows(figures, name)
        return {value: count for value, (count, _) in shown.items() if value != "unknown"}

    ages = {"19-24": "18_24", "65+": "65_plus"}
    by_age = {ages.get(each, each.replace("-", "_")): count for each, count in expected["members_by_age"].items()}
    assert (by("age_band"), by("income_band")) == (by_age, expected["members_by_income"])
    fold(figures, drain)
    assert (by("age_band"), by("income_band")) == (by_age, expected["members_by_income"])


def test_by_what_somebody_is_reached_counts_anew_when_it_changes(
    figures: Figures, api: Any, drain: Callable[[], None]
) -> None:
    header = "member,email,phone,joined_on"
    bring(figures, "C-1,one@example.com,+12025550171,2027-05-01", "C-2,two@example.com,,2027-05-01", header=header)
    figures.roll()
    fold(figures, drain)
    assert media(figures) == {"email": 2, "sms": 1}
    path = f"/v1/members/{ids(figures, 2)['C-2']}/official-account"
    connected = figures.shop.brand.put(path, {"open_id": "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"})
    assert connected.status == 204
    drain()
    assert media(figures) == {"email": 2, "sms": 1, "official_account": 1}
    signed_in(api, figures.shop, email="one@example.com")  # what else the brand wrote down is not used any more
    drain()
    assert media(figures) == {"email": 2, "official_account": 1}


def media(figures: Figures) -> dict[str, int]:
    return {value: members for value, (members, _) in rows(figures, "media").items() if value != "unknown"}
