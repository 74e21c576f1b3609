"""An endpoint that fails or is slow takes no worker's time from the others, and is given up after five days."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.webhooks.model import standing as rules
from chalicelib.webhooks.model.attempts import Outcome
from chalicelib.webhooks.model.retries import DELAYS, LIFE, LONGEST_ASKED, MOST_ATTEMPTS, asked_for, next_try
from chalicelib.webhooks.model.standing import WELL, Standing, admit, after, given_up
from chalicelib.webhooks.service.delivering import deliver
from tests.builders import made
from tests.webhooks.conftest import Hooks
from tests.webhooks.receiver import Connection, Receiver, status

T0 = datetime(2026, 11, 29, 8, tzinfo=UTC)
OK, SLOWLY, FAILED = Outcome(200, None, 100), Outcome(200, None, 4000), Outcome(500, "status", 100)
PATH = "/v1/webhook-endpoints"


def at(**units: float) -> datetime:
    return T0 + timedelta(**units)


def tried(standing: Standing, outcome: Outcome, now: datetime) -> Standing:
    """What becomes of a standing by a request that is let through."""
    until = now + timedelta(seconds=60)
    admission = admit(standing, now, until)
    assert admission.wait_until is None
    return after(admission.standing, outcome, now, until)


def ended(outcomes: list[Outcome], standing: Standing = WELL) -> Standing:
    """One request after the other, each as soon as it may go out; the last ends at T0."""
    for n, outcome in enumerate(outcomes, 1):
        standing = tried(standing, outcome, T0 - timedelta(hours=len(outcomes) - n))
    return standing


def test_three_failures_in_a_row_begin_a_pause_that_doubles_up_to_half_an_hour() -> None:
    pauses = [ended([FAILED] * n).pause_until for n in range(1, 12)]
    assert pauses == [
        None, None, at(seconds=30), at(minutes=1), at(minutes=2), at(minutes=4), at(minutes=8), at(minutes=16),
        at(minutes=30), at(minutes=30), at(minutes=30),
    ]  # fmt: skip
    assert ended([FAILED, FAILED, OK, FAILED, FAILED]).pause_until is None
    assert ended([FAILED] * 5 + [OK]) == WELL


def test_of_fifty_requests_that_fail_at_once_three_count() -> None:
    standing = WELL
    for _ in range(50):
        standing = after(standing, FAILED, T0, at(seconds=60))
    assert (standing.failures, standing.pause_until) == (3, at(seconds=30))


def test_a_single_delivery_is_never_put_off_by_a_pause() -> None:
    standing, now = WELL, T0
    for failed in range(1, MOST_ATTEMPTS):
        standing, following = tried(standing, FAILED, now), next_try(failed, now, 0.0)
        assert following is not None
        now = following
    assert next_try(MOST_ATTEMPTS, now, 0.0) is None


def test_delays_are_longer_by_up_to_a_tenth() -> None:
    for failed, delay in enumerate(DELAYS, 1):
        assert next_try(failed, T0, 0.0) == T0 + delay
        assert next_try(failed, T0, 0.999) == pytest.approx(T0 + delay * 1.0999, abs=timedelta(milliseconds=1))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), ("0", None), ("3600", 3600), ("3601", 3600), ("999999999", 3600),
        ("Sun, 29 Nov 2026 08:02:00 GMT", 120), ("Sunday, 29-Nov-26 08:02:00 GMT", 120),
        ("Sun Nov 29 08:02:00 2026", 120), ("Sun, 29 Nov 2026 16:02:00 +0800", 120),
        ("Sun, 29 Nov 2026 07:59:59 GMT", None), ("Fri, 31 Dec 9999 23:59:59 -2359", 3600),
        ("", None), ("soon", None), ("-5", None), ("1.5", None), ("120, 60", None), ("٣", None), ("9" * 5000, None),
        ("Sun, 29 Nov 99999 08:02:00 GMT", None), ("29 Nov 2026 08:02:00 +99999999999", None),
    ],
)  # fmt: skip
def test_a_busy_receiver_names_seconds_or_a_date_and_is_heard_for_an_hour(header: str, seconds: int | None) -> None:
    assert asked_for(header, T0) == (None if seconds is None else at(seconds=seconds))


def test_it_is_heard_after_429_and_503_alone_from_when_it_answered() -> None:
    asked = {code: Outcome.answered(code, 2000, "60").asked(T0) for code in (200, 302, 404, 410, 429, 500, 503)}
    assert {code: found for code, found in asked.items() if found} == {429: at(seconds=62), 503: at(seconds=62)}


def test_who_asks_for_more_time_than_the_plan_gives_gets_it_and_never_less() -> None:
    for failed, delay in enumerate(DELAYS, 1):
        for asked in (timedelta(seconds=1), timedelta(minutes=10), LONGEST_ASKED):
            assert next_try(failed, T0, 0.0, T0 + asked) == T0 + max(delay, asked)
    assert next_try(1, T0, 0.5, at(minutes=10)) == at(minutes=10.5)
    assert next_try(MOST_ATTEMPTS, T0, 0.0, at(minutes=10)) is None
    longest = T0
    for failed in range(1, MOST_ATTEMPTS):
        found = next_try(failed, longest, 1.0, longest + LONGEST_ASKED)
        assert found is not None
        longest = found
    assert longest < T0 + LIFE


def test_the_whole_endpoint_has_the_pause_that_was_asked_for_until_something_is_delivered() -> None:
    busy = Outcome(429, "status", 0, "600")
    once = ended([busy])
    assert admit(once, at(seconds=599), at(minutes=11)).wait_until == at(seconds=600)
    assert admit(once, at(seconds=600), at(minutes=11)).wait_until is None
    assert after(once, OK, at(seconds=1)) == WELL
    assert ended([FAILED] * 10 + [busy]).pause_until == at(minutes=30)  # longer than what was asked for
    assert ended([FAILED] * 2 + [busy]).pause_until == at(minutes=10)


def test_a_receiver_that_is_busy_is_left_alone_until_the_time_it_named(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 0.0)
    began = hooks.clock.now().replace(microsecond=0) + timedelta(minutes=1)
    hooks.clock.set(began)
    endpoint = hooks.endpoint(receiver)
    receiver.answer = status(429, "Retry-After: 600")
    hooks.emit()
    hooks.drain()
    hooks.emit()
    hooks.drain()  # the second event waits for what the first was told
    timeline = {}
    for minute, answer in (
        (9, status(204)),
        (11, status(503, f"Retry-After: {format_datetime(began + timedelta(minutes=40), usegmt=True)}")),
        (39, status(204)),
        (41, status(204)),
    ):
        receiver.answer = answer
        hooks.clock.set(began + timedelta(minutes=minute))
        hooks.sweep()
        timeline[minute] = len(receiver.received), hooks.counts(endpoint)["sent"]

    assert timeline == {9: (1, 0), 11: (2, 0), 39: (2, 0), 41: (4, 2)}


def test_after_a_pause_one_goes_first_and_the_others_wait_for_what_comes_of_it() -> None:
    troubled = ended([FAILED] * 3)
    assert admit(troubled, at(seconds=29), at(seconds=89)).wait_until == at(seconds=30)
    first = admit(troubled, at(seconds=30), at(seconds=90))
    assert first.wait_until is None
    assert admit(first.standing, at(seconds=31), at(seconds=91)).wait_until == at(seconds=90)
    failed = after(first.standing, FAILED, at(seconds=40), at(seconds=90))
    assert failed.under_way == ()
    assert admit(failed, at(seconds=41), at(seconds=101)).wait_until == at(seconds=100)
    assert after(first.standing, OK, at(seconds=40), at(seconds=90)) == WELL
    # Whoever went first may have died.
    assert admit(first.standing, at(seconds=90), at(seconds=150)).wait_until is None


def test_who_answers_slowly_gets_five_at_a_time_until_an_answer_is_fast() -> None:
    slow = ended([SLOWLY])
    admitted = slow
    for n in range(rules.AT_ONCE_WHEN_SLOW):
        admission = admit(admitted, at(seconds=n), at(seconds=60 + n))
        assert admission.wait_until is None
        admitted = admission.standing
    assert admit(admitted, at(seconds=10), at(seconds=70)).wait_until == at(seconds=60)
    one_less = after(admitted, SLOWLY, at(seconds=11), at(seconds=60))
    assert admit(one_less, at(seconds=12), at(seconds=72)).wait_until is None
    assert after(admitted, OK, at(seconds=11), at(seconds=61)) == WELL


def test_given_up_after_five_days_without_a_delivery() -> None:
    failing = ended([FAILED])
    assert not given_up(failing, at(days=4, hours=23, minutes=59))
    assert given_up(failing, at(days=5))
    assert not given_up(WELL, at(days=50))


def test_an_endpoint_that_fails_is_spared_and_the_others_get_all_of_theirs(
    hooks: Hooks, new_receiver: Callable[..., Receiver]
) -> None:
    failing, well = new_receiver(answer=status(500)), new_receiver()
    troubled, healthy = hooks.endpoint(failing), hooks.endpoint(well)
    hooks.emit(*["order.placed"] * 7)
    hooks.drain()
    assert (len(failing.received), len(well.received)) == (3, 7)
    assert hooks.counts(troubled)["pending"] == 7
    assert hooks.show(troubled)["failing_since"] is not None

    for _ in range(2):
        hooks.later(minutes=6)
    assert len(failing.received) == 3 + 2  # of all that are due, one after each pause
    failing.answer = status(204)
    for _ in range(2):
        hooks.later(minutes=31)
    assert hooks.counts(troubled) == hooks.counts(healthy) == {"pending": 0, "sent": 7, "dead": 0}
    assert hooks.show(troubled)["failing_since"] is None
    assert len(well.received) == 7


def test_who_asks_by_hand_does_not_wait_for_the_end_of_a_pause(hooks: Hooks, receiver: Receiver) -> None:
    receiver.answer = status(500)
    endpoint = hooks.endpoint(receiver)
    hooks.emit(*["order.placed"] * 4)
    hooks.drain()
    waiting = next(each for each in hooks.deliveries(endpoint) if not each["attempts"])
    receiver.answer = status(204)
    made(hooks.brand.post(f"{PATH}/{endpoint}/deliveries/{waiting['id']}/retry"), 202)
    hooks.drain()

    assert [each["id"] for each in hooks.deliveries(endpoint, "sent")] == [waiting["id"]]


def test_a_receiver_that_times_out_takes_the_time_of_three_attempts(
    hooks: Hooks, new_receiver: Callable[..., Receiver], impatient: timedelta
) -> None:
    def silent(connection: Connection) -> None:
        connection.over.wait(3)

    deaf = new_receiver(answer=silent)
    hooks.endpoint(deaf)
    hooks.emit(*["order.placed"] * 8)
    hooks.drain()
    assert deaf.connections == 3


def test_a_delivery_that_waits_behind_a_failing_endpoint_does_not_wait_for_ever(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answer = status(500)
    monkeypatch.setattr(rules, "GIVEN_UP_AFTER", timedelta(days=50))
    endpoint = hooks.endpoint(receiver)
    hooks.emit(*["order.placed"] * 5)
    hooks.drain()
    for _ in range(4):
        hooks.later(hours=25)

    assert hooks.counts(endpoint) == {"pending": 0, "sent": 0, "dead": 5}
    assert {each["dead_reason"] for each in hooks.deliveries(endpoint)} == {"failed", "waited_too_long"}


def test_after_five_days_of_failures_it_is_disabled_and_says_so_once(hooks: Hooks, receiver: Receiver) -> None:
    receiver.answer = status(500)
    endpoint = hooks.endpoint(receiver, event_types=["order.placed"])
    for days in (2, 2.9, 0.2):
        hooks.emit()
        hooks.drain()
        assert hooks.show(endpoint)["status"] == "active"
        hooks.later(days=days)
    shown = hooks.show(endpoint)

    assert (shown["status"], shown["disabled_reason"]) == ("disabled", "failing")
    assert hooks.disabled_events() == [("failing", endpoint)]
    attempts = len(receiver.received)
    hooks.emit()  # nothing is kept for an endpoint that is disabled
    hooks.drain()
    hooks.later(days=2)
    assert len(receiver.received) == attempts
    assert hooks.counts(endpoint)["pending"] == 0
    assert "endpoint_disabled" in {each["dead_reason"] for each in hooks.deliveries(endpoint)}

    receiver.answer = status(204)
    made(hooks.brand.patch(f"{PATH}/{endpoint}", {"status": "active"}), 200)
    hooks.emit()
    hooks.drain()
    assert hooks.counts(endpoint)["sent"] == 1
    shown = hooks.show(endpoint)
    assert (shown["status"], shown["disabled_reason"], shown["failing_since"]) == ("active", None, None)


def test_an_answer_410_disables_it_at_once(hooks: Hooks, receiver: Receiver) -> None:
    receiver.answer = status(410)
    endpoint = hooks.endpoint(receiver)
    hooks.emit("order.placed", "order.cancelled")
    hooks.drain()
    hooks.later(hours=1)

    assert len(receiver.received) == 1
    assert hooks.show(endpoint)["disabled_reason"] == "gone"
    assert hooks.disabled_events() == [("gone", endpoint)]
    assert hooks.counts(endpoint) == {"pending": 0, "sent": 0, "dead": 2}


def at_once(hooks: Hooks, delivery_ids: list[str]) -> None:
    """As many workers as deliveries are named, all at the same instant."""
    barrier, now = threading.Barrier(len(delivery_ids)), product_clock.now()

    def work(delivery_id: str) -> None:
        with tenant_scope(hooks.tenant_id):
            barrier.wait()
            deliver(hooks.tenant_id, delivery_id, now)

    with ThreadPoolExecutor(len(delivery_ids)) as pool:
        list(pool.map(work, delivery_ids))


def test_eight_workers_on_one_delivery_make_one_request(hooks: Hooks, receiver: Receiver) -> None:
    endpoint = hooks.endpoint(receiver)
    hooks.emit()
    at_once(hooks, [hooks.deliveries(endpoint)[0]["id"]] * 8)

    assert len(receiver.received) == 1
    assert hooks.counts(endpoint) == {"pending": 0, "sent": 1, "dead": 0}


def test_eight_workers_after_a_pause_make_one_request(hooks: Hooks, receiver: Receiver) -> None:
    receiver.answer = status(500)
    endpoint = hooks.endpoint(receiver)
    hooks.emit(*["order.placed"] * 8)
    hooks.drain()
    hooks.clock.advance(minutes=10)
    pending = [each["id"] for each in hooks.deliveries(endpoint, "pending")]
    at_once(hooks, pending)

    assert (len(pending), len(receiver.received)) == (8, 3 + 1)
