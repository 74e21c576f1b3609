"""What a lower domain keeps of a record is written with it, whoever writes it."""

import pytest

from chalicelib.db import Refused, Transaction, key
from tests.db.notes import OURS, Note

SHELF = key(OURS, "shelf")


class Copied(Note):
    """A note of which a text is kept elsewhere, unless it is empty."""

    COPIED = frozenset({"text"})

    @classmethod
    def copy_address(cls, pk, sk):
        return Note, SHELF, sk

    def copy(self):
        return Note(SHELF, self.sk, text=self.text) if self.text else None


def written(sk, **values):
    return Copied(key(OURS, "book"), sk, **values)


def kept(sk="1"):
    found = Note.fetch(SHELF, sk, consistent=True)
    return found.text if found else None


def commit(add):
    tx = Transaction()
    add(tx)
    tx.commit()
    return len(tx)


def test_a_copy_follows_its_record_through_every_kind_of_write(ours):
    made = written("1", text="first")
    assert (commit(lambda tx: tx.create("note", made)), kept()) == (2, "first")

    made.text = "second"
    assert (commit(lambda tx: tx.replace("note", made)), kept()) == (2, "second")

    made.text = ""
    assert (commit(lambda tx: tx.replace("note", made)), kept()) == (2, None)

    made.text = "third"
    assert (commit(lambda tx: tx.put("note", made)), kept()) == (2, "third")

    assert (commit(lambda tx: tx.delete("note", Copied, made.pk, "1")), kept()) == (2, None)


def test_a_new_record_without_a_copy_costs_nothing_more(ours):
    assert commit(lambda tx: tx.create("note", written("1"))) == 1


def test_a_refused_write_leaves_the_copy(ours):
    made = written("1", text="first")
    commit(lambda tx: tx.create("note", made))
    stale = written("1", text="stale", rev=7)

    with pytest.raises(Refused) as refused:
        commit(lambda tx: tx.replace("note", stale))

    assert (refused.value.names, kept()) == ({"note"}, "first")


def test_what_is_copied_is_not_changed_in_place(ours):
    tx = Transaction()
    with pytest.raises(ValueError, match="text: read the record"):
        tx.update("note", Copied, key(OURS, "book"), "1", actions=[Copied.number.add(1), Copied.text.set("x")])
    tx.update("note", Copied, key(OURS, "book"), "1", actions=[Copied.number.add(1)])
