"""Changing what is stored: decided on what was read, and decided anew where another write came between."""

import pytest
from pynamodb.attributes import NumberAttribute

from chalicelib.db import (
    Contended,
    ReadAgain,
    Refused,
    TenantRecord,
    beginning_with,
    change,
    check_revision,
    key,
    metered,
)
from chalicelib.db.change import MOST_TRIES
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Conflict, Stale
from tests.db.notes import OURS, Note, note, write

BOOK = key(OURS, "book")


def stored(sk="1"):
    return Note.fetch(BOOK, sk, consistent=True)


def add_one(found, tx):
    found.number += 1
    tx.replace("note", found)
    return found.number


def after_others(times):
    """Reads note 1, and lets another write come between so many times."""
    left = [times]

    def read():
        found = stored()
        if left[0]:
            left[0] -= 1
            other = stored()
            other.text += "x"
            write(other_revision(other))
        return found

    return read


def other_revision(record):
    record.rev += 1
    return record


def test_it_answers_what_was_decided_once_it_is_written(ours, wire):
    write(note("1", number=4))
    wire.sent.clear()

    assert change(stored, add_one) == 5
    assert wire.operations() == ["GetItem", "TransactWriteItems"]
    assert (stored().number, stored().rev) == (5, 2)


def test_where_another_write_came_between_it_is_decided_on_what_is_there_now(ours):
    write(note("1", number=4))

    assert change(after_others(3), add_one) == 5
    assert (stored().number, stored().text) == (5, "xxx")


def test_a_decision_that_adds_nothing_writes_nothing(ours, wire):
    write(note("1"))
    wire.sent.clear()

    assert change(stored, lambda found, tx: "as it was") == "as it was"
    assert wire.operations() == ["GetItem"]


def test_a_decision_may_make_way_first_and_is_then_made_again(ours):
    write(note("1", number=1))

    def decide(found, tx):
        if found.text == "":
            found.text = "made way"
            write(other_revision(found))
            raise ReadAgain
        return add_one(found, tx)

    assert change(stored, decide) == 2
    assert stored().text == "made way"


def test_a_refusal_may_mean_something_to_the_caller(ours):
    write(note("1"), note("taken"))

    def take(found, tx):
        tx.create("place", note("taken"))

    def refused(refusal: Refused) -> None:
        if "place" in refusal.names:
            raise Conflict("The place is taken.")

    with pytest.raises(Conflict, match="The place is taken"):
        change(stored, take, refused=refused)


def test_it_gives_up_where_others_are_always_faster(ours):
    write(note("1"))
    tries = []

    def decide(found, tx):
        tries.append(found.rev)
        return add_one(found, tx)

    with pytest.raises(Contended) as given_up:
        change(after_others(MOST_TRIES), decide)

    assert len(tries) == MOST_TRIES
    assert given_up.value.retry_after == 1
    assert stored().number == 0


def test_an_answer_that_is_lost_applies_once(ours, wire):
    write(note("1", number=4))
    read = iter([stored()])
    wire.lose_answer()

    assert change(lambda: next(read), add_one) == 5
    assert stored().number == 5


def test_a_revision_is_expected_or_not():
    check_revision(note("1", rev=3), None)
    check_revision(note("1", rev=3), 3)
    with pytest.raises(Stale, match="at revision 3, not 2"):
        check_revision(note("1", rev=3), 2)


def test_what_was_read_already_is_read_again_only_where_another_write_came_between(ours):
    write(note("1", number=1))
    with metered() as meter:
        change(beginning_with(stored(), stored), add_one)
    assert meter.by_operation == {"GetItem": 1, "TransactWriteItems": 1}

    stale = stored()
    write(other_revision(stored()))
    with metered() as meter:
        assert change(beginning_with(stale, stored), add_one) == 3
    assert meter.by_operation == {"GetItem": 1, "TransactWriteItems": 2}


class Shelved(TenantRecord):
    """A record that stands in a list by its number, and is due while it has one."""

    number = NumberAttribute(default=0)

    def arrange(self) -> None:
        self.gsi1pk, self.gsi1sk = key(self.tenant_id, "shelf"), f"{self.number:03d}"


def test_a_record_arranges_itself_before_each_write(ours):
    record = Shelved(key(OURS, "shelved"), "1", number=7)
    write(record)
    assert [each.sk for each in Shelved.page(key(OURS, "shelf"), index="gsi1").items] == ["1"]

    def renumber(found, tx):
        found.number = 12
        tx.replace("shelved", found)

    change(lambda: Shelved.fetch(key(OURS, "shelved"), "1", consistent=True), renumber)
    assert Shelved.page(key(OURS, "shelf"), index="gsi1").items[0].gsi1sk == "012"


def test_events_ride_on_one_write_alone(ours):
    record = note("1")

    record.emit("note.made", clock.now(), a=1)
    record.emit("note.seen", clock.now())
    write(record)
    assert [entry["t"] for entry in stored().outbox] == ["note.made", "note.seen"]

    found = stored()
    write(other_revision(found))
    assert stored().outbox is None
