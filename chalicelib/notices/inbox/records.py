"""An inbox as it is stored, with its keys."""

from collections.abc import Iterator
from datetime import datetime
from typing import Self

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import InstantAttribute, TenantRecord, key
from chalicelib.notices.model.people import Person

READ = "message.read"
"""A member has opened a message by itself."""

ALL_READ = "inbox.read"
"""A member has read all at once that stood in their inbox."""


class InboxRecord(TenantRecord):
    """A message to a person as it was told. While nobody has read it, it stands in the index of what is unread.

    TTL removes it after a year.
    """

    template = UnicodeAttribute()
    category = UnicodeAttribute()
    subject = UnicodeAttribute()
    text = UnicodeAttribute()
    about_type = UnicodeAttribute(null=True)
    about_id = UnicodeAttribute(null=True)
    at = InstantAttribute()
    read_at = InstantAttribute(null=True)

    @property
    def id(self) -> str:
        return str(self.sk)

    @staticmethod
    def partition(tenant_id: str, person: Person) -> str:
        """All of a person's, which sort by time."""
        return key(tenant_id, "inbox", person.kind, person.id)

    @staticmethod
    def unread_partition(tenant_id: str, person: Person) -> str:
        """The ``gsi1`` partition with those that were not read one by one."""
        return key(tenant_id, "inbox-unread", person.kind, person.id)

    @classmethod
    def address(cls, tenant_id: str, person: Person, entry_id: str) -> tuple[str, str]:
        return cls.partition(tenant_id, person), entry_id

    @classmethod
    def at_address(cls, tenant_id: str, person: Person, entry_id: str) -> Self | None:
        return cls.fetch(*cls.address(tenant_id, person, entry_id), consistent=True)

    @classmethod
    def unread_between(cls, tenant_id: str, person: Person, after_id: str, up_to: str) -> Iterator[Self]:
        """Those after an entry and up to another that were not read one by one."""
        partition = cls.unread_partition(tenant_id, person)
        return cls.every(partition, index="gsi1", between=(f"{after_id}!" if after_id else "0", up_to))

    @property
    def read_when(self) -> datetime | None:
        """When it was opened by itself; None where it never was."""
        return self.read_at

    @property
    def person(self) -> Person:
        kind, person_id = str(self.pk).split("#")[-2:]
        return Person.parse(f"{kind}:{person_id}")

    def arrange(self) -> None:
        unread = self.read_at is None
        self.gsi1pk = self.unread_partition(self.tenant_id, self.person) if unread else None
        self.gsi1sk = self.id if unread else None


class ReadMarkRecord(TenantRecord):
    """Up to which entry a person has read all at once, however many there were."""

    up_to = UnicodeAttribute()
    read_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, person: Person) -> tuple[str, str]:
        return key(tenant_id, "inbox-read", person.kind, person.id), "mark"
