"""A list of the chat group over the API: read, confirmed, placed once however often it comes."""

from __future__ import annotations

import pytest

from tests.builders import made

LIST = "1. Ada, pears 2\n2. 王阿姨 13800138000 pears 1\n3. Nobody Known, pears 1\n4. Ada pears 3"


@pytest.fixture
def campaign(shop):
    sku = shop.product(title="Pears")["skus"][0]["id"]
    made(shop.caller.call("PATCH", f"{shop.path}/me", json={"profile": {"name": "Ada"}}, token=shop.shopper.token), 200)
    return shop.campaign(offers=[shop.offer(sku_id=sku)])


def listed(shop, campaign, text=LIST):
    return made(shop.brand.post(f"/v1/campaigns/{campaign['id']}/chat-list", {"text": text}), 200)["entries"]


def confirmed(entry, campaign, **changes):
    lines = [{"offer_id": each["offer_id"], "quantity": each["quantity"]} for each in entry["wanted"]]
    whose = {"member_id": entry["member"]["id"]} if entry["member"] else {"phone": entry["phone"]}
    return {"name": entry["name"], "nth": entry["nth"], "lines": lines, **whose, **changes}


def place(shop, campaign, *entries):
    body = {"pickup_point_id": shop.pickup_point_id, "entries": list(entries)}
    return made(shop.brand.post(f"/v1/campaigns/{campaign['id']}/chat-list/orders", body), 200)["entries"]


def test_entries_are_matched_and_doubts_are_named(shop, campaign):
    ada, wang, nobody, again = listed(shop, campaign)
    assert (ada["state"], ada["member"]["id"]) == ("sure", shop.shopper.id)
    assert (wang["state"], wang["member"], wang["phone"]) == ("sure", None, "+8613800138000")
    assert (nobody["state"], nobody["doubts"]) == ("doubtful", ["nobody"])
    assert (again["nth"], again["member"]["id"]) == (2, shop.shopper.id)


def test_each_entry_is_placed_once_however_often_the_list_is_pasted(shop, campaign):
    first = [confirmed(each, campaign) for each in listed(shop, campaign) if each["state"] == "sure"]
    made_first = place(shop, campaign, *first)
    assert [each["problem"] for each in made_first] == [None] * 3
    assert place(shop, campaign, *first) == [{**each, "placed_before": True} for each in made_first]

    grown = listed(shop, campaign, LIST.replace("1. Ada", "1. Eve, pears 1\n2. Ada"))
    states = {(each["name"], each["nth"]): (each["state"], each["order_id"]) for each in grown}
    assert states["Ada", 1] == ("placed", made_first[0]["order_id"])
    assert states["Ada", 2] == ("placed", made_first[2]["order_id"])
    orders = made(shop.brand.get(f"/v1/orders?campaign_id={campaign['id']}"), 200)["items"]
    assert sorted(each["lines"][0]["quantity"] for each in orders) == [1, 2, 3]


def test_what_the_list_says_otherwise_later_is_shown_and_never_placed_beside_it(shop, campaign):
    [ada] = listed(shop, campaign, "1. Ada pears 2")
    [order] = place(shop, campaign, confirmed(ada, campaign))
    [changed] = listed(shop, campaign, "1. Ada pears 5")
    assert (changed["state"], changed["order_id"]) == ("changed", order["order_id"])
    [refused] = place(shop, campaign, confirmed(changed, campaign))
    assert (refused["order_id"], refused["problem"]["code"]) == (None, "idempotency_mismatch")


def test_one_that_is_refused_keeps_no_other_back(shop, campaign):
    [ada, wang, *_] = listed(shop, campaign)
    too_many = [{"offer_id": ada["wanted"][0]["offer_id"], "quantity": 9_999}]
    refused, placed = place(shop, campaign, confirmed(ada, campaign, lines=too_many), confirmed(wang, campaign))
    assert refused["problem"]["code"]
    assert placed["order_id"]


def test_whom_a_name_means_is_remembered_for_the_next_list(shop, campaign):
    [auntie] = listed(shop, campaign, "1. 梨子阿姨 pears 1")
    assert auntie["state"] == "doubtful"
    place(shop, campaign, confirmed(auntie, campaign, member_id=shop.shopper.id))
    [entry] = listed(shop, shop.campaign(), "1. 梨子阿姨 1")
    assert entry["member"]["id"] == shop.shopper.id


def test_who_has_ordered_by_themselves_is_doubtful(shop, campaign):
    made(shop.order(campaign=campaign))
    assert listed(shop, campaign, "1. Ada pears 2")[0]["doubts"] == ["has_ordered"]


