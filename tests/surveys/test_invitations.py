"""From pickup to the one answer, on the engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message
from chalicelib.settings import SettingMissing
from chalicelib.surveys.events import consumer
from chalicelib.surveys.records import InvitationRecord
from tests.builders import made
from tests.letters import news


def deliver(care, event_type, **data):
    """Hands a message to the service queue's consumer."""
    consumer.handle(
        Message(derived_id(event_type), event_type, care.id, product_clock.now(), data), product_clock.now()
    )


def stored(care):
    """All invitations of the newest survey."""
    with tenant_scope(care.id):
        return list(InvitationRecord.every(InvitationRecord.of_survey(care.id, care.survey_id()), index="gsi1"))


@pytest.mark.usefixtures("noon")
def test_a_pickup_brings_an_invitation_whose_link_asks_for_a_score(care, engine):
    member = care.shop.member("li@people.example")
    care.collected(member)

    (mail,) = [mail for mail in news(engine) if mail["to"] == "li@people.example"]
    token = care.invitation(member)
    shown = made(care.store("GET", f"/invitations/{token}"), 200)

    assert f"/s/{care.shop.slug}/surveys/{token}" in mail["text"]
    assert (shown["status"], shown["questions"][0]["kind"], shown["questions"][0]["required"]) == (
        "open",
        "score",
        True,
    )


def test_the_answer_is_taken_and_counted(care):
    members = [care.shop.member() for _ in range(5)]
    care.collected(*members)

    for member, score in zip(members, (5, 3, 4, 4, 4), strict=True):
        assert care.answer(care.invitation(member), score=score, comment="好 👍").status == 201

    found = care.results()
    assert (found["invited"], found["answered"], found["average"], found["csat"]) == (5, 5, "4.0000", "0.8000")
    assert found["distribution"] == {"1": 0, "2": 0, "3": 1, "4": 3, "5": 1}
    received = made(care.brand.get(f"/v1/surveys/{care.survey_id()}/invitations"), 200)["items"]
    assert {(item["score"], item["comment"], item["status"]) for item in received} == {
        (score, "好 👍", "answered") for score in (3, 4, 5)
    }
    assert care.complaints() == []


def test_scores_of_fewer_than_five_are_not_told(care):
    members = [care.shop.member() for _ in range(5)]
    care.collected(*members)
    for member in members[:4]:
        made(care.answer(care.invitation(member), score=5))

    few = care.results()
    assert (few["hidden"], few["invited"], few["answered"], few["response_rate"]) == (True, 5, 4, "0.8000")
    assert {few[name] for name in ("scored", "average", "csat")} == {None}
    assert few["distribution"] is None
    made(care.answer(care.invitation(members[4]), score=5))
    assert (care.results()["hidden"], care.results()["scored"]) == (False, 5)


def test_a_low_score_opens_one_complaint_that_has_all_it_needs(care):
    service = care.hire("service")
    member = care.shop.member()
    (order,) = care.collected(member)

    answered = care.answer(care.invitation(member), score=1, comment="草莓都烂了")

    (complaint,) = care.complaints()
    assert complaint["id"] == answered.json["complaint_id"]
    assert (complaint["owner"], complaint["order_id"], complaint["member_id"]) == (service, order["id"], member.id)
    assert (complaint["category"], complaint["cause"], complaint["urgency"]) == ("quality", "spoiled", "high")
    assert (complaint["importance"], complaint["priority"], complaint["score"]) == ("high", "p1", 1)
    assert complaint["first_response_due_at"] < complaint["resolution_due_at"]
    assert [(entry["type"], entry["by"]) for entry in complaint["history"]] == [("opened", f"member:{member.id}")]


@pytest.mark.parametrize(("score", "complaints"), [(2, 1), (3, 0)])
def test_a_score_of_three_is_no_complaint(care, score, complaints):
    member = care.shop.member()
    care.collected(member)

    assert care.answer(care.invitation(member), score=score).status == 201
    assert len(care.complaints()) == complaints


