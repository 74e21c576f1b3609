"""Channels and members' links as they are stored, with their keys."""

from typing import Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.channels.model import Via
from chalicelib.db import InstantAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.ids import derived_id


class ChannelRecord(TenantRecord):
    """A way by which the brand is heard of. Its id is the code of its link, too."""

    id = UnicodeAttribute()
    kind = UnicodeAttribute()
    title = UnicodeAttribute()
    cost_minor = optional(NumberAttribute(null=True))
    currency = UnicodeAttribute()
    archived = BooleanAttribute(default=False)
    created_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, channel_id: str) -> tuple[str, str]:
        """The key of a channel."""
        return key(tenant_id, "channel", channel_id), "channel"

    def arrange(self) -> None:
        self.gsi1pk, self.gsi1sk = channel_list(self.tenant_id), self.id

    @property
    def via(self) -> Via | None:
        """What an order remembers of it; nothing once it is archived."""
        return None if self.archived else Via(channel_id=self.id)


class ShareLinkRecord(TenantRecord):
    """Whose link a code is. The code follows from the member, and tells nothing of them."""

    member_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, code: str) -> tuple[str, str]:
        """The key of a member's link."""
        return key(tenant_id, "share-link", code), "share-link"

    @classmethod
    def of(cls, tenant_id: str, member_id: str) -> Self:
        """A member's link."""
        return cls(*cls.address(tenant_id, code_of(tenant_id, member_id)), member_id=member_id)

    @property
    def via(self) -> Via:
        """What an order remembers of it."""
        return Via(sharer_id=self.member_id)


class LinkTally(TenantRecord):
    """What a link has brought: how often people followed it and, of a channel's, the orders that are put down to it as
    they stand, with what was sold in minor units. Read and added to in place, and nothing else of the link changes.
    """

    visits = optional(NumberAttribute(null=True))
    orders = optional(NumberAttribute(null=True))
    sold_minor = optional(NumberAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, via: Via) -> tuple[str, str]:
        """The key: one for each channel, and for each member who passes a link on."""
        return key(tenant_id, "link-tally", via.written), "tally"


class TalliedOrder(TenantRecord):
    """What of an order stands in the tally of its channel, and at which revision of the order: so it counts once,
    whichever events tell of it, and in whatever order.
    """

    order_rev = NumberAttribute()
    counted_minor = optional(NumberAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key: one for each order that came by a channel."""
        return key(tenant_id, "tallied-order", order_id), "order"


def code_of(tenant_id: str, member_id: str) -> str:
    """The code of a member's link."""
    return derived_id(tenant_id, "share-link", member_id)


def channel_list(tenant_id: str) -> str:
    """The gsi1 partition of a tenant's channels, by creation."""
    return key(tenant_id, "channels")
