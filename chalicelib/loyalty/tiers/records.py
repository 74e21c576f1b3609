"""A brand's tiers, and where each member stands, as they are stored, with their keys."""

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import InstantAttribute, TenantRecord, key
from chalicelib.db.attributes import optional, terms
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import day_start
from chalicelib.loyalty.tiers.model.standing import Standing, next_look
from chalicelib.loyalty.tiers.model.tiers import Tiers

QUEUE = "service"
MONTH_ENDED, APPLYING = "tiers.month_ended", "tiers.applying"
"""What is due of a member's standing, and what continues the application of changed tiers."""

TIER_CHANGED = "member.tier_changed"


class TiersRecord(TenantRecord):
    """What a brand has set of its tiers. ``applied_to`` is the last member, by id, to whom a change was applied; absent
    where none is being applied.
    """

    stored_tiers = terms(Tiers.from_json, attr_name="tiers")
    updated_at = InstantAttribute(null=True)
    applied_to = optional(UnicodeAttribute(null=True))

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "tiers"), "tiers"

    @property
    def tiers(self) -> Tiers:
        return self.stored_tiers or Tiers()


class StandingRecord(TenantRecord):
    """Where a member stands: beside their own record, where their tier stands as well. ``gsi1`` lists all of a brand.

    It is as large as its months are many: 37 of them, in about a kilobyte.
    """

    stored_standing = terms(Standing.from_json, attr_name="standing")
    timezone = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        """The key: in the member's own partition."""
        return key(tenant_id, "member", member_id), "standing"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with the standings of all members who have one, by their ids."""
        return key(tenant_id, "standings")

    @property
    def member_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def standing(self) -> Standing:
        return self.stored_standing or Standing()

    @standing.setter
    def standing(self, standing: Standing) -> None:
        self.stored_standing = standing

    def arrange(self) -> None:
        """Is looked at again when a tier may be lost without anything being done."""
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), self.member_id
        seen: date | None = self.standing.seen_on
        look = next_look(self.standing, seen) if seen else None
        self.schedule(day_start(look, zone(self.timezone)) if look else None, MONTH_ENDED, QUEUE)
