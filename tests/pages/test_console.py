"""The console's frame: who of the team comes in, what they find, and how they leave."""

from __future__ import annotations

from tests.members.codes import sent


def signed_in(desk, email):
    page = desk.send(desk.get("/sign-in"), "Send me a code", shop=desk.slug, email=email)
    return desk.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"])


def test_the_owner_signs_in_with_a_code_and_is_back_where_they_were(new_desk, shop):
    desk = new_desk(shop)
    desk.cookies.clear()
    assert desk.get("/menu").heading == "Sign in to your console"
    seen = signed_in(desk, f"owner@{shop.slug}.example")
    assert seen.path == "/console"
    assert seen.heading == "Today"
    assert desk.get("/sign-in").path == "/console"
    desk.send(desk.get("/me"), "Sign out")
    assert desk.get("").heading == "Sign in to your console"
    assert f'value="{shop.slug}"' in desk.get("").text  # the shop is remembered


def test_what_the_sign_in_refuses_stands_beside_its_field(desk):
    desk.cookies.clear()
    page = desk.send(desk.get("/sign-in"), "Send me a code", shop="", email="ada@people.example")
    assert page.words(".fault") == "Type the address of your shop."
    page = desk.send(page, "Send me a code", shop="https://lintuan.example/s/elsewhere", email="no address")
    assert page.soup.select_one("#f-email-fault")


def test_a_role_that_was_taken_away_counts_at_once(shop, new_desk):
    desk = new_desk(shop, "analyst")
    assert desk.get("").status == 200
    me = next(each for each in shop.brand.get("/v1/staff").json["items"] if each["roles"] == ["analyst"])
    assert shop.brand.call("DELETE", f"/v1/staff/{me['id']}").status == 204
    assert desk.get("").heading == "Sign in to your console"


def test_a_member_is_nobody_at_the_console(shop, new_desk):
    desk = new_desk(shop).with_token(shop.shopper.token)
    assert desk.get("").heading == "Sign in to your console"


def test_who_is_signed_in_reads_their_roles_in_words(new_desk, shop):
    desk = new_desk(shop, "service", "editor")
    assert [each.get_text() for each in desk.get("/me").soup.select(".badge")] == ["Editor", "Customer service"]
    desk.language = "zh"
    assert [each.get_text() for each in desk.get("/me").soup.select(".badge")] == ["编辑", "客服"]


def test_the_console_speaks_both_languages(desk):
    assert desk.get("").heading == "Today"
    assert desk.send(desk.get("/me"), "中文").status == 200
    assert desk.get("").heading == "今日"
