"""I8, for whatever is stored: every open case has an owner on the team and due times, stands on the desk as it is, and
took each step of its ladder once.
"""

from __future__ import annotations

from collections import Counter

from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.cases.model.routing import may_serve
from chalicelib.cases.records import CaseEntry, CaseRecord
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.tenants.records import StaffRecord
from tests.invariants.snapshot import Snapshot


def check_cases(stored: Snapshot, tenant_id: str) -> None:
    """I8 for all complaints, after-sales and enquiries of a brand."""
    team = {each.id for each in stored.every(StaffRecord, StaffRecord.partition(tenant_id)) if may_serve(each.roles)}
    complaints = stored.listed(ComplaintRecord, ComplaintRecord.of_tenant(tenant_id))
    after_sales = stored.listed(AfterSaleRecord, AfterSaleRecord.of_tenant(tenant_id))
    open_ones: list[CaseRecord] = [each for each in complaints if not each.resolved]
    open_ones += [each for each in after_sales if not each.ended]
    enquiries = stored.listed(EnquiryRecord, EnquiryRecord.of_tenant(tenant_id))
    open_ones += [each for each in enquiries if each.with_team]
    for case in open_ones:
        assert case.owner in team, f"{case.pk}: {case.owner} cannot have it"
        assert case.promises, f"{case.pk}: nothing of it is due"
        assert len(set(case.steps)) == len(case.steps), f"{case.pk}: took {case.steps}"
    desk = {str(each.pk).rpartition("#")[2]: each for each in stored.listed(CaseEntry, CaseEntry.of_tenant(tenant_id))}
    assert desk.keys() == {str(each.pk).rpartition("#")[2] for each in open_ones}
    for case in open_ones:
        entry = desk[str(case.pk).rpartition("#")[2]]
        assert (entry.owner, entry.waiting_for) == (case.owner, case.waiting_for), f"{case.pk}: the desk differs"
    for talked in (*complaints, *enquiries):
        if talked.run.number == 1 and getattr(talked, "helped", None) is None:
            breaches = Counter(each["field"] for each in talked.history if each["type"] == "escalated")
            assert max(breaches.values(), default=0) <= 1, f"{talked.pk}: escalated {breaches}"
