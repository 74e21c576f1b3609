"""How long the cases that were opened in some days took, by the clocks that the team works by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.cases.model.clocks import Kind
from chalicelib.cases.records import MemberCase
from chalicelib.cases.service.timing import Timing, get_calendar, get_rules
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.insight.model.service_times import Case, CaseKind, Time
from chalicelib.insight.reports.service.service_rates import ServiceRates, service_rates
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import day_start
from chalicelib.suggestions.records import SuggestionRecord

MOST_CASES = 10_000
"""Cases that are read one by one, each with its history: some 20 MB."""

_KINDS: Mapping[CaseKind, type[MemberCase]] = {
    "enquiry": EnquiryRecord, "complaint": ComplaintRecord, "suggestion": SuggestionRecord,
}  # fmt: skip

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """The answer: the cases that were opened in the days of ``rates``, which are the same days' praise, complaints and
    suggestions. ``revision`` rises with every change of these cases, or of the calendar and targets.
    """

    rates: ServiceRates
    cases: Sequence[Case]
    revision: int

    @property
    def is_over(self) -> bool:
        """Whether the days are over, and none of their cases waits for a first response or an end."""
        times = (time for each in self.cases for time in (each.response, each.resolution))
        return self.rates.to_on < self.rates.today and not any(time and time.pending for time in times)


def service_times(
    tenant_id: str, from_on: date | None, to_on: date | None, by_source: bool, now: datetime
) -> ServiceTimes:
    """The cases of a range of local days of opening, grouped by priority or by how they came. Raises Invalid as
    ``service_rates`` does, and for more cases than are read one by one.
    """
    rates = service_rates(tenant_id, from_on, to_on, now)
    calendar, set_once = get_calendar(tenant_id)
    rules, set_too = get_rules(tenant_id)
    clocks = Timing(calendar, rules)
    tz = zone(rates.timezone)
    found = _opened(tenant_id, day_start(rates.from_on, tz), day_start(rates.to_on + timedelta(days=1), tz))
    cases = [
        Case(
            kind, each.came_by if by_source else each.priority.value, _response(each, clocks, now),
            _resolution(each, clocks, now),
        )
        for kind, each in found
    ]  # fmt: skip
    return ServiceTimes(rates, cases, sum(int(each.rev) for _, each in found) + set_once + set_too)


def _opened(tenant_id: str, since: datetime, until: datetime) -> list[tuple[CaseKind, MemberCase]]:
    found: dict[str, tuple[CaseKind, MemberCase]] = {}
    for kind, each in _each(tenant_id, since, until):
        found[each.id] = kind, each
        if len(found) > MOST_CASES:
            raise Invalid.at(
                "?from_on",
                f"These days have more than {MOST_CASES} cases, which are read one by one; narrow the days.",
                f"所选日期的个案超过 {MOST_CASES} 个，需逐个读取，请缩小日期范围。",
            )
    return list(found.values())


def _each(tenant_id: str, since: datetime, until: datetime) -> Iterator[tuple[CaseKind, MemberCase]]:
    for kind, record in _KINDS.items():
        for each in record.opened_within(tenant_id, since, until):
            yield kind, each


def _response(case: MemberCase, clocks: Timing, now: datetime) -> Time | None:
    if isinstance(case, EnquiryRecord) and not case.waited_for_person:
        return None
    answered_at: datetime | None = case.first_response_at
    if answered_at is None and not case.with_team:
        return None
    until, due_at = answered_at or now, _answer_due_at(case, clocks)
    return Time(
        clocks.calendar.between(case.needed_at, until) // _MINUTE, (until - case.needed_at) // _MINUTE,
        answered_at <= due_at if answered_at else now < due_at, answered_at is None,
    )  # fmt: skip


def _answer_due_at(case: MemberCase, clocks: Timing) -> datetime:
    """When its first response was due. What is kept of a case that was opened again is due in its last run, so that of
    its first is found anew, by the present calendar and targets.
    """
    if case.run.number == 1:
        at: datetime = case.first_response_due_at
        return at
    target = clocks.target(case.kind, case.priority, case.tier if case.kind is Kind.COMPLAINT else None)
    return clocks.calendar.add(case.needed_at, timedelta(minutes=target.first_response))


def _resolution(case: MemberCase, clocks: Timing, now: datetime) -> Time | None:
    if case.ended_at is None and not case.with_team:
        return None
    if isinstance(case, EnquiryRecord) and not case.waited_for_person and case.first_response_at is None:
        return None
    run, ended_at, due_at = case.run, case.ended_at, case.resolution_due_at
    until = ended_at or now
    return Time(
        (run.used + run.worked(until, clocks.calendar)) // _MINUTE, (until - case.needed_at) // _MINUTE,
        run.went_until(ended_at) <= due_at if ended_at else run.waits or now < due_at, ended_at is None, run.waits,
    )  # fmt: skip
