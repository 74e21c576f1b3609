"""The tasks of the sheet, each done at the console from its first page on, and looked for in the API afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.brand_week import BREAD, EGGS, MILK, PEARS, STRAWBERRIES, Week
from tests.browser.colleague import Colleague
from tests.browser.paper import sheets

Walk = Callable[[Colleague, Week], None]

WALKS: dict[str, Walk] = {}
IN_THREE_DAYS = "2027-03-13T20:00"
FOUND_BY = "Find an order"


def walk(task: str) -> Callable[[Walk], Walk]:
    """Says of which task of the sheet a function is the walk."""

    def named(made: Walk) -> Walk:
        WALKS[task] = made
        return made

    return named


def _find_an_order(kim: Colleague, of: str, campaign: str) -> None:
    kim.write(FOUND_BY, of)
    kim.press("Show")
    kim.open_row(campaign)


def _look_at(kim: Colleague, member: str) -> None:
    kim.go_to("Members")
    kim.write("Name, e-mail", member)
    kim.press("Show")
    kim.open_row(member)


@walk("see what is late")
def see_what_is_late(kim: Colleague, week: Week) -> None:
    kim.reads("Complaints that are late", "a.tile.late")
    kim.reads("Refunds that were declined", "a.tile.late")


# --- Group buys


@walk("offer last week's group buy once more")
def offer_once_more(kim: Colleague, week: Week) -> None:
    kim.go_to("Group buys")
    kim.open_row(PEARS)
    kim.press("Copy it")
    kim.write("Closes", IN_THREE_DAYS)
    kim.press("Save and go on")
    kim.press("Publish")
    assert week.campaign(PEARS)["status"] == "open"


@walk("announce a group order of one product")
def announce_a_group_order(kim: Colleague, week: Week) -> None:
    kim.go_to("Group buys")
    kim.follow("New group buy")
    kim.write("What is it called?", "Plums of the hill")
    kim.press("Store the draft and go on")
    kim.write("Look for", "Plums")
    kim.press("Look for it")
    kim.press("Add Plums One")
    kim.write("Price of one", "8.80")
    kim.write("How many there are", "40")
    kim.press("Save and go on")
    kim.write("Closes", IN_THREE_DAYS)
    kim.tick("East gate")
    kim.press("Save and go on")
    kim.press("Publish")
    campaign = week.campaign("Plums of the hill")
    assert (campaign["status"], campaign["offers"][0]["price"]) == ("open", week.shop.money(880))


@walk("put more of an offer on sale")
def put_more_on_sale(kim: Colleague, week: Week) -> None:
    kim.follow(STRAWBERRIES)
    kim.follow("More of it")
    kim.write("How many there are in all", "80")
    kim.press("Put it on sale")
    assert week.campaign(STRAWBERRIES)["offers"][0]["quantity"] == 80


@walk("close a group buy now")
def close_now(kim: Colleague, week: Week) -> None:
    kim.follow(STRAWBERRIES)
    kim.follow("Close it now")
    kim.press("Close it now")
    assert week.campaign(STRAWBERRIES)["closed_early_at"]


# --- Orders


@walk("find a neighbour's order by their name")
def find_an_order(kim: Colleague, week: Week) -> None:
    _find_an_order(kim, "Wang Li", MILK)
    kim.reads("Order of Wang Li", "h1")
    assert kim.page.url.endswith(week.order(MILK, week.wang)["id"])


@walk("order for a caller")
def order_for_a_caller(kim: Colleague, week: Week) -> None:
    kim.follow(STRAWBERRIES)
    kim.follow("Order for a caller")
    kim.write("Name, or the last digits", "Wang Li")
    kim.press("Show")
    kim.follow("Wang Li")
    kim.write("Strawberries", "2")
    kim.press("See what it comes to")
    kim.press("Place the order")
    assert week.order(STRAWBERRIES, week.wang)["lines"][0]["quantity"] == 2


@walk("order what the chat group's list says")
def order_the_list(kim: Colleague, week: Week) -> None:
    kim.follow(STRAWBERRIES)
    kim.follow("Orders from the chat group")
    kim.write("The list", "1. Wang Li, strawberries 2\n2. Chen Mei, strawberries 1")
    kim.press("Read it")
    kim.press("Order what is ticked")
    assert sorted(each["lines"][0]["quantity"] for each in week.orders(STRAWBERRIES)) == [1, 2]


@walk("take a unit out of an order after the close")
def take_a_unit_out(kim: Colleague, week: Week) -> None:
    _find_an_order(kim, "Wang Li", EGGS)
    kim.follow("Take units out")
    kim.write("Eggs", "2")
    kim.write("Why", "One was broken")
    kim.press("See what goes back")
    kim.press("Yes, take them out")
    assert week.order(EGGS, week.wang)["lines"][0]["quantity"] == 2


@walk("give money back by goodwill")
def give_money_back(kim: Colleague, week: Week) -> None:
    _find_an_order(kim, "Wang Li", MILK)
    kim.write("How much, for the whole order", "2.50")
    kim.write("Why", "It came warm")
    kim.press("Look at it once more")
    kim.press("Yes, give it back")
    assert week.order(MILK, week.wang)["totals"]["refunded"] == week.shop.money(250)


# --- After the close


@walk("see what to buy of a supplier")
def see_what_to_buy(kim: Colleague, week: Week) -> None:
    kim.follow(EGGS)
    kim.follow("Purchase list")
    kim.unfold("As a text to send")
    kim.reads("Hill farm", "section.supplier h2")
    expect(kim.page.get_by_label("Copy it and send it")).to_have_value(re.compile(r"Eggs.*: 7\b"))


@walk("note a delivery that is complete")
def note_a_delivery(kim: Colleague, week: Week) -> None:
    kim.follow(EGGS)
    kim.follow("Record what came")
    kim.press("Record it")
    assert _supply(week)["received"] == 7


@walk("note a delivery that is short, with a substitute")
def note_a_short_delivery(kim: Colleague, week: Week) -> None:
    kim.follow(EGGS)
    kim.follow("Record what came")
    kim.write("Came", "5")
    kim.write("Look for it by its name", "Duck eggs")
    kim.press("Look for it")
    kim.choose("What came", "Duck eggs · One")
    kim.write("How many", "2")
    kim.press("Record it")
    kim.press("Yes, record it")
    assert (_supply(week)["received"], _supply(week)["substituted"]) == (5, 2)


def _supply(week: Week) -> dict[str, int]:
    path = f"/v1/campaigns/{week.campaign(EGGS)['id']}/supply"
    line: dict[str, int] = week.shop.brand.get(path).json["lines"][0]
    return line


@walk("print all sorting sheets")
def print_all_sheets(kim: Colleague, week: Week) -> None:
    kim.follow(BREAD)
    kim.follow("Sorting sheets")
    kim.follow("Print all")
    expect(kim.page.locator(".sheet h1")).to_have_text(["East gate", "West gate"])
    assert sheets(kim.page) == 2


@walk("say that the goods are at their pickup points")
def say_that_goods_are_there(kim: Colleague, week: Week) -> None:
    kim.follow(BREAD)
    kim.follow("The parcels are packed")
    kim.follow("The parcels are at the pickup points")
    kim.press("Yes: The parcels are at the pickup points")
    assert week.campaign(BREAD)["status"] == "at_pickup"


# --- Service


@walk("decide on a return")
def decide_on_a_return(kim: Colleague, week: Week) -> None:
    kim.follow("After-sale cases in work")
    kim.open_row("Milk")
    kim.press("Approve it …")
    kim.press("Yes, do it")
    assert [each["status"] for each in week.items("/v1/after-sales")] == ["approved"]


@walk("resolve a complaint")
def resolve_a_complaint(kim: Colleague, week: Week) -> None:
    kim.follow("Complaints that are late")
    kim.open_row("The pears were bruised.")
    kim.write("What came of it", "We are sorry. The next pears are on us.")
    kim.press("Resolve it and tell the member")
    resolved = [each["member_id"] for each in week.items("/v1/complaints") if each["status"] == "resolved"]
    assert resolved == [week.chen.id]


@walk("see what a member was told")
def see_what_a_member_was_told(kim: Colleague, week: Week) -> None:
    _look_at(kim, "Wang Li")
    kim.reads("E-mail", "section[aria-labelledby=told] li")


@walk("block a member")
def block_a_member(kim: Colleague, week: Week) -> None:
    _look_at(kim, "Wang Li")
    kim.write("Why", "Sells them on")
    kim.press("Block them")
    assert week.shop.brand.get(f"/v1/members/{week.wang.id}").json["status"] == "blocked"


# --- Money


@walk("try a refund again that failed")
def try_a_refund_again(kim: Colleague, week: Week) -> None:
    (payment,) = week.items("/v1/payments?state=refund_failed")
    kim.follow("Refunds that were declined")
    kim.follow("18.00")
    kim.press("Try the refund once more")
    again = week.shop.brand.get(f"/v1/payments/{payment['id']}").json
    assert again["refunds"][0]["tried_again"] == 1


@walk("confirm that money was paid out in cash")
def confirm_cash(kim: Colleague, week: Week) -> None:
    kim.follow("Refunds to pay out in cash")
    kim.press("I have paid out CN¥9.00 in cash")
    assert week.items("/v1/cash-refunds") == []


@walk("note cash that a leader handed in")
def note_cash(kim: Colleague, week: Week) -> None:
    kim.go_to("Cash to be handed in")
    kim.write("How much was handed in", "50")
    kim.press("Note it")
    kim.reads("It is noted that the cash was handed in.")


@walk("freeze a leader's statement and note its payment")
def freeze_and_pay(kim: Colleague, week: Week) -> None:
    kim.go_to("Statements")
    kim.follow("Leader of West gate")
    kim.press("Freeze the statement")
    kim.press("Note the payment")
    kim.reads("Nothing is left to pay.")
    query = f"?party=leader&party_id={week.gao.id}"
    (frozen,) = week.items(f"/v1/statements/frozen{query}")
    assert (frozen["from_on"], frozen["unpaid"]) == ("2027-02-01", week.shop.money(0))


# --- Figures and people


@walk("read retention as a table")
def read_retention(kim: Colleague, week: Week) -> None:
    kim.go_to("Who comes back")
    kim.reads("2027-02", "table.heat")


@walk("add a colleague")
def add_a_colleague(kim: Colleague, week: Week) -> None:
    kim.go_to("Your team")
    kim.write("E-mail address", "robin@team.example")
    kim.write("Name", "Robin")
    kim.tick("Customer service")
    kim.press("Add them to the team")
    assert [each["roles"] for each in week.items("/v1/staff") if each["name"] == "Robin"] == [["service"]]
