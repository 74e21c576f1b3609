"""Enquiries of members, answered from the FAQ, from their order or by the team, over HTTP on the engine."""

from datetime import timedelta

import pytest

from chalicelib.db import tenant_scope
from chalicelib.enquiries.events import consumer
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import parse_instant
from chalicelib.messaging import Message
from tests.builders import made
from tests.letters import news

pytestmark = pytest.mark.usefixtures("noon")

ELSE = "Can somebody else collect my order for me?"
CODE = {"question": ELSE, "answer": "Yes, whoever shows the code.", "locale": "en", "tags": ["friend", "husband"]}
UNKNOWN = "Is the honey organic?"


def entry(care, **fields):
    return made(
        care.brand.post("/v1/faq", {**CODE, **fields}, headers={"Idempotency-Key": product_clock.now().isoformat()})
    )


def post(care, path, body, member=None, key="k1", **options):
    headers = {"Idempotency-Key": key}
    return care.store("POST", path, member or care.shop.shopper, json=body, headers=headers, **options)


def ask(care, text=ELSE, member=None, key="k1", **fields):
    return made(post(care, "/enquiries", {"text": text, **fields}, member, key))


def own(care, enquiry, member=None):
    return made(care.store("GET", f"/enquiries/{enquiry['id']}", member or care.shop.shopper), 200)


def read(care, enquiry):
    return made(care.brand.get(f"/v1/enquiries/{enquiry['id']}"), 200)


def say(care, enquiry, text="Yes, they are.", key="t1", **fields):
    return care.brand.post(
        f"/v1/enquiries/{enquiry['id']}/messages", {"text": text, **fields}, headers={"Idempotency-Key": key}
    )


def helped(care, enquiry, word):
    return care.store("POST", f"/enquiries/{enquiry['id']}/helped", care.shop.shopper, json={"helped": word})


def desk(care):
    return [each["id"] for each in made(care.brand.get("/v1/desk?kind=enquiry"), 200)["items"]]


def types(view):
    return [each["type"] for each in view["messages"]]


def due(view, name="first_response_due_at", since="opened_at"):
    return parse_instant(view[name]) - parse_instant(view[since])


def test_a_question_of_the_faq_is_answered_with_its_source_and_confidence(care, engine):
    faq = entry(care)
    mine = ask(care, "Can my husband collect the order?")
    assert (mine["status"], mine["answered_by"], desk(care)) == ("open", None, [mine["id"]])

    care.drain()
    seen = own(care, mine)

    assert (seen["status"], seen["answered_by"], seen["waiting_for"]) == ("answered", "faq", "member")
    assert (seen["source"]["id"], seen["source"]["question"]) == (faq["id"], ELSE)
    assert 0.6 <= seen["confidence"] <= 1
    assert [(e["type"], e["by"], e["text"]) for e in seen["messages"][1:]] == [
        ("answered", "system", "Yes, whoever shows the code.")
    ]
    assert desk(care) == []
    care.drain()
    assert [mail["subject"] for mail in news(engine)] == ["Your question is answered"]


def test_an_unsure_one_goes_to_a_person_at_once_whose_clock_runs_from_the_question(care, engine):
    entry(care)
    service = care.hire("service")
    mine = ask(care, UNKNOWN)
    care.drain()
    found = read(care, mine)

    assert (found["status"], found["owner"], found["answered_by"]) == ("open", service, None)
    assert [(e["type"], e["field"]) for e in found["messages"]][-1] == ("handed_over", "unknown")
    assert (due(found), due(found, "resolution_due_at")) == (timedelta(hours=8), timedelta(days=2))
    assert desk(care) == [mine["id"]]
    care.drain()
    assert [mail["subject"] for mail in news(engine)] == ["A member asks"]


def test_words_of_harm_and_a_switch_that_is_off_are_for_a_person(care):
    entry(care)
    grave = ask(care, "Can somebody else collect my order for me? I am in hospital with food poisoning", key="a")
    care.drain()
    made(care.brand.put("/v1/enquiry-rules", {"answers": False}), 200)
    off = ask(care, key="b")
    care.drain()

    assert [read(care, each)["messages"][-1]["field"] for each in (grave, off)] == ["grave", "off"]


def test_a_higher_threshold_hands_over_more(care):
    entry(care)
    made(care.brand.put("/v1/enquiry-rules", {"threshold": 1}), 200)
    mine = ask(care, "Could my husband collect the order of eggs?")
    care.drain()

    assert read(care, mine)["messages"][-1]["field"] == "unknown"


