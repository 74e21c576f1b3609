"""Transactions: all or nothing, refusals by name, and once whatever the network does."""

import pytest
from pynamodb.exceptions import TransactWriteError

from chalicelib.db import Refused, Transaction, key, tenant_scope
from chalicelib.db import transaction as transactions
from chalicelib.kernel.errors import Unavailable
from tests.db.notes import OURS, Note, note, write

BOOK = key(OURS, "book")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(transactions, "_PAUSE_SECONDS", 0)


def counted(tx):
    """Adds one to note 1, which must exist."""
    tx.update("count", Note, BOOK, "1", actions=[Note.number.add(1)], condition=Note.pk.exists())
    return tx


def number(sk="1"):
    return Note.fetch(BOOK, sk, consistent=True).number


class TestRefusals:
    def test_each_is_reported_by_its_name_whatever_the_order_of_adding(self, ours):
        write(note("taken", text="first"), note("old", rev=7), note("low", number=1))
        tx = Transaction()  # added in another order than they are sent in
        tx.update("fine update", Note, BOOK, "low", actions=[Note.text.set("x")])
        tx.create("taken", note("taken", text="second"))
        tx.delete("delete", Note, BOOK, "high", condition=Note.number > 5)
        tx.replace("stale", note("old", rev=6))
        tx.create("free", note("free"))
        tx.check("check", Note, BOOK, "absent", Note.pk.exists())
        tx.put("put", note("any"))
        tx.update("too few", Note, BOOK, "poor", actions=[Note.number.add(-2)], condition=Note.number >= 2)

        with pytest.raises(Refused) as refused:
            tx.commit()

        assert refused.value.names == {"taken", "delete", "stale", "check", "too few"}
        assert refused.value.item("taken", Note).text == "first"
        assert refused.value.item("stale", Note).rev == 7
        assert refused.value.item("check", Note) is None
        assert refused.value.item("put", Note) is None

    def test_nothing_of_a_refused_transaction_is_written(self, ours):
        write(note("1"))
        tx = counted(Transaction())
        tx.create("taken", note("2"))
        tx.check("no", Note, BOOK, "9", Note.pk.exists())
        with pytest.raises(Refused):
            tx.commit()

        assert (number(), Note.fetch(BOOK, "2")) == (0, None)

    def test_a_refusal_is_not_repeated(self, ours, wire):
        tx = Transaction()
        tx.check("no", Note, BOOK, "9", Note.pk.exists())
        with pytest.raises(Refused, match="no"):
            tx.commit()

        assert len(wire.sent) == 1

    def test_a_refusal_beside_a_conflict_is_final(self, ours, wire):
        wire.refuse("TransactionConflict", "ConditionalCheckFailed")
        tx = counted(Transaction())
        tx.create("new", note("2"))

        with pytest.raises(Refused) as refused:
            tx.commit()

        assert refused.value.names == {"count"}  # puts are sent before updates

    def test_names_are_unique(self, ours):
        tx = counted(Transaction())
        with pytest.raises(ValueError, match="two operations"):
            counted(tx)

    def test_at_most_a_hundred_operations_fit(self, ours):
        tx = Transaction()
        for index in range(100):
            tx.put(str(index), note(str(index)))
        with pytest.raises(ValueError, match="100"):
            tx.put("101", note("x"))

        assert len(tx) == 100


class TestRevisions:
    def test_replace_writes_the_next_revision_and_refuses_the_one_before(self, ours):
        write(note("1"))
        mine, other = Note.fetch(BOOK, "1"), Note.fetch(BOOK, "1")
        mine.text, other.text = "mine", "other"
        first, second = Transaction(), Transaction()
        first.replace("note", mine)
        second.replace("note", other)
        first.commit()

        with pytest.raises(Refused) as refused:
            second.commit()

        assert refused.value.item("note", Note).text == "mine"
        assert (mine.rev, Note.fetch(BOOK, "1").rev) == (2, 2)

    def test_replace_takes_a_condition_of_its_own(self, ours):
        write(note("1", number=3))
        found = Note.fetch(BOOK, "1")
        tx = Transaction()
        tx.replace("note", found, condition=Note.number > 3)
        with pytest.raises(Refused):
            tx.commit()

    def test_replace_never_creates(self, ours):
        tx = Transaction()
        tx.replace("note", note("absent"))
        with pytest.raises(Refused):
            tx.commit()


