"""Leaderboards as the team and members read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.boards.events import insight
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message
from tests.builders import Member, Reply, made
from tests.conftest import Clock
from tests.loyalty.conftest import A_POINT_A_YUAN, CHECK_IN, Loyalty, new_loyalty
from tests.memory import Memory

__all__ = ["new_loyalty"]

NOVEMBER = datetime(2028, 11, 15, 2, tzinfo=UTC)


@pytest.fixture
def shop(new_loyalty: Callable[..., Loyalty], clock: Clock, memory: Memory) -> Loyalty:
    """A shop in Shanghai, in the middle of a month."""
    clock.set(NOVEMBER)
    memory.begins_at("15 November 2028")
    return new_loyalty()


def board(loyalty: Loyalty, by: str = "spend", **asked: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return made(loyalty.brand.get(f"/v1/leaderboards/{by}?{query}"), 200)


def rows(loyalty: Loyalty, by: str = "spend", **asked: Any) -> list[tuple[int, str, int]]:
    """Rank, member and value of each row."""
    return [(each["rank"], each["member"]["id"], each["value"]) for each in board(loyalty, by, **asked)["rows"]]


def seen(loyalty: Loyalty, member: Member, by: str = "spend", query: str = "") -> Any:
    """The board as a member sees it."""
    return made(loyalty.care.store("GET", f"/leaderboards/{by}{query}", member), 200)


def refused(loyalty: Loyalty, by: str, query: str) -> Reply:
    return loyalty.brand.get(f"/v1/leaderboards/{by}?{query}")


def month(loyalty: Loyalty) -> str:
    return f"{loyalty.today:%Y-%m}"


def test_what_is_given_back_counts_no_more(shop: Loyalty) -> None:
    """200 less 50 is 150: here 18.00 less 4.50."""
    me = shop.shop.shopper
    order = shop.collected(2)
    shop.drain()
    assert rows(shop, period=month(shop)) == [(1, me.id, 1_800)]

    shop.give_back(order, 450)

    assert rows(shop, period=month(shop)) == [(1, me.id, 1_350)]
    assert rows(shop, "quantity") == [(1, me.id, 2)]
    assert rows(shop, "orders") == [(1, me.id, 1)]

    shop.give_back(order, 1_350)

    assert rows(shop) == []
    assert board(shop)["members"] == 0


def test_ranks_are_shared_also_where_a_page_ends(shop: Loyalty) -> None:
    first, others = shop.shop.shopper, [shop.shop.member() for _ in range(3)]
    for member, units in ((first, 3), *((each, 2) for each in others)):
        shop.collected(units, member)
    shop.drain()
    whole = rows(shop, "quantity")
    assert [(rank, value) for rank, _, value in whole] == [(1, 3), (2, 2), (2, 2), (2, 2)]

    found, cursor = [], ""
    for _ in range(4):
        page = board(shop, "quantity", limit=1, cursor=cursor)
        found += [(each["rank"], each["member"]["id"], each["value"]) for each in page["rows"]]
        cursor = page["next_cursor"] or ""
    assert (found, cursor) == (whole, "")
    last = seen(shop, others[-1], "quantity", "?limit=1")
    assert last["me"] == {"rank": 2, "value": 2}


def test_a_cursor_belongs_to_its_board(shop: Loyalty) -> None:
    for member in (shop.shop.shopper, shop.shop.member()):
        shop.collected(1, member)
    shop.drain()
    cursor = board(shop, "spend", limit=1)["next_cursor"]
    for by, more in (("orders", ""), ("spend", "&period=2026-W01")):
        assert refused(shop, by, f"limit=1&cursor={cursor}{more}").json["code"] == "bad_cursor"


def test_others_are_named_where_they_agree_to_it(shop: Loyalty) -> None:
    care, me, other = shop.care, shop.shop.shopper, shop.shop.member()
    for who, name in ((me, "王小明"), (other, "Ada Lovelace")):
        made(care.store("PATCH", "/me", who, json={"profile": {"name": name}}), 200)
        shop.collected(1, who)
    shop.drain()

    def names() -> list[tuple[str, bool]]:
        return [(each["member"]["name"], each["member"]["is_me"]) for each in seen(shop, me)["rows"]]

    assert sorted(names()) == [("A**", False), ("王小明", True)]
    assert seen(shop, me)["name_shown"] is False

    made(care.store("PATCH", "/me", other, json={"consent": {"leaderboards": True}}), 200)
    assert sorted(names()) == [("Ada Lovelace", False), ("王小明", True)]
    assert seen(shop, other)["name_shown"] is True

    made(care.store("PATCH", "/me", other, json={"consent": {"leaderboards": False}}), 200)
    assert sorted(names()) == [("A**", False), ("王小明", True)]
    assert "id" not in seen(shop, me)["rows"][0]["member"]
    assert {each["member"]["name"] for each in board(shop)["rows"]} == {"王小明", "Ada Lovelace"}


def test_points_are_those_that_were_earned_and_not_taken_back(shop: Loyalty) -> None:
    me = shop.shop.shopper
    shop.rules(A_POINT_A_YUAN, CHECK_IN)
    shop.book(1_000)
    order = shop.collected(2)
    made(shop.check_in())
    shop.drain()
    assert rows(shop, "points") == [(1, me.id, 23)]

    shop.wait_until(shop.today.replace(day=1) + timedelta(days=32))
    earned = f"{shop.today.replace(day=1) - timedelta(days=1):%Y-%m}"
    shop.give_back(order, 900)  # in the next month: it counts where the points were earned

    assert rows(shop, "points", period=earned) == [(1, me.id, 14)]
    assert rows(shop, "points") == []
    assert rows(shop, period=earned) == [(1, me.id, 900)]


def test_activity_is_the_days_on_which_something_was_done(shop: Loyalty) -> None:
    me = shop.shop.shopper
    shop.rules(CHECK_IN)
    shop.wait_until((shop.today.replace(day=1) + timedelta(days=32)).replace(day=1), hour=9)
    shop.collected(1)
    made(shop.check_in())
    shop.drain()
    assert rows(shop, "activity") == [(1, me.id, 1)]
    shop.wait_until(shop.today + timedelta(days=1), hour=9)
    made(shop.check_in())
    shop.drain()
    assert rows(shop, "activity") == [(1, me.id, 2)]


def told(shop: Loyalty, what: str, **data: str) -> None:
    """Hands an event to the consumer."""
    now = product_clock.now()
    insight.handle(Message(derived_id(what, str(data)), what, shop.shop.tenant_id, now, data), now)


def rewarded(shop: Loyalty, of: str = "A") -> dict[str, str]:
    """What is said of the reward for somebody's order whom the shopper has brought."""
    return {"referrer_id": shop.shop.shopper.id, "friend_id": derived_id(of), "order_id": derived_id("order", of)}


