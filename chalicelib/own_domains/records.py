"""Brands' own domains as they are stored, with their keys."""

from datetime import datetime
from typing import Self, cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, PlatformRecord, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.own_domains.model.states import Problem, Standing, Status, next_look

QUEUE, TELLING = "webhooks", "service"
"""What asks the DNS and the edge waits for others, as webhooks do; what owners hear does not wait behind it."""

DUE = "own_domain.due"
PROVED, LIVE, BROKEN, TAKEN, LOST, RELEASED = (
    f"own_domain.{each}" for each in ("proved", "live", "broken", "taken", "lost", "released")
)


class HostClaim(PlatformRecord):
    """Whose shop a host leads to: who proved it last. ``token`` is the proof, which stands in the DNS for all."""

    tenant_id = UnicodeAttribute()
    slug = UnicodeAttribute()
    token = UnicodeAttribute()
    proved_at = InstantAttribute()

    @staticmethod
    def address(host: str) -> tuple[str, str]:
        """The key: one for each host of all brands."""
        return f"host#{host}", "host"

    @classmethod
    def of(cls, host: str, *, consistent: bool = False) -> Self | None:
        """The claim of a host; None where nobody has proved it."""
        return cls.fetch(*cls.address(host), consistent=consistent)


class OwnDomain(TenantRecord):
    """A brand's domain as it stands; without a ``host`` where it has none any more.

    ``letting_go`` are hosts whose way to the shop is still to be taken away at the edge.
    """

    host = optional(UnicodeAttribute(null=True))
    token = optional(UnicodeAttribute(null=True))
    status = optional(UnicodeAttribute(null=True))
    problem = optional(UnicodeAttribute(null=True))
    since = optional(InstantAttribute(null=True))
    claimed_at = optional(InstantAttribute(null=True))
    proved_at = optional(InstantAttribute(null=True))
    looked_at = optional(InstantAttribute(null=True))
    failed = NumberAttribute(default=0)
    letting_go = JsonAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "own-domain"), "own-domain"

    @classmethod
    def of(cls, tenant_id: str, *, consistent: bool = False) -> Self | None:
        """The brand's domain; None where it never had one."""
        return cls.fetch(*cls.address(tenant_id), consistent=consistent)

    @property
    def standing(self) -> Standing:
        """How it stands."""
        assert self.since is not None  # noqa: S101 - of a claimed one
        return Standing(
            cast(Status, self.status), cast(Problem, self.problem or ""), self.since, int(self.failed)
        )  # fmt: skip

    def stand(self, standing: Standing, now: datetime) -> None:
        """Sets how it stands after a look, and when to look next."""
        self.status, self.problem, self.since = standing.status, standing.problem or None, standing.since
        self.failed, self.looked_at = standing.failed, now
        self.look_at(next_look(standing, now))

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be looked at."""
        due_at = cast("datetime | None", self.due_at)
        return due_at is not None and due_at <= now

    def look_at(self, at: datetime | None) -> None:
        """Has it looked at then; where hosts are to be let go, at once."""
        self.due_at = at

    def arrange(self) -> None:
        self.schedule(self.due_at, DUE, QUEUE)
