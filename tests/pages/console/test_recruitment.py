"""Recruitment at the console: the rules, invite codes, and who joined by them."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.identities import Identity
from chalicelib.recruitment.prospects.records import ProspectRecord
from tests.builders import made
from tests.members.codes import sent


def rules(shop):
    return made(shop.brand.get("/v1/recruitment"), 200)


def codes(shop):
    return made(shop.brand.get("/v1/invite-codes"), 200)["items"]


def test_the_rules_are_set_and_shown_again(desk, shop):
    coupon = {"title": "Thanks", "kind": "amount", "purpose": "loyal", "value": shop.money(500)}
    batch = made(shop.brand.post("/v1/coupon-batches", coupon))["id"]
    page = desk.send(desk.get("/recruitment"), "Save", **{
        "joining": "application", "inviting": "true", "reward_coupon": batch, "per_month": "5",
        "questions.0.text": "Which street?", "questions.0.required": "true",
        "questions.2.text": "Pets?", "questions.2.options": "Yes\nNo",
    })  # fmt: skip
    found = rules(shop)
    assert found["joining"] == "application"
    assert found["referral"] == {
        "coupon_batch_id": batch, "friend_coupon_batch_id": None, "per_month": 5, "per_member": None,
    }  # fmt: skip
    assert [(each["text"], each["options"]) for each in found["questions"]] == [
        ("Which street?", []), ("Pets?", ["Yes", "No"]),
    ]  # fmt: skip
    assert page.soup.select_one("#f-questions-1-text")["value"] == "Pets?"
    desk.send(page, "Save", inviting="false")
    assert rules(shop)["referral"] is None


def test_what_cannot_be_stands_beside_its_field(desk):
    page = desk.send(desk.get("/recruitment"), "Save", **{
        "questions.1.text": "Pets?", "questions.1.options": "Yes", "inviting": "true", "per_month": "many",
    })  # fmt: skip
    assert page.status == 422
    assert page.soup.select_one("#f-questions-1-options-fault")
    assert page.soup.select_one("#f-per_month-fault")


def test_an_invite_code_is_made_changed_and_revoked(desk, shop):
    assert "There is no invite code yet" in desk.get("/invite-codes").words()
    made_page = desk.send(desk.get("/invite-codes/new"), "Make the code", code="elm street", max_uses="2", title="Elm")
    (code,) = codes(shop)
    assert (code["code"], code["max_uses"], made_page.words("#link")) == ("ELM-STREET", 2, code["url"])
    assert "<svg" in desk.get(f"/invite-codes/{code['id']}/link.svg").text
    page = desk.send(made_page, "Save", max_uses="", title="Elm Street")
    (code,) = codes(shop)
    assert (code["max_uses"], code["title"]) == (None, "Elm Street")
    page = desk.send(page, "Revoke the code")
    assert codes(shop)[0]["status"] == "revoked"
    assert not page.soup.select("#link")
    refused = desk.send(desk.get("/invite-codes/new"), "Make the code", code="x")
    assert refused.soup.select_one("#f-code-fault")


def test_who_only_looks_changes_nothing(shop, new_desk):
    analyst = new_desk(shop, "analyst")
    assert analyst.get("/invite-codes/new").status == 403
    assert "A manager or planner changes this." in analyst.get("/recruitment").words()


def invite(desk, shop, people, press="Invite them", **typed):
    """The page that follows when people are invited."""
    on = local_date(clock.now(), ZoneInfo(shop.timezone))
    usual = {"source": "Market list", "agreed_on": on.isoformat(), "join_by": (on + timedelta(days=20)).isoformat()}
    return desk.send(desk.get("/prospects/new"), press, people=people, **usual | typed)


def test_people_are_invited_by_a_list_and_one_is_withdrawn(desk, shop):
    assert "Nobody is invited yet" in desk.get("/prospects").words()
    page = invite(desk, shop, f"Fang, fang@home.example\n\n+86 138 0013 8000\n{shop.shopper.email}")
    assert "2 people are invited" in page.words()
    assert "is a member already" in page.words("main .list")
    listed = desk.get("/prospects?status=waiting")
    assert "+8613800138000" in listed.words(".data")
    one = desk.get(listed.link("Fang"))
    assert "Market list" in one.words()
    desk.send(one, "Withdraw the invitation")
    assert "Fang" not in desk.get("/prospects?status=waiting").words(".data")
    assert "Fang" in desk.get("/prospects?status=withdrawn").words(".data")


def test_what_cannot_be_of_a_list_names_its_line(desk, shop):
    page = invite(desk, shop, "fang@home.example\n\nnobody", source="", join_by="2020-01-01")
    assert page.status == 422
    assert page.words("#f-people-fault").startswith("Line 3:")
    assert page.soup.select_one("#f-source-fault")
    page = invite(desk, shop, "fang@home.example", join_by="2020-01-01")
    assert "from today on" in page.words("#f-join_by-fault")


def test_each_wrong_line_of_a_list_is_named_in_the_readers_language(desk, shop):
    wrong = "fang@home.example\nnot-an-address\nLi, 12\nfang@"
    lines = invite(desk, shop, wrong).soup.select_one("#f-people-fault").get_text().splitlines()
    assert [each.split(":")[0] for each in lines] == ["Line 2", "Line 3", "Line 4"]
    assert lines[0] == "Line 2: this is neither an e-mail address nor a phone number"
    desk.language = "zh"
    lines = invite(desk, shop, wrong, press="发送邀请").soup.select_one("#f-people-fault").get_text().splitlines()
    assert [each.split("：")[0] for each in lines] == ["第 2 行", "第 3 行", "第 4 行"]
    assert lines[0] == "第 2 行：既不是邮箱，也不是手机号"
    assert all(re.search("[\u3400-\u9fff]", each.split("：", 1)[1]) for each in lines)


def test_an_invitation_names_its_coupon_with_what_it_gives(desk, shop):
    terms = {"title": "Hello", "kind": "percent", "purpose": "holiday", "percent_off": "10", "valid": {"days": 14}}
    batch = made(shop.brand.post("/v1/coupon-batches", terms))
    page = invite(desk, shop, "fang@home.example", coupon_batch_id=batch["id"])
    assert "1 person is invited" in page.words(".flash")
    assert f"Hello · {batch['worth']}" in desk.get(desk.get("/prospects").link("fang")).words("dl")


def test_a_members_page_says_what_brought_them(desk, shop, visitor):
    channel = made(shop.brand.post("/v1/channels", {"kind": "chat_group", "title": "Garden Road"}))
    made(shop.brand.post("/v1/invite-codes", {"code": "GARDEN-7", "channel_id": channel["id"]}))
    page = visitor.send(visitor.get("/sign-in?invite=GARDEN-7"), "Send me a code", address="fang@home.example")
    visitor.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"])
    (fang,) = made(shop.brand.get("/v1/members?origin=invite"), 200)["items"]
    assert shop.shopper.id not in {
        each["id"] for each in made(shop.brand.get("/v1/members?origin=invite"), 200)["items"]
    }
    assert shop.brand.get("/v1/members?origin=magic").status == 422

    said = desk.get(f"/members/{fang['id']}").words()
    assert "GARDEN-7" in said
    assert "Garden Road" in said
    assert fang["id"] in desk.get("/members?origin=invite").text
    assert fang["id"] not in desk.get("/members?origin=referral").text


def test_who_was_invited_declines_by_the_link(desk, shop, visitor):
    invite(desk, shop, "fang@home.example")
    with tenant_scope(shop.tenant_id):
        prospect = ProspectRecord.id_of(shop.tenant_id, Identity("email", "fang@home.example"))
        found = ProspectRecord.fetch(*ProspectRecord.address(shop.tenant_id, prospect))
    page = visitor.get(f"/decline/{found.code}")
    assert made(shop.brand.get(f"/v1/prospects/{prospect}"), 200)["status"] == "waiting", "opening it changes nothing"
    assert "no more invitations" in visitor.send(page, "Invite me no more").words(".flash")
    assert "wants no invitations" in invite(desk, shop, "fang@home.example").words()
    assert "Wants none" in desk.get("/prospects").words(".data")