def test_the_members_yes_closes_it_and_their_no_brings_a_person_in_time(care, clock, engine):
    entry(care)
    first, second = ask(care, key="a"), ask(care, key="b")
    care.drain()
    closed = made(helped(care, first, True), 200)
    assert (closed["status"], closed["closed_by"], closed["helped"]) == ("closed", "helped", True)

    clock.advance(hours=20)
    handed = made(helped(care, second, False), 200)
    found = read(care, second)
    assert (handed["status"], found["helped"], found["waiting_for"]) == ("open", False, None)
    assert due(found, since="asked_at") == timedelta(hours=8)
    assert parse_instant(found["asked_at"]) - parse_instant(found["opened_at"]) >= timedelta(hours=20)
    assert desk(care) == [second["id"]]

    assert made(helped(care, second, False), 200) == handed, "a second time changes nothing"
    refused = helped(care, second, True)
    assert (refused.status, refused.json["code"]) == (409, "no_answer_to_judge")


def test_after_an_automatic_answer_another_message_goes_to_a_person(care):
    entry(care)
    mine = ask(care)
    care.drain()
    made(post(care, f"/enquiries/{mine['id']}/messages", {"text": "And without the code?"}, key="m"))
    found = read(care, mine)

    assert (found["status"], types(found)[-2:]) == ("open", ["handed_over", "replied"])
    assert desk(care) == [mine["id"]]


def test_the_team_answers_and_the_member_writes_back(care, clock, engine):
    mine = ask(care, UNKNOWN)
    care.drain()
    told = made(say(care, mine))
    assert (told["status"], told["waiting_for"]) == ("in_progress", "member")
    assert told["first_response_at"]
    assert made(say(care, mine))["messages"] == told["messages"], "one message for a key"
    assert say(care, mine, "No.").status == 422
    care.drain()

    clock.advance(hours=30)
    replied = made(post(care, f"/enquiries/{mine['id']}/messages", {"text": "Thank you, and the jam?"}, key="m"))
    assert replied["waiting_for"] is None
    after = read(care, mine)
    moved = parse_instant(after["resolution_due_at"]) - parse_instant(told["resolution_due_at"])
    assert timedelta(0) <= moved - timedelta(hours=30) < timedelta(minutes=2), "its clock stood still"
    care.drain()
    subjects = [mail["subject"] for mail in news(engine)]
    assert subjects.count("Your question is answered") == 1


def test_a_note_is_for_the_team_and_no_answer(care):
    mine = ask(care, UNKNOWN)
    care.drain()
    manager = care.hire("manager")
    changes = {"note": "Asks often", "owner": manager, "priority": "p1", "topic": "product"}
    changed = made(care.brand.patch(f"/v1/enquiries/{mine['id']}", changes), 200)

    assert (changed["owner"], changed["priority"], changed["topic"]) == (manager, "p1", "product")
    assert due(changed) == timedelta(hours=1)
    assert changed["first_response_at"] is None
    assert not {"note", "assigned", "changed"} & set(types(own(care, mine)))
    stale = care.brand.patch(f"/v1/enquiries/{mine['id']}", {"note": "x"}, headers={"If-Match": '"1"'})
    assert stale.status == 412


def test_one_that_waits_closes_by_itself_and_a_message_opens_it_again_for_two_weeks(care, clock, sweep, engine):
    mine = ask(care, UNKNOWN)
    care.drain()
    made(say(care, mine))
    clock.advance(days=6, hours=23)
    sweep()
    assert read(care, mine)["status"] == "in_progress"

    clock.advance(hours=2)
    sweep(times=2)
    closed = read(care, mine)
    assert (closed["status"], closed["closed_by"], types(closed).count("closed")) == ("closed", "time", 1)
    care.drain()
    assert "Your enquiry is closed" in [mail["subject"] for mail in news(engine)]

    clock.advance(days=13)
    again = made(post(care, f"/enquiries/{mine['id']}/messages", {"text": "Still there?"}, key="m"))
    assert (again["status"], types(again)[-2:]) == ("in_progress", ["reopened", "replied"])
    made(care.store("POST", f"/enquiries/{mine['id']}/close", care.shop.shopper), 200)
    clock.advance(days=14)
    late = post(care, f"/enquiries/{mine['id']}/messages", {"text": "Hello?"}, key="n")
    assert (late.status, late.json["code"]) == (409, "enquiry_closed")


