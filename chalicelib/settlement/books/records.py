"""The books as they are stored, with their keys."""

import zlib
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.pricing.model.tax import RateTax, Tax, read_tax
from chalicelib.settlement.books.model.accounts import is_of_one_party, owner
from chalicelib.settlement.books.model.commission import Earned
from chalicelib.settlement.books.model.journals import Entry
from chalicelib.settlement.books.model.parties import Line, Party, Standing
from chalicelib.settlement.books.model.position import Position

QUEUE = "settlement"
SHARDS = 16
"""Parts of each account that every order moves, and partitions of all balances. A journal takes one part of each
account: two that come at once seldom wait for each other, and sixteen partitions take about 2,000 journals a second."""

CAMPAIGN_SHARDS = 8


class JournalRecord(TenantRecord):
    """A journal. Written once, never changed. ``gsi1`` lists all of a tenant in the order of booking."""

    id = UnicodeAttribute()
    at = InstantAttribute()
    cause = UnicodeAttribute()
    currency = UnicodeAttribute(attr_name="cur")
    stored_entries = JsonAttribute(attr_name="entries")
    accounts = UnicodeAttribute()
    order_id = UnicodeAttribute(null=True)
    campaign_id = UnicodeAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, journal_id: str) -> tuple[str, str]:
        """The key of a journal."""
        return key(tenant_id, "journal", journal_id), "journal"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all journals, by the time of booking."""
        return key(tenant_id, "journals")

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(Entry.from_json(each) for each in self.stored_entries)

    def arrange(self) -> None:
        """Lists it by the time of booking, and notes which accounts it moved."""
        self.accounts = "".join(f"|{entry.account}" for entry in self.entries) + "|"
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), f"{sortable(self.at)}#{self.id}"


class BalanceRecord(TenantRecord):
    """What was debited and credited to a part of an account since the beginning."""

    debit_minor = NumberAttribute(attr_name="dr", default=0)
    credit_minor = NumberAttribute(attr_name="cr", default=0)
    entries = NumberAttribute(attr_name="n", default=0)

    @staticmethod
    def partition(tenant_id: str, shard: int) -> str:
        """Where the parts of one shard lie, by account."""
        return key(tenant_id, "balances", str(shard))

    @classmethod
    def address(cls, tenant_id: str, account: str, journal_id: str) -> tuple[str, str]:
        """The part of an account that a journal moves: one and the same for what belongs to a single party."""
        return cls.partition(tenant_id, shard_of(owner(account) if is_of_one_party(account) else journal_id)), account

    @classmethod
    def addresses(cls, tenant_id: str, account: str) -> list[tuple[str, str]]:
        """Every part of an account."""
        if is_of_one_party(account):
            return [cls.address(tenant_id, account, "")]
        return [(cls.partition(tenant_id, shard), account) for shard in range(SHARDS)]

    @property
    def account(self) -> str:
        return str(self.sk)


class OrderBook(TenantRecord):
    """Where an order's money stands in the books. Every journal of the order replaces it, so they come one at a time.

    ``received_minor`` came in and ``refunded_minor`` was booked as given back; ``cash_minor`` of the former at the
    pickup point. ``counted`` says that the campaign's book counts it as ended; ``cases`` has its after-sale cases by
    id, and whether each has ended. From the handover on it has ``releases_at``, until when its goods may come back, and
    the leader's commission: ``leader_id`` and ``rate_bps`` are fixed then. ``borne_minor`` is what of the
    commission went into a refund that its leader bears, ``charged`` what suppliers bear, by their ids, and
    ``platform_minor`` what the platform does; ``remedies`` is what other remedies of complaints about it cost, by their
    names, and ``coupon`` the cause of a coupon that a complaint had given, with what that takes off it. ``fees_minor``
    is what payment providers kept, ``lost_minor`` what disputes took beyond what it held. ``waits_for`` says what keeps
    the commission back after that, and ``looks_again_at`` until when at most. ``gsi1`` lists a leader's orders in the
    order of handover, ``gsi2`` a part of the campaign's by ``releases_at``.
    """

    campaign_id = UnicodeAttribute()
    currency = UnicodeAttribute(attr_name="cur")
    received_minor = NumberAttribute(attr_name="in", default=0)
    cash_minor = NumberAttribute(attr_name="cash", default=0)
    refunded_minor = NumberAttribute(attr_name="out", default=0)
    stored_position = JsonAttribute(attr_name="pos", default=dict)
    stored_tax = optional(JsonAttribute(attr_name="tax", null=True))
    journals = NumberAttribute(attr_name="n", default=0)
    counted = BooleanAttribute(default=False)
    cases = optional(JsonAttribute(null=True))
    recognised_at = optional(InstantAttribute(null=True))
    leader_id = optional(UnicodeAttribute(null=True))
    pickup_point_id = optional(UnicodeAttribute(null=True))
    rate_bps = NumberAttribute(default=0)
    base_minor = NumberAttribute(default=0)
    borne_minor = optional(NumberAttribute(attr_name="borne", null=True))
    charged = optional(JsonAttribute(attr_name="chg", null=True))
    remedies = optional(JsonAttribute(attr_name="rem", null=True))
    platform_minor = optional(NumberAttribute(attr_name="plat", null=True))
    fees_minor = optional(NumberAttribute(attr_name="fees", null=True))
    lost_minor = optional(NumberAttribute(attr_name="lost", null=True))
    coupon = optional(JsonAttribute(attr_name="cpn", null=True))
    frozen_minor = NumberAttribute(default=0)
    payable_minor = NumberAttribute(default=0)
    releases_at = optional(InstantAttribute(null=True))
    released = BooleanAttribute(default=False)
    released_at = optional(InstantAttribute(null=True))
    waits_for = optional(JsonAttribute(null=True))
    looks_again_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key of an order's book, in the order's partition."""
        return key(tenant_id, "order", order_id), "book"

    @staticmethod
    def of_leader(tenant_id: str, leader_id: str) -> str:
        """The partition of ``gsi1`` with the orders on which a leader earns."""
        return key(tenant_id, "leader-orders", leader_id)

    @staticmethod
    def of_campaign(tenant_id: str, campaign_id: str, part: int) -> str:
        """The partition of ``gsi2`` with a part of a campaign's orders, by the end of their windows."""
        return key(tenant_id, "campaign-windows", campaign_id, str(part))

    @property
    def order_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def position(self) -> Position:
        return Position(**self.stored_position)

    @position.setter
    def position(self, position: Position) -> None:
        whole = {name: getattr(position, name) for name in Position.__dataclass_fields__}
        self.stored_position = {name: amount for name, amount in whole.items() if amount}

    @property
    def tax(self) -> Tax:
        """The tax in its sale that is booked, by rate."""
        return read_tax(self.stored_tax)

    @tax.setter
    def tax(self, tax: Tax) -> None:
        self.stored_tax = [each.as_json() for each in tax] or None

    @property
    def earned(self) -> Earned:
        return Earned(int(self.frozen_minor), int(self.payable_minor))

    @earned.setter
    def earned(self, earned: Earned) -> None:
        self.frozen_minor, self.payable_minor = earned.frozen_minor, earned.payable_minor

    def arrange(self) -> None:
        """Lists it among the orders on which the leader earns, and among the campaign's by the end of its window; and
        has the commission released when it is due.
        """
        leader_id = self.leader_id if self.rate_bps else None
        if leader_id is not None and self.recognised_at is not None:
            self.gsi1pk = self.of_leader(self.tenant_id, leader_id)
            self.gsi1sk = f"{sortable(self.recognised_at)}#{self.order_id}"
        if self.releases_at is not None:
            self.gsi2pk = self.of_campaign(self.tenant_id, self.campaign_id, campaign_shard(self.order_id))
            self.gsi2sk = f"{sortable(self.releases_at)}#{self.order_id}"
        waits = leader_id is not None and not self.released
        due = self.looks_again_at if self.waits_for else self.releases_at
        self.schedule(due if waits else None, "commission.release", QUEUE)


