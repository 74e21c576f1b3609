"""What became of a message, and whether a brand may send more than few."""

from datetime import datetime, timedelta

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable

DUE = "notices.due"

KEPT = timedelta(days=30)
"""Longer than a queue, its dead-letter queue and whoever tries again remember a message."""


class NoticeRecord(TenantRecord):
    """What became of a message: the marker of "sent once", and what the brand's team is shown.

    Holds no text, and nothing of a code. ``contents`` is what has yet to leave, while it waits: the facts of the notice
    and of others that leave with it, or one to an address; the record is then due when it is to be tried. ``letter``
    names the message with which this one left. TTL removes it after the queues have forgotten the message.
    """

    status = UnicodeAttribute()
    lease_until = InstantAttribute()
    counted = BooleanAttribute(null=True)
    counted_media = JsonAttribute(null=True)
    unsure = BooleanAttribute(null=True)
    repeated = BooleanAttribute(null=True)
    person = UnicodeAttribute(null=True)
    template = UnicodeAttribute(null=True)
    subject_id = UnicodeAttribute(null=True)
    told_at = optional(InstantAttribute(null=True))
    changed_at = optional(InstantAttribute(null=True))
    medium = UnicodeAttribute(null=True)
    attempts = NumberAttribute(default=0)
    failing_since = optional(InstantAttribute(null=True))
    letter = UnicodeAttribute(null=True)
    contents = JsonAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, message_id: str) -> tuple[str, str]:
        """Where a message's marker is kept."""
        return key(tenant_id, "notice", message_id), "notice"

    @staticmethod
    def told_to(tenant_id: str, person: str) -> str:
        """The list of what a person was told, by time."""
        return key(tenant_id, "told", person)

    def arrange(self) -> None:
        if self.person and self.told_at:
            self.gsi1pk = self.told_to(self.tenant_id, self.person)
            self.gsi1sk = f"{sortable(self.told_at)}#{self.message_id}"

    @property
    def message_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    def is_due(self, now: datetime) -> bool:
        due_at: datetime | None = self.due_at
        return bool(self.contents) and due_at is not None and due_at <= now

    def try_at(self, moment: datetime | None) -> None:
        """Has the sweep bring it at an instant; None where nothing has to leave any more."""
        self.schedule(moment, DUE, "notify")


class ConfirmedBrand(TenantRecord):
    """That an owner of the brand has signed in: the address given at sign-up is read by a person who wants the brand.

    A record of its own: it must not move the brand's ETag.
    """

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "tenant"), "confirmed"
