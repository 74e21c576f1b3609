"""A brand reads and sets its rules of complaints; what its members typically order is noted when a campaign locks."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.complaints.model.cases import Importance
from chalicelib.complaints.model.causes import Causes
from chalicelib.complaints.model.rules import RuleBook
from chalicelib.complaints.model.weights import Sold, Weights, noted, typical_order, weights
from chalicelib.complaints.records import ComplaintCausesRecord, ComplaintRulesRecord, TypicalOrderRecord
from chalicelib.db import Transaction, change, check_revision, fetch_many
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """A brand's rules with what they come to. ``revision`` is 0 until they are set; ``typical`` is an amount in minor
    units, None while too little was sold to tell.
    """

    book: RuleBook
    weights: Weights
    typical: int | None
    currency: str
    revision: int


@dataclass(frozen=True, slots=True)
class Judging:
    """What a brand's complaints are judged by: its rules, its causes, and what its members typically order."""

    book: RuleBook
    causes: Causes
    typical: int | None

    def weighs(self, total_minor: int, currency: str) -> Importance:
        """The importance that an order's total in a currency gives."""
        return weights(self.book, self.typical, currency).of(total_minor)


def judging(tenant_id: str) -> Judging:
    """What a brand's complaints are judged by, in one read."""
    rules, causes, sold = fetch_many(
        [
            (ComplaintRulesRecord, *ComplaintRulesRecord.address(tenant_id)),
            (ComplaintCausesRecord, *ComplaintCausesRecord.address(tenant_id)),
            (TypicalOrderRecord, *TypicalOrderRecord.address(tenant_id)),
        ]
    )
    book = _book(rules)
    return Judging(book, Causes.from_json(causes.stored if causes else None, book.rules or ()), _typical(sold))


def get_rules(tenant_id: str) -> RulesInForce:
    """The rules that new complaints are judged by."""
    return _in_force(tenant_id, _stored(tenant_id))


def set_rules(tenant_id: str, wanted: RuleBook, if_match: int | None, by: Principal, now: datetime) -> RulesInForce:
    """Sets the rules for complaints that are opened from now on. Raises Stale."""

    def decide(found: ComplaintRulesRecord | None, tx: Transaction) -> ComplaintRulesRecord:
        record = found or ComplaintRulesRecord(*ComplaintRulesRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        if found is not None and found.book == wanted:
            return found
        record.book, record.updated_at = wanted, now
        if found is None:
            record.rev = 1
            tx.create("rules", record)
        else:
            tx.replace("rules", record)
        told = {"rules": None if wanted.rules is None else [rule.cause for rule in wanted.rules]}
        audit(tx, tenant_id, by, "complaint_rules.changed", f"tenant:{tenant_id}", now, told)
        return record

    return _in_force(tenant_id, change(lambda: _stored(tenant_id), decide))


def note_campaign(tenant_id: str, campaign_id: str) -> None:
    """Notes what a campaign has sold that locked; a second time changes nothing."""
    campaign = CampaignRecord.at(tenant_id, campaign_id, consistent=True)
    if campaign is None or campaign.totals is None:
        return
    sold = Sold(campaign_id, campaign.totals.amount_minor, campaign.totals.participants)

    def decide(found: TypicalOrderRecord | None, tx: Transaction) -> None:
        record = found or TypicalOrderRecord(*TypicalOrderRecord.address(tenant_id))
        kept = noted(record.campaigns, sold)
        if kept == record.campaigns:
            return
        record.campaigns = kept
        if found is None:
            tx.create("typical", record)
        else:
            tx.replace("typical", record)

    address = TypicalOrderRecord.address(tenant_id)
    change(lambda: TypicalOrderRecord.fetch(*address, consistent=True), decide)


def _in_force(tenant_id: str, record: ComplaintRulesRecord | None) -> RulesInForce:
    sold = TypicalOrderRecord.fetch(*TypicalOrderRecord.address(tenant_id))
    book, typical, currency = _book(record), _typical(sold), get_tenant(tenant_id).currency
    return RulesInForce(book, weights(book, typical, currency), typical, currency, int(record.rev) if record else 0)


def _stored(tenant_id: str) -> ComplaintRulesRecord | None:
    return ComplaintRulesRecord.fetch(*ComplaintRulesRecord.address(tenant_id), consistent=True)


def _book(record: ComplaintRulesRecord | None) -> RuleBook:
    return record.book if record else RuleBook()


def _typical(record: TypicalOrderRecord | None) -> int | None:
    return typical_order(record.campaigns) if record else None
