"""Rules, invite codes, applications and referrals as they are stored, with their keys."""

from datetime import datetime
from typing import Literal, Self, cast

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.ids import derived_id
from chalicelib.members.model.identities import Identity
from chalicelib.recruitment.model.codes import Status, status
from chalicelib.recruitment.model.referrals import Earlier, State
from chalicelib.recruitment.model.rules import KEPT, Rules

Kind = Literal["email", "phone"]
"""Of the addresses that somebody proves by a code."""


class RecruitmentRecord(TenantRecord):
    """A brand's rules of recruitment."""

    stored_rules = JsonAttribute(attr_name="rules")
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "recruitment"), "rules"

    @property
    def rules(self) -> Rules:
        return Rules.from_json(self.stored_rules)

    @rules.setter
    def rules(self, rules: Rules) -> None:
        self.stored_rules = rules.as_json()


class InviteCodeRecord(TenantRecord):
    """An invite code as the brand made it: for a ``channel_id`` or none, with a coupon of a batch or none. What was
    used of it, and until when it lets people in, stands in its :class:`InviteUses`.
    """

    id = UnicodeAttribute()
    code = UnicodeAttribute()
    title = optional(UnicodeAttribute(null=True))
    channel_id = optional(UnicodeAttribute(null=True))
    batch_id = optional(UnicodeAttribute(null=True))
    created_at = InstantAttribute()
    created_by = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, code_id: str) -> tuple[str, str]:
        """The key of an invite code."""
        return key(tenant_id, "invite-code", code_id), "invite-code"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all invite codes."""
        return key(tenant_id, "invite-codes")

    def arrange(self) -> None:
        """Stands in the list of all."""
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), self.id


class InviteUses(TenantRecord):
    """Makes an invite code unique in the tenant, as people may read it, leads to it, and counts who joined by it: by a
    condition inside the joining's own write, so that no more join than may.
    """

    code_id = UnicodeAttribute()
    uses = NumberAttribute(default=0)
    most = optional(NumberAttribute(null=True))
    until_at = optional(InstantAttribute(null=True))
    revoked = BooleanAttribute(default=False)

    @staticmethod
    def address(tenant_id: str, folded: str) -> tuple[str, str]:
        """The key of a code, by what it is known by. A digest, so that no code shows where keys are logged."""
        return key(tenant_id, "invite-uses", derived_id("invite-code", folded)), "uses"

    @property
    def limit(self) -> int | None:
        return None if self.most is None else int(self.most)

    def status(self, now: datetime) -> Status:
        """What the code is at ``now``."""
        return status(int(self.uses), self.limit, self.until_at, now, revoked=self.revoked)

    @classmethod
    def lets_in(cls, now: datetime) -> Condition:
        """The condition on which one more joins by the code at ``now``."""
        alive: Condition = cls.until_at.does_not_exist() | (cls.until_at > now)
        free: Condition = cls.most.does_not_exist() | (cls.uses < cls.most)
        stands: Condition = cls.revoked == False  # noqa: E712
        open_to_more: Condition = stands & alive & free
        return open_to_more


class OriginRecord(TenantRecord):
    """That a member came by an invite code, or by a channel: one partition for each, by ordinal."""

    member_id = UnicodeAttribute()

    @staticmethod
    def partition(tenant_id: str, source: str) -> str:
        """The partition of all who came by a source: ``invite:<id>`` or ``channel:<id>``."""
        return key(tenant_id, "came-by", source)

    @classmethod
    def address(cls, tenant_id: str, source: str, ordinal: int) -> tuple[str, str]:
        """The key of a member among them."""
        return cls.partition(tenant_id, source), f"{ordinal:012d}"


class ApplicationRecord(TenantRecord):
    """Somebody who has proved an address and asks to join, once: the id follows from the address. ``answers`` are
    questions, in the words of then, with what was answered. ``status`` is pending, approved, declined or joined;
    ``referred_by`` and ``channel_id`` are whose link led them to the shop. All of it is forgotten a year after it was
    decided, or after they joined; they may apply again then.
    """

    id = UnicodeAttribute()
    kind = UnicodeAttribute()
    value = UnicodeAttribute()
    name = optional(UnicodeAttribute(null=True))
    locale = optional(UnicodeAttribute(null=True))
    answers = JsonAttribute(default=list)
    status = UnicodeAttribute(default="pending")
    reason = optional(UnicodeAttribute(null=True))
    referred_by = optional(UnicodeAttribute(null=True))
    channel_id = optional(UnicodeAttribute(null=True))
    applied_at = InstantAttribute()
    decided_at = optional(InstantAttribute(null=True))
    decided_by = optional(UnicodeAttribute(null=True))

    @staticmethod
    def id_of(tenant_id: str, identity: Identity) -> str:
        """The id of the application of an address."""
        return derived_id(tenant_id, "application", identity.kind, identity.value)

    @staticmethod
    def address(tenant_id: str, application_id: str) -> tuple[str, str]:
        """The key of an application."""
        return key(tenant_id, "application", application_id), "application"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all applications, by when they came."""
        return key(tenant_id, "applications")

    @staticmethod
    def of_status(tenant_id: str, status: str) -> str:
        """The partition of ``gsi2`` with those of a status."""
        return key(tenant_id, "applications", status)

    def arrange(self) -> None:
        """Stands in the list of all, and of its status."""
        came = f"{self.applied_at.isoformat()}#{self.id}"
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), came
        self.gsi2pk, self.gsi2sk = self.of_status(self.tenant_id, self.status), came

    def decide(self, status: str, reason: str | None, by: str, now: datetime) -> None:
        """Notes what the team has decided, and from when on it is forgotten."""
        self.status, self.reason, self.decided_at, self.decided_by = status, reason, now, by
        self.expires_at = int((now + KEPT).timestamp())

    @classmethod
    def joins(cls, tenant_id: str, now: datetime) -> list[Action]:
        """The part of an update in place by which the applicant joins, and stands in the list of those."""
        return [
            cls.rev.add(1), cls.status.set("joined"), cls.gsi2pk.set(cls.of_status(tenant_id, "joined")),
            cls.expires_at.set(int((now + KEPT).timestamp())),
        ]  # fmt: skip

    @property
    def identity(self) -> Identity:
        return Identity(cast("Kind", self.kind), self.value)


