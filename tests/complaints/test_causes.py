"""Causes of complaints: a list under each category, which the brand adds to and pauses, over HTTP on the engine."""

import pytest

from chalicelib.complaints.model.cases import Category, Urgency
from chalicelib.complaints.model.causes import MOST_OWN, STANDARD, Causes
from chalicelib.complaints.model.judging import judge
from chalicelib.complaints.model.rules import STANDARD as RULES
from chalicelib.complaints.model.rules import RuleBook
from tests.builders import made

NOT_RIPE = {"category": "quality", "en": "Not ripe", "zh": "未成熟"}


def complain(care, **body):
    return care.store("POST", "/complaints", care.shop.shopper, json={"text": "Please look", **body})


def put(care, code, body, **more):
    return care.brand.put(f"/v1/complaint-causes/{code}", body, **more)


def listed(care):
    causes = made(care.brand.get("/v1/complaint-causes"), 200)["causes"]
    return {each["cause"]: each for each in causes}


def choices(care):
    found = made(care.shop.caller.call("GET", f"{care.shop.path}/complaint-causes"), 200)["causes"]
    return {each["cause"]: each for each in found}


def test_each_category_has_causes_with_words_in_both_languages_and_rules_name_them():
    assert {each.category for each in STANDARD} == set(Category)
    assert len({each.code for each in STANDARD}) == len({each.en for each in STANDARD}) == len(STANDARD)
    assert all(each.en and each.zh for each in STANDARD)
    category = {each.code: each.category for each in STANDARD}
    assert all(category[rule.cause] is rule.category for rule in RULES)


@pytest.mark.parametrize("said", ["damaged", "Damaged", " DAMAGED ", "商品破损", "商品破損"])
def test_a_cause_is_named_by_its_code_or_its_words(said):
    assert Causes().named(said).code == "damaged"


def test_a_cause_brings_its_category_along_and_is_shown_to_members(care):
    assert choices(care)["refund_late"] == {
        "cause": "refund_late", "category": "payment", "en": "The refund has not come", "zh": "退款迟迟未到",
    }  # fmt: skip
    mine = made(complain(care, cause="退款迟迟未到"))
    assert (mine["category"], mine["cause"], mine["urgency"]) == ("payment", "refund_late", "high")
    assert [each["id"] for each in made(care.brand.get("/v1/complaints?cause=refund_late"), 200)["items"]] == [
        mine["id"]
    ]
    assert made(care.brand.get("/v1/complaints?cause=late"), 200)["items"] == []


def test_what_is_on_no_list_is_refused_with_what_is(care):
    refused = complain(care, cause="the weather")

    assert (refused.status, refused.json["code"], refused.json["errors"][0]["pointer"]) == (
        422, "cause_unknown", "/cause",
    )  # fmt: skip
    assert refused.json["allowed"] == [each.code for each in STANDARD]
    assert "name one of: damaged, spoiled" in refused.json["detail"]
    noted = {"member_id": care.shop.shopper.id, "text": "x", "source": "phone", "cause": "the weather"}
    assert care.brand.post("/v1/complaints", noted, headers={"Idempotency-Key": "n"}).json["code"] == "cause_unknown"
    assert care.complaints() == []


def test_a_brand_adds_a_cause_and_pauses_it(care):
    added = put(care, "not_ripe", NOT_RIPE)
    assert (added.status, added.headers["ETag"]) == (200, '"1"')
    assert added.json == {"cause": "not_ripe", **NOT_RIPE, "own": True, "paused": False}
    assert put(care, "not_ripe", NOT_RIPE).headers["ETag"] == '"1"', "the same again changes nothing"
    mine = made(complain(care, cause="Not ripe"))
    assert (mine["category"], mine["cause"]) == ("quality", "not_ripe")

    paused = made(put(care, "not_ripe", {"paused": True, "zh": "没熟"}), 200)
    assert paused == {"cause": "not_ripe", **NOT_RIPE, "zh": "没熟", "own": True, "paused": True}
    assert "not_ripe" not in choices(care)
    assert listed(care)["not_ripe"]["paused"]
    assert complain(care, cause="not_ripe").json["code"] == "cause_unknown"
    assert made(care.brand.get(f"/v1/complaints/{mine['id']}"), 200)["cause"] == "not_ripe", "what has it keeps it"
    made(put(care, "not_ripe", {}), 200)
    made(complain(care, cause="没熟"))
    entries = made(care.brand.get("/v1/audit?action=complaint_cause.changed"), 200)["items"]
    assert [each["changes"]["paused"] for each in entries] == [False, True, False]


def test_of_a_standard_cause_only_the_pause_can_be_set(care):
    made(put(care, "late", {"paused": True}), 200)
    assert complain(care, cause="late").json["code"] == "cause_unknown"
    refused = put(care, "late", {"en": "Tardy"})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/en")
    mine = made(complain(care, text="It came late"))
    assert (mine["category"], mine["cause"]) == ("pickup", "unspecified"), "its words judge, and do not name it"


def test_a_paused_cause_makes_nothing_less_urgent():
    found = judge("my child got sick, and it was late", RuleBook(), paused={"unsafe"})
    assert (found.urgency, found.cause) == (Urgency.CRITICAL, "late")


@pytest.mark.parametrize(
    ("code", "body", "pointer"),
    [
        ("not_ripe", NOT_RIPE | {"en": ""}, "/en"),
        ("not_ripe", NOT_RIPE | {"category": "weather"}, "/category"),
    ],
)
def test_what_is_wrong_of_a_cause_is_refused_there(care, code, body, pointer):
    refused = put(care, code, body)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_new_cause_says_what_it_is(care):
    for body in ({"en": "Not ripe", "zh": "未成熟"}, {"category": "quality", "zh": "未成熟"}, {"paused": True}):
        refused = put(care, "not_ripe", body)
        assert (refused.status, "to add it give its category" in refused.json["detail"]) == (404, True)
    assert "not_ripe" not in listed(care)