def test_an_invitation_takes_one_answer(care):
    member = care.shop.member()
    care.collected(member)
    token = care.invitation(member)
    care.answer(token, score=5)

    again = care.answer(token, score=1)

    assert (again.status, again.json["code"]) == (409, "already_answered")
    assert (care.results()["answered"], care.complaints()) == (1, [])
    assert made(care.store("GET", f"/invitations/{token}"), 200)["status"] == "answered"
    assert made(care.store("GET", "/invitations", member), 200)["items"] == []


@pytest.mark.parametrize("lowest", [1, 4])
def test_of_fifty_answers_at_once_one_is_taken(care, lowest):
    member = care.shop.member()
    care.collected(member)
    token = care.invitation(member)

    with ThreadPoolExecutor(50) as pool:
        replies = list(pool.map(lambda n: care.answer(token, score=lowest + n % 2), range(50)))

    taken = [reply for reply in replies if reply.status == 201]
    assert len(taken) == 1
    assert {reply.json["code"] for reply in replies if reply.status != 201} == {"already_answered"}
    assert care.results()["answered"] == 1
    opened = [taken[0].json["complaint_id"]] if lowest == 1 else []
    assert [complaint["id"] for complaint in care.complaints()] == opened


@pytest.mark.usefixtures("noon")
def test_a_pickup_told_many_times_invites_once(care, engine):
    member = care.shop.member("li@people.example")
    (order,) = care.collected(member)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: deliver(care, "order.picked_up", order_id=order["id"]), range(8)))
    (invitation,) = stored(care)
    deliver(care, "invitation.created", invitation_id=invitation.id)
    care.drain()

    assert care.results()["invited"] == 1
    assert len([mail for mail in news(engine) if mail["to"] == "li@people.example"]) == 1


def test_another_survey_in_the_meantime_makes_no_second_invitation(care):
    member = care.shop.member()
    (order,) = care.collected(member)
    question = {"kind": "text", "text": "Why?"}
    made(care.brand.post("/v1/surveys", {"title": "New", "trigger": "pickup", "questions": [question]}))

    deliver(care, "order.picked_up", order_id=order["id"])

    assert care.results()["invited"] == 0
    assert care.invitation(member)


def test_an_order_that_was_not_picked_up_brings_no_invitation(care):
    member = care.shop.member()
    (order,) = care.ordered(member)

    deliver(care, "order.picked_up", order_id=order["id"])

    assert made(care.store("GET", "/invitations", member), 200)["items"] == []


def test_an_invitation_ends_after_thirty_days(care, clock):
    member = care.shop.member()
    care.collected(member)
    token = care.invitation(member)
    clock.advance(days=30)

    late = care.answer(token, score=5)

    assert (late.status, late.json["code"]) == (409, "invitation_expired")
    assert made(care.store("GET", f"/invitations/{token}"), 200)["status"] == "expired"
    assert made(care.store("GET", "/invitations", member), 200)["items"] == []


def test_a_token_is_stored_nowhere_and_cannot_be_guessed(care, new_care):
    member = care.shop.member()
    care.collected(member)
    token = care.invitation(member)
    (invitation,) = stored(care)

    assert token not in str(invitation.serialize())
    for guess in (
        invitation.id,
        token[:-1],
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "%F0%9F%8D%B5",
        "x" * 500,
    ):
        assert care.store("GET", f"/invitations/{guess}").status == 404
    assert new_care().store("GET", f"/invitations/{token}").status == 404
    care.store("GET", "/campaigns")
    with metered() as meter:
        care.store("GET", f"/invitations/{derived_id('x')}{'A' * 24}")
    assert meter.reads == 0, "a forged token never reaches the invitations, and the slug is known"