def test_closed_by_the_team_the_member_is_told_closed_by_the_member_nobody_is(care, engine):
    first, second = ask(care, UNKNOWN, key="a"), ask(care, UNKNOWN, key="b")
    care.drain()
    made(care.brand.post(f"/v1/enquiries/{first['id']}/close", {}), 200)
    mine = made(care.store("POST", f"/enquiries/{second['id']}/close", care.shop.shopper), 200)
    assert (mine["closed_by"], desk(care)) == ("member", [])
    assert care.brand.post(f"/v1/enquiries/{first['id']}/close", {}).status == 409
    assert say(care, first).json["code"] == "enquiry_closed"
    care.drain()

    assert [mail["subject"] for mail in news(engine)].count("Your enquiry is closed") == 1


def test_nobody_answers_and_it_goes_above_once(care, clock, sweep, engine):
    care.hire("service")
    manager = care.hire("manager")
    mine = ask(care, UNKNOWN)
    care.drain()
    clock.advance(hours=7)
    sweep()
    clock.advance(hours=2)
    sweep(times=3)
    found = read(care, mine)

    assert [(e["type"], e["field"]) for e in found["messages"]][2:] == [("escalated", "first_response")]
    assert found["owner"] == manager
    assert made(care.brand.get("/v1/enquiries?overdue=true"), 200)["items"][0]["id"] == mine["id"]
    care.drain()
    subjects = [mail["subject"] for mail in news(engine)]
    assert (subjects.count("A question is due soon"), subjects.count("A question is overdue")) == (1, 1)


def test_an_automatic_answer_is_never_late_and_closes_by_itself(care, clock, sweep):
    entry(care)
    mine = ask(care)
    care.drain()
    clock.advance(days=6)
    sweep()
    assert types(read(care, mine)) == ["asked", "answered"]
    clock.advance(days=2)
    sweep()

    assert read(care, mine)["closed_by"] == "time"


def test_who_leaves_the_desk_hands_their_enquiries_over(care):
    first = care.hire("service")
    mine = ask(care, UNKNOWN)
    care.drain()
    assert read(care, mine)["owner"] == first
    second = care.hire("service", "planner")
    made(care.brand.patch(f"/v1/staff/{first}", {"duty": {"on": False}}), 200)
    care.drain()

    assert read(care, mine)["owner"] == second


def test_other_working_hours_move_what_is_open(care):
    mine = ask(care, UNKNOWN)
    care.drain()
    rules = {"enquiry": {"p3": {"first_response_minutes": 60, "resolution_minutes": 120}}}
    made(care.brand.put("/v1/case-rules", rules), 200)
    care.drain()

    assert (due(read(care, mine)), due(read(care, mine), "resolution_due_at")) == (
        timedelta(hours=1), timedelta(hours=2),
    )  # fmt: skip


def test_it_goes_to_who_knows_the_topic(care):
    care.hire("service")
    knows = care.hire("service", "planner")
    made(care.brand.patch(f"/v1/staff/{knows}", {"skills": ["payment"]}), 200)

    assert read(care, ask(care, UNKNOWN, topic="payment"))["owner"] == knows


def test_where_is_my_order_is_answered_by_the_order(care):
    member = care.shop.member()
    (order,) = care.ordered(member)
    mine = ask(care, "Where is my order?", member)
    chinese = ask(care, "我的订单到哪了", member, key="zh")
    care.drain()

    found = own(care, mine, member)
    point = made(care.brand.get(f"/v1/pickup-points/{care.shop.pickup_point_id}"), 200)
    assert (found["answered_by"], found["source"]["order_ids"], found["confidence"]) == ("order", [order["id"]], 1.0)
    assert point["name"] in found["messages"][1]["text"]
    assert "自提点" in own(care, chinese, member)["messages"][1]["text"]


def test_who_has_no_order_to_come_is_answered_by_a_person(care):
    mine = ask(care, "Where is my order?", care.shop.member())
    care.drain()

    assert read(care, mine)["messages"][-1]["type"] == "handed_over"


def test_several_orders_are_all_told_and_a_named_one_alone(care):
    member = care.shop.member()
    first = care.ordered(member)[0]
    second = made(care.shop.order(member, campaign=care.shop.campaign()))
    both = ask(care, "When can I collect my order?", member, key="a")
    named = ask(care, "Where is my order?", member, key="b", order_id=first["id"])
    care.drain()

    assert set(own(care, both, member)["source"]["order_ids"]) == {first["id"], second["id"]}
    assert own(care, named, member)["source"]["order_ids"] == [first["id"]]


def test_an_order_is_the_members_own_and_a_product_is_the_shops(care):
    member, stranger = care.shop.member(), care.shop.member()
    _, foreign = care.ordered(member, stranger)
    for field, wrong in (("order_id", foreign["id"]), ("order_id", care.id), ("product_id", care.id)):
        refused = post(care, "/enquiries", {"text": "Hm?", field: wrong}, member, key=field + wrong)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, f"/{field}")