def test_two_who_change_the_list_do_not_overwrite_each_other(care):
    made(put(care, "not_ripe", NOT_RIPE), 200)
    assert put(care, "other", NOT_RIPE, headers={"If-Match": '"0"'}).status == 412
    assert put(care, "x" * 41, NOT_RIPE).status == 404


def test_there_are_so_many_own_causes_and_no_more(care):
    for number in range(MOST_OWN):
        made(put(care, f"c{number}", NOT_RIPE | {"en": f"C {number}"}), 200)
    refused = put(care, "c40", NOT_RIPE)
    assert (refused.status, refused.json["code"]) == (409, "too_many_causes")
    made(put(care, "c0", {"paused": True}), 200)


def test_what_a_rule_of_the_brand_names_is_a_cause(care):
    rule = {"cause": "bitter", "category": "quality", "urgency": "high", "words": {"en": ["bitter*"], "zh": ["苦"]}}
    made(care.brand.put("/v1/complaint-rules", {"rules": [rule]}), 200)
    assert listed(care)["bitter"] == {
        "cause": "bitter", "category": "quality", "en": "bitter", "zh": "bitter", "own": True, "paused": False,
    }  # fmt: skip
    assert made(complain(care, cause="bitter"))["category"] == "quality"
    made(put(care, "bitter", {"zh": "味苦"}), 200)
    assert made(complain(care, cause="味苦"))["cause"] == "bitter"


def test_the_team_corrects_a_cause_and_the_leader_waits_while_it_names_them(complaining):
    order = complaining.collected()
    mine = complaining.complain(order, cause="damaged")
    path = f"/v1/complaints/{mine['id']}"

    changed = made(complaining.brand.patch(path, {"cause": "团长"}), 200)

    assert (changed["category"], changed["cause"]) == ("service", "leader")
    assert [(each["field"], each["after"]) for each in changed["history"] if each["type"] == "changed"] == [
        ("category", "service"), ("cause", "leader"),
    ]  # fmt: skip
    complaining.care.clock.advance(days=16)
    complaining.care.sweep()
    assert complaining.accounts().get("commission_payable:leader", 0) == 0
    assert complaining.brand.patch(path, {"cause": "weather"}).json["code"] == "cause_unknown"
    made(complaining.brand.patch(path, {"cause": "not_ready", "category": "service"}), 200)
    complaining.care.drain()
    assert complaining.read(mine)["category"] == "service"
    assert complaining.accounts()["commission_payable:leader"] == 360


def test_what_was_written_freely_before_stays_readable(care):
    from chalicelib.complaints.records import ComplaintRecord
    from chalicelib.db import Transaction, tenant_scope

    mine = made(complain(care))
    with tenant_scope(care.shop.tenant_id):
        record = ComplaintRecord.fetch(*ComplaintRecord.address(care.shop.tenant_id, mine["id"]), consistent=True)
        record.cause = "charged for two"
        tx = Transaction()
        tx.replace("complaint", record)
        tx.commit()
    path = f"/v1/complaints/{mine['id']}"
    assert made(care.brand.get(path), 200)["cause"] == "charged for two"
    kept = made(care.brand.patch(path, {"cause": "charged for two", "note": "Rang"}), 200)
    assert kept["cause"] == "charged for two"


def test_sent_again_after_its_cause_was_paused_it_is_the_one_that_was_taken(care):
    body = {"member_id": care.shop.shopper.id, "text": "x", "source": "phone", "cause": "late"}
    first = made(care.brand.post("/v1/complaints", body, headers={"Idempotency-Key": "k"}))
    made(put(care, "late", {"paused": True}), 200)
    assert made(care.brand.post("/v1/complaints", body, headers={"Idempotency-Key": "k"}))["id"] == first["id"]


def test_the_leader_waits_though_only_the_words_of_a_rule_name_them(complaining):
    rule = {"cause": "leader", "category": "service", "urgency": "high", "words": {"en": ["shouted"], "zh": ["吼"]}}
    made(complaining.brand.put("/v1/complaint-rules", {"rules": [rule]}), 200)
    order = complaining.collected()
    mine = complaining.complain(order, text="I was shouted at")
    assert complaining.read(mine)["cause"] == "leader"

    complaining.care.clock.advance(days=16)
    complaining.care.sweep()
    assert complaining.accounts().get("commission_payable:leader", 0) == 0
    made(complaining.resolve(mine), 200)
    complaining.care.drain()
    assert complaining.accounts()["commission_payable:leader"] == 360


def test_so_does_one_that_a_low_score_opens(complaining):
    rule = {"cause": "leader", "category": "service", "urgency": "high", "words": {"en": ["shouted"], "zh": ["吼"]}}
    made(complaining.brand.put("/v1/complaint-rules", {"rules": [rule]}), 200)
    complaining.collected()
    complaining.care.clock.advance(days=2)
    complaining.care.sweep()
    token = complaining.care.invitation(complaining.member)
    made(complaining.care.answer(token, score=1, comment="I was shouted at"))
    complaining.care.clock.advance(days=14)
    complaining.care.sweep()

    assert [each["cause"] for each in complaining.care.complaints()] == ["leader"]
    assert complaining.accounts().get("commission_payable:leader", 0) == 0
