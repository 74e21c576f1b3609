"""What neighbours do with their phones, from the link in the chat group until they have their groceries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

ADDRESS = "ada@people.example"
ONLINE = {"payment_methods": ["test"]}
LANGUAGES = pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.verify)])
HOUR = 3600
_OWN = "The link in it is your own: the brand sees which orders came by it, and nobody else does."


def _chooses(neighbour, campaign, path, units):
    """From a link in the chat group, with some of the first offer, to the basket."""
    neighbour.window.go(path)
    expect(neighbour.page.get_by_role("heading", level=1)).to_have_text(campaign["title"])
    neighbour.page.locator(f'input[name="units.{campaign["offers"][0]["offer_id"]}"]').fill(str(units))
    neighbour.press("To the basket")
    neighbour.expect_heading("Your basket")


def _link_of(neighbour, campaign):
    """Her own link, out of the text that she would paste into her chat group."""
    neighbour.window.go(f"/campaigns/{campaign['id']}/chat")
    neighbour.press("Use my own link")
    expect(neighbour.page.get_by_text(neighbour.reads(_OWN))).to_be_visible()
    (link,) = re.findall(r"http\S+", neighbour.page.locator("textarea").input_value())
    shop = neighbour.window.at("")
    assert link.startswith(f"{shop}/go/")
    return link.removeprefix(shop)


def _orders(neighbour, campaign, path="", units=1):
    """The same, and on to the order's page, or to the page of paying, by who is signed in."""
    _chooses(neighbour, campaign, path or f"/campaigns/{campaign['id']}", units)
    neighbour.press("Go on and order")
    neighbour.expect_heading("Check your order")
    neighbour.press("Order now")


def _first(shop, path):
    return shop.brand.get(path).json["items"][0]


@LANGUAGES
def test_from_the_link_in_a_chat_to_the_outcome_of_a_complaint(noon, served_shop, server, neighbour, language):
    campaign = served_shop.campaign(title="草莓 Strawberries", closes_in=timedelta(hours=1), **ONLINE)
    bea, ada = neighbour(language, member=served_shop.shopper), neighbour(language)

    _chooses(ada, campaign, _link_of(bea, campaign), units=2)
    ada.press("Sign in and order")
    ada.sign_in(ADDRESS)
    ada.expect_heading("Check your order")
    ada.press("Order now")
    ada.expect_heading("Pay")
    ada.pay()
    ada.expect_heading("Paid. Thank you.")
    ada.follow("To my order")

    server.advance(2 * HOUR)
    served_shop.arrived(campaign["id"])
    server.quiet()
    ada.page.reload()
    order = _first(served_shop, "/v1/orders")
    assert order["via"]["sharer_id"] == served_shop.shopper.id
    ada.expect_code(order["pickup_code"])
    path = f"/s/{served_shop.slug}/orders/{order['id']}"
    ada.expect_kept([path, f"{path}/code.svg"])
    ada.window.lose_connection()
    expect(ada.page.locator(".kept")).to_be_visible()
    ada.expect_code(order["pickup_code"])
    ada.window.find_connection()

    handed = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
    assert served_shop.brand.post(f"/v1/orders/{order['id']}/pickup", handed).status == 200
    server.quiet()
    ada.window.go(ada.letter(ADDRESS, rf"/s/{served_shop.slug}/surveys/[\w-]+"))
    for question in ada.page.locator("fieldset.question").all():
        question.locator("input").first.check()
    ada.press("Send my answer")
    ada.expect_heading("Thank you!")
    ada.follow("See what becomes of it")
    complaint = _first(served_shop, "/v1/complaints")
    assert complaint["member_id"] == order["member_id"]
    expect(ada.page).to_have_url(ada.window.at(f"/complaints/{complaint['id']}"))
    expect(ada.page.get_by_role("heading", level=1)).to_contain_text(ada.reads("Your complaint"))


@pytest.mark.verify
@LANGUAGES
def test_a_team_that_two_neighbours_fill(served_shop, server, neighbour, language):
    campaign = served_shop.campaign(kind="team_buy", team={"size": 2, "hours": 24})
    ada, bob = (neighbour(language, member=served_shop.member()) for _ in range(2))

    _orders(ada, campaign)
    ada.follow("See the team")
    team = ada.page.url.rpartition("/")[2]
    bob.window.go(f"/teams/{team}")
    bob.follow("Join this team")
    _orders(bob, campaign, f"/campaigns/{campaign['id']}?team={team}")

    expect(bob.page.get_by_text(bob.reads("Your team is complete."))).to_be_visible()
    server.quiet()
    ada.window.go(f"/teams/{team}")
    expect(ada.page.locator("progress")).to_have_attribute("value", "2")
    assert {each["status"] for each in served_shop.brand.get("/v1/orders").json["items"]} == {"placed"}


@pytest.mark.verify
@LANGUAGES
def test_a_price_that_falls_for_everybody(served_shop, server, neighbour, language):
    steps = [{"from_quantity": units, "price": served_shop.money(price)} for units, price in ((1, 900), (3, 700))]
    offer = {"sku_id": served_shop.sku_id, "quantity": 50, "ladder": steps}
    campaign = served_shop.campaign(kind="ladder", offers=[offer], closes_in=timedelta(hours=1))
    ada, bob = (neighbour(language, member=served_shop.member()) for _ in range(2))

    _orders(ada, campaign)
    order = ada.page.url
    expect(ada.page.locator("main")).to_contain_text("¥9.00")
    _orders(bob, campaign, units=2)
    server.advance(2 * HOUR)

    ada.page.goto(order)
    expect(ada.page.locator("main")).to_contain_text("¥7.00")


