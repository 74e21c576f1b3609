"""Who answers a new enquiry: the member's own order, the FAQ, or a person. Decided once, a moment after it was asked.

The answer, the end of its standing on the desk and the event commit in one write, which holds only while the entry that
it comes from is the one that was read: what was changed or withdrawn meanwhile is looked up again.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.complaints.model.cases import Urgency
from chalicelib.complaints.model.judging import gravest
from chalicelib.complaints.model.rules import RuleBook
from chalicelib.db import Transaction, change
from chalicelib.enquiries.model.conversation import Status, Unsure
from chalicelib.enquiries.model.matching import Entry
from chalicelib.enquiries.model.order_facts import asks_for_order, tell
from chalicelib.enquiries.model.rules import EnquiryRules
from chalicelib.enquiries.records import EnquiryRecord, FaqRecord
from chalicelib.enquiries.service.facts import live_orders
from chalicelib.enquiries.service.faq import index_of
from chalicelib.enquiries.service.timing import by_now
from chalicelib.kernel.principal import SYSTEM

_GRAVE = RuleBook()
"""Words of harm: whoever was hurt is answered by a person, whatever the brand's rules of complaints are."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An automatic answer with where it comes from, or why a person is needed. ``entry`` is that of the FAQ."""

    text: str = ""
    answered_by: str = ""
    source: dict[str, Any] = field(default_factory=dict)
    confidence: float = 0.0
    unsure: Unsure | None = None
    entry: Entry | None = None


def answer(tenant_id: str, enquiry_id: str, now: datetime) -> None:
    """Answers an enquiry that nobody has answered yet, or hands it to the team. A second time it changes nothing."""

    def read() -> tuple[EnquiryRecord, Decision] | None:
        address = EnquiryRecord.address(tenant_id, enquiry_id)
        enquiry = EnquiryRecord.fetch(*address, consistent=True)
        if enquiry is None or enquiry.status != Status.OPEN or enquiry.judged_at is not None:
            return None
        return enquiry, decide_on(enquiry, by_rules.rules)

    def decide(found: tuple[EnquiryRecord, Decision] | None, tx: Transaction) -> None:
        if found is None:
            return
        enquiry, decision = found
        enquiry.judged_at = now
        if decision.unsure is not None:
            enquiry.note("handed_over", now, SYSTEM, field=decision.unsure.value)
            enquiry.emit("enquiry.handed_over", now, enquiry_id=enquiry_id)
        else:
            _give(enquiry, decision, now)
            by_rules.time(enquiry)
        if decision.entry is not None:
            entry = decision.entry
            unchanged = (FaqRecord.rev == entry.rev) & (FaqRecord.published == True)  # noqa: E712 - a condition of the library
            tx.check("source", FaqRecord, *FaqRecord.address(tenant_id, entry.id), unchanged)
        tx.replace("enquiry", enquiry)

    by_rules = by_now(tenant_id)
    change(read, decide)


def _give(enquiry: EnquiryRecord, decision: Decision, now: datetime) -> None:
    enquiry.status, enquiry.answered_by = Status.ANSWERED.value, decision.answered_by
    enquiry.note(
        "answered", now, SYSTEM, text=decision.text, answered_by=decision.answered_by, source=decision.source,
        confidence=decision.confidence,
    )  # fmt: skip
    enquiry.keep_run(enquiry.run.stop(now))
    enquiry.emit("enquiry.answered", now, enquiry_id=enquiry.id, entry=len(enquiry.history) - 1)


def decide_on(enquiry: EnquiryRecord, rules: EnquiryRules) -> Decision:
    """What answers an enquiry, by the brand's rules and its present FAQ."""
    if not rules.answers:
        return Decision(unsure=Unsure.OFF)
    if enquiry.messages_of_member > 1:
        return Decision(unsure=Unsure.MORE)
    said = gravest(enquiry.text, _GRAVE)
    if said is not None and said.urgency is Urgency.CRITICAL:
        return Decision(unsure=Unsure.GRAVE)
    if asks_for_order(enquiry.text):
        orders = live_orders(enquiry.tenant_id, enquiry.member_id, enquiry.order_id)
        if orders:
            named = {"order_ids": [each.order_id for each in orders]}
            return Decision(tell(orders, enquiry.locale), "order", named, 1.0)
    match = index_of(enquiry.tenant_id).best(enquiry.text)
    if match is None or not match.sure(rules.threshold):
        return Decision(unsure=Unsure.UNKNOWN)
    source = {"id": match.entry.id, "question": match.entry.question}
    return Decision(match.entry.answer, "faq", source, round(match.confidence, 3), entry=match.entry)
