"""What members want as it is stored, with its keys."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.wanting.model.lists import PARTS, Kept, Kind
from chalicelib.wanting.model.waves import LOOKS_AGAIN, Place

LOOK_DUE, LOOK_ON, AVAILABLE = "waiting.look_due", "waiting.looking", "waiting.available"
OPENING_DUE, OPENING_ON = "reminders.due", "reminders.going_on"
_STALLED_AFTER = timedelta(minutes=20)
"""Longer than a message is tried: what ended among the dead letters goes on by the sweep."""


class KeptRecord(TenantRecord):
    """One of a member's lists: the truth of what they want. Everything else follows from it in the same write.

    ``stored`` has the entries by what is wanted: a product, or the offer that is waited for.
    """

    stored = JsonAttribute(attr_name="kept")

    @staticmethod
    def address(tenant_id: str, member_id: str, kind: Kind) -> tuple[str, str]:
        """The key of a list."""
        return key(tenant_id, "wants", member_id), kind.value

    @property
    def kept(self) -> dict[str, Kept]:
        """The entries, the latest first."""
        found = {name: Kept.from_json(entry) for name, entry in self.stored.items()}
        return dict(sorted(found.items(), key=lambda each: (each[1].since, each[0]), reverse=True))

    @kept.setter
    def kept(self, kept: Mapping[str, Kept]) -> None:
        self.stored = {name: entry.as_json() for name, entry in kept.items()}


class WantedRecord(TenantRecord):
    """How many members keep a product and asked to hear of it: a part of the count. ``gsi1`` lists all of a tenant."""

    product_id = UnicodeAttribute()
    favourites = NumberAttribute(default=0)
    reminders = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, product_id: str, part: int) -> tuple[str, str]:
        """The key of a part, counted from 0. Each has a partition of its own."""
        return key(tenant_id, "wanted", product_id, str(part)), "wanted"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with every part of every product."""
        return key(tenant_id, "wanted-products")

    @classmethod
    def parts(cls, tenant_id: str, product_id: str) -> list[tuple[type["WantedRecord"], str, str]]:
        """Where all parts of a product are, for a batch of reads."""
        return [(cls, *cls.address(tenant_id, product_id, n)) for n in range(PARTS)]


class WaitingRecord(TenantRecord):
    """How many members wait for an offer, and for how many units: a part of the count. ``gsi1`` lists those of
    campaigns that take orders; what was wanted in vain stays where it is.
    """

    campaign_id = UnicodeAttribute()
    offer_id = UnicodeAttribute()
    product_ids = JsonAttribute()
    members = NumberAttribute(default=0)
    units = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, offer_id: str, part: int) -> tuple[str, str]:
        """The key of a part, counted from 0. Each has a partition of its own."""
        return key(tenant_id, "waiting", offer_id, str(part)), "waiting"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with every part of every offer that is waited for now, by campaign."""
        return key(tenant_id, "waiting-offers")

    @classmethod
    def parts(cls, tenant_id: str, offer_id: str) -> list[tuple[type["WaitingRecord"], str, str]]:
        """Where all parts of an offer are, for a batch of reads."""
        return [(cls, *cls.address(tenant_id, offer_id, n)) for n in range(PARTS)]


class QueueRecord(TenantRecord):
    """The waiting list of an offer, as a whole. ``availability`` counts how often something became free;
    up to ``told_to`` the places were told in the present one, from ``recent_from`` on lately. ``gsi1`` has those of
    campaigns that are not over, by campaign.
    """

    campaign_id = UnicodeAttribute()
    offer_id = UnicodeAttribute()
    availability = NumberAttribute(default=1)
    told_to = optional(UnicodeAttribute(null=True))
    recent_from = optional(UnicodeAttribute(null=True))
    look_at = InstantAttribute()
    ended = optional(BooleanAttribute(null=True))

    @staticmethod
    def partition(tenant_id: str, offer_id: str) -> str:
        """The partition with the list and every place in it."""
        return key(tenant_id, "queue", offer_id)

    @classmethod
    def address(cls, tenant_id: str, offer_id: str) -> tuple[str, str]:
        """The key of a list. It sorts behind the places, which begin with a year."""
        return cls.partition(tenant_id, offer_id), "queue"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all lists of campaigns that are not over."""
        return key(tenant_id, "queues")

    @classmethod
    def new(cls, tenant_id: str, campaign_id: str, offer_id: str, now: datetime) -> Self:
        """A list that nobody is in yet."""
        return cls(
            *cls.address(tenant_id, offer_id), campaign_id=campaign_id, offer_id=offer_id, look_at=now + LOOKS_AGAIN
        )

    def arrange(self) -> None:
        """While its campaign is not over it stands in the tenant's list, and is due when it is to be looked at."""
        if self.ended:
            self.gsi1pk = self.gsi1sk = None
            self.schedule(None)
        else:
            self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), f"{self.campaign_id}#{self.offer_id}"
            self.schedule(self.look_at, LOOK_DUE, "service")