class RemedyBook(TenantRecord):
    """What is booked of the remedies of a complaint that is about no order, by their names."""

    remedies = JsonAttribute(default=dict)
    journals = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, complaint_id: str) -> tuple[str, str]:
        """The key, one for each complaint."""
        return key(tenant_id, "remedy-book", complaint_id), "book"


class CampaignBook(TenantRecord):
    """A part of what a campaign's journals come to, by account, in minor units: credits for what belongs to customers,
    and for income; debits for expenses. ``recognised`` counts the sold orders that were handed over or forfeited,
    ``cases`` the after-sale cases that have not ended.
    """

    funds_minor = NumberAttribute(default=0)
    deposits_minor = NumberAttribute(default=0)
    refunds_minor = NumberAttribute(default=0)
    sales_minor = NumberAttribute(default=0)
    delivery_minor = NumberAttribute(default=0)
    forfeited_minor = NumberAttribute(default=0)
    returns_minor = NumberAttribute(default=0)
    fees_minor = NumberAttribute(default=0)
    commission_minor = NumberAttribute(default=0)
    frozen_minor = NumberAttribute(default=0)
    goods_minor = NumberAttribute(default=0)
    remedies_minor = NumberAttribute(default=0)
    recognised = NumberAttribute(default=0)
    cases = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, campaign_id: str, shard: int) -> tuple[str, str]:
        """The key of a part, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), f"ledger#{shard}"


class CampaignTax(TenantRecord):
    """A part of what a campaign sold at one rate of tax, in minor units: as it was paid, and the tax in that."""

    gross_minor = NumberAttribute(attr_name="gross", default=0)
    tax_minor = NumberAttribute(attr_name="tax", default=0)

    @staticmethod
    def address(tenant_id: str, campaign_id: str, rate_bps: int, shard: int) -> tuple[str, str]:
        """The key of a part, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), f"tax#{rate_bps:05d}#{shard}"

    @property
    def entry(self) -> RateTax:
        """What it has of the rate."""
        return RateTax(int(str(self.sk).split("#")[1]), int(self.gross_minor), int(self.tax_minor))


