"""What follows elsewhere from what a record has come to changes with it, whoever writes it."""

from pynamodb.attributes import NumberAttribute

from chalicelib.db import Following, Transaction, key
from tests.db.notes import OURS, Note

PURSE = key(OURS, "purse")


class Purse(Note):
    """So much money."""

    left = NumberAttribute(default=0)


class Holder(Note):
    """A note that holds money of the purse while it has a text."""

    held = NumberAttribute(default=0)

    def following(self):
        if self.text or not self.held:
            return ()
        back, self.held = int(self.held), 0
        return [Following("purse", Purse, (PURSE, "1"), [Purse.left.add(back)], Purse.pk.exists())]


def commit(add):
    tx = Transaction()
    add(tx)
    tx.commit()
    return len(tx)


def test_what_a_record_has_no_use_for_goes_back_once_with_the_write_that_makes_it_so(ours):
    holder = Holder(key(OURS, "book"), "1", text="keeps it", held=5)
    commit(lambda tx: tx.create("purse", Purse(PURSE, "1", text="", left=10)))
    assert commit(lambda tx: tx.create("holder", holder)) == 1, "nothing follows yet"

    holder.text = ""
    assert commit(lambda tx: tx.replace("holder", holder)) == 2
    assert commit(lambda tx: tx.replace("holder", holder)) == 1, "nothing follows twice"
    assert Purse.fetch(PURSE, "1", consistent=True).left == 15
