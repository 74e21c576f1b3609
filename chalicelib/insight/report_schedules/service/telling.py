"""The recipients of a scheduled report hear that it is there, once each."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.insight.model.comparison import Compare
from chalicelib.insight.report_schedules.model.notices import NOTHING, ReportReady
from chalicelib.insight.report_schedules.service import recipients
from chalicelib.insight.reports.catalogue import named
from chalicelib.insight.reports.service.conversion import conversions_of
from chalicelib.insight.reports.service.summary import Summary, summarise
from chalicelib.insight.reports.summary import SUMMARY, SummaryView
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import JobNotFound, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import tell_person
from chalicelib.tenants.service.brand import get_tenant


def tell(tenant_id: str, job_id: str, now: datetime) -> None:
    """Tells those of its recipients who may still read it. Who reads no sales gets no figures of them by the way."""
    try:
        job = jobs.get_job(tenant_id, job_id)
    except JobNotFound:
        return
    kept = job.params.get("schedule")
    if kept is None or job.status == Status.CANCELLED:
        return
    report = named(job.params["report"])
    found = _summary(tenant_id, kept, now)
    for staff_id, person in recipients.of_ids(tenant_id, kept["recipients"]).items():
        if recipients.reads(person, report):
            figures = _figures(tenant_id, found) if recipients.reads(person, SUMMARY) else NOTHING
            notice = ReportReady(
                brand=get_tenant(tenant_id).name, report=InWords(*report.called), period=_period(kept),
                final=_final(found), file=_file(job), figures=figures,
            )  # fmt: skip
            tell_person(tenant_id, Person.staff(staff_id), notice, (job_id,), now, subject_id=job_id)


def _summary(tenant_id: str, kept: Mapping[str, Any], now: datetime) -> Summary:
    from_on, to_on = (date.fromisoformat(kept[name]) for name in ("from_on", "to_on"))
    return summarise(tenant_id, from_on, to_on, None, now, compare=Compare.PREVIOUS)


def _figures(tenant_id: str, found: Summary) -> InWords:
    """The main figures of the period, each beside those before."""
    view = SummaryView.of(found, conversions_of(tenant_id, found.dated), "en")
    compared = view.compared
    percents = {each.name: each.percent for each in compared.changes} if compared else {}
    gmv = Money(view.totals.gmv.amount_minor, view.totals.gmv.currency)
    rows = [
        ("gmv", "Sales", "销售额", gmv.said("en"), gmv.said("zh")),
        *(
            (name, en, zh, f"{getattr(view.totals, name) or 0:,}", f"{getattr(view.totals, name) or 0:,}")
            for name, en, zh in _COUNTS
        ),
    ]
    before_en, before_zh = _before(view)
    english = [f"{en}: {value}{_change(percents.get(name), before_en, 'en')}" for name, en, _, value, _ in rows]
    chinese = [f"{zh}：{value}{_change(percents.get(name), before_zh, 'zh')}" for name, _, zh, _, value in rows]
    return InWords("\n".join(english), "\n".join(chinese))


_COUNTS = (
    ("orders", "Orders", "订单数"), ("active_members", "Members who ordered", "下单会员数"),
    ("new_members", "New members", "新会员"),
)  # fmt: skip


def _before(view: SummaryView) -> tuple[str, str]:
    compared = view.compared
    if compared is None:
        return "", ""
    first, last = compared.before_from_on, compared.before_to_on
    return (f"{first}", f"{first}") if first == last else (f"{first} to {last}", f"{first} 至 {last}")


def _change(percent: str | None, before: str, language: str) -> str:
    if percent is None:
        return "（无可比数据）" if language == "zh" else " (nothing to compare with)"
    sign = "" if percent.startswith("-") else "+"
    return f"（较 {before} {sign}{percent}%）" if language == "zh" else f" ({sign}{percent} % against {before})"


def _period(kept: Mapping[str, Any]) -> InWords:
    first, last = kept["from_on"], kept["to_on"]
    return InWords(first, first) if first == last else InWords(f"{first} to {last}", f"{first} 至 {last}")


def _final(found: Summary) -> InWords:
    if found.horizon.window.completes(found.span.to_on):
        return InWords("The figures are complete.", "数据已完整。")
    return InWords(
        "The figures are not complete yet: days of the period are still to be counted.",
        "数据尚未完整：该期间仍有日期待汇总。",
    )


def _file(job: JobRecord) -> InWords:
    if job.status == Status.DONE:
        return InWords("Its file is there for a week; sign in to open it.", "文件保留一周，登录后即可打开。")
    why = job.detail or ""
    return InWords(f"There is no file this time. {why}", f"本次没有文件。{why}")
