"""Addresses that mail no longer goes to: by what SES tells, as its queue brings it, until they are proved again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalice.app import SQSEvent

from chalicelib.aws import client
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.notices.model.notices import Category
from chalicelib.notices.suppression import events
from chalicelib.notices.suppression.model import FAILURES, SPAN, Feedback, Kind, Reachability, spelled
from chalicelib.notices.suppression.service import suppressed
from tests.builders import Shop, made
from tests.calls import Api
from tests.conftest import Clock, Drain
from tests.members.codes import code_for, exchange

PATH = "/v1/suppressed-addresses"
LI, MO = "li@people.example", "mo@people.example"
NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
NOBODYS = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


def told(
    tenant_id: str, what: str = "Permanent", subtype: str = "General", *, to: str = LI, at: datetime | None = None,
    feedback_id: str = "f1", destination: list[str] | None = None, **more: Any,
) -> str:  # fmt: skip
    """A message of the queue, as SNS wraps what SES tells."""
    about: dict[str, Any] = {
        "feedbackId": feedback_id, "timestamp": product_clock.sortable(at or product_clock.now()), **more,
    }  # fmt: skip
    recipients = [{"emailAddress": to, "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]
    if what == "Complaint":
        event = {"eventType": "Complaint", "complaint": about | {"complainedRecipients": recipients}}
    else:
        bounce = about | {"bounceType": what, "bounceSubType": subtype, "bouncedRecipients": recipients}
        event = {"eventType": "Bounce", "bounce": bounce}
    mail = {
        "messageId": "EXAMPLE7c191be45", "destination": destination or [to], "source": "no-reply@lintuan.example",
        "tags": {"ses:configuration-set": ["lintuan-mail"], "tenant": [tenant_id], "message": ["m"]},
    }  # fmt: skip
    return envelope(event | {"mail": mail})


def envelope(event: Any, kind: str = "Notification") -> str:
    message = event if isinstance(event, str) else json.dumps(event)
    topic = "arn:aws:sns:us-east-1:123456789012:lintuan-MailEventsTopic"
    return json.dumps({"Type": kind, "MessageId": "s", "TopicArn": topic, "Message": message})


def deliver(*bodies: str) -> list[str]:
    """Has the worker take messages; those that it could not."""
    records = [{"messageId": f"q{place}", "body": body} for place, body in enumerate(bodies)]
    answer = events.work(SQSEvent({"Records": records}, None))
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def stops(shop: Shop, category: Category = Category.ORDER, address: str = LI) -> bool:
    with tenant_scope(shop.tenant_id):
        return "email" in suppressed(shop.tenant_id, {"email": address, "sms": "+86138"}, category, product_clock.now())


def listed(shop: Shop, more: str = "") -> list[tuple[Any, ...]]:
    items = made(shop.brand.get(PATH + more), 200)["items"]
    return [(each["address"], each["reason"], each["until"] is not None) for each in items]


@pytest.mark.parametrize(
    ("what", "subtype", "more", "outcome"),
    [
        ("Permanent", "General", {}, "bounce"),
        ("Permanent", "NoEmail", {}, "bounce"),
        ("Permanent", "OnAccountSuppressionList", {}, "bounce"),
        ("Complaint", "", {}, "complaint"),
        ("Complaint", "", {"complaintFeedbackType": "abuse"}, "complaint"),
        ("Complaint", "", {"complaintFeedbackType": "not-spam"}, ""),
        ("Transient", "MailboxFull", {}, ""),
        ("Transient", "MessageTooLarge", {}, ""),
    ],
)
def test_what_ses_tells_once(shop: Shop, what: str, subtype: str, more: dict[str, Any], outcome: str) -> None:
    assert deliver(told(shop.tenant_id, what, subtype, **more)) == []

    assert listed(shop) == ([(LI, outcome, False)] if outcome else [])
    by_category = {category: stops(shop, category) for category in Category}
    assert by_category == {category: bool(outcome) and category != Category.ACCESS for category in Category}
    assert not stops(shop, address=MO)


@pytest.mark.parametrize("subtype", ["MailboxFull", "ContentRejected", "General"])
def test_what_passes_stops_mail_after_the_third_time_for_two_weeks(shop: Shop, clock: Clock, subtype: str) -> None:
    for number in range(FAILURES):
        assert not stops(shop)
        deliver(told(shop.tenant_id, "Transient", subtype, feedback_id=f"f{number}"))
        clock.advance(days=3)

    assert stops(shop)
    assert listed(shop) == [(LI, "failing", True)]
    clock.advance(days=10, hours=23)
    assert stops(shop)
    clock.advance(hours=2)
    assert not stops(shop)
    assert (listed(shop), listed(shop, f"?email={LI}")) == ([], [])


def test_failures_far_apart_and_such_as_say_nothing_of_the_address_stop_nothing(shop: Shop, clock: Clock) -> None:
    for number in range(6):
        deliver(told(shop.tenant_id, "Transient", "MailboxFull", feedback_id=f"f{number}"))
        deliver(told(shop.tenant_id, "Transient", "MessageTooLarge", feedback_id=f"l{number}"))
        deliver(told(shop.tenant_id, "Transient", "AttachmentRejected", feedback_id=f"a{number}"))
        clock.advance(days=7, hours=1)

    assert not stops(shop)


def test_what_is_told_again_counts_once(shop: Shop) -> None:
    again = told(shop.tenant_id, "Transient", "MailboxFull")
    assert deliver(*[again] * 5) == []
    assert not stops(shop)

    with metered() as meter, tenant_scope(shop.tenant_id):
        deliver(again)
    assert meter.writes == 0


def test_a_complaint_says_more_than_a_bounce_and_neither_ends_by_itself(shop: Shop, clock: Clock) -> None:
    deliver(told(shop.tenant_id, feedback_id="f1"), told(shop.tenant_id, "Complaint", feedback_id="f2"))
    deliver(told(shop.tenant_id, feedback_id="f3"), told(shop.tenant_id, "Transient", "General", feedback_id="f4"))
    assert listed(shop) == [(LI, "complaint", False)]
    clock.advance(days=1000)
    assert stops(shop)


@pytest.mark.parametrize("spelling", ["LI@People.Example", " li@people.example"])
def test_an_address_is_known_however_it_is_spelled(shop: Shop, spelling: str) -> None:
    deliver(told(shop.tenant_id, to=spelling, destination=[LI]))
    assert stops(shop)


def test_a_domain_of_other_letters_comes_back_in_ascii(shop: Shop) -> None:
    deliver(told(shop.tenant_id, to="li@xn--fsqu00a.example"))
    assert stops(shop, address="li@例子.example")
    assert spelled("a@" + "例" * 90) == "a@" + "例" * 90


@pytest.mark.parametrize(
    "body",
    [
        "", "{}", "[]", "null", "hello", envelope("hello"), envelope("[]"), envelope({}), envelope({"mail": {}}),
        envelope({"eventType": "Bounce", "mail": {"destination": [LI]}}),
        envelope({"eventType": "Bounce", "mail": {"tags": []}, "bounce": 5}),
        envelope({"eventType": "Delivery"}, "SubscriptionConfirmation"),
        told(NOBODYS).replace("Notification", "UnsubscribeConfirmation"),
        told(NOBODYS).replace("feedbackId", "id"),
        told(NOBODYS).replace("timestamp", "time"),
        json.dumps({"Type": "Notification", "Message": {"eventType": "Bounce"}}),
        "[" * 500,
    ],
)  # fmt: skip
def test_what_ses_did_not_write_ends_with_the_dead_letters_and_harms_no_other(shop: Shop, body: str) -> None:
    assert deliver(body, told(shop.tenant_id)) == ["q0"]
    assert stops(shop)


@pytest.mark.parametrize("tenant", [NOBODYS, "", "x#y", "../other"])
def test_mail_of_nobody_is_dropped(shop: Shop, tenant: str) -> None:
    assert deliver(told(tenant)) == []
    assert not stops(shop)


def test_what_is_of_no_account_is_dropped(shop: Shop) -> None:
    strangers = [
        told(shop.tenant_id, destination=[MO]),
        envelope({"eventType": "Delivery", "mail": {"tags": {"tenant": [shop.tenant_id]}}, "delivery": {}}),
        envelope({"eventType": "Open", "mail": {}}),
    ]
    assert deliver(*strangers) == []
    assert not stops(shop)


def test_one_brand_hears_nothing_of_anothers(shop: Shop, new_shop: Callable[..., Shop]) -> None:
    other = new_shop()
    deliver(told(shop.tenant_id, "Complaint"))
    assert (stops(shop), stops(other), listed(other)) == (True, False, [])

    (item,) = made(shop.brand.get(PATH), 200)["items"]
    assert other.brand.delete(f"{PATH}/{item['id']}").status == 404
    assert stops(shop)


def test_the_queue_brings_what_ses_tells_and_keeps_what_is_nothing_of_it(shop: Shop, drain: Drain) -> None:
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName="lintuan-mail-events")["QueueUrl"]
    for body in (told(shop.tenant_id), told(shop.tenant_id), "nonsense"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    drain(dead_letters_allowed=True)

    assert listed(shop) == [(LI, "bounce", False)]
    dead = sqs.get_queue_url(QueueName="lintuan-mail-events-dead")["QueueUrl"]
    (kept,) = sqs.receive_message(QueueUrl=dead)["Messages"]
    assert kept["Body"] == "nonsense"


def test_a_worker_that_fails_is_given_the_message_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr("chalicelib.db.Transaction.commit", fail)
        assert deliver(told(shop.tenant_id)) == ["q0"]
    assert deliver(told(shop.tenant_id)) == []
    assert stops(shop)


def test_the_brand_has_mail_go_again_and_an_old_bounce_does_not_stop_it(shop: Shop, clock: Clock) -> None:
    before = told(shop.tenant_id, at=product_clock.now() - timedelta(hours=1), feedback_id="late")
    deliver(told(shop.tenant_id))
    (item,) = made(shop.brand.get(f"{PATH}?email={LI}"), 200)["items"]

    assert shop.brand.delete(f"{PATH}/{item['id']}").status == 204
    assert shop.brand.delete(f"{PATH}/{item['id']}").status == 404
    (entry,) = made(shop.brand.get("/v1/audit?action=suppressed_address.released"), 200)["items"]
    assert LI not in json.dumps(entry)
    deliver(told(shop.tenant_id), before)
    assert not stops(shop)
    clock.advance(seconds=1)
    deliver(told(shop.tenant_id, feedback_id="f9"))
    assert stops(shop)


def test_who_signs_in_by_a_code_sent_there_is_written_to_again(api: Api, shop: Shop, clock: Clock) -> None:
    deliver(told(shop.tenant_id, "Complaint", to=LI), told(shop.tenant_id, to=MO, feedback_id="f2"))
    clock.advance(seconds=1)

    code = code_for(api, shop.slug, email="Li@People.example")
    assert exchange(api, "000000", shop.slug, email=LI).status == 401
    assert stops(shop), "a wrong code proves nothing"
    assert exchange(api, code, shop.slug, email=LI).status == 200

    assert (stops(shop), stops(shop, address=MO)) == (False, True)


def test_a_code_that_is_used_up_signs_in_though_this_fails(
    api: Api, shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TimeoutError

    deliver(told(shop.tenant_id))
    clock.advance(seconds=1)
    code = code_for(api, shop.slug, email=LI)
    with monkeypatch.context() as patched:
        patched.setattr("chalicelib.notices.suppression.service.change", fail)
        made(exchange(api, code, shop.slug, email=LI), 200)
    assert stops(shop)
    made(exchange(api, code_for(api, shop.slug, email=LI), shop.slug, email=LI), 200)
    assert not stops(shop)


def test_signing_in_asks_no_more_for_it(api: Api, shop: Shop) -> None:
    made(exchange(api, code_for(api, shop.slug, email=LI), shop.slug, email=LI), 200)
    code = code_for(api, shop.slug, email=LI)
    with metered() as meter:
        made(exchange(api, code, shop.slug, email=LI), 200)
    usual = (meter.reads, meter.writes)

    deliver(told(shop.tenant_id))
    code = code_for(api, shop.slug, email=LI)
    with metered() as meter:
        made(exchange(api, code, shop.slug, email=LI), 200)
    assert (meter.reads, meter.writes) == (usual[0], usual[1] + 1)


def test_the_list_goes_page_by_page_the_latest_first(shop: Shop, clock: Clock) -> None:
    for number in range(3):
        deliver(told(shop.tenant_id, to=f"n{number}@people.example", feedback_id=f"f{number}"))
        clock.advance(minutes=1)

    first = made(shop.brand.get(f"{PATH}?limit=2"), 200)
    second = made(shop.brand.get(f"{PATH}?limit=2&cursor={first['next_cursor']}"), 200)
    found = [each["address"] for each in first["items"] + second["items"]]
    assert found == ["n2@people.example", "n1@people.example", "n0@people.example"]
    assert second["next_cursor"] is None


def test_asking_whether_mail_goes_is_one_read_and_none_for_codes(shop: Shop) -> None:
    with metered() as meter:
        stops(shop)
        stops(shop, Category.ACCESS)
    assert (meter.reads, meter.writes) == (1, 0)


def feedback(number: int, kind: Kind, day: float) -> Feedback:
    return Feedback(f"f{number}", kind, LI, NOW + timedelta(days=day))


@pytest.mark.parametrize(
    ("days", "until"),
    [
        ([0, 1], None),
        ([0, 1, 2], 2 + 14),
        ([2, 0, 1], 2 + 14),  # told in another order
        ([0, 1, 14], None),
        ([0, 1, 13.9], 13.9 + 14),
        ([0, 20, 21, 22], 22 + 14),
        ([0, 1, 2, 3], 3 + 14),
    ],
)
def test_three_failures_in_two_weeks(days: list[float], until: float | None) -> None:
    known = Reachability()
    for number, day in enumerate(days):
        known = known.after(feedback(number, Kind.FAILING, day))

    assert known.until == (None if until is None else NOW + timedelta(days=until))
    if known.until is not None:
        assert known.stops(known.until - timedelta(seconds=1))
        assert not known.stops(known.until)
    assert timedelta(days=14) == SPAN
