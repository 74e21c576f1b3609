"""When an enquiry is due, by the brand's calendar and targets, and when it closes by itself."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.cases.model.clocks import Kind, Run
from chalicelib.cases.service.timing import Timing, timing
from chalicelib.enquiries.model.rules import EnquiryRules
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.enquiries.service.rules import get_rules


@dataclass(frozen=True, slots=True)
class By:
    """The brand's calendar and targets, and its rules of enquiries."""

    timing: Timing
    rules: EnquiryRules

    def close_at(self, run: Run) -> datetime | None:
        """When one that waits closes by itself."""
        return self.timing.waited(run, self.rules.close_after_days)

    def time(self, enquiry: EnquiryRecord) -> None:
        """Sets when an enquiry is due, from its run."""
        run, target = enquiry.run, self.timing.target(Kind.ENQUIRY, enquiry.priority)
        enquiry.promise(
            self.timing.answer(run, target, met=enquiry.answered),
            self.timing.solution(run, target, met=not enquiry.with_team),
            self.close_at(run),
        )


def by_now(tenant_id: str) -> By:
    """By what a brand's enquiries are due now."""
    return By(timing(tenant_id), get_rules(tenant_id)[0])