@pytest.mark.verify
@LANGUAGES
def test_a_deposit_now_and_the_rest_after_the_close(served_shop, server, neighbour, language):
    offers = [served_shop.offer(deposit=served_shop.money(200))]
    balance = {"hours_after_close": 48, "on_default": "refund"}
    terms = {"kind": "pre_order", "offers": offers, "balance": balance, **ONLINE}
    campaign = served_shop.campaign(closes_in=timedelta(hours=1), **terms)
    ada = neighbour(language, member=served_shop.shopper)

    _orders(ada, campaign)
    ada.expect_heading("Pay")
    expect(ada.page.locator("main")).to_contain_text("¥2.00")
    ada.pay()
    server.advance(2 * HOUR)
    order = _first(served_shop, "/v1/orders")
    ada.window.go(f"/orders/{order['id']}")
    ada.follow("Pay now")
    expect(ada.page.locator("main")).to_contain_text("¥7.00")
    ada.pay()
    ada.expect_heading("Paid. Thank you.")

    assert _first(served_shop, "/v1/orders")["totals"]["due"]["amount_minor"] == 0


@pytest.mark.verify
@LANGUAGES
def test_a_question_is_answered_while_its_page_is_looked_at_and_a_person_after_a_no(
    served_shop, server, neighbour, language
):
    entry = {"question": "退款多久能到账？", "answer": "五天内 5 days", "locale": "zh", "tags": ["退钱"]}
    assert served_shop.brand.post("/v1/faq", entry, headers={"Idempotency-Key": "faq"}).status == 201
    ada = neighbour(language, member=served_shop.member())

    ada.window.go("/help")
    ada.follow("Ask us")
    ada.write("Your question", "我的退款几天能到账？")
    ada.press("Send my question")
    expect(ada.page.locator("#conversation")).to_contain_text("五天内 5 days")
    ada.press("No, I want to ask a person")
    enquiry = _first(served_shop, "/v1/enquiries")
    assert (enquiry["status"], enquiry["answered_by"], enquiry["helped"]) == ("open", "faq", False)
    said = {"text": "已查 It is on its way"}
    path = f"/v1/enquiries/{enquiry['id']}/messages"
    assert served_shop.brand.post(path, said, headers={"Idempotency-Key": "said"}).status == 201
    ada.page.reload()
    expect(ada.page.locator("#conversation")).to_contain_text("已查 It is on its way")
    ada.press("I need no more, close it")
    assert _first(served_shop, "/v1/enquiries")["closed_by"] == "member"


@LANGUAGES
def test_a_complaint_is_made_good_and_its_member_accepts_that(
    noon, served_shop, server, neighbour, open_window, language
):
    leader = served_shop.member()
    point = served_shop.pickup_point(leader_id=leader.id, commission_bps=1_000)
    campaign = served_shop.campaign(pickup_point_ids=[point["id"]], closes_in=timedelta(hours=1))
    question = {"id": "well", "kind": "score", "text": "处理得好吗 Handled well?", "required": True}
    survey = {"title": "投诉处理 Our handling", "trigger": "complaint_closed", "questions": [question]}
    assert served_shop.brand.post("/v1/surveys", survey).status == 201
    ada = neighbour(language, member=served_shop.shopper)
    kim = Person(open_window(served_shop, language=language), server, language)
    kim.window.at_the_console(served_shop.team_token("owner"))

    _orders(ada, campaign, units=4)
    order = _first(served_shop, "/v1/orders")
    server.advance(2 * HOUR)
    served_shop.arrived(campaign["id"])
    handed = {"code": order["pickup_code"], "pickup_point_id": point["id"]}
    assert served_shop.brand.post(f"/v1/orders/{order['id']}/pickup", handed).status == 200
    server.quiet()

    ada.window.go(f"/orders/{order['id']}/complaint")
    ada.choose("about", "leader")
    ada.fill_in("text", "她对我大喊大叫")
    ada.press("Send my complaint")
    complaint = _first(served_shop, "/v1/complaints")

    kim.window.go(f"/console/complaints/{complaint['id']}")
    kim.fill_in("outcome", "我们已与她沟通，退您两元。")
    kim.page.locator("#f-give").select_option("refund")
    kim.fill_in("amount", "2.00")
    kim.page.locator("#f-cost_to").select_option("leader")
    kim.press("Resolve it and tell the member")
    kim.expect_said("The complaint is resolved. The member is told what came of it.")
    server.quiet()
    earned = served_shop.caller.call("GET", f"{served_shop.path}/leader/commissions", token=leader.token).json["items"]
    assert [(each["commission"]["amount_minor"], each["borne"]["amount_minor"]) for each in earned] == [(160, 200)]

    ada.window.go(f"/complaints/{complaint['id']}")
    expect(ada.page.locator("[aria-labelledby=outcome]")).to_contain_text("¥2.00")
    ada.press("Yes, it is settled")
    ada.expect_said("Thank you. We are glad that it is settled.")
    kim.page.reload()
    expect(kim.main).to_contain_text(kim.reads("The member accepts this answer."))

    me = served_shop.shopper
    waiting = served_shop.caller.call("GET", f"{served_shop.path}/invitations", token=me.token).json["items"]
    ada.window.go(f"/surveys/{waiting[0]['token']}")
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("投诉处理 Our handling")
    ada.choose("answers.q-well", "5")
    ada.press("Send my answer")
    ada.expect_heading("Thank you!")
    kim.window.go("/console/surveys")
    kim.open("投诉处理 Our handling")
    expect(kim.main).to_contain_text(kim.reads("Scores are shown once five people have given one."))
