"""What is known of an address that mail did not reach, with its keys."""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.ids import derived_id
from chalicelib.notices.suppression.model import Kind, Reachability, spelled


class SuppressedAddress(TenantRecord):
    """An address of which a provider told something. Listed while mail to it stops; TTL forgets what passes."""

    channel = UnicodeAttribute()
    address = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    since = InstantAttribute(null=True)
    until = InstantAttribute(null=True)
    failures = JsonAttribute(default=list)
    seen = JsonAttribute(default=list)
    lifted_at = InstantAttribute(null=True)

    @staticmethod
    def key_of(tenant_id: str, address_id: str) -> tuple[str, str]:
        """The key under an id that :meth:`id_of` gave."""
        return key(tenant_id, "suppressed", address_id), "address"

    @staticmethod
    def id_of(channel: str, address: str) -> str:
        """The id of an address: a digest, the same however it is spelled."""
        return derived_id("suppressed", channel, spelled(address))

    @staticmethod
    def listed(tenant_id: str) -> str:
        """Where the stopped addresses of a tenant are listed, by when they stopped."""
        return key(tenant_id, "suppressed")

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def reachability(self) -> Reachability:
        """What is known, as the rules take it."""
        return Reachability(
            Kind(self.reason) if self.reason else None,
            self.since,
            self.until,
            tuple(parse_instant(each) for each in self.failures or ()),
            tuple(self.seen or ()),
            self.lifted_at,
        )

    def know(self, reachability: Reachability, forget_at: datetime) -> None:
        """Takes what the rules say; what stops mail for good is kept, the rest until ``forget_at``."""
        self.reason, self.since, self.until = reachability.reason, reachability.since, reachability.until
        self.failures = [sortable(each) for each in reachability.failures]
        self.seen, self.lifted_at = list(reachability.seen), reachability.lifted_at
        for_good = reachability.reason is not None and reachability.until is None
        self.expires_at = None if for_good else int(forget_at.timestamp())

    def arrange(self) -> None:
        self.gsi1pk = self.listed(self.tenant_id) if self.reason else None
        self.gsi1sk = sortable(self.since) if self.reason else None