class TestFaults:
    @pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
    def test_a_conflict_is_tried_again_under_the_same_token(self, code, ours, wire):
        write(note("1"))
        wire.sent.clear()
        wire.refuse(code, times=3)

        counted(Transaction()).commit()

        assert number() == 1
        assert wire.operations().count("TransactWriteItems") == 4
        assert len(wire.tokens()) == 1

    def test_conflicts_without_end_are_told_as_busy(self, ours, wire):
        wire.refuse("TransactionConflict", times=5)
        with pytest.raises(Unavailable) as busy:
            counted(Transaction()).commit()

        assert busy.value.retry_after == 1
        assert len(wire.sent) == 5

    def test_any_other_reason_is_not_tried_again(self, ours, wire):
        wire.refuse("ValidationError")
        with pytest.raises(TransactWriteError):
            counted(Transaction()).commit()

        assert len(wire.sent) == 1

    @pytest.mark.parametrize("losses", [1, 2])
    def test_a_write_whose_answer_was_lost_is_applied_once(self, losses, ours, wire):
        write(note("1"))
        wire.sent.clear()
        wire.lose_answer(times=losses)

        counted(Transaction()).commit()

        assert number() == 1
        assert wire.operations().count("TransactWriteItems") == losses + 1
        assert len(wire.tokens()) == 1

    def test_answers_lost_for_ever_raise_and_the_write_still_counts_once(self, ours, wire):
        write(note("1"))
        wire.lose_answer(times=3)
        tx = counted(Transaction())
        with pytest.raises(TransactWriteError):
            tx.commit()
        tx.commit()  # as a caller who tries again would

        assert number() == 1

    def test_two_transactions_are_two(self, ours):
        write(note("1"))
        for _ in range(2):
            counted(Transaction()).commit()

        assert number() == 2

    def test_a_token_of_ones_own_makes_a_repeated_commit_harmless(self, ours):
        write(note("1"))
        for _ in range(3):
            counted(Transaction(token="once-a-day")).commit()

        assert number() == 1


class TestOutbox:
    def test_events_ride_on_the_write_that_made_them_and_on_no_later_one(self, ours, clock):
        written = note("1")
        written.emit("note.made", clock.now(), number=1)
        write(written)
        assert [entry["t"] for entry in Note.fetch(BOOK, "1").outbox] == ["note.made"]

        again = Note.fetch(BOOK, "1")
        again.text = "changed"
        tx = Transaction()
        tx.replace("note", again)
        tx.commit()

        assert Note.fetch(BOOK, "1").outbox is None

    def test_several_events_of_one_write_stay_together(self, ours, clock):
        written = note("1")
        written.emit("note.made", clock.now())
        written.emit("note.read", clock.now(), by="a")
        write(written)

        outbox = Note.fetch(BOOK, "1").outbox
        assert [(entry["t"], entry.get("d")) for entry in outbox] == [("note.made", None), ("note.read", {"by": "a"})]
        assert len({entry["i"] for entry in outbox}) == 2

    def test_a_record_read_back_drops_the_events_of_its_former_write(self, ours, clock):
        written = note("1")
        written.emit("note.made", clock.now())
        write(written)
        again = Note.fetch(BOOK, "1")
        again.emit("note.changed", clock.now())
        tx = Transaction()
        tx.replace("note", again)
        tx.commit()

        assert [entry["t"] for entry in Note.fetch(BOOK, "1").outbox] == ["note.changed"]


def test_a_transaction_outlives_a_change_of_scope_only_inside_its_tenant(engine):
    tx = Transaction()
    tx.put("note", note())
    with tenant_scope(OURS):
        tx.commit()
        assert Note.fetch(BOOK, "1").rev == 1