class PlaceRecord(TenantRecord):
    """A member's place in the list of an offer. Places sort by when they were taken."""

    member_id = UnicodeAttribute()
    quantity = NumberAttribute()
    told_at = optional(InstantAttribute(null=True))
    told_in = optional(NumberAttribute(null=True))
    times = optional(NumberAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, offer_id: str, since: str, member_id: str) -> tuple[str, str]:
        """The key of a place, by when it was taken (an instant that sorts)."""
        return QueueRecord.partition(tenant_id, offer_id), f"{since}#{member_id}"

    @property
    def place(self) -> Place:
        told_in = None if self.told_in is None else int(self.told_in)
        return Place(
            str(self.sk), self.member_id, int(self.quantity), self.told_at, told_in, int(self.times or 0)
        )  # fmt: skip


class ReminderRecord(TenantRecord):
    """That a member is to be told when a product can be ordered again: what is gone through when a campaign opens."""

    @staticmethod
    def partition(tenant_id: str, product_id: str) -> str:
        """The partition with all who asked to hear of a product."""
        return key(tenant_id, "reminders", product_id)

    @classmethod
    def address(cls, tenant_id: str, product_id: str, member_id: str) -> tuple[str, str]:
        """The key of what a member asked for."""
        return cls.partition(tenant_id, product_id), member_id

    @property
    def member_id(self) -> str:
        return str(self.sk)


class OpeningRecord(TenantRecord):
    """That a campaign opens, and how far those who asked to hear of its products were told.

    ``phase_at`` is the opening that is told of: the first for tiers with early access, the last for everybody. Of its
    ``product_ids`` the one ``at`` is gone through, behind the member ``after``; ``told`` counts messages.
    """

    campaign_id = UnicodeAttribute()
    product_ids = JsonAttribute()
    phase_at = InstantAttribute(null=True)
    next_at = InstantAttribute(null=True)
    at = NumberAttribute(default=0)
    after = optional(UnicodeAttribute(null=True))
    told = NumberAttribute(default=0)
    running = BooleanAttribute(default=False)
    looked_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, campaign_id: str) -> tuple[str, str]:
        """The key of a campaign's opening."""
        return key(tenant_id, "opening", campaign_id), "opening"

    def go_on(self, now: datetime) -> None:
        """Has the next write send the message that continues it, and the sweep ask after it much later."""
        self.looked_at = now
        self.emit(OPENING_ON, now, campaign_id=self.campaign_id)

    def arrange(self) -> None:
        """Is due at the next opening; while it is gone through, when nothing has moved it for long."""
        if self.running and self.looked_at is not None:
            self.schedule(self.looked_at + _STALLED_AFTER, OPENING_DUE, "service")
        else:
            self.schedule(self.next_at, OPENING_DUE, "service")


def written(tenant_id: str, member_id: str, kind: Kind) -> KeptRecord:
    """A list that nobody has written yet."""
    return KeptRecord(*KeptRecord.address(tenant_id, member_id, kind), stored={})
