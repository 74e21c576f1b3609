"""No request leaves its tenant: every way of reading and writing is tried across the border."""

import pytest

from chalicelib.db import (
    TenantViolation,
    Transaction,
    current_tenant,
    delete_many,
    fetch_many,
    key,
    platform_scope,
    put_many,
    tenant_scope,
)
from chalicelib.db.client import connection
from tests.db.notes import OURS, THEIRS, Note, Slug, Tally, note, tally, write

BOOK = key(THEIRS, "book")


def transact(add):
    def attempt():
        tx = Transaction()
        tx.put("own", note())
        add(tx)
        tx.commit()

    return attempt


def raw(operation, **request):
    return lambda: connection().dispatch(operation, {"TableName": Note.Meta.table_name, **request})


FOREIGN_KEY = {"pk": {"S": BOOK}, "sk": {"S": "1"}}
ACROSS = {
    "get": lambda: Note.fetch(BOOK, "1"),
    "query": lambda: Note.page(BOOK),
    "query of a range": lambda: Note.page(BOOK, begins_with="1"),
    "query of every page": lambda: list(Note.every(BOOK)),
    "query of gsi1": lambda: Note.page(BOOK, index="gsi1"),
    "query of gsi2": lambda: Note.page(BOOK, index="gsi2", between=("a", "b")),
    "query of what is due": lambda: Note.page("due#0", index="due"),
    "scan": lambda: list(Note.scan()),
    "scan of an index": raw("Scan", IndexName="gsi1"),
    "batch get": lambda: fetch_many([(Note, key(OURS, "book"), "1"), (Note, BOOK, "1")]),
    "batch put": lambda: put_many([tally(), tally(tenant=THEIRS)]),
    "batch delete": lambda: delete_many([(Tally, key(THEIRS, "tally"), "1")]),
    "put": lambda: note(tenant=THEIRS).save(),
    "update": lambda: note(tenant=THEIRS).update(actions=[Note.number.add(1)]),
    "delete": lambda: note(tenant=THEIRS).delete(),
    "transaction, create": transact(lambda tx: tx.create("x", note("2", THEIRS))),
    "transaction, put": transact(lambda tx: tx.put("x", note("2", THEIRS))),
    "transaction, replace": transact(lambda tx: tx.replace("x", note("2", THEIRS))),
    "transaction, update": transact(lambda tx: tx.update("x", Note, BOOK, "1", actions=[Note.number.add(1)])),
    "transaction, check": transact(lambda tx: tx.check("x", Note, BOOK, "1", Note.pk.exists())),
    "transaction, delete": transact(lambda tx: tx.delete("x", Note, BOOK, "1")),
    "transaction, into a foreign index": transact(lambda tx: tx.put("x", note("2", gsi1pk=BOOK, gsi1sk="1"))),
    "transaction, into the second index": transact(lambda tx: tx.put("x", note("2", gsi2pk=BOOK, gsi2sk="1"))),
    "update that moves into a foreign index": transact(
        lambda tx: tx.update("x", Note, key(OURS, "book"), "1", actions=[Note.gsi1pk.set(BOOK)])
    ),
    "update that moves there unless set": transact(
        lambda tx: tx.update("x", Note, key(OURS, "book"), "1", actions=[Note.gsi2pk.set(Note.gsi2pk | BOOK)])
    ),
    "transactional get": raw("TransactGetItems", TransactItems=[{"Get": {"TableName": "t", "Key": FOREIGN_KEY}}]),
    "PartiQL": raw("ExecuteStatement", Statement="select * from t"),
    "a tenant whose id only begins like ours": lambda: Note.fetch(OURS + "X#book", "1"),
}


@pytest.mark.parametrize("way", ACROSS)
def test_another_tenants_key_is_refused_and_nothing_is_sent(way, wire, ours):
    with pytest.raises(TenantViolation):
        ACROSS[way]()
    assert wire.sent == []


@pytest.mark.parametrize("way", ACROSS)
def test_without_a_scope_nothing_of_a_tenant_is_reached(way, wire):
    with pytest.raises(TenantViolation):
        ACROSS[way]()
    assert wire.sent == []


@pytest.mark.parametrize("way", sorted(set(ACROSS) - {"query of what is due"}))
def test_the_platforms_scope_opens_no_tenants_content(way, wire):
    with platform_scope(), pytest.raises(TenantViolation):
        ACROSS[way]()
    assert wire.sent == []


def test_the_platforms_scope_sees_what_is_due(wire):
    with platform_scope():
        assert Note.page("due#0", index="due").items == []


def test_ones_own_tenant_passes_in_every_way(ours, wire):
    tx = Transaction()
    tx.create("note", note(gsi1pk=key(OURS, "list"), gsi1sk="1"))
    tx.commit()
    tx = Transaction()
    tx.update("note", Note, key(OURS, "book"), "1", actions=[Note.gsi1pk.set(key(OURS, "other")), Note.text.set(BOOK)])
    tx.commit()
    put_many([tally(count=3)])

    assert [found.text for found in Note.page(key(OURS, "other"), index="gsi1").items] == [BOOK]
    assert fetch_many([(Tally, key(OURS, "tally"), "2026-11-22"), (Note, key(OURS, "book"), "2")])[0].count == 3
    assert len(wire.sent) == 5


def test_the_platforms_own_table_needs_no_scope(engine):
    tx = Transaction()
    tx.create("slug", Slug("slug#tea", "slug", owner=OURS))
    tx.commit()

    assert Slug.fetch("slug#tea", "slug").owner == OURS


def test_scopes_nest_and_close_even_when_something_is_raised(engine):
    write(note(tenant=THEIRS, text="theirs"))

    def fails():
        with tenant_scope(THEIRS):
            assert Note.fetch(BOOK, "1").text == "theirs"
            raise KeyError

    with tenant_scope(OURS):
        with pytest.raises(KeyError):
            fails()
        assert current_tenant() == OURS
        with pytest.raises(TenantViolation):
            Note.fetch(BOOK, "1")
    assert current_tenant() is None


def test_a_client_made_anew_is_guarded_as_well(engine):
    """The library drops a client that has lost its credentials and makes another."""
    connection().client._request_signer._credentials = None

    with pytest.raises(TenantViolation):
        Note.fetch(BOOK, "1")
