"""Who was invited as it is stored, with its keys."""

from datetime import datetime
from typing import Literal, Self, cast

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.ids import derived_id
from chalicelib.members.model.identities import Identity, person_of
from chalicelib.recruitment.prospects.model import KEPT, MOST_HEARD, OPEN, Course, State, state_at

Kind = Literal["email", "phone"]
"""Of the addresses that somebody proves by a code."""

PROSPECT_DUE = "prospect.due"
"""The message about an invitation that is told next, or over."""

REDEEMED = "prospect.redeemed"
"""Somebody whom the brand had named has become that member, by their invitation."""


class ProspectRecord(TenantRecord):
    """Somebody who has agreed to be invited, once for each mailbox or phone: the id follows from it. ``source`` and
    ``agreed_on`` (a local date) say where and when they agreed; ``code`` is of the latest invitation, good until
    ``until_at``.

    Who and where they are is forgotten once they have joined, or want no more of it.
    """

    id = UnicodeAttribute()
    kind = UnicodeAttribute()
    value = optional(UnicodeAttribute(null=True))
    name = optional(UnicodeAttribute(null=True))
    locale = optional(UnicodeAttribute(null=True))
    source = UnicodeAttribute()
    agreed_on = DateAttribute()
    code = UnicodeAttribute()
    batch_id = optional(UnicodeAttribute(null=True))
    until_at = InstantAttribute()
    state = UnicodeAttribute(default=State.WAITING.value)
    next_at = InstantAttribute()
    invited_at = InstantAttribute()
    invited_by = UnicodeAttribute()
    told_at = optional(InstantAttribute(null=True))
    reminded_at = optional(InstantAttribute(null=True))
    stored_heard = optional(JsonAttribute(attr_name="heard", null=True))
    ended_at = optional(InstantAttribute(null=True))
    member_id = optional(UnicodeAttribute(null=True))

    @staticmethod
    def id_of(tenant_id: str, identity: Identity) -> str:
        """The id of who has an address: one for all addresses of a mailbox (``ann@x`` and ``ann+2@x``)."""
        return derived_id(tenant_id, "prospect", identity.kind, person_of(identity))

    @classmethod
    def ids_of(cls, tenant_id: str, identity: Identity) -> tuple[str, str]:
        """That id, and the one by the address itself, of whom earlier editions invited: mostly the same."""
        of_address = derived_id(tenant_id, "prospect", identity.kind, identity.value)
        return cls.id_of(tenant_id, identity), of_address

    @staticmethod
    def address(tenant_id: str, prospect_id: str) -> tuple[str, str]:
        """The key of somebody invited."""
        return key(tenant_id, "prospect", prospect_id), "prospect"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all, by when they were invited last."""
        return key(tenant_id, "prospects")

    @staticmethod
    def of_state(tenant_id: str, state: str) -> str:
        """The partition of ``gsi2`` with those of a state."""
        return key(tenant_id, "prospects", state)

    def arrange(self) -> None:
        """Stands in the list of all and of its state, and is due when it is told next, or over."""
        at = f"{sortable(self.invited_at)}#{self.id}"
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), at
        self.gsi2pk, self.gsi2sk = self.of_state(self.tenant_id, self.state), at
        self.schedule(self.next_at if self.state in OPEN else None, PROSPECT_DUE, "service")

    @property
    def heard(self) -> tuple[datetime, ...]:
        """When invitations left for the address, of those that a brand's cap may ask about."""
        return tuple(parse_instant(each) for each in self.stored_heard or ())

    @property
    def course(self) -> Course:
        return Course(self.until_at, self.told_at, self.reminded_at, self.heard)

    def left(self, now: datetime) -> None:
        """Notes that a message leaves for the address: the invitation, or its reminder."""
        self.stored_heard = [sortable(each) for each in (*self.heard, now)][-MOST_HEARD:]
        if self.told_at is None:
            self.state, self.told_at = State.TOLD.value, now
        else:
            self.reminded_at = now

    def end(self, state: State, now: datetime) -> None:
        """Puts an end to the invitation. Of who has joined, or wants no more, nothing is kept that says who they are;
        the last stays for ever, so that nobody invites them again.
        """
        self.state, self.ended_at = state.value, now
        self.expires_at = None if state is State.DECLINED else int((now + KEPT).timestamp())
        if state in (State.JOINED, State.DECLINED):
            self.value = self.name = None

    def of_mailbox(self, mailbox_id: str) -> Self:
        """A new one under the id of its mailbox, as it stands by its address."""
        return type(self)(
            *self.address(self.tenant_id, mailbox_id), id=mailbox_id, kind=self.kind, source=self.source,
            agreed_on=self.agreed_on, code=self.code, until_at=self.until_at, next_at=self.next_at,
            invited_at=self.invited_at, invited_by=self.invited_by,
        )  # fmt: skip

    @property
    def identity(self) -> Identity | None:
        return None if self.value is None else Identity(cast("Kind", self.kind), self.value)

    def state_at(self, now: datetime) -> State:
        """What the invitation is at ``now``."""
        return state_at(State(self.state), self.until_at, now)

    @classmethod
    def joins(cls, tenant_id: str, now: datetime, member_id: str | None = None) -> list[Action]:
        """The part of an update in place by which somebody joins: as :meth:`end` has it. Of a member whom the brand had
        named it says so itself, since nobody new joins.
        """
        redeems = [] if member_id is None else [
            cls.member_id.set(member_id), cls.emission(REDEEMED, now, member_id=member_id),
        ]  # fmt: skip
        state = State.JOINED.value
        gone = (cls.value, cls.name, cls.due_at, cls.due_shard, cls.due_kind, cls.due_queue)
        return [
            cls.rev.add(1), cls.state.set(state), cls.gsi2pk.set(cls.of_state(tenant_id, state)),
            cls.ended_at.set(now), cls.expires_at.set(int((now + KEPT).timestamp())),
            *(each.remove() for each in gone), *redeems,
        ]  # fmt: skip

    @classmethod
    def lets_in(cls, code: str, now: datetime) -> Condition:
        """The condition on which somebody joins by a code at ``now``."""
        is_open: Condition = cls.state.is_in(*sorted(OPEN))
        lets: Condition = is_open & (cls.code == code) & (cls.until_at > now)
        return lets


class ProspectCode(TenantRecord):
    """Leads from the code of a personal invitation to whom it was sent."""

    prospect_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, folded: str) -> tuple[str, str]:
        """The key of a code. A digest, so that no code shows where keys are logged."""
        return key(tenant_id, "prospect-code", derived_id("prospect-code", folded)), "code"
