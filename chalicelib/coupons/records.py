"""Batches, their parts and codes, and members' coupons as they are stored, with their keys."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.coupons.model.parts import Left
from chalicelib.coupons.model.states import USABLE, State, remind_at, status
from chalicelib.coupons.model.terms import Terms, Validity
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, due_shard, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.ids import dated_id, derived_id
from chalicelib.kernel.money import Money
from chalicelib.members.model.identities import Identity, person_of

GRANTED, ENDS_SOON = "coupon.granted", "coupon.ends_soon"
MOST_ADDRESSES = 8
"""By so many of a member's addresses it is known who they are: each is an item of the write that gives a coupon."""


class BatchRecord(TenantRecord):
    """A batch of coupons. ``code`` is the one that all enter, as it is shown; ``code_count`` how many single codes it
    is to have, drawn from ``seed`` by the job ``job_id``, which says how many there are. ``gsi1`` lists all by
    creation.

    What was used of it stands in its parts: no order writes this item.
    """

    id = UnicodeAttribute()
    title = UnicodeAttribute()
    purpose = UnicodeAttribute()
    stored_terms = JsonAttribute(attr_name="terms")
    stored_validity = JsonAttribute(attr_name="validity")
    code = optional(UnicodeAttribute(null=True))
    code_count = optional(NumberAttribute(null=True))
    seed = optional(UnicodeAttribute(null=True))
    job_id = optional(UnicodeAttribute(null=True))
    per_member = NumberAttribute()
    total = optional(NumberAttribute(null=True))
    budget_minor = optional(NumberAttribute(null=True))
    parts = NumberAttribute()
    paused = BooleanAttribute(default=False)
    created_at = InstantAttribute()
    created_by = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, batch_id: str) -> tuple[str, str]:
        """The key of a batch."""
        return key(tenant_id, "coupon-batch", batch_id), "coupon-batch"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all batches."""
        return key(tenant_id, "coupon-batches")

    def arrange(self) -> None:
        """Stands in the list of all."""
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), self.id

    @property
    def terms(self) -> Terms:
        return Terms.from_json(self.stored_terms)

    @property
    def validity(self) -> Validity:
        return Validity.from_json(self.stored_validity)

    @property
    def first_order_only(self) -> bool:
        """Whether its coupons are for people who have never ordered."""
        return bool(self.purpose == "new_member")

    @property
    def budget(self) -> Money | None:
        return None if self.budget_minor is None else Money(int(self.budget_minor), self.terms.currency)

    @property
    def part_addresses(self) -> list[tuple[type["PartRecord"], str, str]]:
        """Where its parts are, for a batch of reads."""
        parts = range(int(self.parts))
        return [(PartRecord, *PartRecord.address(self.tenant_id, self.id, n)) for n in parts]


class PartRecord(TenantRecord):
    """A part of what a batch may give: uses and budget that are left (UNLIMITED where nothing limits them), and what
    was given: coupons ``granted``, ``used`` by orders (those that wait for their payment among them), ``spent_minor``
    taken off their prices. Coupons are handed out while it is ``open``.
    """

    uses_left = NumberAttribute()
    budget_left_minor = NumberAttribute()
    granted = NumberAttribute(default=0)
    used = NumberAttribute(default=0)
    spent_minor = NumberAttribute(default=0)
    open = BooleanAttribute(default=True)

    @staticmethod
    def address(tenant_id: str, batch_id: str, n: int) -> tuple[str, str]:
        """The key of a batch's nth part, counted from 0. Each has a partition of its own."""
        return key(tenant_id, "coupon-part", batch_id, str(n)), "coupon-part"

    @property
    def left(self) -> Left:
        return Left(int(self.uses_left), int(self.budget_left_minor))


class CodeRecord(TenantRecord):
    """Makes a code unique in the tenant, as people may read it, and leads to its batch. A single code, with a
    ``number`` there, is one member's from when they enter it.
    """

    batch_id = UnicodeAttribute()
    number = optional(NumberAttribute(null=True))
    member_id = optional(UnicodeAttribute(null=True))
    entered_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, folded: str) -> tuple[str, str]:
        """The key of a code, by what it is known by. A digest, so that no code shows where keys are logged."""
        return key(tenant_id, "coupon-code", derived_id("coupon-code", folded)), "coupon-code"


class CodesRecord(TenantRecord):
    """Up to ``PER_RECORD`` single codes of a batch, in the order of their numbers: the list that a brand hands out."""

    PER_RECORD = 90

    codes = JsonAttribute()

    @staticmethod
    def partition(tenant_id: str, batch_id: str) -> str:
        """The partition with all codes of a batch."""
        return key(tenant_id, "coupon-codes", batch_id)

    @classmethod
    def address(cls, tenant_id: str, batch_id: str, n: int) -> tuple[str, str]:
        """The key of the nth record, counted from 0."""
        return cls.partition(tenant_id, batch_id), f"{n:05d}"