def test_an_enquiry_is_its_members_alone(care):
    mine, stranger = ask(care), care.shop.member()

    assert care.store("GET", f"/enquiries/{mine['id']}", stranger).status == 404
    assert post(care, f"/enquiries/{mine['id']}/messages", {"text": "Hi"}, stranger, key="m").status == 404
    for path, body in (("helped", {"helped": True}), ("close", None)):
        assert care.store("POST", f"/enquiries/{mine['id']}/{path}", stranger, json=body).status == 404
    assert made(care.store("GET", "/enquiries", stranger), 200)["items"] == []


def test_the_same_key_asks_once_and_other_words_under_it_are_refused(care):
    first = ask(care)
    assert ask(care)["id"] == first["id"]
    assert post(care, "/enquiries", {"text": "Something else"}).json["code"] == "idempotency_mismatch"
    assert len(made(care.store("GET", "/enquiries", care.shop.shopper), 200)["items"]) == 1


def test_ten_thousand_enquiries_of_one_member_end_at_twenty_open_and_thirty_a_day(care):
    for n in range(20):
        ask(care, UNKNOWN, key=f"k{n}")
    many = post(care, "/enquiries", {"text": UNKNOWN}, key="more")
    assert (many.status, many.json["code"]) == (409, "too_many_open_enquiries")
    assert ask(care, UNKNOWN, key="k3")["text"] == UNKNOWN, "what was sent before is answered as before"

    listed = made(care.store("GET", "/enquiries?limit=20", care.shop.shopper), 200)["items"]
    for each in listed[:11]:
        made(care.store("POST", f"/enquiries/{each['id']}/close", care.shop.shopper), 200)
    for n in range(20, 30):
        ask(care, UNKNOWN, key=f"k{n}")
    spent = post(care, "/enquiries", {"text": UNKNOWN}, key="more")
    assert (spent.status, spent.json["code"]) == (429, "too_many_enquiries")
    assert int(spent.headers["Retry-After"]) > 0


def test_the_message_of_an_opening_may_come_twice_late_or_after_a_person(care):
    entry(care)
    mine, other, more = ask(care, key="a"), ask(care, key="b"), ask(care, key="c")
    made(say(care, other, "I answer myself"))
    made(post(care, f"/enquiries/{more['id']}/messages", {"text": "Quickly please"}, key="m"))

    def opened(which, name):
        return Message(name, "enquiry.opened", care.id, product_clock.now(), {"enquiry_id": which["id"]})

    with tenant_scope(care.id):
        for name, which in (("1", mine), ("1", mine), ("2", other), ("3", more), ("4", mine)):
            consumer.handle(opened(which, name), product_clock.now())

    assert types(read(care, mine)) == ["asked", "answered"]
    assert types(read(care, other)) == ["asked", "told"]
    assert [(e["type"], e["field"]) for e in read(care, more)["messages"]][-1] == ("handed_over", "more")


def test_what_was_answered_stays_as_it_was_when_the_faq_changes(care):
    faq = entry(care)
    mine = ask(care, key="a")
    care.drain()
    made(care.brand.patch(f"/v1/faq/{faq['id']}", {"answer": "No longer."}), 200)
    changed = ask(care, key="b")
    care.drain()
    made(care.brand.patch(f"/v1/faq/{faq['id']}", {"published": False}), 200)
    hidden = ask(care, key="c")
    care.drain()

    assert own(care, mine)["messages"][1]["text"] == "Yes, whoever shows the code."
    assert own(care, changed)["messages"][1]["text"] == "No longer."
    assert read(care, hidden)["messages"][-1]["field"] == "unknown"


def test_an_entry_that_is_withdrawn_while_it_is_looked_up_is_not_sent(care, monkeypatch):
    from chalicelib.enquiries.service import answering

    faq, mine = entry(care), ask(care)
    looked_up = answering.decide_on
    seen = []

    def while_it_is_deleted(enquiry, rules):
        found = looked_up(enquiry, rules)
        if not seen:
            made(care.brand.delete(f"/v1/faq/{faq['id']}"), 204)
        seen.append(found.entry)
        return found

    monkeypatch.setattr(answering, "decide_on", while_it_is_deleted)
    care.drain()

    assert seen[0] is not None
    assert types(read(care, mine)) == ["asked", "handed_over"]


