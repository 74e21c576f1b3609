"""The team finds members, looks at what is theirs, and helps them."""

from __future__ import annotations

from typing import Any

from tests.builders import Shop, made
from tests.members.codes import sent
from tests.pages.site import Desk


def test_a_member_is_found_and_shown_with_what_is_theirs(shop: Shop, desk: Desk) -> None:
    member = shop.member("ada@people.example")
    order = made(shop.order(member))
    complaint = made(shop.caller.call("POST", f"{shop.path}/complaints", json={"text": "Rude"}, token=member.token))

    found = desk.get("/members?q=ada@")
    assert [each.get_text(strip=True) for each in found.soup.select("tbody [data-label=E-mail]")] == [
        "ada@people.example"
    ]
    page = desk.get(found.link("ada@people.example"))

    assert page.status == 200
    assert page.soup.select_one(f"a[href$='/orders/{order['id']}']")
    assert page.soup.select_one(f"a[href$='/complaints/{complaint['id']}']")
    assert "ada@people.example" in page.words("[aria-labelledby=who]")
    assert "News and offers" in page.words("[aria-labelledby=agreed]")


def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    assert "No members yet." in desk.get("/members").words(".empty")
    assert "Nobody is found." in desk.get("/members?q=nobody").words(".empty")


def test_a_list_goes_on(shop: Shop, desk: Desk) -> None:
    for _ in range(21):
        shop.member()
    first = desk.get("/members")
    second = desk.get(first.link("Show more"))
    assert (len(first.soup.select("tbody tr")), len(second.soup.select("tbody tr"))) == (20, 1)


def test_a_member_is_blocked_with_a_reason_and_let_in_again(shop: Shop, desk: Desk) -> None:
    member = shop.member()
    page = desk.send(desk.get(f"/members/{member.id}"), "Block them", reason="")
    assert (page.status, bool(page.soup.select_one("#f-reason-fault"))) == (422, True)

    page = desk.send(page, "Block them", reason="Never collects")

    assert "Blocked" in page.heading
    assert shop.order(member).status in (403, 409)
    page = desk.send(page, "Let them order again", reason="Promised")
    assert page.words(".flash") == "The member can order again."
    assert made(shop.brand.get(f"/v1/members/{member.id}"), 200)["status"] == "active"


def test_a_member_is_signed_out_everywhere(shop: Shop, desk: Desk) -> None:
    member = shop.member()
    desk.send(desk.get(f"/members/{member.id}"), "Sign them out on all devices")
    assert shop.caller.call("GET", f"{shop.path}/me", token=member.token).status == 401


def test_a_lost_address_is_changed_with_a_code_that_the_member_reads_out(shop: Shop, desk: Desk) -> None:
    member = shop.member("old@people.example")
    page = desk.get(desk.get(f"/members/{member.id}").link("Change their phone or e-mail"))
    page = desk.send(page, "Send the code", address="no address")
    assert page.soup.select_one("#f-address-fault")
    page = desk.send(page, "Send the code", address="new@people.example")
    assert page.heading == "The code that the member has"
    wrong = desk.send(page, "Change it", new_code="000000", reason="Lost it")
    assert (wrong.status, wrong.soup.select_one("#f-reason")["value"]) == (422, "Lost it")

    page = desk.send(wrong, "Change it", new_code=sent()[-1]["data"]["params"]["code"])

    assert "It is changed." in page.words(".flash")
    assert made(shop.brand.get(f"/v1/members/{member.id}"), 200)["email"] == "new@people.example"


def test_a_role_sees_what_it_may(shop: Shop, new_desk: Any) -> None:
    member = shop.member("ada@people.example")
    analyst = new_desk(shop, "analyst").get(f"/members/{member.id}")
    assert "ada@people.example" not in analyst.text
    assert "not shown names" in analyst.words()
    assert not analyst.soup.select("[aria-labelledby=help], [aria-labelledby=told], [aria-labelledby=complaints]")
    assert analyst.soup.select("[aria-labelledby=orders]")
    editor = new_desk(shop, "editor").get(f"/members/{member.id}")
    assert not editor.soup.select("[aria-labelledby=orders]")
    assert "ada@people.example" in editor.text
    assert new_desk(shop, "technical").get("/members").status == 403
    assert new_desk(shop, "service", language="zh").get("/members").heading == "会员"