class CouponRecord(TenantRecord):
    """A member's coupon, with what its batch promised when it was got. All of a member's stand in one partition, by
    the creation of their batches.

    ``order_id`` is the order that has it, with the ``amount_minor`` that it takes off there, from which ``part`` of
    its batch; ``parts`` are how many there are. ``cause`` is what gave it: a code, or the job that granted it.
    """

    id = UnicodeAttribute()
    batch_id = UnicodeAttribute()
    title = UnicodeAttribute()
    stored_terms = JsonAttribute(attr_name="terms")
    state = UnicodeAttribute(default=State.GRANTED.value)
    first_order_only = BooleanAttribute(default=False)
    parts = NumberAttribute()
    cause = UnicodeAttribute()
    got_at = InstantAttribute()
    from_at = optional(InstantAttribute(null=True))
    until_at = optional(InstantAttribute(null=True))
    reminded = optional(BooleanAttribute(null=True))
    order_id = optional(UnicodeAttribute(null=True))
    amount_minor = optional(NumberAttribute(null=True))
    part = optional(NumberAttribute(null=True))
    used_at = optional(InstantAttribute(null=True))

    @staticmethod
    def partition(tenant_id: str, member_id: str) -> str:
        """The partition with all coupons of a member."""
        return key(tenant_id, "coupons", member_id)

    @classmethod
    def address(cls, tenant_id: str, member_id: str, coupon_id: str) -> tuple[str, str]:
        """The key of a member's coupon; under another member there is none of that id."""
        return cls.partition(tenant_id, member_id), coupon_id

    @classmethod
    def slot(cls, batch: BatchRecord, member_id: str, n: int) -> tuple[str, str]:
        """The key of a member's nth coupon of a batch, counted from 0: nobody has more than there are places for."""
        coupon_id = dated_id(batch.created_at, batch.tenant_id, "coupon", batch.id, member_id, str(n))
        return cls.address(batch.tenant_id, member_id, coupon_id)

    @classmethod
    def of(
        cls, batch: BatchRecord, place: tuple[str, str], cause: str, window: Sequence[datetime | None], now: datetime
    ) -> Self:
        """A coupon of a batch for the member whose place it is, good in a window."""
        from_at, until_at = window
        return cls(
            *place, id=place[1], batch_id=batch.id, title=batch.title, stored_terms=batch.stored_terms,
            first_order_only=batch.first_order_only, parts=int(batch.parts), cause=cause, got_at=now, from_at=from_at,
            until_at=until_at,
        )  # fmt: skip

    @property
    def member_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def terms(self) -> Terms:
        return Terms.from_json(self.stored_terms)

    def status(self, now: datetime) -> str:
        """What it is at ``now``: its state, or ``expired``."""
        return status(self.state, self.until_at, now)

    @property
    def remind_at(self) -> datetime | None:
        """When its member is to be reminded of it; None where they need not be, or were."""
        return None if self.reminded or self.state not in USABLE else remind_at(self.got_at, self.until_at)

    def due_by(self, now: datetime) -> bool:
        """Whether its member is to be reminded of it by now."""
        due_at: datetime | None = self.due_at
        return due_at is not None and due_at <= now

    def arrange(self) -> None:
        """Is due when its member is to be reminded of it."""
        self.schedule(self.remind_at, ENDS_SOON, "service")

    @staticmethod
    def due_again(pk: str, due_at: datetime) -> list[Action]:
        """The part of an update in place that has it due when its member is to be reminded."""
        return [
            CouponRecord.due_at.set(due_at), CouponRecord.due_shard.set(due_shard(pk)),
            CouponRecord.due_kind.set(ENDS_SOON), CouponRecord.due_queue.set("service"),
        ]  # fmt: skip

    @staticmethod
    def not_due() -> list[Action]:
        """The part of an update in place that has it due no more."""
        names = (CouponRecord.due_at, CouponRecord.due_shard, CouponRecord.due_kind, CouponRecord.due_queue)
        return [each.remove() for each in names]


class PersonRecord(TenantRecord):
    """Which members are one person by an e-mail address that reaches the same mailbox as another: ``ann+1@x`` and
    ``ann+2@x``. Kept of addresses that differ from their mailbox's own.
    """

    member_ids = JsonAttribute()

    @staticmethod
    def address(tenant_id: str, person: str) -> tuple[str, str]:
        """The key of a person. A digest, so that no address shows where keys are logged."""
        return key(tenant_id, "coupon-person", derived_id("coupon-person", person)), "coupon-person"


class PersonCouponRecord(TenantRecord):
    """Which member has a coupon of a batch for new members, by each address of theirs: another member who is the same
    person gets none.
    """

    member_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, batch_id: str, person: str) -> tuple[str, str]:
        """The key of a person in a batch."""
        return key(tenant_id, "coupon-person", batch_id, derived_id("coupon-person", person)), "coupon-person"


def persons(identities: Iterable[Identity]) -> list[str]:
    """Who somebody is by their e-mail addresses and phone numbers, the first ``MOST_ADDRESSES`` of them."""
    known = dict.fromkeys(person_of(each) for each in identities if each.kind in ("email", "phone"))
    return list(known)[:MOST_ADDRESSES]