def test_referrals_count_once_and_no_more_once_they_were_reversed(shop: Loyalty) -> None:
    me, about = shop.shop.shopper, [rewarded(shop, of) for of in "AB"]
    for each in (*about, *about):
        told(shop, "referral.rewarded", **each)
    assert rows(shop, "referrals") == [(1, me.id, 2)]
    told(shop, "referral.reversed", **about[0])
    told(shop, "referral.rewarded", **about[0])
    assert rows(shop, "referrals") == [(1, me.id, 1)]


def test_a_reversal_that_is_heard_of_first_counts_all_the_same(shop: Loyalty) -> None:
    told(shop, "referral.reversed", **rewarded(shop))
    told(shop, "referral.rewarded", **rewarded(shop))
    assert rows(shop, "referrals") == []


def test_a_week_is_the_brands(shop: Loyalty) -> None:
    """An order on a Sunday belongs to the week that ends then, or to the one that begins."""
    me = shop.shop.shopper
    sunday = shop.today + timedelta(days=(6 - shop.today.weekday()) % 7 + 7)
    shop.wait_until(sunday, hour=9)
    shop.collected(1)
    shop.drain()
    this, following = f"{sunday:%G-W%V}", f"{sunday + timedelta(days=1):%G-W%V}"
    assert rows(shop, period=this) == [(1, me.id, 900)]
    assert rows(shop, period=following) == []

    made(shop.brand.put("/v1/price-rules", {"week_begins": "sun"}), 200)

    assert rows(shop, period=this) == []
    assert rows(shop, period=following) == [(1, me.id, 900)]
    assert board(shop, period=following)["from_on"] == sunday.isoformat()


