"""Joining on the pages: by a link that invites, by a neighbour's, and by an application."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.identities import Identity
from chalicelib.recruitment.prospects.records import ProspectRecord
from chalicelib.settings import forget
from tests.builders import made
from tests.members.codes import sent
from tests.pages.test_links import follow


def coding(visitor, email: str, at: str = "/sign-in"):
    """The page that asks for the code, and the code that was sent."""
    page = visitor.send(visitor.get(at), "Send me a code", address=email)
    return page, sent()[-1]["data"]["params"]["code"]


def newest(shop):
    """The member who joined last."""
    return made(shop.brand.get("/v1/members?limit=1"), 200)["items"][0]


def test_a_link_that_invites_carries_its_code_to_the_joining(shop, visitor):
    code = made(shop.brand.post("/v1/invite-codes", {"code": "GARDEN-7", "max_uses": 1}))
    path = "/sign-in" + code["url"].partition("/sign-in")[2]
    assert "GARDEN-7" in visitor.get(path).words()
    page, typed = coding(visitor, "fang@home.example", path)
    page = visitor.send(page, "Sign in", code=typed)
    assert page.words(".flash") == f"Welcome to The {shop.slug}. You are a member now."
    assert newest(shop)["joined_by"] == f"invite:{code['id']}"


def test_a_code_that_lets_nobody_in_is_said_beside_it_and_can_be_left_out(shop, visitor):
    page, typed = coding(visitor, "fang@home.example")
    page = visitor.send(page, "Sign in", code=typed, invite_code="NEVER")
    assert page.status == 422
    assert "unknown, over or used up" in page.words("#f-invite_code-fault")
    assert "Or empty the field" in page.words(".refusal[autofocus]")
    page = visitor.send(page, "Sign in", code=typed, invite_code="")
    assert "You are a member now." in page.words(".flash")


@pytest.mark.parametrize(
    ("joining", "advice"),
    [("open", "you join without it"), ("code", "ask the store or a member"), ("application", "sign in and apply")],
)
def test_a_link_whose_code_lets_nobody_in_says_so_when_it_is_opened(shop, visitor, new_visitor, joining, advice):
    made(shop.brand.put("/v1/recruitment", {"joining": joining}), 200)
    code = made(shop.brand.post("/v1/invite-codes", {"code": "STREET-7", "max_uses": 1}))
    page, typed = coding(visitor, "fang@home.example", "/sign-in?invite=STREET-7")
    visitor.send(page, "Sign in", code=typed)
    for refused in (code["code"], "NEVER-MADE"):
        page = new_visitor(shop).get(f"/sign-in?invite={refused}")
        assert advice in page.words(".refusal")
        assert page.soup.select_one("input[name=invite_code]")["value"] == ""
        assert not page.soup.select(".flash")


def test_a_link_tells_no_codes_apart_beyond_its_limit(shop, visitor, monkeypatch):
    made(shop.brand.post("/v1/invite-codes", {"code": "STREET-7"}))
    monkeypatch.setenv("LIMITS", '{"invite_links_a_source": 2}')
    forget()
    for _ in range(3):
        assert "You are invited" in visitor.get("/sign-in?invite=STREET-7").words(".flash")
    for _ in range(2):
        assert visitor.get("/sign-in?invite=GUESS").soup.select(".refusal")
    said = {visitor.get(f"/sign-in?invite={each}").words("main").replace(each, "") for each in ("STREET-7", "GUESS")}
    assert len(said) == 1
    assert "Whether it is good shows as you sign in." in said.pop()
    monkeypatch.undo()
    forget()


def test_a_personal_invitation_asks_for_the_address_that_it_was_sent_to(shop, visitor):
    made(shop.brand.put("/v1/recruitment", {"joining": "application"}), 200)
    today = local_date(clock.now(), ZoneInfo("Asia/Shanghai"))
    people = [{"email": "fang@home.example", "source": "A list", "agreed_on": today.isoformat()}]
    until = (today + timedelta(days=20)).isoformat()
    made(shop.brand.post("/v1/prospects", {"people": people, "join_by": until}), 200)
    with tenant_scope(shop.tenant_id):
        one = ProspectRecord.id_of(shop.tenant_id, Identity("email", "fang@home.example"))
        code = ProspectRecord.fetch(*ProspectRecord.address(shop.tenant_id, one)).code
    assert "the address that we wrote to" in visitor.get(f"/sign-in?invite={code}").words(".flash")
    page, typed = coding(visitor, "li@home.example", f"/sign-in?invite={code}")
    page = visitor.send(page, "Sign in", code=typed)
    assert "the address that we wrote to" in page.words(".refusal[autofocus]")


def test_where_one_applies_a_refused_code_is_left_out_to_apply(shop, visitor):
    made(shop.brand.put("/v1/recruitment", {"joining": "application"}), 200)
    page, typed = coding(visitor, "fang@home.example")
    page = visitor.send(page, "Sign in", code=typed, invite_code="NEVER")
    assert "then you can apply" in page.words(".refusal[autofocus]")
    assert visitor.send(page, "Sign in", code=typed, invite_code="").heading == "Apply to join"


def test_who_joins_reads_which_coupon_came_with_it(shop, visitor):
    terms = {"title": "Hello", "kind": "percent", "purpose": "holiday", "percent_off": "10", "valid": {"days": 14}}
    batch = made(shop.brand.post("/v1/coupon-batches", terms))
    made(shop.brand.post("/v1/invite-codes", {"code": "STREET-7", "coupon_batch_id": batch["id"]}))
    page, typed = coding(visitor, "fang@home.example", "/sign-in?invite=STREET-7")
    page = visitor.send(page, "Sign in", code=typed)
    assert "You get: a coupon (10% off" in page.words(".flash")


def test_where_a_code_is_needed_the_field_says_so(shop, visitor):
    made(shop.brand.put("/v1/recruitment", {"joining": "code"}), 200)
    page, typed = coding(visitor, "fang@home.example")
    page = visitor.send(page, "Sign in", code=typed)
    assert "ask the store or a member for one" in page.words("#f-invite_code-fault")


@pytest.mark.parametrize("decision", ["approve", "decline"])
def test_who_applies_sees_how_it_stands(shop, visitor, desk, decision):
    made(shop.brand.put("/v1/recruitment", {
        "joining": "application",
        "questions": [{"text": "Which street?", "required": True},
                      {"text": "Pets?", "kind": "choice", "options": ["Yes", "No"]}],
    }), 200)  # fmt: skip
    street, pets = (f"answers.{each['id']}" for each in
                    made(shop.caller.call("GET", f"{shop.path}/joining"), 200)["questions"])  # fmt: skip
    page, typed = coding(visitor, "fang@home.example")
    page = visitor.send(page, "Sign in", code=typed)
    assert page.heading == "Apply to join"
    refused = visitor.send(page, "Send the application", **{street: ""})
    assert refused.status == 422
    assert "Please answer this question." in refused.words()
    done = visitor.send(refused, "Send the application", **{street: "Elm Street", pets: "No", "name": "Fang"})
    assert "the store is looking at it" in done.words()

    assert "Fang" in desk.get("/applications?status=pending").words(".data")
    application = desk.get(desk.get("/applications").link("Fang"))
    assert "Elm Street" in application.words()
    if decision == "approve":
        desk.send(application, "Approve it")
    else:
        desk.send(application, "Decline it", reason="We serve Oak Street alone.")

    page, typed = coding(visitor, "fang@home.example")
    page = visitor.send(page, "Sign in", code=typed)
    expected = "You are a member now." if decision == "approve" else "We serve Oak Street alone."
    assert expected in page.soup.text


def test_a_neighbour_who_follows_a_members_link_is_brought_by_them(shop, shopper, new_visitor):
    made(shop.brand.put("/v1/recruitment", {"referral": {"per_month": 3}}), 200)
    made(shop.brand.put("/v1/points-rules", {"rules": [{"action": "referral", "points": 50}]}), 200)
    page = shopper.get("/me/referral")
    assert "50 points" in page.words()
    assert "3 neighbours a month" in page.words()
    link = page.words("#link")
    assert "<svg" in shopper.get("/me/referral/link.svg").text
    neighbour = new_visitor(shop)
    assert not neighbour.get("").soup.select("#invited")
    follow(neighbour, link.rpartition("/")[2])
    home = neighbour.get("")
    assert home.words("#invited") == f"A neighbour invites you to The {shop.slug}"
    shopper.send(shopper.get("/me/profile"), "Save my profile", profile__name="Ada")
    home = neighbour.get("")
    assert home.words("#invited") == f"A** invites you to The {shop.slug}"
    assert neighbour.get(home.link("Join the shop")).heading == "Sign in"
    page, typed = coding(neighbour, "fang@home.example")
    neighbour.send(page, "Sign in", code=typed)
    assert newest(shop)["referred_by"] == shop.shopper.id
    assert not neighbour.get("").soup.select("#invited")


def test_where_nobody_invites_the_page_says_so(shopper):
    assert "does not reward inviting" in shopper.get("/me/referral").words()
    assert shopper.get("/me/referral/link.svg").status == 404
