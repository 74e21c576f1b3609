"""What is stored of members, and under which keys."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InsightRecord, InstantAttribute, JsonAttribute, Record, TenantRecord, key
from chalicelib.db.attributes import optional, terms
from chalicelib.kernel.clock import sortable
from chalicelib.legal_texts.model import Accepted
from chalicelib.members.model.asking import Asking
from chalicelib.members.model.classes import USUAL, MemberClass, Thresholds, class_of
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.model.profiles import usable
from chalicelib.members.model.searching import Called, Entry, Kind
from chalicelib.members.model.status import UNPROVED, Status

if TYPE_CHECKING:
    from chalicelib.notices.recipients.model import Wishes
    from chalicelib.notices.recipients.records import RecipientRecord

PROFILE_CHANGED = "member.profile_changed"
"""What is known of a member, by what they are reached, what they agree to, or their language has changed."""


class MemberRecord(TenantRecord):
    """A shopper of the tenant. ``ordinal`` is the place in its analytics' bitmaps: dense from 0, never reused.

    ``claimed_at`` is when somebody whom the brand wrote down or imported first proved an address by signing in;
    ``united_with`` the ordinal of the member whose history this one's has become, which leaves nothing but the place
    in the bitmaps; ``further`` the identities (kind, value) that came with it; ``indexed`` the name, e-mail and phone
    by which a search finds the member; ``open_id`` their id with the brand's official account; ``wishes`` what they
    asked for about messages; ``brought_by`` the import and the row that made them (``<job>#<row>``); ``consent_note``
    what the brand's own sheet says of their consent: a record of the brand's, which grants nothing. ``brought_rev`` is
    the revision at which the record still is as that import left it (1 where it is absent), ``leaving_with`` the job
    that is about to take the member back.

    ``joined_by`` is by what they joined, ``referred_by`` the member who brought them, ``channel_id`` the channel of
    their origin: set when they join, and never again. Absent of whoever the brand wrote down or imported, but for the
    personal invitation that they redeemed with their first sign-in.

    ``points`` is the balance of the member's ledger and ``tier`` the code of their tier: ``loyalty`` sets them in the
    same write as its own records; absent until there are any. ``first_ordered_on`` and ``last_ordered_on`` are the
    first and the last local day with an order that stands: an order that came to nothing takes them back; absent
    without one. ``took_part_on`` is the last local day on which they answered a survey or checked in. The class
    follows from these, see :meth:`class_on`.

    ``segment_ids`` are the segments that they are in and ``tags`` what they carry, both set by ``segments`` alone, in
    the same write as the segments themselves; ``own_tags`` are those given by hand.

    ``left_at`` and ``left_reason`` say that they have left the community: what they have stays theirs, nothing new is
    sent to them, and they come back by an order or a word. ``profile_by`` marks a profile or a language of which the
    brand's people have written some; ``asking`` is what the shop has asked them; ``birthday_in`` the last year of which
    a birthday was announced.
    """

    COPIED = frozenset(
        {
            "email", "phone", "open_id", "name", "locale", "status", "consent", "origin", "claimed_at", "united_with",
            "wishes",
        }
    )  # fmt: skip

    ordinal = NumberAttribute()
    external_ref = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    open_id = optional(UnicodeAttribute(null=True))
    name = UnicodeAttribute(null=True)
    locale = UnicodeAttribute(null=True)
    status = UnicodeAttribute(default=Status.ACTIVE.value)
    joined_on = DateAttribute()
    last_active_on = DateAttribute(null=True)
    profile = JsonAttribute(default=dict)
    consent = JsonAttribute(default=dict)
    origin = UnicodeAttribute(null=True)
    claimed_at = optional(InstantAttribute(null=True))
    united_with = optional(NumberAttribute(null=True))
    further = optional(JsonAttribute(null=True))
    indexed = optional(JsonAttribute(null=True))
    sign_outs = optional(NumberAttribute(null=True))
    points = optional(NumberAttribute(null=True))
    tier = optional(UnicodeAttribute(null=True))
    first_ordered_on = optional(DateAttribute(null=True))
    last_ordered_on = optional(DateAttribute(null=True))
    took_part_on = optional(DateAttribute(null=True))
    segment_ids = optional(JsonAttribute(null=True))
    tags = optional(JsonAttribute(null=True))
    own_tags = optional(JsonAttribute(null=True))
    brought_by = optional(UnicodeAttribute(null=True))
    consent_note = optional(UnicodeAttribute(null=True))
    brought_rev = optional(NumberAttribute(null=True))
    leaving_with = optional(UnicodeAttribute(null=True))
    left_at = optional(InstantAttribute(null=True))
    left_reason = optional(UnicodeAttribute(null=True))
    profile_by = optional(UnicodeAttribute(null=True))
    birthday_in = optional(NumberAttribute(null=True))
    stored_asking = terms(Asking.from_json, attr_name="asking")
    joined_by = optional(UnicodeAttribute(null=True))
    referred_by = optional(UnicodeAttribute(null=True))
    channel_id = optional(UnicodeAttribute(null=True))
    stored_wishes = JsonAttribute(attr_name="wishes", null=True)
    stored_accepted = JsonAttribute(attr_name="accepted", null=True)

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    def class_on(self, today: date, thresholds: Thresholds = USUAL) -> MemberClass | None:
        """The class on a local day; None for who has not ordered. Nothing is written as members age."""
        return self.class_with(self.first_ordered_on, self.last_ordered_on, today, thresholds)

    def class_with(
        self, first_on: date | None, last_on: date | None, today: date, thresholds: Thresholds
    ) -> MemberClass | None:
        """As :meth:`class_on`, were these the first and last days with an order."""
        took_part_on = self.took_part_on if thresholds.taking_part_counts else None
        quiet_since = max((each for each in (last_on, took_part_on) if each is not None), default=None)
        return class_of(first_on, quiet_since, today, thresholds, left=self.left_at is not None)

    @property
    def agrees_to_news(self) -> bool:
        """Whether the consent ``marketing`` is given."""
        return (self.consent or {}).get("marketing", {}).get("granted") is True

    @property
    def objects_to_figures(self) -> bool:
        """Whether the consent ``analytics`` was refused, or withdrawn; who never answered does not object."""
        return (self.consent or {}).get("analytics", {}).get("granted") is False

    def usable(self, purpose: str) -> dict[str, Any]:
        """What of the answers may be used for a purpose as things stand, see :func:`profiles.usable`."""
        return usable(self.profile or {}, self.consent or {}, purpose)

    @property
    def shows_name(self) -> bool:
        """Whether other members may read the name on leaderboards: the consent ``leaderboards``."""
        return (self.consent or {}).get("leaderboards", {}).get("granted") is True

    @property
    def accepted(self) -> list[Accepted]:
        """The versions of legal texts that they have accepted, by kind, the latest last."""
        return [Accepted.from_json(each) for each in self.stored_accepted or ()]

    @accepted.setter
    def accepted(self, accepted: Sequence[Accepted]) -> None:
        self.stored_accepted = [each.as_json() for each in accepted] or None

    @property
    def asking(self) -> Asking:
        """What the shop has asked them, and until when it asks nothing."""
        return self.stored_asking or Asking()

    @asking.setter
    def asking(self, asking: Asking) -> None:
        self.stored_asking = asking

    @property
    def birthday(self) -> str | None:
        """Their birthday, ``MM-DD``, where they have said it."""
        found: str | None = (self.profile or {}).get("birthday")
        return found

    @property
    def unclaimed(self) -> bool:
        """Whether the brand alone has named this person: nobody has signed in, or said anything, as them."""
        said = self.consent or ((self.profile or self.locale) and self.profile_by is None)
        return self.origin in UNPROVED and self.claimed_at is None and not said

    @property
    def untouched(self) -> bool:
        """Whether the record is as the import left it that made it: nobody has come, or said or done anything."""
        return self.brought_by is not None and int(self.rev) == int(self.brought_rev or 1)

    def made_by(self, row: str) -> bool:
        """Whether the import made them of which this is a row (``<job>#<row>``)."""
        return bool(row) and str(self.brought_by or "").partition("#")[0] == row.partition("#")[0]

    def stays_untouched(self) -> None:
        """Notes that the coming write is one of the import's own."""
        if self.untouched:
            self.brought_rev = int(self.rev) + 1

    @property
    def has_signed_in(self) -> bool:
        """Whether the addresses that are shown were proved by codes: others do not stand beside them."""
        return self.claimed_at is not None or self.origin not in (None, *UNPROVED)

    @property
    def came(self) -> str | None:
        """How they came, in a word; None where nobody knows."""
        return (self.origin or "").partition(":")[0] or None

    @property
    def identities(self) -> list[Identity]:
        """All that leads to the member, but for the id of the official account."""
        own = (("email", self.email), ("phone", self.phone), ("ref", self.external_ref))
        return [Identity(kind, value) for kind, value in (*own, *(self.further or ())) if value]

    @property
    def called(self) -> Called:
        """By what a search is to find the member."""
        return Called(self.name, self.email, self.phone)

    @property
    def found_as(self) -> Called:
        """By what a search finds the member as long as the record stands as it was read."""
        return Called(*self.indexed) if self.indexed else Called()

    @property
    def times_signed_out(self) -> int:
        """How often they have signed out everywhere: a token from before the last time is no longer valid."""
        return int(self.sign_outs or 0)

    @property
    def blocked(self) -> bool:
        return self.status == Status.BLOCKED

    @property
    def wishes(self) -> "Wishes | None":
        """What they asked for about messages."""
        from chalicelib.notices.recipients.model import Wishes  # who only reads a member needs no notices

        return None if self.stored_wishes is None else Wishes.from_json(self.stored_wishes)

    @wishes.setter
    def wishes(self, wishes: "Wishes | None") -> None:
        self.stored_wishes = (wishes.as_json() or None) if wishes else None

    @property
    def recipient(self) -> "RecipientRecord | None":
        """The member as they can be told something; None where they cannot: who is blocked, and whose history is
        another's.
        """
        from chalicelib.notices.model.people import Person  # as above
        from chalicelib.notices.recipients.records import RecipientRecord

        if self.blocked or self.united_with is not None:
            return None
        return RecipientRecord(
            *RecipientRecord.address(self.tenant_id, Person.member(self.id)),
            email=self.email, phone=self.phone, open_id=self.open_id, name=self.name, locale=self.locale,
            marketing=self.agrees_to_news or None, proved=self.has_signed_in or None, stored_wishes=self.stored_wishes,
        )  # fmt: skip

    @classmethod
    def copy_address(cls, pk: str, sk: str) -> tuple[type[Record], str, str]:
        from chalicelib.notices.model.people import Person  # as above
        from chalicelib.notices.recipients.records import RecipientRecord

        tenant_id, member_id = pk.partition("#")[0], pk.rpartition("#")[2]
        return RecipientRecord, *RecipientRecord.address(tenant_id, Person.member(member_id))

    def copy(self) -> "RecipientRecord | None":
        """The recipient, of whoever has an address: a file names thousands by a reference that reaches nobody."""
        return self.recipient if self.email or self.phone or self.open_id else None

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        return key(tenant_id, "member", member_id), "member"

    @classmethod
    def address_of_ordinal(cls, tenant_id: str, ordinal: int) -> tuple[str, str]:
        return cls.address(tenant_id, member_id(tenant_id, ordinal))

    @classmethod
    def at(cls, tenant_id: str, member_id: str, *, consistent: bool = False) -> Self | None:
        return cls.fetch(*cls.address(tenant_id, member_id), consistent=consistent)


class ConsentRecord(TenantRecord):
    """An answer to a purpose: what it was, when, to which version of the words, and by whom or what: ``member``,
    ``link`` for the one that ends a message, ``leaving``, or ``staff`` for what a member asked the brand's people to
    withdraw. They stand beside the member, by time, and are never changed.
    """

    purpose = UnicodeAttribute()
    granted = BooleanAttribute()
    at = InstantAttribute()
    words = NumberAttribute()
    by = UnicodeAttribute()

    PREFIX = "consent#"

    @staticmethod
    def partition(tenant_id: str, member_id: str) -> str:
        """The member's own partition; the answers stand in it under :attr:`PREFIX`."""
        return key(tenant_id, "member", member_id)

    @classmethod
    def address(cls, tenant_id: str, member_id: str, at: datetime, purpose: str) -> tuple[str, str]:
        return cls.partition(tenant_id, member_id), f"{cls.PREFIX}{sortable(at)}#{purpose}"


class IdentityRecord(TenantRecord):
    """Makes an e-mail, phone number, reference or id of the official account unique in the tenant, and leads to its
    member.

    ``named`` marks an address that the brand wrote down, and nobody has proved by signing in.
    """

    ordinal = NumberAttribute()
    named = optional(BooleanAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, identity: Identity) -> tuple[str, str]:
        return key(tenant_id, "identity", identity.kind, identity.digest), "identity"


class OrdinalCounter(TenantRecord):
    """How many ordinals are given out, so also the next one.

    ``known_from`` is the first whose member is found by name and address since it was written; absent where members
    were there before. ``histories`` where histories have been kept since the first member joined.
    """

    next = NumberAttribute()
    known_from = optional(NumberAttribute(null=True))
    histories = optional(BooleanAttribute(null=True))

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "members"), "ordinals"


class UnitedRecord(InsightRecord):
    """That the history of one member, by ordinal, is another's: beside what is counted by ordinals.

    ``awaits_recount`` until the days on which it counts are marked for the next rollup.
    """

    into = NumberAttribute()
    awaits_recount = optional(BooleanAttribute(null=True))

    @property
    def ordinal(self) -> int:
        return int(str(self.sk))

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "united-members")

    @classmethod
    def address(cls, tenant_id: str, ordinal: int) -> tuple[str, str]:
        return cls.partition(tenant_id), f"{ordinal:012d}"