class ReferralRecord(TenantRecord):
    """That a member brought another one, the friend, whose id is in the key. ``order_id`` is the order that earned the
    reward, in which ``month`` of the brand: ``points`` until ``points_until`` (a local date, as ``earned_on`` is), and
    a coupon of a batch to who brought the friend, and to the friend. Where that order was refunded wholly, the reward
    stands by another one that had been collected, ``carried_by``.
    """

    referrer_id = UnicodeAttribute()
    friend_id = UnicodeAttribute()
    joined_at = InstantAttribute()
    state = UnicodeAttribute(default=State.JOINED.value)
    order_id = optional(UnicodeAttribute(null=True))
    rewarded_at = optional(InstantAttribute(null=True))
    month = optional(UnicodeAttribute(null=True))
    points = NumberAttribute(default=0)
    points_until = optional(UnicodeAttribute(null=True))
    earned_on = optional(UnicodeAttribute(null=True))
    batch_id = optional(UnicodeAttribute(null=True))
    friend_batch_id = optional(UnicodeAttribute(null=True))
    carried_by = optional(UnicodeAttribute(null=True))
    stored_earlier = optional(JsonAttribute(attr_name="earlier", null=True))

    @property
    def stands_by(self) -> str | None:
        """The order because of which the reward stands."""
        return self.carried_by or self.order_id

    @property
    def earlier(self) -> tuple[Earlier, ...]:
        """The rewards that went back, first the first."""
        return tuple(Earlier(*each) for each in self.stored_earlier or ())

    @earlier.setter
    def earlier(self, rewards: tuple[Earlier, ...]) -> None:
        self.stored_earlier = [[each.order_id, each.batch_id, each.friend_batch_id] for each in rewards] or None

    def had_from(self, order_id: str) -> bool:
        """Whether an order has earned the reward that went back since."""
        return any(each.order_id == order_id for each in self.earlier)

    @staticmethod
    def address(tenant_id: str, friend_id: str) -> tuple[str, str]:
        """The key: one for each friend."""
        return key(tenant_id, "referral", friend_id), "referral"

    @staticmethod
    def of_referrer(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi1`` with all whom a member brought."""
        return key(tenant_id, "referrals", member_id)

    @classmethod
    def of(cls, tenant_id: str, friend_id: str, referrer_id: str, now: datetime) -> Self:
        """A friend who has joined."""
        place = cls.address(tenant_id, friend_id)
        return cls(*place, referrer_id=referrer_id, friend_id=friend_id, joined_at=now)

    def arrange(self) -> None:
        """Stands in the list of the referrer's."""
        self.gsi1pk = self.of_referrer(self.tenant_id, self.referrer_id)
        self.gsi1sk = f"{self.joined_at.isoformat()}#{self.friend_id}"


class ReferrerRecord(TenantRecord):
    """How many a member brought, and for how many they were rewarded: in all, and by month of the brand."""

    joined = optional(NumberAttribute(null=True))
    rewarded = optional(NumberAttribute(null=True))
    stored_by_month = JsonAttribute(attr_name="by_month", null=True)

    @property
    def friends(self) -> int:
        return int(self.joined or 0)

    @property
    def paid(self) -> int:
        return int(self.rewarded or 0)

    @property
    def by_month(self) -> dict[str, int]:
        return dict(self.stored_by_month or {})

    @by_month.setter
    def by_month(self, counted: dict[str, int]) -> None:
        self.stored_by_month = counted or None

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        """The key: one for each member who brought somebody."""
        return key(tenant_id, "referrer", member_id), "referrer"
