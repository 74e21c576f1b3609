"""What becomes of a notice to a person: which medium takes it, what falls back, and what stays in the inbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from chalicelib.db import tenant_scope
from chalicelib.kernel.ids import derived_id
from chalicelib.notices.delivery.model import LEASE
from chalicelib.notices.delivery.service import leaving, outages
from chalicelib.notices.inbox.records import InboxRecord
from chalicelib.notices.media.service import ALWAYS
from chalicelib.notices.model.letters import BadAddress
from chalicelib.notices.model.notices import DECLARED, Category
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import MessageSettings, Preferences
from tests.notices.outbox import LI, NEWS, NOON, ORDER, PAID, SERVICE, SERVICE_ACT, TENANT, Outbox, outbox

__all__ = ["outbox"]

NOTHING_ELSE = frozenset({Category.SERVICE, Category.NEWS})
FIVE_MINUTES = timedelta(minutes=5)
ALL = {"email": "li@people.example", "phone": "+8613800138000", "open_id": "o-li"}
PHONE = {"email": None, "phone": "+8613800138000"}


@pytest.mark.parametrize(
    ("kind", "known", "wishes", "way"),
    [
        (ORDER, ALL, {}, "official_account"),
        (ORDER, PHONE, {}, "sms"),
        (PAID, PHONE, {}, "sms"),
        (ORDER, PHONE, {"channels": ("email",)}, "sms"),
        (ORDER, ALL, {"channels": ("sms", "email")}, "sms"),
        (ORDER, ALL, {"declined": NOTHING_ELSE, "marketing": False}, "official_account"),
        (ORDER, {"email": None}, {}, None),
        (SERVICE, ALL, {}, "official_account"),
        (SERVICE, PHONE, {}, None),
        (SERVICE_ACT, PHONE, {}, "sms"),
        (SERVICE, PHONE, {"channels": ("sms",)}, "sms"),
        (SERVICE, PHONE, {"channels": ("email",)}, None),
        (SERVICE, ALL, {"channels": ()}, None),
        (SERVICE_ACT, ALL, {"declined": frozenset({Category.SERVICE})}, None),
        (SERVICE, ALL, {"declined": frozenset({Category.NEWS})}, "official_account"),
        (NEWS, ALL, {}, "official_account"),
        (NEWS, ALL, {"marketing": False}, None),
        (NEWS, ALL, {"declined": frozenset({Category.NEWS})}, None),
        (NEWS, PHONE, {}, None),
        (NEWS, PHONE, {"channels": ("email", "sms")}, "sms"),
    ],
)
def test_the_first_medium_that_reaches_somebody_as_they_want_it(outbox: Outbox, kind, known, wishes, way):
    outbox.person(**known, preferences=Preferences(**({"marketing": True} | wishes)))

    message = outbox.tell(kind, "x")

    assert outbox.ways() == ([way] if way else [])
    assert outbox.marker(message).status == ("sent" if way else "inbox")
    assert outbox.marker(message).medium == way


def test_the_order_of_the_brand_holds_where_somebody_named_none(outbox: Outbox):
    outbox.person(**ALL)
    outbox.settings = MessageSettings(channels=("email", "official_account"))
    outbox.tell(ORDER, "x")
    assert outbox.ways() == ["email"]

    outbox.person(**PHONE)
    assert outbox.marker(outbox.tell(ORDER, "y")).status == "inbox", "the brand uses no texts"


def test_a_suppressed_address_is_passed_over(outbox: Outbox):
    outbox.person(**ALL)
    outbox.shut = {"official_account", "email"}
    assert outbox.marker(outbox.tell(ORDER, "x")).medium == "sms"
    assert outbox.marker(outbox.tell(SERVICE, "y")).status == "inbox"


def test_an_address_that_never_works_falls_back_to_the_next_at_once(outbox: Outbox):
    outbox.person(**ALL)
    outbox.failing = {"official_account": BadAddress("no follower"), "email": BadAddress("no such mailbox")}
    outbox.tell(ORDER, "x")
    assert outbox.ways() == ["sms"]
    outbox.failing["sms"] = BadAddress("no such number")
    assert outbox.marker(outbox.tell(ORDER, "y")).status == "inbox"


def test_nobody_is_told_who_has_left(outbox: Outbox):
    outbox.people.clear()
    outbox.tell(ORDER, "x")
    assert not outbox.arrived
    assert not outbox.queue


def test_a_notice_delivered_again_in_any_order_leaves_once(outbox: Outbox):
    for _ in range(2):
        for text in ("a", "b"):
            outbox.put(ORDER, text)
    outbox.queue.reverse()
    outbox.work()
    outbox.pass_time(hours=1)
    assert sorted(outbox.texts()) == ["an_order: a", "an_order: b"]


def test_a_provider_down_for_an_hour_loses_nothing_and_costs_no_receive(outbox: Outbox):
    kinds = [ORDER, PAID, SERVICE] * 4
    outbox.failing["email"] = ConnectionError("down")
    for n, kind in enumerate(kinds):
        outbox.put(kind, str(n))
        outbox.put(kind, str(n))
    outbox.work()
    assert not outbox.queue, "the queue has done its part"
    outbox.pass_time(hours=1, step=2 * FIVE_MINUTES)
    assert not outbox.arrived

    outbox.failing.clear()
    outbox.pass_time(hours=1, minutes=10, step=FIVE_MINUTES)

    assert sorted(outbox.texts()) == sorted(f"{kind.template}: {n}" for n, kind in enumerate(kinds))
    assert len({each.at for each in outbox.arrived}) > 2, "they do not come back all at once"
    assert outbox.counted == {}


def test_orders_and_money_leave_by_the_next_medium_when_the_first_fails_for_a_quarter_of_an_hour(outbox: Outbox):
    outbox.person(**ALL, preferences=Preferences(channels=("email", "sms"), marketing=True))
    outbox.failing["email"] = ConnectionError("down")
    for kind in (ORDER, PAID, SERVICE):
        outbox.tell(kind, "x")
    outbox.pass_time(minutes=14)
    assert not outbox.arrived
    outbox.pass_time(minutes=2)
    assert sorted(outbox.texts()) == ["an_order: x", "paid: x"]
    assert set(outbox.ways()) == {"sms"}

    outbox.failing.clear()
    outbox.pass_time(hours=1, step=FIVE_MINUTES)
    assert outbox.texts()[2:] == ["a_service: x"]
    assert outbox.ways()[2:] == ["email"], "what can wait comes back to the first"


def test_what_fails_for_three_days_is_dead_and_counted(outbox: Outbox):
    outbox.failing["email"] = ConnectionError("down")
    message = outbox.tell(ORDER, "x")
    outbox.pass_time(hours=71, step=timedelta(hours=5))
    assert outbox.marker(message).status == "waiting"
    outbox.pass_time(hours=6, step=timedelta(hours=2))
    dead = outbox.marker(message)
    assert (dead.status, dead.contents, dead.due_at) == ("dead", None, None)
    assert outbox.counted == {"MessagesDead": 1}


def test_what_can_wait_is_not_tried_again_in_quiet_hours(outbox: Outbox):
    outbox.now = NOON.replace(hour=13, minute=50)
    outbox.failing["email"] = ConnectionError("down")
    outbox.tell(SERVICE, "x")
    outbox.pass_time(minutes=30)
    outbox.failing.clear()
    outbox.pass_time(hours=12, step=timedelta(hours=1))
    ((at, text),) = [(each.at, each.text) for each in outbox.arrived]
    assert (at, text) == (NOON.replace(hour=0, minute=20) + timedelta(days=1), "a_service: x")


def test_a_provider_that_is_slow_to_fail_is_not_asked_for_each_of_many(outbox: Outbox, monkeypatch):
    seconds, asked = iter(range(0, 10_000, 5)), []

    def slow(to, letter):
        asked.append(to)
        raise ConnectionError("no answer")

    monkeypatch.setitem(ALWAYS, "email", slow)
    monkeypatch.setattr(leaving, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(outages, "_since", {})
    for n in range(30):
        outbox.put(ORDER, str(n))
    outbox.work()
    assert (len(asked), outbox.queue) == (1, [])


def test_an_attempt_that_got_no_answer_may_have_sent_it_which_is_counted(outbox: Outbox):
    for fault in (ReadTimeoutError(endpoint_url="x"), ConnectionClosedError(endpoint_url="x")):
        outbox.failing["email"] = fault
        message = outbox.tell(ORDER, str(fault))
        outbox.failing.clear()
        outbox.pass_time(minutes=2)
        assert outbox.marker(message).repeated
    assert outbox.counted == {"MessagesRepeated": 2}
    assert len(outbox.arrived) == 2


def test_what_only_a_former_version_knew_is_given_up_and_keeps_nothing_else_from_leaving(outbox: Outbox):
    outbox.failing["email"] = ConnectionError("down")
    waiting = outbox.tell(PAID, "x")
    outbox.now = NOON.replace(hour=15)
    outbox.tell(SERVICE, "y")
    outbox.tell(NEWS, "z")
    for kind in (PAID, NEWS):
        outbox.patch.delitem(DECLARED, kind.template)
    outbox.failing.clear()
    outbox.pass_time(hours=10, step=6 * FIVE_MINUTES)
    assert outbox.texts() == ["a_service: y"]
    assert outbox.marker(waiting).status == "inbox"
    assert outbox.due() == []


def test_a_claim_whose_worker_is_gone_is_taken_over_by_the_sweep_when_it_ends(outbox: Outbox, monkeypatch):
    class Ended(BaseException):
        """The process."""

    def ends(to, letter):
        raise Ended

    with monkeypatch.context() as broken:
        broken.setitem(ALWAYS, "email", ends)
        message = outbox.put(ORDER, "x")
        again = list(outbox.queue)
        with pytest.raises(Ended):
            outbox.work()
    for _ in range(6):  # more often than the queue brings a message
        outbox.queue = list(again)
        outbox.work()
    assert (outbox.texts(), outbox.queue, outbox.dead) == ([], [], [])
    outbox.now += LEASE
    outbox.sweep()
    assert outbox.texts() == ["an_order: x"]
    assert outbox.counted == {"MessagesRepeated": 1}
    assert outbox.marker(message).repeated


def test_a_claim_whose_worker_is_slow_is_closed_by_it_and_brought_by_nobody(outbox: Outbox, monkeypatch):
    outbox.put(ORDER, "x")
    again = list(outbox.queue)
    takes = ALWAYS["email"]

    def while_it_comes_again(to, letter):
        monkeypatch.setitem(ALWAYS, "email", takes)
        outbox.queue = list(again)
        outbox.work()
        assert (outbox.texts(), outbox.queue) == ([], [])
        return takes(to, letter)

    monkeypatch.setitem(ALWAYS, "email", while_it_comes_again)
    outbox.work()
    outbox.pass_time(minutes=5)

    assert outbox.texts() == ["an_order: x"]
    assert not outbox.counted


def test_what_was_for_somebody_who_is_another_now_is_told_to_the_other(outbox: Outbox):
    former = Person.member(derived_id("who Li was"))
    outbox.now = NOON.replace(hour=15)
    outbox.person(former)
    outbox.tell(SERVICE, "held", former)
    outbox.people[former] = outbox.people[LI]

    told = outbox.tell(ORDER, "told since", former)
    outbox.pass_time(hours=10, step=timedelta(minutes=20))

    assert [(each.to, each.text) for each in outbox.arrived] == [
        (outbox.people[LI].email, "an_order: told since"), (outbox.people[LI].email, "a_service: held"),
    ]  # fmt: skip
    assert outbox.marker(told).person == str(LI)
    with tenant_scope(TENANT):
        mine = InboxRecord.every(InboxRecord.partition(TENANT, LI), consistent=True)
        assert [each.text for each in mine] == ["an_order: told since"]