def test_a_link_that_would_lead_nowhere_is_not_sent(care, engine, monkeypatch):
    member = care.shop.member("li@people.example")
    (order,) = care.ordered(member)
    care.hand_over(order)
    deliver(care, "order.picked_up", order_id=order["id"])
    (invitation,) = stored(care)
    unset = type("Unset", (), {"public_url": ""})
    monkeypatch.setattr("chalicelib.surveys.service.invitations.settings", lambda: unset)

    with pytest.raises(SettingMissing):
        deliver(care, "invitation.created", invitation_id=invitation.id)

    assert "li@people.example" not in [mail["to"] for mail in news(engine)]


def test_a_member_who_left_no_address_still_finds_the_invitation(care, engine, monkeypatch):
    member = care.shop.member("li@people.example")
    monkeypatch.setattr("chalicelib.notices.recipients.model.Recipient.addresses", property(lambda _: {}))
    care.collected(member)

    assert news(engine) == []
    assert care.invitation(member)


def test_an_answer_that_does_not_fit_names_its_fields(care):
    member = care.shop.member()
    care.collected(member)
    token = care.invitation(member)

    for body, pointer in (
        ({}, "/score"),
        ({"score": 6}, "/score"),
        ({"score": 0}, "/score"),
        ({"score": "5"}, "/score"),
        ({"score": True}, "/score"),
        ({"score": 5, "answers": [{"question_id": "nothing", "value": 1}]}, "/answers/0/question_id"),
        ({"score": 5, "answers": [{"question_id": "score", "value": 1}]}, "/score"),
        ({"score": 5, "comment": "x" * 2001}, "/comment"),
        ({"score": 5, "mood": "good"}, "/mood"),
    ):
        refused = care.answer(token, **body)
        assert refused.status == 422, body
        assert pointer in [error["pointer"] for error in refused.json["errors"]], body
    assert care.answer(token, answers=[{"question_id": "score", "value": 4}]).status == 201


def test_the_requests_of_each_use_case_are_counted(care):
    low, high = care.shop.member(), care.shop.member()
    care.collected(low, high)
    low_token, high_token = care.invitation(low), care.invitation(high)
    (order,) = care.ordered(care.shop.member())
    care.hand_over(order)

    with metered() as inviting:
        deliver(care, "order.picked_up", order_id=order["id"])
    with metered() as showing:
        care.store("GET", f"/invitations/{high_token}")
    with metered() as content:
        care.answer(high_token, score=5)
    with metered() as complaining:
        care.answer(low_token, score=1)

    # Order, survey in force and how seldom it asks; then invitation, tally and when it asked in one transaction.
    assert (inviting.reads, inviting.writes) == (3, 1)
    # The store's slug the first time, the invitation, the survey's version; an answer adds one transaction, a
    # complaint also reads the order, the rules, the staff and by what it is due.
    assert (showing.reads, showing.writes) == (3, 0)
    assert (content.reads, content.writes) == (2, 1)
    assert (complaining.reads, complaining.writes) == (6, 1)


def test_a_link_sent_late_is_not_sent_at_all(care, engine):
    member = care.shop.member("li@people.example")
    orders = care.ordered(member)
    care.hand_over(orders[0])
    deliver(care, "order.picked_up", order_id=orders[0]["id"])
    (invitation,) = stored(care)
    late = product_clock.now() + timedelta(days=31)

    consumer.handle(
        Message(derived_id("e"), "invitation.created", care.id, late, {"invitation_id": invitation.id}), late
    )

    assert "li@people.example" not in [mail["to"] for mail in news(engine)]


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(("locale", "word"), [("zh", "取货"), ("en", "Thank you")])
def test_an_invitation_speaks_the_brands_language_to_a_member_who_named_none(new_care, engine, locale, word):
    care = new_care(locale=locale)
    care.collected(care.shop.member("li@people.example"))
    (mail,) = [mail for mail in news(engine) if mail["to"] == "li@people.example"]
    assert word in mail["text"]