def test_a_campaign_and_a_pickup_point_have_boards_of_their_own(shop: Loyalty) -> None:
    me = shop.shop.shopper
    order = shop.collected(2)
    shop.drain()
    here = {"campaign_id": order["campaign_id"]}, {"pickup_point_id": shop.shop.pickup_point_id}
    for asked in here:
        assert rows(shop, **asked) == [(1, me.id, 1_800)]
        assert rows(shop, "orders", period=month(shop), **asked) == [(1, me.id, 1)]
    assert board(shop, **here[0])["period"] == "campaign"
    elsewhere = made(shop.brand.post("/v1/pickup-points", {"name": "Elsewhere", "address": "2 Road"}))["id"]
    assert rows(shop, pickup_point_id=elsewhere) == []
    assert rows(shop, campaign_id=order["campaign_id"], pickup_point_id=elsewhere) == []


@pytest.mark.parametrize(
    ("by", "query", "status", "said"),
    [
        ("luck", "", 404, "unknown_board"),
        ("spend", "period=2026-13", 422, "no_such_period"),
        ("spend", "period=yesterday", 422, "no_such_period"),
        ("spend", "campaign_id=01J9ZQ0W7N8RXC5B2M4T6V8Y0A", 422, "invalid"),
        ("spend", "pickup_point_id=01J9ZQ0W7N8RXC5B2M4T6V8Y0A", 422, "invalid"),
        ("spend", "limit=0", 422, "invalid"),
        ("spend", "cursor=abc", 400, "bad_cursor"),
    ],
)
def test_what_there_is_no_board_of_is_refused(shop: Loyalty, by: str, query: str, status: int, said: str) -> None:
    answer = refused(shop, by, query)
    assert (answer.status, answer.json["code"]) == (status, said)


def test_points_have_no_place(shop: Loyalty) -> None:
    answer = refused(shop, "points", f"pickup_point_id={shop.shop.pickup_point_id}")
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "?pickup_point_id"


def test_money_of_another_currency_adds_nothing_to_what_was_spent(shop: Loyalty) -> None:
    """An imported order in dollars counts as an order of a brand that sells in yuan."""
    on = shop.today.isoformat()
    csv = (
        f"order_ref,member,ordered_on,quantity,amount_minor,currency\nA-1,m-1,{on},2,5000,USD\nA-2,m-2,{on},1,300,CNY\n"
    )
    made(shop.brand.post("/v1/imports", {"kind": "orders", "csv": csv}), 202)
    shop.drain()
    assert [value for _, _, value in rows(shop, "spend")] == [300]
    assert [value for _, _, value in rows(shop, "quantity")] == [2, 1]


def test_an_empty_board_says_so(shop: Loyalty) -> None:
    found = board(shop)
    assert (found["rows"], found["members"], found["next_cursor"]) == ([], 0, None)
    assert found["currency"] == "CNY"
    assert date.fromisoformat(found["from_on"]).day == 1
    assert seen(shop, shop.shop.shopper)["me"] is None


def test_the_table_names_whom_other_members_may_read(shop: Loyalty) -> None:
    agrees, silent = shop.shop.member(), shop.shop.member()
    for member, name in ((agrees, "Ada"), (silent, "Yun")):
        made(shop.care.store("PATCH", "/me", member, json={"profile": {"name": name}}), 200)
        shop.collected(2 if member is agrees else 1, member)
    made(shop.care.store("PATCH", "/me", agrees, json={"consent": {"leaderboards": True}}), 200)
    shop.drain()
    board(shop)
    shop.drain()

    ask = shop.shop.caller
    table = ask.call("GET", "/v1/leaderboards/spend?format=csv&limit=1", token=shop.shop.api_key)
    assert table.text.splitlines() == [
        "rank,name,member_id,amount_minor,currency",
        f"1,Ada,{agrees.id},1800,CNY",
        f"2,Y**,{silent.id},900,CNY",
    ]
    analyst = shop.shop.team_token("analyst")
    for by, rest in (("spend", ["1800,CNY", "900,CNY"]), ("orders", ["1", "1"])):
        rows_ = ask.call("GET", f"/v1/leaderboards/{by}?format=csv", token=analyst).text.splitlines()[1:]
        assert [row.split(",", 3)[1::2] for row in rows_] == [["", each] for each in rest]
    assert ask.call("GET", "/v1/leaderboards/luck?format=csv", token=analyst).json["code"] == "unknown_board"
