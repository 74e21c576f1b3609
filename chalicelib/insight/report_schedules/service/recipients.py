"""To whom a report may go: people of the brand's team whose roles read it."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.db import fetch_many
from chalicelib.insight.report_schedules.errors import NotOnTheTeam
from chalicelib.insight.reports.report import Report
from chalicelib.tenants.records import StaffEmail, StaffRecord


def of_emails(tenant_id: str, emails: Sequence[str], report: Report[Any, Any]) -> list[str]:
    """The ids of those who have these addresses. Raises NotOnTheTeam, which names who has none, or no right to it."""
    emails = list(dict.fromkeys(emails))
    found = fetch_many([(StaffEmail, *StaffEmail.address(tenant_id, each)) for each in emails])
    ids = [each.staff_id if each else "" for each in found]
    team = of_ids(tenant_id, [each for each in ids if each])
    for at, each in enumerate(ids):
        if each not in team or not reads(team[each], report):
            raise NotOnTheTeam.at(
                f"/recipients/{at}",
                f"{emails[at]} is nobody of your team whose roles read the report '{report.name}'.",
                f"{emails[at]} 不是有权查看报表“{report.name}”的团队成员；报表不会发送给其他人。",
            )
    return ids


def of_ids(tenant_id: str, ids: Sequence[str]) -> Mapping[str, StaffRecord]:
    """Those of them who are on the team, by id."""
    places = [(StaffRecord, *StaffRecord.address(tenant_id, each)) for each in dict.fromkeys(ids)]
    found = fetch_many(places) if places else []
    return {each.id: each for each in found if each is not None}


def all_may(tenant_id: str, ids: Sequence[str], report: Report[Any, Any]) -> bool:
    """Whether each of them is on the team still, and reads the report."""
    team = of_ids(tenant_id, ids)
    return all(each in team and reads(team[each], report) for each in ids)


def reads(person: StaffRecord, report: Report[Any, Any]) -> bool:
    """Whether the roles of somebody let them read a report."""
    return not {"owner", *report.roles}.isdisjoint(person.roles)
