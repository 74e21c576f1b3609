"""What is held for a person: it leaves once, together with whatever is due with it, and never more of it than may."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from chalicelib.notices.delivery.service import leaving
from chalicelib.notices.media.service import ALWAYS
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Cap, Digest, MessageSettings, Preferences
from chalicelib.notices.restraint.model import MOST_HELD, MOST_HELD_BYTES
from chalicelib.notices.restraint.records import HeldRecord
from chalicelib.notices.templates.service import digests
from tests.notices.outbox import NEWS, NOON, ORDER, SERVICE, SERVICE_ACT, Outbox, outbox

__all__ = ["outbox"]

NIGHT = NOON.replace(hour=15)
MORNING = NOON.replace(hour=0) + timedelta(days=1)
FEW = timedelta(minutes=20)


def test_what_is_told_at_night_leaves_in_the_morning_as_one_letter(outbox: Outbox):
    outbox.now = NIGHT
    messages = [outbox.tell(kind, text) for kind, text in ((SERVICE, "a"), (NEWS, "b"), (SERVICE_ACT, "c"))]
    outbox.tell(ORDER, "d")
    assert outbox.texts() == ["an_order: d"], "orders leave at any hour"
    assert [outbox.marker(each).status for each in messages] == ["held"] * 3

    outbox.pass_time(until=MORNING - timedelta(minutes=1), step=FEW)
    assert len(outbox.arrived) == 1
    outbox.pass_time(hours=1, step=FEW)

    _, letter = outbox.arrived
    assert letter.text == "a_service\na_service: a\n\nnews\nnews: b\n\na_service_to_act\na_service_to_act: c"
    first, *others = map(outbox.marker, messages)
    assert (first.status, first.medium, first.contents) == ("sent", "email", None)
    assert [(each.status, each.letter) for each in others] == [("joined", messages[0])] * 2
    assert (outbox.held(), outbox.due()) == ([], [])


def test_what_an_official_account_alone_reaches_leaves_one_by_one(outbox: Outbox):
    outbox.person(email=None, open_id="o-li")
    outbox.patch.setattr(leaving, "senders", lambda _, template: {} if template == digests.DIGEST else ALWAYS)
    outbox.now = NIGHT
    for kind, text in ((SERVICE, "a"), (NEWS, "b")):
        outbox.tell(kind, text)
    outbox.pass_time(until=MORNING + timedelta(minutes=2))
    assert (outbox.ways(), outbox.texts()) == (["official_account"] * 2, ["a_service: a", "news: b"])
    assert outbox.held() == []


def test_one_that_waited_alone_is_a_letter_as_any_other(outbox: Outbox):
    outbox.now = NIGHT
    outbox.tell(SERVICE, "a")
    outbox.pass_time(until=MORNING, step=FEW)
    assert outbox.texts() == ["a_service: a"]


def test_a_digest_leaves_by_its_own_hour_and_what_presses_does_not_wait_for_it(outbox: Outbox):
    outbox.wishes(digests={Category.SERVICE: Digest(time(18))})
    outbox.tell(SERVICE, "a")
    outbox.tell(SERVICE_ACT, "b")
    outbox.tell(SERVICE, "c")
    assert outbox.texts() == ["a_service_to_act: b"]
    outbox.pass_time(hours=8, step=FEW)
    assert outbox.texts()[1:] == ["a_service\na_service: a\n\na_service\na_service: c"]
    assert outbox.arrived[1].at == NOON.replace(hour=10)


def test_a_digest_that_the_sweep_brings_late_waits_for_the_night_to_end(outbox: Outbox):
    outbox.wishes(digests={Category.SERVICE: Digest(time(18))})
    outbox.tell(SERVICE, "a")
    outbox.now = NIGHT
    outbox.sweep()
    assert (outbox.texts(), outbox.held()) == ([], ["a"])
    outbox.pass_time(until=MORNING, step=FEW)
    assert outbox.texts() == ["a_service: a"]


def test_over_its_cap_a_message_waits_for_the_window(outbox: Outbox):
    outbox.settings = MessageSettings(caps={Category.NEWS: Cap(2, 3)})
    for text in "abc":
        outbox.tell(NEWS, text)
        outbox.now += timedelta(hours=1)
    assert outbox.texts() == ["news: a", "news: b"]
    outbox.pass_time(until=NOON + timedelta(days=3), step=timedelta(hours=2))
    assert outbox.texts()[2:] == ["news: c"]
    outbox.tell(NEWS, "d")
    assert outbox.held() == ["d"], "what waited counts when it leaves"


def test_what_would_wait_for_more_than_a_week_stays_in_the_inbox(outbox: Outbox):
    outbox.settings = MessageSettings(caps={Category.NEWS: Cap(1, 9)})
    outbox.tell(NEWS, "a")
    outbox.now += timedelta(days=1)
    later = outbox.tell(NEWS, "b")
    outbox.now += timedelta(days=1)
    third = outbox.tell(NEWS, "c")
    assert [outbox.marker(each).status for each in (later, third)] == ["inbox", "held"]
    outbox.pass_time(days=8, step=timedelta(hours=4))
    assert outbox.texts() == ["news: a", "news: c"]


def test_service_over_the_usual_cap_leaves_in_one_letter_when_the_window_opens(outbox: Outbox):
    outbox.settings = MessageSettings()
    told = []
    for text in "abcdefghi":
        told.append(outbox.tell(SERVICE, text))
        outbox.now += timedelta(minutes=10)
    assert outbox.texts() == [f"a_service: {text}" for text in "abcdef"]
    outbox.pass_time(until=NOON + timedelta(days=1), step=timedelta(hours=1))
    assert outbox.texts()[6:] == ["\n\n".join(f"a_service\na_service: {text}" for text in "ghi")]
    assert [outbox.marker(each).status for each in told] == ["sent"] * 7 + ["joined"] * 2


def test_what_waits_for_the_cap_is_not_overtaken(outbox: Outbox):
    """One that comes as the window opens, before the sweep, leaves with those that waited for it."""
    outbox.settings = MessageSettings(caps={Category.SERVICE: Cap(1, 1)})
    outbox.tell(SERVICE_ACT, "first")
    outbox.tell(SERVICE, "a")
    outbox.now += timedelta(days=1)
    outbox.tell(SERVICE_ACT, "b")
    assert outbox.texts() == ["a_service_to_act: first"]
    outbox.sweep()
    assert outbox.texts()[1:] == ["a_service\na_service: a\n\na_service_to_act\na_service_to_act: b"]
    outbox.tell(SERVICE, "c")
    assert outbox.held() == ["c"], "the letter counts once"


def test_where_each_is_a_letter_of_its_own_the_one_that_waited_longest_goes_first(outbox: Outbox):
    outbox.settings = MessageSettings(caps={Category.SERVICE: Cap(1, 1)})
    outbox.person(email=None, open_id="o-li")
    outbox.patch.setattr(leaving, "senders", lambda _, template: {} if template == digests.DIGEST else ALWAYS)
    outbox.tell(SERVICE_ACT, "first")
    outbox.tell(SERVICE_ACT, "a")
    for day in (1, 2):
        outbox.now = NOON + timedelta(days=day)
        outbox.tell(SERVICE_ACT, str(day))
        outbox.sweep()
    assert outbox.texts() == [f"a_service_to_act: {text}" for text in ("first", "a", "1")]


def test_one_that_finds_no_room_beside_those_that_are_due_leaves_at_once(outbox: Outbox):
    outbox.now = NIGHT
    for n in range(MOST_HELD):
        outbox.tell(SERVICE, str(n))
    outbox.now = MORNING
    outbox.tell(SERVICE_ACT, "now")
    assert outbox.texts() == ["a_service_to_act: now"]


def test_what_waits_longer_than_a_week_since_the_brand_lets_less_leave_stays_in_the_inbox(outbox: Outbox):
    outbox.settings = MessageSettings(caps={Category.SERVICE: Cap(1, 1)})
    outbox.tell(SERVICE, "first")
    held = outbox.tell(SERVICE, "a")
    outbox.settings = MessageSettings(caps={Category.SERVICE: Cap(1, 9)})
    outbox.pass_time(days=1, step=timedelta(hours=4))
    assert outbox.marker(held).status == "inbox"
    assert outbox.texts() == ["a_service: first"]


def test_what_was_declined_while_it_waited_stays_in_the_inbox_and_the_others_leave(outbox: Outbox):
    outbox.now = NIGHT
    declined, wanted = outbox.tell(NEWS, "a"), outbox.tell(SERVICE, "b")
    outbox.wishes(marketing=False)
    outbox.pass_time(until=MORNING, step=FEW)
    assert outbox.texts() == ["a_service: b"]
    assert (outbox.marker(declined).status, outbox.marker(wanted).status) == ("inbox", "sent")


def test_nobody_gets_what_was_held_who_has_left(outbox: Outbox):
    outbox.now = NIGHT
    message = outbox.tell(SERVICE, "a")
    outbox.people.clear()
    outbox.pass_time(until=MORNING, step=FEW)
    assert (outbox.texts(), outbox.held(), outbox.due()) == ([], [], [])
    assert outbox.marker(message).status == "inbox"


@pytest.mark.parametrize(("count", "letters"), [(MOST_HELD + 5, 1), (12, 10_000)])
def test_what_waits_for_one_person_is_bounded(outbox: Outbox, count, letters):
    outbox.now = NIGHT
    messages = [outbox.tell(SERVICE, str(n).ljust(letters)) for n in range(count)]
    waiting = len(outbox.held())
    assert waiting == min(MOST_HELD, MOST_HELD_BYTES // letters - (letters > 1))
    assert [outbox.marker(each).status for each in messages] == ["held"] * waiting + ["inbox"] * (count - waiting)
    outbox.pass_time(until=MORNING, step=timedelta(hours=1))
    assert len(outbox.arrived) == 1


def test_two_at_once_for_one_person_both_wait(outbox: Outbox, monkeypatch):
    """Another worker holds a notice between this one's read and its write."""
    outbox.now = NIGHT
    read, others = HeldRecord.of, iter("xyz")

    def slow(tenant_id, person):
        found = read(tenant_id, person)
        if (text := next(others, None)) is not None:
            with monkeypatch.context() as inner:
                inner.setattr(HeldRecord, "of", read)
                outbox.tell(SERVICE, text)
        return found

    monkeypatch.setattr(HeldRecord, "of", slow)
    outbox.tell(SERVICE, "a")
    monkeypatch.setattr(HeldRecord, "of", read)
    assert sorted(outbox.held()) == ["a", "x", "y", "z"]


def test_a_letter_of_several_waits_for_its_provider_as_one(outbox: Outbox):
    outbox.now = NIGHT
    for text in "ab":
        outbox.tell(SERVICE, text)
    outbox.failing["email"] = ConnectionError("down")
    outbox.pass_time(until=MORNING + timedelta(hours=1), step=FEW)
    outbox.failing.clear()
    outbox.pass_time(hours=2, step=FEW)
    assert outbox.texts() == ["a_service\na_service: a\n\na_service\na_service: b"]


def test_a_phone_gets_of_what_waited_what_presses(outbox: Outbox):
    outbox.person(email=None, phone="+8613800138000", preferences=Preferences(marketing=True))
    outbox.now = NIGHT
    known, pressing = outbox.tell(SERVICE, "a"), outbox.tell(SERVICE_ACT, "b")
    outbox.pass_time(until=MORNING, step=FEW)
    assert [(each.channel, each.text) for each in outbox.arrived] == [("sms", "a_service_to_act: b")]
    assert (outbox.marker(known).status, outbox.marker(pressing).status) == ("inbox", "sent")
