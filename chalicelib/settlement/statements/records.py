"""Frozen statements as they are stored, with their keys."""

from datetime import date

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.settlement.books.model.parties import Line, Party, Standing
from chalicelib.settlement.statements.model import Payout

LINES_IN_A_PART = 1_000
MOST_PARTS = 20


class StatementRecord(TenantRecord):
    """A statement. What it says never changes; beside it, what was paid on it is noted. ``inherited`` of the payments
    were noted on the version before it; ``replaced_by`` is the version after it, on which they go on. ``gsi1`` lists
    the statements of a party by period and version.
    """

    id = UnicodeAttribute()
    party = UnicodeAttribute()
    party_id = UnicodeAttribute()
    from_on = DateAttribute()
    to_on = DateAttribute()
    timezone = UnicodeAttribute()
    starts_at = InstantAttribute()
    ends_at = InstantAttribute()
    version = NumberAttribute()
    currency = UnicodeAttribute()
    stored_opening = JsonAttribute(attr_name="opening")
    stored_closing = JsonAttribute(attr_name="closing")
    line_count = NumberAttribute()
    parts = NumberAttribute()
    frozen_at = InstantAttribute()
    frozen_by = UnicodeAttribute()
    body_hash = UnicodeAttribute()
    paid_minor = NumberAttribute(default=0)
    stored_payouts = JsonAttribute(attr_name="payments", default=list)
    inherited = NumberAttribute(default=0)
    replaced_by = optional(UnicodeAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, statement_id: str) -> tuple[str, str]:
        """The key of a statement."""
        return key(tenant_id, "statement", statement_id), "statement"

    @staticmethod
    def of_party(tenant_id: str, party: Party, party_id: str) -> str:
        """The partition of ``gsi1`` with a party's statements."""
        return key(tenant_id, "statements", party.value, party_id)

    @property
    def opening(self) -> Standing:
        return Standing(*self.stored_opening)

    @property
    def closing(self) -> Standing:
        return Standing(*self.stored_closing)

    @property
    def payouts(self) -> list[Payout]:
        """What was paid on it, in the order of noting."""
        return [Payout.from_json(each) for each in self.stored_payouts]

    def note(self, payout: Payout) -> None:
        """Adds a payment."""
        self.stored_payouts = [*self.stored_payouts, payout.as_json()]
        self.paid_minor = int(self.paid_minor) + payout.amount_minor

    def go_on_from(self, before: "StatementRecord") -> None:
        """Takes over what was paid on the version before it, and replaces that."""
        self.stored_payouts, self.inherited = list(before.stored_payouts or []), len(before.stored_payouts or [])
        self.paid_minor = int(before.paid_minor)
        before.replaced_by = self.id

    @property
    def unpaid_minor(self) -> int:
        """What of the closing balance has not been paid on this statement; zero where the leader owes the brand."""
        return max(0, self.closing.due_minor - int(self.paid_minor))

    def as_after(self, payouts: int) -> "StatementRecord":
        """As it was when it had so many payments: the answer of then is given again. Not to be written."""
        self.stored_payouts = self.stored_payouts[:payouts]
        self.paid_minor, self.replaced_by = sum(each.amount_minor for each in self.payouts), None
        return self

    def arrange(self) -> None:
        """Lists it among the statements of its party."""
        self.gsi1pk = self.of_party(self.tenant_id, Party(self.party), self.party_id)
        self.gsi1sk = f"{self.from_on}#{self.to_on}#{int(self.version):06d}#{self.id}"


class StatementPart(TenantRecord):
    """Up to a thousand lines of a statement."""

    stored_lines = JsonAttribute(attr_name="lines")

    @staticmethod
    def address(tenant_id: str, statement_id: str, part: int) -> tuple[str, str]:
        """The key of the nth part, counted from 0, beside its statement."""
        return key(tenant_id, "statement", statement_id), f"lines#{part:03d}"

    @property
    def lines(self) -> list[Line]:
        return [Line.from_json(line) for line in self.stored_lines]


class FrozenRecord(TenantRecord):
    """The last statement of a party: where the next one's opening balance comes from, how often each period was frozen,
    and as which statement the last time. Every freezing replaces it, so they come one at a time.
    """

    versions = JsonAttribute(default=dict)
    statements = JsonAttribute(default=dict)
    through = optional(InstantAttribute(null=True))
    stored_closing = JsonAttribute(attr_name="closing", null=True)

    @staticmethod
    def address(tenant_id: str, party: Party, party_id: str) -> tuple[str, str]:
        """The key, beside the party's lines but sorted after all of them."""
        return key(tenant_id, "party", party.value, party_id), "~frozen"

    def statement_of(self, from_on: date, to_on: date) -> str | None:
        """The id of the last statement of a period, if it was frozen before."""
        found = (self.statements or {}).get(f"{from_on}/{to_on}")
        return str(found) if found else None

    def next_version(self, from_on: date, to_on: date, statement_id: str) -> int:
        """Counts a freezing of a period, as this statement."""
        period = f"{from_on}/{to_on}"
        self.versions = dict(self.versions or {}) | {period: int((self.versions or {}).get(period, 0)) + 1}
        self.statements = dict(self.statements or {}) | {period: statement_id}
        return int(self.versions[period])