class SourcesRecord(InsightRecord):
    """Under which other ordinals a member's history is recorded: those of all who have become them, also by way of a
    third.
    """

    stored = JsonAttribute()

    @property
    def ordinals(self) -> list[int]:
        return [int(each) for each in self.stored]

    @staticmethod
    def address(tenant_id: str, ordinal: int) -> tuple[str, str]:
        return key(tenant_id, "united-into"), f"{ordinal:012d}"


class SourcesKnown(InsightRecord):
    """That :class:`SourcesRecord` is kept of all who were united."""

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "united-into"), "known"


class RemovedRecord(TenantRecord):
    """What is left of a member whom their import was taken back with: the place in the analytics' bitmaps, which is
    never given out again. ``source`` is the job that removed them.
    """

    ordinal = NumberAttribute()
    removed_at = InstantAttribute()
    source = UnicodeAttribute()

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        return key(tenant_id, "removed-member", member_id), "removed"


class EntryRecord(TenantRecord):
    """Leads from an entry to a member. It stands in no list and emits nothing, so it is one write unit.

    What it says is in the sort key, where a part of it can be looked for; partitions are by kind and first character.
    """

    ordinal = NumberAttribute()

    @property
    def text(self) -> str:
        return str(self.sk).rpartition("\t")[0]

    @staticmethod
    def partition(tenant_id: str, kind: Kind, text: str) -> str:
        """The partition of the entries that begin as a text does."""
        return key(tenant_id, f"search-{kind}", f"{ord(text[0]):x}")

    @classmethod
    def address(cls, tenant_id: str, entry: Entry, ordinal: int) -> tuple[str, str]:
        # A tab sorts below every printable character, so that shorter names come first.
        return cls.partition(tenant_id, entry.kind, entry.text), f"{entry.text}\t{ordinal:012d}"
