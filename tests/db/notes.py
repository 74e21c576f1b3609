"""A record of no domain, to test the database layer with."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InsightRecord, JsonAttribute, PlatformRecord, TenantRecord, key

OURS = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
THEIRS = "01J9ZQ0W7N8RXC5B2M4T6V8Y0B"


class Note(TenantRecord):
    """A numbered note in a tenant's book."""

    text = UnicodeAttribute(default="")
    number = NumberAttribute(default=0)
    more = JsonAttribute(null=True)


class Slug(PlatformRecord):
    """A name that belongs to one tenant."""

    owner = UnicodeAttribute()


class Tally(InsightRecord):
    """A count of a day."""

    count = NumberAttribute(default=0)


def note(sk="1", tenant=OURS, book="book", **attributes):
    """A note of a tenant, not yet written."""
    return Note(key(tenant, book), sk, **attributes)


def tally(sk="2026-11-22", tenant=OURS, **attributes):
    return Tally(key(tenant, "tally"), sk, **attributes)


def write(*records):
    """Puts records as they are, one transaction each."""
    from chalicelib.db import Transaction, tenant_scope

    for record in records:
        with tenant_scope(record.pk.partition("#")[0]):
            tx = Transaction()
            tx.put("record", record)
            tx.commit()
