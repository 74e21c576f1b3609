"""Messages that leave, on the engine's SES and SNS."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message, publish
from chalicelib.notices.delivery.model import LEASE
from chalicelib.notices.delivery.service import addresses as service
from chalicelib.notices.delivery.service.addresses import send_once
from chalicelib.notices.delivery.service.markers import BeingSent
from chalicelib.notices.media.service import ALWAYS
from chalicelib.notices.model.catalogue import UnknownTemplate
from chalicelib.notices.model.letters import SenderRefused, Sent
from chalicelib.notices.model.notices import Queued
from chalicelib.notices.records import NoticeRecord
from tests.notices.outbox import brandless

__all__ = ["brandless"]
pytestmark = pytest.mark.usefixtures("brandless")

TENANT = derived_id("tenant")
CODE = {"template": "sign_in_code", "locale": "zh", "params": {"code": "048213", "minutes": 10}}
NOTICE = {"template": "team_filled", "locale": "zh", "params": {"brand": "鲜果", "title": "荔枝"}}
EMAIL = {"channel": "email", "to": "li@people.example", **CODE}
SMS = {"channel": "sms", "to": "+8613800138000", **CODE}


def send(data, message_id="m1", after=timedelta()):
    with tenant_scope(TENANT):
        send_once(TENANT, derived_id(message_id), Queued.from_json(data), product_clock.now() + after)


def provider(monkeypatch, failure):
    """Replaces the sending of e-mail: ``failure`` is raised on the first call, the rest go through."""
    sent, failures = [], [failure]

    def sender(to, letter):
        if failures:
            raise failures.pop()
        sent.append((to, letter.subject))
        return Sent("its id")

    monkeypatch.setitem(ALWAYS, "email", sender)
    return sent


def test_an_email_arrives_in_the_persons_language(engine):
    send(EMAIL)

    (mail,) = engine.mail()
    assert (mail["to"], mail["channel"], mail["subject"]) == ("li@people.example", "email", "登录验证码：048213")
    assert "10 分钟内有效" in mail["text"]


def test_a_text_message_arrives(engine):
    send(SMS)

    (mail,) = engine.mail()
    assert (mail["to"], mail["channel"]) == ("+8613800138000", "sms")
    assert "048213" in mail["text"]


@pytest.mark.parametrize(("data", "becomes"), [(CODE, "dropped"), (NOTICE, "waiting")], ids=["code", "notice"])
def test_while_the_provider_takes_nothing_from_us_a_code_is_dropped_and_all_else_waits(
    engine, monkeypatch, data, becomes
):
    counted = []
    monkeypatch.setattr(service, "count", lambda name, value: counted.append(name))
    provider(monkeypatch, SenderRefused("MessageRejected"))
    with tenant_scope(TENANT):
        service.send(TENANT, derived_id("m1"), Queued.from_json({**EMAIL, **data}), product_clock.now())
        marker = NoticeRecord.fetch(*NoticeRecord.address(TENANT, derived_id("m1")), consistent=True)

    assert marker.status == becomes
    assert counted == (["SignInCodesDropped"] if data is CODE else [])


def test_a_message_delivered_again_is_sent_once(engine):
    for _ in range(3):
        send(EMAIL)
    send(EMAIL, "m2")

    assert len(engine.mail()) == 2


def test_the_queue_brings_messages_to_people(engine, drain):
    message = Message(derived_id("m1"), "notify.send", TENANT, product_clock.now(), EMAIL)
    publish("notify", message)
    publish("notify", message)
    drain()

    assert [mail["to"] for mail in engine.mail()] == ["li@people.example"]


def test_a_channel_to_nobody_sends_nothing_and_fails_nothing(engine):
    send({**EMAIL, "channel": "nobody"})
    assert engine.mail() == []


@pytest.mark.parametrize(
    "data",
    [
        {**EMAIL, "to": "no-address"},
        {**EMAIL, "to": "a@b.example\r\nBcc: all@b.example"},
        {**SMS, "to": "13800138000"},
        {**SMS, "to": ""},
    ],
)
def test_an_address_that_can_never_work_is_dropped(engine, data):
    send(data)
    send(data)

    assert engine.mail() == []


@pytest.mark.parametrize(
    ("data", "counted"), [(CODE, [("SignInCodesDropped", 1)]), (NOTICE, [])], ids=["code", "notice"]
)
def test_a_sign_in_code_that_is_dropped_is_counted(engine, monkeypatch, data, counted):
    found = []
    monkeypatch.setattr(service, "count", lambda *metric: found.append(metric))

    send({**EMAIL, **data, "to": "no-address"})
    send({**EMAIL, **data, "to": "no-address"})

    assert found == counted


def test_a_refusal_of_the_provider_is_final_and_an_outage_is_not(engine, monkeypatch):
    rejected = ClientError({"Error": {"Code": "MessageRejected"}}, "SendRawEmail")
    throttled = ClientError({"Error": {"Code": "Throttling"}}, "SendRawEmail")

    def call(code):
        def send_raw_email(**_):
            raise code

        return type("Ses", (), {"send_raw_email": staticmethod(send_raw_email)})

    monkeypatch.setattr("chalicelib.notices.media.service.email.client", lambda _: call(rejected))
    send(EMAIL, "refused")
    monkeypatch.setattr("chalicelib.notices.media.service.email.client", lambda _: call(throttled))
    with pytest.raises(ClientError):
        send(EMAIL, "throttled")


def test_what_failed_for_a_moment_is_sent_with_the_next_delivery(engine, monkeypatch):
    sent = provider(monkeypatch, EndpointConnectionError(endpoint_url="x"))

    with pytest.raises(EndpointConnectionError):
        send(EMAIL)
    send(EMAIL)
    send(EMAIL)

    assert len(sent) == 1


def test_a_second_delivery_waits_while_the_first_is_being_sent(engine, monkeypatch):
    def sender(to, letter):
        with pytest.raises(BeingSent):
            send(EMAIL)
        return Sent("its id")

    monkeypatch.setitem(ALWAYS, "email", sender)
    send(EMAIL)


def test_a_worker_that_died_while_sending_is_replaced_after_its_claim_ran_out(engine, monkeypatch):
    class Died(BaseException):
        pass

    sent = provider(monkeypatch, Died())
    with pytest.raises(Died):
        send(EMAIL)

    with pytest.raises(BeingSent):
        send(EMAIL, after=LEASE / 2)
    send(EMAIL, after=LEASE * 2)
    send(EMAIL, after=LEASE * 4)

    assert len(sent) == 1


def test_a_template_that_does_not_exist_is_a_defect(engine):
    with pytest.raises(UnknownTemplate):
        send({**EMAIL, "template": "greeting"})


def test_a_message_costs_two_writes_and_its_count_and_a_repeat_one(engine):
    send(EMAIL, "the first of its brand, whose settings are remembered then")
    with metered() as first:
        send(EMAIL)
    with metered() as again:
        send(EMAIL)

    assert (first.reads, first.writes) == (0, 3)
    assert (again.reads, again.writes) == (0, 1)


@pytest.mark.parametrize("template", ["sign_in_code", "identity_code"])
def test_locally_the_code_shows_in_the_log_and_elsewhere_it_does_not(engine, monkeypatch, template):
    lines = []
    monkeypatch.setattr(service.logger, "info", lambda event, **fields: lines.append((event, fields)))
    message = EMAIL | {"template": template, "params": EMAIL["params"] | {"brand": "Linli", "shown": "li@new.example"}}

    send(message, "local")
    monkeypatch.setattr(service, "settings", lambda: type("Deployed", (), {"local": False}))
    send(message, "deployed")

    assert lines == [(template, {"to": "li@people.example", "code": "048213"})]
