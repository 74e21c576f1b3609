"""A brand's calendar and rules as they are applied, read and set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.cases.model.calendar import Calendar, Hours
from chalicelib.cases.model.clocks import Kind, Priority, Promise, Rules, Run, Step, Target, TierRule, promise
from chalicelib.cases.model.routing import may_serve
from chalicelib.cases.records import CLOCKS_CHANGED, CalendarRecord, CaseRulesRecord
from chalicelib.db import Transaction, change, check_revision, fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.principal import Principal
from chalicelib.loyalty.tiers.service.setting import get_tiers
from chalicelib.tenants.records import StaffRecord, Tenant
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

ANSWER = (Step.ANSWER_WARNED, Step.ANSWER_BREACHED)
SOLUTION = (Step.SOLUTION_WARNED, Step.SOLUTION_BREACHED)


@dataclass(frozen=True, slots=True)
class Timing:
    """A brand's calendar and rules. Without a calendar of its own a brand works round the clock."""

    calendar: Calendar
    rules: Rules

    def target(self, kind: Kind, priority: Priority, tier: str | None = None) -> Target:
        return self.rules.target(kind, priority, tier)

    def answer(self, run: Run, target: Target, *, met: bool) -> Promise:
        """When the first response is due. It counts from the run's beginning, whatever waits."""
        minutes = timedelta(minutes=target.first_response)
        return promise(Run(run.start), minutes, self.rules.warn_percent, self.calendar, ANSWER, met=met)

    def solution(self, run: Run, target: Target, *, met: bool) -> Promise:
        """When the resolution is due."""
        minutes = run.resolution_time(target)
        return promise(run, minutes, self.rules.warn_percent, self.calendar, SOLUTION, met=met)

    def follow_up(self, run: Run) -> datetime | None:
        """When a case that waits is looked at again."""
        return self.waited(run, self.rules.follow_up_days)

    def waited(self, run: Run, days: int) -> datetime | None:
        """When a case will have waited for so many days, as the calendar on the wall has them; None where it does not
        wait.
        """
        since = run.waits_since
        return self.calendar.days_after(since, days) if since else None


def timing(tenant_id: str) -> Timing:
    """By what a brand's cases are due now."""
    calendar, rules, tenant = fetch_many(
        [
            (CalendarRecord, *CalendarRecord.address(tenant_id)),
            (CaseRulesRecord, *CaseRulesRecord.address(tenant_id)),
            (Tenant, *Tenant.address(tenant_id)),
        ],
        consistent=True,
    )
    return Timing(_calendar(calendar, tenant.timezone), (rules.rules if rules else None) or Rules())


def get_calendar(tenant_id: str) -> tuple[Calendar, int]:
    """The calendar, and its revision, which is 0 until it is set."""
    found = CalendarRecord.fetch(*CalendarRecord.address(tenant_id), consistent=True)
    return _calendar(found, get_tenant(tenant_id).timezone), int(found.rev) if found else 0


def get_rules(tenant_id: str) -> tuple[Rules, int]:
    """The rules, and their revision, which is 0 until they are set."""
    found = CaseRulesRecord.fetch(*CaseRulesRecord.address(tenant_id), consistent=True)
    return (found.rules or Rules(), int(found.rev)) if found else (Rules(), 0)


def set_calendar(
    tenant_id: str, wanted: Hours, if_match: int | None, by: Principal, now: datetime
) -> tuple[Calendar, int]:
    """Sets the calendar; open cases get their due times by it anew. Raises NoWorkingHours or Stale."""
    calendar = Calendar(wanted, zone(get_tenant(tenant_id).timezone))

    def decide(found: CalendarRecord | None, tx: Transaction) -> int:
        record = found or CalendarRecord(*CalendarRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        if found is not None and found.hours == wanted:
            return int(found.rev)
        record.hours, record.updated_at = wanted, now
        told = {
            "hours_a_week": sum(ends - begins for day in wanted.weekly.days for begins, ends in day) // 60,
            "holidays": len(wanted.holidays), "workdays": len(wanted.workdays),
        }  # fmt: skip
        _write(tx, record, "business_calendar.changed", told, by, now)
        return int(record.rev)

    address = CalendarRecord.address(tenant_id)
    return calendar, change(lambda: CalendarRecord.fetch(*address, consistent=True), decide)


def set_rules(tenant_id: str, wanted: Rules, if_match: int | None, by: Principal, now: datetime) -> tuple[Rules, int]:
    """Sets the rules; open cases get their due times by them anew. Raises Stale, or Invalid for a fallback, or somebody
    of a tier's, who is not on the team or cannot work on cases, and for a tier that the brand has not.
    """
    _check_tiers(tenant_id, wanted.tiers)
    if wanted.fallback is not None:
        person = StaffRecord.at(tenant_id, wanted.fallback, consistent=True)
        if person is None or not may_serve(person.roles):
            raise Invalid.at(
                "/fallback",
                "Name somebody of your team who serves members: with the role service, manager or owner.",
                "请选择一位可处理客诉的成员（客服、经理或所有者）。",
            )

    def decide(found: CaseRulesRecord | None, tx: Transaction) -> int:
        record = found or CaseRulesRecord(*CaseRulesRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        if found is not None and found.rules == wanted:
            return int(found.rev)
        record.rules, record.updated_at = wanted, now
        told = {
            "fallback": wanted.fallback,
            "warn_percent": wanted.warn_percent,
            "targets": wanted.as_json()["targets"],
            "tiers": wanted.as_json()["tiers"],
        }
        _write(tx, record, "case_rules.changed", told, by, now)
        return int(record.rev)

    address = CaseRulesRecord.address(tenant_id)
    return wanted, change(lambda: CaseRulesRecord.fetch(*address, consistent=True), decide)


def _check_tiers(tenant_id: str, tiers: Mapping[str, TierRule]) -> None:
    known = {each.code for each in get_tiers(tenant_id)[0].tiers} if tiers else set()
    people = {each.id: each for each in StaffRecord.every(StaffRecord.partition(tenant_id))} if tiers else {}
    for code, rule in tiers.items():
        if code not in known:
            raise Invalid.at(
                f"/tiers/{code}", "There is no such tier; choose from yours.", "没有该等级，请从等级列表中选择。"
            )
        for n, staff_id in enumerate(rule.staff):
            if staff_id not in people or not may_serve(people[staff_id].roles):
                raise Invalid.at(
                    f"/tiers/{code}/staff/{n}",
                    "Name somebody of your team who serves members: with the role service, manager or owner.",
                    "请选择一位可处理客诉的成员（客服、经理或所有者）。",
                )


def _write(
    tx: Transaction,
    record: CalendarRecord | CaseRulesRecord,
    action: str,
    told: Mapping[str, object],
    by: Principal,
    now: datetime,
) -> None:
    record.emit(CLOCKS_CHANGED, now)
    if record.rev == 0:
        record.rev = 1
        tx.create("settings", record)
    else:
        tx.replace("settings", record)
    audit(tx, record.tenant_id, by, action, f"tenant:{record.tenant_id}", now, told)


def _calendar(found: CalendarRecord | None, timezone: str) -> Calendar:
    return Calendar((found.hours if found else None) or Hours(), zone(timezone))
