"""Members suggest, the team decides, and everybody who suggested it hears what comes of it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import parse_instant
from infra.local.engine import Engine
from tests.builders import Member, Reply, made
from tests.customer_care import CustomerCare
from tests.letters import news

pytestmark = pytest.mark.usefixtures("noon")

_numbers = itertools.count(1)
PLAN = {"plan": "Paper bags from June on.", "done_by": "2030-06-30"}


def send(care: CustomerCare, text: str = "Use paper bags", who: Member | None = None, key: str = "") -> Reply:
    headers = {"Idempotency-Key": key or f"suggestion-{next(_numbers)}"}
    return care.store("POST", "/suggestions", who or care.shop.shopper, json={"text": text}, headers=headers)


def suggested(care: CustomerCare, text: str = "Use paper bags", who: Member | None = None) -> Any:
    return made(send(care, text, who))


def read(care: CustomerCare, found: Any) -> Any:
    return made(care.brand.get(f"/v1/suggestions/{found['id']}"), 200)


def act(care: CustomerCare, found: Any, what: str, **body: Any) -> Reply:
    return care.brand.post(f"/v1/suggestions/{found['id']}/{what}", body)


def edit(care: CustomerCare, found: Any, **body: Any) -> Reply:
    return care.brand.patch(f"/v1/suggestions/{found['id']}", body)


def told(engine: Engine, words: str) -> list[Any]:
    return [each for each in news(engine) if words in each["subject"]]


def points(care: CustomerCare, who: Member | None = None) -> int:
    return int(made(care.store("GET", "/me/points", who or care.shop.shopper), 200)["balance"])


def test_a_suggestion_has_an_owner_and_times_from_its_first_moment(care: CustomerCare, engine: Engine) -> None:
    mine = suggested(care)

    assert (mine["status"], mine["text"]) == ("open", "Use paper bags")
    found = read(care, mine)
    opened = parse_instant(found["opened_at"])
    assert (found["owner"] != "", found["priority"], found["source"]) == (True, "p3", None)
    assert parse_instant(found["first_response_due_at"]) - opened == timedelta(days=3)
    assert parse_instant(found["resolution_due_at"]) - opened == timedelta(days=14)
    [entry] = made(care.brand.get("/v1/desk"), 200)["items"]
    assert (entry["id"], entry["kind"], entry["act"]) == (mine["id"], "suggestion", "answer")
    care.drain()
    assert len(told(engine, "A suggestion is yours")) == 1


def test_sent_again_it_is_one_and_five_are_a_day(care: CustomerCare) -> None:
    first = made(send(care, key="one"))

    assert made(send(care, key="one"))["id"] == first["id"]
    assert send(care, "Another", key="one").status == 422
    for _ in range(4):
        suggested(care)
    assert send(care).status == 429
    assert made(send(care, key="one"))["id"] == first["id"]
    other = care.shop.member()
    assert care.store("GET", f"/suggestions/{first['id']}", other).status == 404
    assert made(care.store("GET", "/suggestions", other), 200)["items"] == []


def test_assessed_its_value_moves_its_times(care: CustomerCare) -> None:
    mine = suggested(care)

    after = made(edit(care, mine, value="high", effort="small", note="Cheap"), 200)
    assert (after["priority"], after["value"], after["effort"]) == ("p2", "high", "small")
    assert parse_instant(after["resolution_due_at"]) - parse_instant(after["opened_at"]) == timedelta(days=7)
    assert after["first_response_at"]
    [entry] = made(care.brand.get("/v1/desk"), 200)["items"]
    assert entry["act"] == "solution"
    assert "Cheap" not in str(made(care.store("GET", f"/suggestions/{mine['id']}", care.shop.shopper), 200))


def test_adopted_done_and_told_each_time(care: CustomerCare, engine: Engine) -> None:
    mine = suggested(care)

    assert act(care, mine, "done").json["code"] == "suggestion_decided"
    adopted = made(act(care, mine, "adopt", **PLAN, reward={"points": 100}), 200)
    assert (adopted["status"], adopted["done_by"]) == ("adopted", "2030-06-30")
    assert made(care.brand.get("/v1/desk"), 200)["items"] == []
    care.drain()
    [letter] = told(engine, "will do what you suggested")
    assert "Paper bags from June on." in letter["text"]
    assert points(care) == 100
    made(act(care, mine, "adopt", **(PLAN | {"done_by": "2030-07-31"}), reward={"points": 900}), 200)
    care.drain()
    assert points(care) == 100
    made(act(care, mine, "done", plan="All bags are paper."), 200)
    care.drain()
    [letter] = told(engine, "has done what you suggested")
    assert "All bags are paper." in letter["text"]
    assert act(care, mine, "decline", reason="No").json["code"] == "suggestion_decided"
    [shown] = made(care.store("GET", "/adopted-suggestions"), 200)["items"]
    assert (shown["status"], shown["plan"], shown["members"]) == ("done", "All bags are paper.", 1)
    assert "paper bags" not in str(shown)


def test_declined_with_a_reason(care: CustomerCare, engine: Engine) -> None:
    mine = suggested(care)

    assert act(care, mine, "decline").status == 422
    made(act(care, mine, "decline", reason="Paper tears in the rain."), 200)
    care.drain()
    [letter] = told(engine, "has looked at your suggestion")
    assert "Paper tears in the rain." in letter["text"]
    own = made(care.store("GET", f"/suggestions/{mine['id']}", care.shop.shopper), 200)
    assert (own["status"], own["reason"], own["decide_by"]) == ("declined", "Paper tears in the rain.", None)
    assert made(care.store("GET", "/adopted-suggestions"), 200)["items"] == []


@pytest.mark.parametrize("before", [True, False])
def test_all_who_suggested_the_same_hear_of_it_and_are_rewarded(
    care: CustomerCare, engine: Engine, before: bool
) -> None:
    other = care.shop.member()
    first, same = suggested(care), suggested(care, "Please use bags of paper", other)
    assert [each["id"] for each in read(care, same)["similar"]] == [first["id"]]

    if before:
        made(edit(care, same, same_as=first["id"]), 200)
    made(act(care, first, "adopt", **PLAN, reward={"points": 50}), 200)
    if not before:
        made(edit(care, same, same_as=first["id"]), 200)
    care.drain()
    assert len(told(engine, "will do what you suggested")) == 2
    assert (points(care), points(care, other)) == (50, 50)
    theirs = made(care.store("GET", f"/suggestions/{same['id']}", other), 200)
    assert (theirs["status"], theirs["plan"]) == ("adopted", PLAN["plan"])
    made(act(care, first, "done"), 200)
    care.drain()
    assert len(told(engine, "has done what you suggested")) == 2
    assert act(care, same, "decline", reason="No").json["same_as"] == first["id"]
    assert made(care.store("GET", "/adopted-suggestions"), 200)["items"][0]["members"] == 2


def test_what_cannot_be_grouped_says_so(care: CustomerCare) -> None:
    first, second, third = suggested(care), suggested(care), suggested(care)
    made(edit(care, second, same_as=first["id"]), 200)

    assert edit(care, third, same_as=third["id"]).status == 422
    assert edit(care, third, same_as=second["id"]).status == 422
    assert edit(care, first, same_as=third["id"]).status == 422
    assert edit(care, third, same_as=care.id).status == 422
    back = made(edit(care, second, same_as=None), 200)
    assert (back["status"], read(care, first)["others"]) == ("open", [])
    made(act(care, first, "decline", reason="No"), 200)
    assert edit(care, first, same_as=third["id"]).json["code"] == "suggestion_decided"


def test_the_team_notes_what_was_said_elsewhere(care: CustomerCare) -> None:
    body = {"member_id": care.shop.shopper.id, "text": "Open until eight", "source": "telephone"}
    headers = {"Idempotency-Key": "noted"}
    noted = made(care.brand.post("/v1/suggestions", body, headers=headers))

    assert made(care.brand.post("/v1/suggestions", body, headers=headers))["id"] == noted["id"]
    assert noted["source"] == "telephone"
    assert made(care.store("GET", "/suggestions", care.shop.shopper), 200)["items"][0]["id"] == noted["id"]


def test_a_late_one_is_warned_of_and_handed_up_once(care: CustomerCare, engine: Engine) -> None:
    manager = care.hire("manager")
    care.hire("service")
    mine = suggested(care)
    care.drain()

    care.clock.advance(days=2, hours=7)
    care.sweep()
    assert len(told(engine, "is to be assessed soon")) == 1
    care.clock.advance(days=1)
    for _ in range(2):
        care.sweep()
    assert len(told(engine, "A suggestion is late")) == 1
    assert read(care, mine)["owner"] == manager


def test_one_that_leaves_its_group_is_somebodys_who_is_there(care: CustomerCare) -> None:
    """Whoever had it left the team while the group had its owner alone."""
    left, stays = care.hire("service"), care.hire("manager")
    first, same = suggested(care), suggested(care)
    for each in (first, same):
        made(edit(care, each, owner=left), 200)
    made(edit(care, same, same_as=first["id"]), 200)
    made(care.brand.delete(f"/v1/staff/{left}"), 204)
    care.drain()
    assert read(care, same)["owner"] == left

    made(edit(care, same, same_as=None), 200)

    assert read(care, same)["owner"] != left
    assert stays in {entry["owner"] for entry in made(care.brand.get("/v1/desk"), 200)["items"]}


def test_what_was_promised_is_brought_up_when_the_day_is_over(care: CustomerCare, engine: Engine) -> None:
    mine = suggested(care)
    today = parse_instant(mine["opened_at"])
    made(act(care, mine, "adopt", plan="Soon", done_by=f"{today + timedelta(days=2):%Y-%m-%d}"), 200)

    care.clock.advance(days=4)
    for _ in range(2):
        care.sweep()
    assert len(told(engine, "is to be done soon")) == 1


def test_who_leaves_the_team_leaves_their_suggestions_to_others(care: CustomerCare) -> None:
    helper = care.hire("service")
    mine = suggested(care)
    assert read(care, mine)["owner"] == helper

    made(care.brand.delete(f"/v1/staff/{helper}"), 204)
    care.drain()
    assert read(care, mine)["owner"] != helper


def test_other_targets_move_open_suggestions(care: CustomerCare) -> None:
    mine = suggested(care)
    targets = {"suggestion": {"p3": {"first_response_minutes": 60, "resolution_minutes": 120}}}

    made(care.brand.put("/v1/case-rules", targets), 200)
    care.drain()
    found = read(care, mine)
    assert parse_instant(found["resolution_due_at"]) - parse_instant(found["opened_at"]) == timedelta(hours=2)


def test_adopted_twice_with_the_same_words_nobody_is_told_twice(care: CustomerCare, engine: Engine) -> None:
    """As by a request that was sent again after its answer got lost."""
    mine = suggested(care)
    first = made(act(care, mine, "adopt", **PLAN), 200)
    care.drain()
    again = made(act(care, mine, "adopt", **PLAN), 200)
    care.drain()

    assert again["decided_at"] == first["decided_at"]
    assert len(told(engine, "will do what you suggested")) == 1


def test_an_edit_of_which_a_part_is_refused_changes_nothing(care: CustomerCare) -> None:
    mine = suggested(care)
    before = read(care, mine)

    assert edit(care, mine, value="high", same_as=mine["id"]).status == 422
    assert read(care, mine) == before


def test_what_is_one_with_another_is_not_offered_to_be_grouped_with(care: CustomerCare) -> None:
    first, same = suggested(care), suggested(care)
    made(edit(care, same, same_as=first["id"]), 200)
    made(act(care, first, "adopt", **PLAN), 200)
    care.drain()

    assert [each["id"] for each in read(care, suggested(care))["similar"]] == [first["id"]]


def test_who_left_is_reminded_of_no_promise_but_who_is_there(care: CustomerCare, engine: Engine) -> None:
    helper = care.hire("service")
    mine = suggested(care)
    assert read(care, mine)["owner"] == helper
    day = parse_instant(mine["opened_at"]) + timedelta(days=2)
    made(act(care, mine, "adopt", plan="Soon", done_by=f"{day:%Y-%m-%d}"), 200)
    made(care.brand.delete(f"/v1/staff/{helper}"), 204)
    care.drain()

    care.clock.advance(days=4)
    for _ in range(2):
        care.sweep()
    assert read(care, mine)["owner"] != helper
    assert len(told(engine, "is to be done soon")) == 1


def test_what_is_promised_is_promised_for_a_day_to_come(care: CustomerCare) -> None:
    mine = suggested(care)
    refusal = act(care, mine, "adopt", plan="Soon", done_by="2020-01-01")
    assert (refusal.status, refusal.json["errors"][0]["pointer"]) == (422, "/done_by")
    day = parse_instant(mine["opened_at"]).date()
    made(act(care, mine, "adopt", plan="Soon", done_by=f"{day}"), 200)
    care.clock.advance(days=3)
    made(act(care, mine, "adopt", plan="As promised, and soon", done_by=f"{day}"), 200)


COUPON = {"title": "Thanks", "kind": "amount", "purpose": "loyal", "value": {"amount_minor": 500, "currency": "CNY"}}


def test_a_coupon_is_given_once_to_each_who_suggested_it(care: CustomerCare) -> None:
    batch = made(care.brand.post("/v1/coupon-batches", COUPON | {"limits": {"per_member": 5}}))
    other = care.shop.member()
    first, same = suggested(care), suggested(care, who=other)
    made(edit(care, same, same_as=first["id"]), 200)

    for _ in range(2):
        made(act(care, first, "adopt", **PLAN, reward={"coupon_batch_id": batch["id"]}), 200)
        care.drain()
    for member in (care.shop.shopper, other):
        assert len(made(care.store("GET", "/me/coupons", member), 200)["items"]) == 1


def test_a_coupon_that_its_member_cannot_have_is_not_promised(care: CustomerCare) -> None:
    batch = made(care.brand.post("/v1/coupon-batches", COUPON))
    one, another = suggested(care), suggested(care)
    made(act(care, one, "adopt", **PLAN, reward={"coupon_batch_id": batch["id"]}), 200)
    care.drain()

    refusal = act(care, another, "adopt", **PLAN, reward={"coupon_batch_id": batch["id"]})
    assert (refusal.status, refusal.json["errors"][0]["pointer"]) == (422, "/reward/coupon_batch_id")
    assert "as many of these coupons" in refusal.json["errors"][0]["message"]


def test_who_suggested_the_same_twice_counts_once(care: CustomerCare) -> None:
    first, again, third = suggested(care), suggested(care), suggested(care, who=care.shop.member())
    for each in (again, third):
        made(edit(care, each, same_as=first["id"]), 200)
    made(act(care, first, "adopt", **PLAN), 200)

    [shown] = made(care.store("GET", "/adopted-suggestions"), 200)["items"]
    assert shown["members"] == 2


def test_coupons_that_are_not_given_at_present_are_not_promised(care: CustomerCare) -> None:
    batch = made(care.brand.post("/v1/coupon-batches", COUPON))
    made(care.brand.patch(f"/v1/coupon-batches/{batch['id']}", {"status": "paused"}), 200)

    mine, reward = suggested(care), {"coupon_batch_id": batch["id"]}
    refusal = act(care, mine, "adopt", **PLAN, reward=reward)
    assert (refusal.status, refusal.json["errors"][0]["pointer"]) == (422, "/reward/coupon_batch_id")
    made(care.brand.patch(f"/v1/coupon-batches/{batch['id']}", {"status": "active"}), 200)
    made(act(care, mine, "adopt", **PLAN, reward=reward), 200)
    made(care.brand.patch(f"/v1/coupon-batches/{batch['id']}", {"status": "paused"}), 200)
    made(act(care, mine, "adopt", **PLAN, reward=reward), 200)  # the same request again


def test_a_page_of_what_was_adopted_is_full_of_what_is_shown(care: CustomerCare) -> None:
    one, first, same = suggested(care, "Open earlier"), suggested(care), suggested(care)
    made(act(care, one, "adopt", plan="At eight", done_by="2030-06-30"), 200)
    made(edit(care, same, same_as=first["id"]), 200)
    made(act(care, first, "adopt", **PLAN), 200)
    care.drain()

    page = made(care.store("GET", "/adopted-suggestions?limit=2"), 200)["items"]
    assert [each["plan"] for each in page] == [PLAN["plan"], "At eight"]