def test_rates_say_how_enquiries_were_answered(care, clock):
    entry(care)
    yes, no, person = ask(care, key="a"), ask(care, key="b"), ask(care, UNKNOWN, key="c")
    care.drain()
    helped(care, yes, True)
    helped(care, no, False)
    clock.advance(minutes=30)
    made(say(care, person))
    clock.advance(minutes=30)
    made(say(care, no))
    today = parse_instant(yes["opened_at"]).date().isoformat()
    tomorrow = (parse_instant(yes["opened_at"]) + timedelta(days=1)).date().isoformat()

    found = made(care.brand.get(f"/v1/enquiry-rates?from={today}&to={tomorrow}"), 200)

    named = {
        name: found[name] for name in ("opened", "answered_by_faq", "handed_over", "helped", "not_helped", "closed")
    }
    assert named == {"opened": 3, "answered_by_faq": 2, "handed_over": 2, "helped": 1, "not_helped": 1, "closed": 1}
    assert found["median_response_minutes"] == 45
    assert care.brand.get(f"/v1/enquiry-rates?from={tomorrow}&to={today}").status == 422


def test_canned_replies_are_kept_in_their_order(care):
    replies = [
        {"title": "On its way", "en": "Order {order} comes tomorrow.", "zh": "订单 {order} 明天到。"},
        {"title": "Thanks", "en": "Thank you, {member}.", "zh": ""},
    ]
    made(care.brand.put("/v1/canned-replies", {"replies": replies}), 200)

    assert made(care.brand.get("/v1/canned-replies"), 200)["replies"] == replies
    empty = care.brand.put("/v1/canned-replies", {"replies": [{"title": "Nothing", "en": " "}]})
    assert empty.status == 422


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 1001}, {"text": "Hi", "topic": "weather"}])
def test_what_makes_no_sense_is_refused(care, body):
    assert post(care, "/enquiries", body).status == 422


def test_a_full_conversation_takes_no_more_and_can_be_closed(care):
    mine = ask(care, UNKNOWN)
    with tenant_scope(care.id):
        kept = EnquiryRecord.fetch(*EnquiryRecord.address(care.id, mine["id"]), consistent=True)
        assert kept is not None
        kept.history = kept.history * 39
        kept.save()
    assert post(care, f"/enquiries/{mine['id']}/messages", {"text": "40th"}, key="m40").status == 201
    full = post(care, f"/enquiries/{mine['id']}/messages", {"text": "41st"}, key="m41")
    assert (full.status, full.json["code"]) == (409, "conversation_full")
    assert made(care.store("POST", f"/enquiries/{mine['id']}/close", care.shop.shopper), 200)["status"] == "closed"


def test_the_same_question_again_is_the_same_also_where_the_team_changed_its_topic(care):
    mine = ask(care, UNKNOWN)
    for topic in ("product", "payment"):
        made(care.brand.patch(f"/v1/enquiries/{mine['id']}", {"topic": topic}), 200)

    assert ask(care, UNKNOWN)["id"] == mine["id"]
    assert post(care, "/enquiries", {"text": UNKNOWN, "topic": "payment"}).status == 422


def test_answered_by_the_team_after_all_it_belongs_to_somebody_who_is_there(care):
    entry(care)
    first = care.hire("service")
    mine = ask(care)
    care.drain()
    made(care.brand.patch(f"/v1/staff/{first}", {"duty": {"on": False}}), 200)
    care.drain()
    assert (own(care, mine)["status"], read(care, mine)["owner"]) == ("answered", first)

    made(say(care, mine, waits=False))
    assert read(care, mine)["owner"] != first


def test_one_that_is_asked_further_after_its_end_is_counted_as_handed_over(care):
    entry(care)
    mine = ask(care)
    care.drain()
    made(helped(care, mine, True), 200)
    made(post(care, f"/enquiries/{mine['id']}/messages", {"text": "And on Sundays?"}, key="k2"))
    care.drain()

    day = mine["opened_at"][:10]
    counted = made(care.brand.get(f"/v1/enquiry-rates?from={day}&to={day}"), 200)
    assert (own(care, mine)["status"], counted["handed_over"]) == ("open", 1)


def test_who_is_written_to_unasked_beside_an_automatic_answer_waited_for_nobody(care, clock):
    entry(care)
    first, mine = ask(care, UNKNOWN, key="a"), ask(care, key="b")
    care.drain()
    clock.advance(minutes=30)
    made(say(care, first))
    made(say(care, mine))

    day = mine["opened_at"][:10]
    assert made(care.brand.get(f"/v1/enquiry-rates?from={day}&to={day}"), 200)["median_response_minutes"] == 30
