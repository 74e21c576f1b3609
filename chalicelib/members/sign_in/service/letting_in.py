"""How somebody who signs in as a member is let in, and what became of their invite code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from chalicelib.loading import provided
from chalicelib.members.enrolment.model import Admission, Admits, Arrival, Redeems
from chalicelib.members.records import MemberRecord

Invite = Literal["used", "not_new"] | None
"""What became of an invite code."""


@dataclass(slots=True)
class LettingIn:
    """Somebody has proved an identity; ``by`` is by what they were to be let in when that was asked last."""

    tenant_id: str
    arrival: Arrival
    now: datetime
    by: Admission | None = None

    def admit(self) -> Admission:
        """How they join, as somebody new. Raises what ``members.enrolment.errors`` names."""
        self.by = cast("Admits", provided("admission"))(self.tenant_id, self.arrival, self.now)
        return self.by

    def redeem(self, member_id: str) -> Admission | None:
        """What they redeem as they become a member whom the brand has named."""
        self.by = cast("Redeems", provided("redemption"))(self.tenant_id, self.arrival, member_id, self.now)
        return self.by

    def invite(self, member: MemberRecord) -> Invite:
        """What became of their code, now that they are a member."""
        if not self.arrival.invite_code:
            return None
        return "used" if self.by is not None and self.by.joined_by == member.joined_by else "not_new"
