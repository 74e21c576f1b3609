"""A brand sees and changes the rules that its complaints are judged by."""

from datetime import timedelta

from tests.builders import made


def complain(care, text, member=None, **body):
    return made(care.store("POST", "/complaints", member or care.shop.shopper, json={"text": text, **body}))


def rules(care):
    return made(care.brand.get("/v1/complaint-rules"), 200)


def test_a_brand_that_set_nothing_sees_the_standard_rules(care):
    found = care.brand.get("/v1/complaint-rules")

    assert (found.headers["ETag"], found.json["standard"]) == ('"0"', True)
    (unsafe,) = [rule for rule in found.json["rules"] if rule["cause"] == "unsafe"]
    assert (unsafe["category"], unsafe["urgency"]) == ("quality", "critical")
    assert {"sick", "allerg*"} <= {*unsafe["words"]["en"]}
    assert {"拉肚子", "过敏"} <= {*unsafe["words"]["zh"]}
    assert found.json["categories"]["payment"] == "high"
    assert found.json["importance"] == {
        "normal_from": care.shop.money(5_000), "high_from": care.shop.money(20_000), "typical_order": None,
    }  # fmt: skip


def test_its_own_words_judge_the_next_complaint(care):
    rule = {"cause": "bitter", "category": "quality", "urgency": "high", "words": {"en": ["bitter*"], "zh": ["苦"]}}
    wanted = {"rules": [rule], "categories": {"other": "normal"}, "importance": {"high_from": care.shop.money(900)}}

    put = care.brand.put("/v1/complaint-rules", wanted)

    assert (put.status, put.headers["ETag"], put.json["standard"]) == (200, '"1"', False)
    assert rules(care) == put.json
    (order,) = care.ordered(care.shop.shopper)
    mine = complain(care, "这个茶太苦了", order_id=order["id"])
    assert (mine["category"], mine["cause"]) == ("quality", "bitter")
    assert (mine["urgency"], mine["importance"]) == ("high", "high")
    assert complain(care, "my child got sick")["urgency"] == "normal"
    assert made(care.brand.get("/v1/audit?action=complaint_rules.changed"), 200)["items"][0]["changes"]["rules"] == [
        "bitter"
    ]

    back = made(care.brand.put("/v1/complaint-rules", {}), 200)
    assert back["standard"]
    assert complain(care, "my child got sick")["priority"] == "p1"
    assert care.brand.put("/v1/complaint-rules", {}, headers={"If-Match": '"1"'}).status == 412


def test_rules_that_make_no_sense_are_refused_where_they_stand(care):
    rule = {"cause": "x", "category": "quality", "urgency": "high", "words": {"en": ["x"]}}
    dollars = {"amount_minor": 100, "currency": "USD"}
    for body, pointer in (
        ({"rules": [rule | {"words": {}}]}, "/rules/0/words"),
        ({"rules": [rule | {"words": {"en": ["a.*b"]}}]}, "/rules/0/words/en/0"),
        ({"rules": [rule | {"words": {"zh": ["拉 肚子"]}}]}, "/rules/0/words/zh/0"),
        ({"rules": [rule, rule]}, ""),
        ({"importance": {"high_from": dollars}}, "/importance/high_from/currency"),
        ({"importance": {"high_from": care.shop.money(1), "normal_from": care.shop.money(2)}}, "/importance/high_from"),
    ):
        refused = care.brand.put("/v1/complaint-rules", body)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_what_members_order_is_the_measure_once_enough_of_them_have(care, clock, sweep):
    """Ten buyers at ¥9.00 each: an order of ¥36.00 is much to complain of, though it is little money."""
    shop = care.shop
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    members = [shop.member() for _ in range(10)]
    orders = [made(shop.order(member, campaign=campaign)) for member in members]
    clock.advance(hours=2)
    sweep(times=3)

    worth = orders[0]["totals"]["goods"]["amount_minor"]
    assert rules(care)["importance"] == {
        "normal_from": shop.money(worth), "high_from": shop.money(4 * worth), "typical_order": shop.money(worth),
    }  # fmt: skip
    assert complain(care, "late", members[0], order_id=orders[0]["id"])["importance"] == "normal"