def test_a_leader_places_at_their_own_point_and_sees_nobody_else(shop, campaign):
    leader = shop.member()
    own = f"{shop.path}/leader/campaigns/{campaign['id']}/chat-list"

    def ask(path, body, status=200):
        return made(shop.caller.call("POST", path, json=body, token=leader.token), status)

    ask(own, {"text": LIST}, 404)
    made(shop.brand.patch(f"/v1/pickup-points/{shop.pickup_point_id}", {"leader_id": leader.id}), 200)
    ada, wang, nobody, _ = ask(own, {"text": LIST})["entries"]
    assert ada["member"]["phone"] is None
    assert nobody["candidates"] == []
    [placed] = ask(f"{own}/orders", {"entries": [confirmed(wang, campaign)]})["entries"]
    order = made(shop.brand.get(f"/v1/orders/{placed['order_id']}"), 200)
    assert (order["pickup_point_id"], order["placed_by"]) == (shop.pickup_point_id, f"member:{leader.id}")


@pytest.fixture
def lead(shop):
    """Calls the leader's routes of a campaign's list, as the leader of the shop's pickup point."""
    leader = shop.member()
    made(shop.brand.patch(f"/v1/pickup-points/{shop.pickup_point_id}", {"leader_id": leader.id}), 200)

    def ask(campaign, path, body, status=200):
        whole = f"{shop.path}/leader/campaigns/{campaign['id']}/chat-list{path}"
        return made(shop.caller.call("POST", whole, json=body, token=leader.token), status)

    return ask


def test_a_leader_orders_for_no_member_whom_the_name_does_not_mean(shop, campaign, lead):
    [ada, wang, *_] = lead(campaign, "", {"text": LIST})["entries"]
    stranger = shop.member()
    entries = [confirmed(wang, campaign), confirmed(ada, campaign, member_id=stranger.id)]
    refused = lead(campaign, "/orders", {"entries": entries}, 422)
    assert [each["pointer"] for each in refused["errors"]] == ["/entries/1/member_id"]
    assert "“Ada”" in refused["detail"]
    assert made(shop.brand.get(f"/v1/orders?campaign_id={campaign['id']}"), 200)["items"] == []


def test_a_leader_is_not_asked_which_of_two_members_of_one_name_is_meant(shop, campaign, lead):
    second = shop.member()
    made(shop.caller.call("PATCH", f"{shop.path}/me", json={"profile": {"name": "ADA"}}, token=second.token), 200)
    lines = [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 1}]
    for member_id in (shop.shopper.id, second.id):
        entry = {"name": "Ada", "nth": 1, "member_id": member_id, "lines": lines}
        lead(campaign, "/orders", {"entries": [entry]}, 422)


def test_a_leader_orders_for_whom_the_name_was_said_to_mean_and_no_longer_for_others(shop, campaign, lead):
    [auntie] = listed(shop, campaign, "1. 梨子阿姨 pears 1")
    stranger = shop.member()
    lead(campaign, "/orders", {"entries": [confirmed(auntie, campaign, member_id=stranger.id)]}, 422)
    place(shop, campaign, confirmed(auntie, campaign, member_id=stranger.id))

    following = shop.campaign()
    [entry] = lead(following, "", {"text": "1. 梨子阿姨 1"})["entries"]
    [placed] = lead(following, "/orders", {"entries": [confirmed(entry, following)]})["entries"]
    assert made(shop.brand.get(f"/v1/orders/{placed['order_id']}"), 200)["member_id"] == stranger.id
    lead(following, "/orders", {"entries": [confirmed(entry, following, nth=2, member_id=shop.shopper.id)]}, 422)


def test_an_entry_that_was_placed_before_answers_a_leader_with_its_order(shop, campaign, lead):
    [ada, *_] = lead(campaign, "", {"text": LIST})["entries"]
    [first] = lead(campaign, "/orders", {"entries": [confirmed(ada, campaign)]})["entries"]
    by_phone = confirmed(ada, campaign, nth=2) | {"member_id": None, "phone": "+8613900139000"}
    lead(campaign, "/orders", {"entries": [by_phone]})  # from now on the name means somebody else
    assert lead(campaign, "/orders", {"entries": [confirmed(ada, campaign)]})["entries"] == [
        {**first, "placed_before": True}
    ]


def test_a_list_of_a_campaign_that_does_not_come_to_the_leader_is_not_read(shop, campaign, lead):
    elsewhere = shop.pickup_point(name="West gate")["id"]
    other = shop.campaign(pickup_point_ids=[elsewhere])
    lead(other, "", {"text": LIST}, 404)
    lead(campaign, "", {"text": LIST})


def test_an_entry_for_nobody_is_named_by_its_place(shop, campaign):
    ada, wang, *_ = listed(shop, campaign, LIST)
    entries = [confirmed(ada, campaign), confirmed(wang, campaign) | {"member_id": None, "phone": None}]
    body = {"pickup_point_id": shop.pickup_point_id, "entries": entries}
    refused = shop.brand.post(f"/v1/campaigns/{campaign['id']}/chat-list/orders", body)
    assert refused.status == 422
    assert [each["pointer"] for each in refused.json["errors"]] == ["/entries/1/member_id"]
