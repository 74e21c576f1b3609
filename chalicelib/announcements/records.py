"""Announcements as they are stored, with their keys."""

from datetime import datetime, timedelta
from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.announcements.model import Audience, Status, Words
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.language import Language

GOES_ON, IS_DUE = "announcement.goes_on", "announcement.due"
_STALLED_AFTER = timedelta(minutes=20)
"""Longer than a message is tried: one whose messages ended among the dead letters goes on by the sweep."""


class AnnouncementRecord(TenantRecord):
    """News, whom it is for, and how far it is: the members with the ordinals below ``next`` were looked at, of
    ``total`` that there were when it began. ``gsi1`` lists all.
    """

    id = UnicodeAttribute()
    status = UnicodeAttribute()
    stored_texts = JsonAttribute(attr_name="texts")
    stored_audience = JsonAttribute(attr_name="audience")
    created_at = InstantAttribute()
    created_by = UnicodeAttribute()
    send_at = InstantAttribute(null=True)
    started_at = InstantAttribute(null=True)
    finished_at = InstantAttribute(null=True)
    next = NumberAttribute(default=0)
    total = NumberAttribute(default=0)
    told = NumberAttribute(default=0)
    declined = NumberAttribute(default=0)
    looked_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, announcement_id: str) -> tuple[str, str]:
        return key(tenant_id, "announcement", announcement_id), "announcement"

    @classmethod
    def at(cls, tenant_id: str, announcement_id: str) -> Self | None:
        """The announcement as last committed."""
        return cls.fetch(*cls.address(tenant_id, announcement_id), consistent=True)

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all announcements."""
        return key(tenant_id, "announcements")

    @property
    def texts(self) -> dict[Language, Words]:
        return {language: Words(**words) for language, words in self.stored_texts.items()}

    @property
    def audience(self) -> Audience:
        return Audience.from_json(self.stored_audience)

    @property
    def percent(self) -> int:
        """How much of the work is done, never 100 before its end."""
        if self.status == Status.SENT:
            return 100
        return min(99, int(self.next) * 100 // int(self.total)) if self.total else 0

    def go_on(self, now: datetime) -> None:
        """Has the next write send the message that continues it, and the sweep ask after it much later."""
        self.looked_at = now
        self.emit(GOES_ON, now, announcement_id=self.id)

    def arrange(self) -> None:
        """Stands in the list of all; is due at its time, and while it is being sent if nothing has moved it long."""
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), f"{sortable(self.created_at)}#{self.id}"
        if self.status == Status.SCHEDULED:
            self.schedule(self.send_at, IS_DUE, "service")
        elif self.status == Status.SENDING and self.looked_at is not None:
            self.schedule(self.looked_at + _STALLED_AFTER, IS_DUE, "service")
        else:
            self.schedule(None)


class AnnouncedRecord(TenantRecord):
    """Which announcement has said a thing to somebody: a request that comes twice within the hour is the same one."""

    announcement_id = UnicodeAttribute()
    until = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, digest: str) -> tuple[str, str]:
        return key(tenant_id, "announced", digest), "announced"