def test_what_a_list_said_of_a_members_consent_is_shown_as_the_brands_own_note(shop: Shop, desk: Desk, drain) -> None:
    table = "member,name,consent\nM-1,Ada,on paper\nM-2,Bob,\n"
    made(shop.brand.post("/v1/imports", {"kind": "members", "csv": table}), 202)
    drain()
    ids = {each["external_ref"]: each["id"] for each in made(shop.brand.get("/v1/members"), 200)["items"]}
    agreed = desk.get(f"/members/{ids['M-1']}").words("section[aria-labelledby=agreed]")
    assert "Your own note from an imported list on paper" in agreed
    assert "it grants nothing" in agreed
    assert "imported list" not in desk.get(f"/members/{ids['M-2']}").words("section[aria-labelledby=agreed]")
    desk.language = "zh"
    assert "导入名单中您的备注" in desk.get(f"/members/{ids['M-1']}").words("section[aria-labelledby=agreed]")


def test_what_a_member_says_is_written_down_and_what_is_none_stands_beside_its_field(shop: Shop, desk: Desk) -> None:
    member = shop.member()
    page = desk.get(desk.get(f"/members/{member.id}").link("Write down what they told you"))
    wrong = desk.send(page, "Save", profile__birthday="30 May", profile__interests="tea，fruit")
    assert (wrong.status, bool(wrong.soup.select_one("#f-profile-birthday-fault"))) == (422, True)
    assert wrong.soup.select_one("#f-profile-interests")["value"] == "tea，fruit"
    page = desk.send(wrong, "Save", profile__birthday="05-30", profile__household="alone")
    assert page.words(".flash") == "It is written down."
    assert "05-30" in page.words("[aria-labelledby=who]")
    kept = made(shop.brand.get(f"/v1/members/{member.id}"), 200)["profile"]
    assert (kept["birthday"], kept["household"], kept["interests"]) == ("05-30", "alone", ["tea", "fruit"])


def test_who_calls_to_leave_leaves_and_comes_back(shop: Shop, desk: Desk) -> None:
    member = shop.member()
    page = desk.get(f"/members/{member.id}")
    wrong = desk.send(page, "Note that they leave", leaving__note="x" * 501)
    assert (wrong.status, bool(wrong.soup.select_one("#f-leaving-note-fault"))) == (422, True)
    page = desk.send(page, "Note that they leave", leaving__reason="moved_away", leaving__note="To Wuxi")
    assert page.words(".flash") == "It is noted that they have left. They are told."
    assert "has left" in page.heading
    assert "Moved away" in page.words()
    page = desk.send(page, "They are back")
    assert made(shop.brand.get(f"/v1/members/{member.id}"), 200)["left_at"] is None


def test_all_answers_about_consent_are_shown(shop: Shop, desk: Desk) -> None:
    member = shop.member()
    for yes in (True, False):
        change = {"consent": {"marketing": yes}}
        made(shop.caller.call("PATCH", f"{shop.path}/me", json=change, token=member.token), 200)
    page = desk.get(desk.get(f"/members/{member.id}").link("All consents given and refused"))
    assert len(page.soup.select("main li")) >= 1
    assert "said no" in page.words("main")


def test_a_consent_is_withdrawn_for_who_calls_and_none_is_given(shop: Shop, desk: Desk) -> None:
    member = shop.member()
    page = desk.get(f"/members/{member.id}")
    assert "Withdraw it for them" not in page.words()
    change = {"consent": {"marketing": True}}
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=change, token=member.token), 200)
    page = desk.get(f"/members/{member.id}")
    wrong = desk.send(page, "Withdraw it for them", withdrawal__purpose="marketing")
    assert (wrong.status, bool(wrong.soup.select_one("#f-withdrawal-reason-fault"))) == (422, True)
    page = desk.send(page, "Withdraw it for them", withdrawal__purpose="marketing", withdrawal__reason="Called")
    assert page.words(".flash") == "The consent is withdrawn. They can give it again."
    assert "Withdraw it for them" not in page.words()
    assert "by the team, as they asked" in desk.get(page.link("All consents given and refused")).words("main")


def test_what_happened_with_a_member_is_shown_by_time_and_by_kind(shop: Shop, desk: Desk) -> None:
    member = shop.member("ada@people.example")
    order = made(shop.order(member))
    made(shop.caller.call("POST", f"{shop.path}/complaints", json={"text": "Rude"}, token=member.token))

    lately = desk.get(f"/members/{member.id}").soup.select_one("[aria-labelledby=happened]")
    assert lately is not None
    assert f"/members/{member.id}/timeline" in str(lately)
    page = desk.get(f"/members/{member.id}/timeline")
    entries = [each.get_text(" ", strip=True) for each in page.soup.select("ol.rows > li")]
    assert [each.split()[0] for each in entries] == ["Complaint", "Order", "Joined"]
    assert "Rude" in entries[0]
    assert page.soup.select_one(f"a[href$='/orders/{order['id']}']")
    alone = desk.get(f"/members/{member.id}/timeline?kind=joined")
    assert len(alone.soup.select("ol.rows > li")) == 1
    assert "Nothing." in desk.get(f"/members/{member.id}/timeline?kind=review").words("main")
