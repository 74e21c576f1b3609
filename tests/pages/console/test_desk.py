"""The team's desk: what is open by due time, given to colleagues; working hours, targets and duty set on pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk

MONDAY_NINE = datetime(2027, 1, 4, 1, tzinfo=UTC)


@pytest.fixture
def desk(care: CustomerCare, new_desk: Callable[..., Desk]) -> Desk:
    """A browser at the console; it is Monday, 9 o'clock in Shanghai."""
    care.clock.set(MONDAY_NINE)
    return new_desk(care.shop)


def complained(care: CustomerCare, text: str) -> Any:
    return made(care.store("POST", "/complaints", care.shop.shopper, json={"text": text}))


def rows(page: Any) -> list[str]:
    return [" ".join(each.get_text(" ").split()) for each in page.soup.select("table.data tbody tr")]


def test_an_empty_desk_says_what_will_stand_there(desk: Desk) -> None:
    assert "Nothing is open." in desk.get("/desk").words(".empty")
    assert "Nothing fits." in desk.get("/desk?late=true").words(".empty")


def test_the_desk_has_the_most_pressing_first_and_gives_it_to_a_colleague(care: CustomerCare, desk: Desk) -> None:
    late = complained(care, "The bag was late")
    urgent = complained(care, "My son was at the hospital after the cake")
    colleague = care.hire("service")

    first, second = rows(desk.get("/desk"))
    assert "hospital" in first
    assert "answer in" in first
    assert "bag was late" in second

    page = desk.send(desk.get("/desk"), "Give it to them", owner=colleague)
    assert page.words(".flash") == "It has another owner."
    assert made(care.brand.get(f"/v1/complaints/{urgent['id']}"), 200)["owner"] == colleague
    (kim,) = (each["id"] for each in made(care.brand.get("/v1/staff"), 200)["items"] if each["name"] == "Kim")
    made(care.brand.patch(f"/v1/complaints/{late['id']}", {"owner": kim}), 200)
    assert ["bag was late" in each for each in rows(desk.get("/desk?whose=mine"))] == [True]
    care.clock.advance(hours=9)  # it was answered with that, and was to be solved within eight hours
    assert ["hospital" in each for each in rows(desk.get("/desk?late=true"))] == [True]


def test_working_hours_are_typed_and_public_holidays_added_before_they_are_saved(
    care: CustomerCare, desk: Desk
) -> None:
    page = desk.get("/business-calendar?add=2026")
    assert "2026-10-01 国庆节" in page.soup.select_one("#f-holidays").text
    assert made(care.brand.get("/v1/business-calendar"), 200)["standard"]

    hours = {f"hours.{day}": "9:00-12:00，13:00～18:00" for day in ("mon", "tue", "wed", "thu", "fri")}
    saved = desk.send(
        page, "Save", **hours, **{"hours.sat": "", "hours.sun": ""}, holidays="2027-02-06 春节",
        workdays="2027-02-20 09:00-24:00",
    )  # fmt: skip
    assert saved.words(".flash").startswith("It is saved.")
    found = made(care.brand.get("/v1/business-calendar"), 200)
    assert found["weekly"]["mon"] == [{"from": "09:00", "to": "12:00"}, {"from": "13:00", "to": "18:00"}]
    assert found["workdays"] == [{"on": "2027-02-20", "hours": [{"from": "09:00", "to": "00:00"}]}]


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("hours.mon", "nine to five", "cannot be read as hours"),
        ("hours.mon", "09:00-12:00, 11:00-13:00", "none overlaps"),
        ("holidays", "Spring Festival", "does not begin with a date"),
        ("workdays", "2027-02-20 noon", "cannot be read as hours"),
        ("workdays", "2027-02-30 09:00-10:00", "date"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(desk: Desk, field: str, typed: str, says: str) -> None:
    refused = desk.send(desk.get("/business-calendar"), "Save", **{field: typed})

    fault = refused.soup.select_one(f"#f-{field.replace('.', '-')}-fault")
    assert fault is not None
    assert says in fault.text


def test_targets_are_typed_in_hours(care: CustomerCare, desk: Desk) -> None:
    owner = made(care.brand.get("/v1/staff"), 200)["items"][0]["id"]
    page = desk.get("/case-rules")
    saved = desk.send(page, "Save", **{"complaint.p1.first_response": "0.5", "fallback": owner, "warn_percent": "60"})

    assert saved.words(".flash").startswith("It is saved.")
    rules = made(care.brand.get("/v1/case-rules"), 200)
    assert rules["complaint"]["p1"] == {"first_response_minutes": 30, "resolution_minutes": 480}
    assert (rules["fallback"], rules["warn_percent"]) == (owner, 60)
    refused = desk.send(desk.get("/case-rules"), "Save", **{"complaint.p1.resolution": "soon"})
    assert "whole minutes" in refused.soup.select_one("#f-complaint-p1-resolution-fault").text


def test_duty_skills_and_points_are_set_on_the_page_of_a_colleague(care: CustomerCare, desk: Desk) -> None:
    colleague, point = care.hire("service"), care.shop.pickup_point_id
    page = desk.get(f"/staff/{colleague}")
    form = page.soup.select_one(f'form[action$="/staff/{colleague}/work"]')
    assert form is not None
    typed = {"on": "true", "skills": "quality，repair", "hours.mon": "09:00-18:00", f"points.{point}": "true"}
    desk.post(f"/staff/{colleague}/work", {"_csrf": form.select_one("[name=_csrf]")["value"], **typed})

    found = made(care.brand.get(f"/v1/staff/{colleague}"), 200)
    assert (found["skills"], found["pickup_point_ids"]) == (["quality", "repair"], [point])
    assert found["duty"]["hours"]["mon"] == [{"from": "09:00", "to": "18:00"}]


def test_a_question_makes_a_complaint_wait_and_a_note_of_the_answer_goes_on(care: CustomerCare, desk: Desk) -> None:
    mine = complained(care, "The bag was late")
    page = desk.send(desk.get(f"/complaints/{mine['id']}"), "Send or note it", text="Which bag?", means="asks")
    assert page.words(".flash").endswith("waits for the member's answer.")
    assert "It waits for the member." in page.words(".due")
    assert "waits for the member" in rows(desk.get("/desk"))[0]

    page = desk.send(page, "Send or note it", text="The red one", means="notes")
    assert "The member said: The red one" in " ".join(page.soup.select_one(".trail").get_text(" ").split())
    desk.send(page, "Resolve it and tell the member", outcome="A new bag")
    page = desk.send(desk.get(f"/complaints/{mine['id']}"), "Open it again", reason="They wrote again")
    assert page.words(".flash") == "It is open again."