class PartyLine(TenantRecord):
    """A journal as it concerns a leader or a supplier, in the order of booking. Read from the table itself, not from an
    index, so that a statement misses nothing.
    """

    journal_id = UnicodeAttribute(attr_name="journal")
    cause = UnicodeAttribute()
    reference = UnicodeAttribute(attr_name="ref")
    at = InstantAttribute()
    payable_minor = NumberAttribute(attr_name="pay", default=0)
    cash_minor = NumberAttribute(attr_name="cash", default=0)
    frozen_minor = NumberAttribute(attr_name="frozen", default=0)
    stored_tax = optional(JsonAttribute(attr_name="tax", null=True))

    @staticmethod
    def partition(tenant_id: str, party: Party, party_id: str) -> str:
        """Where the lines of a party lie."""
        return key(tenant_id, "party", party.value, party_id)

    @staticmethod
    def between(start: datetime | None, end: datetime) -> tuple[str, str]:
        """The range of sort keys from one instant up to another, which is left out."""
        # "#" follows the instant, so a bare instant is before everything booked at it.
        return sortable(start) if start else "0", sortable(end)

    @classmethod
    def of(cls, tenant_id: str, party: Party, party_id: str, line: Line) -> "PartyLine":
        return cls(
            cls.partition(tenant_id, party, party_id),
            f"{sortable(line.at)}#{line.journal_id}",
            journal_id=line.journal_id, cause=line.cause, reference=line.reference, at=line.at,
            payable_minor=line.moved.payable_minor, cash_minor=line.moved.cash_minor,
            frozen_minor=line.moved.frozen_minor, stored_tax=[each.as_json() for each in line.tax] or None,
        )  # fmt: skip

    @property
    def line(self) -> Line:
        moved = Standing(int(self.payable_minor), int(self.cash_minor), int(self.frozen_minor))
        return Line(self.at, self.journal_id, self.cause, self.reference, moved, read_tax(self.stored_tax))


def shard_of(name: str) -> int:
    """A shard by name; ids spread evenly."""
    return zlib.crc32(name.encode()) % SHARDS


def campaign_shard(name: str) -> int:
    """The part of a campaign's book that a journal moves, or in which an order is listed, by its id."""
    return zlib.crc32(name.encode()) % CAMPAIGN_SHARDS
