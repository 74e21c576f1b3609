"""Use cases of reports: what a survey came to, made ready by the team, published, and withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, cast

from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.improvements.errors import AlreadyPublished, NothingToShow
from chalicelib.improvements.model.reports import Hidden, ReportStatus, Shown, Told, Words, check_reported
from chalicelib.improvements.records import ImprovementRecord, ReportRecord
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.language import Language
from chalicelib.kernel.principal import Principal
from chalicelib.surveys.model.disclosure import FEWEST
from chalicelib.surveys.model.published import Cut, Release
from chalicelib.surveys.records import ReleasesRecord
from chalicelib.surveys.service.figures import Source
from chalicelib.surveys.service.publishing import Answers, keep_releases, releases_of
from chalicelib.surveys.service.sending import list_waves
from chalicelib.surveys.service.surveys import get_survey
from chalicelib.tenants.service.audit import audit

MOST_LOOKED_AT = 200
"""Improvements that are published, of which those of a report's survey are found."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report is of: which questions of a survey, whose answers, of a wave or of all."""

    survey_id: str
    questions: Sequence[str]
    source: Source = "invited"
    wave: str | None = None


def create_report(
    tenant_id: str, reported: Reported, texts: Mapping[Language, Words], by: Principal, now: datetime
) -> ReportRecord:
    """Makes a report ready, which nobody but the team sees. Raises Invalid at the field that cannot be."""
    try:
        survey = get_survey(tenant_id, reported.survey_id)
    except NotFound as missing:
        raise Invalid.at("/survey_id", missing.detail, missing.detail_zh) from missing
    check_reported(survey.questions, reported.questions)
    _check_wave(tenant_id, reported)
    new = new_id(now)
    record = ReportRecord(
        *ReportRecord.address(tenant_id, new),
        id=new, survey_id=survey.id, source=reported.source, wave=reported.wave,
        questions=list(dict.fromkeys(reported.questions)), status=ReportStatus.DRAFT.value,
        created_at=now, updated_at=now,
    )  # fmt: skip
    record.texts = dict(texts)
    tx = Transaction()
    tx.create("report", record)
    audit(tx, tenant_id, by, "survey_report.created", f"survey_report:{new}", now, {"survey": survey.id})
    tx.commit()
    return record


def _check_wave(tenant_id: str, reported: Reported) -> None:
    if reported.wave is None:
        return
    if reported.source != "invited":
        raise Invalid.at("/wave", "Only who was invited was asked in waves.", "只有受邀者的回答才分批次。")
    if reported.wave not in {wave.name for wave in list_waves(tenant_id, reported.survey_id)}:
        raise Invalid.at("/wave", "The survey has no wave of this name.", "该问卷没有此批次。")


def get_report(tenant_id: str, report_id: str, *, consistent: bool = False) -> ReportRecord:
    """A report. Raises NotFound."""
    found = ReportRecord.fetch(*ReportRecord.address(tenant_id, report_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such report.", detail_zh="没有该报告。")
    return found


def list_reports(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ReportRecord]:
    """All reports, newest first."""
    partition = ReportRecord.of_tenant(tenant_id)
    return ReportRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor)


def list_published_reports(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ReportRecord]:
    """What anybody may read, the latest first."""
    partition = ReportRecord.published_of(tenant_id)
    return ReportRecord.page(partition, index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def published_report(tenant_id: str, report_id: str) -> ReportRecord:
    """A report that anybody may read. Raises NotFound, of one that was withdrawn as of one that never was."""
    found = get_report(tenant_id, report_id)
    if not found.is_public:
        raise NotFound("There is no such report.", detail_zh="没有该报告。")
    return found


def improvements_of(report: ReportRecord) -> list[ImprovementRecord]:
    """What became better since, as far as it is published: by the report's survey, the latest first."""
    partition = ImprovementRecord.published_of(report.tenant_id)
    found = islice(ImprovementRecord.every(partition, index="gsi2", newest_first=True), MOST_LOOKED_AT)
    return [each for each in found if each.survey_id == report.survey_id]


@dataclass(frozen=True, slots=True)
class ReportChanges:
    """What the team sets; None stays as it is."""

    texts: Mapping[Language, Words] | None = None
    questions: Sequence[str] | None = None


def edit_report(
    tenant_id: str, report_id: str, changes: ReportChanges, if_match: int | None, by: Principal, now: datetime
) -> ReportRecord:
    """Sets what is given: words at any time, questions until it was first published. Raises Stale, NotFound,
    AlreadyPublished, or Invalid.
    """

    def decide(record: ReportRecord, tx: Transaction) -> ReportRecord:
        check_revision(record, if_match)
        if changes.questions is not None and list(changes.questions) != record.questions:
            if record.shown is not None:
                raise AlreadyPublished(
                    "What was published stays as it was counted; make a new report for other questions.",
                    detail_zh="已公布的结果不会改变；如需公布其他题目，请新建报告。",
                )
            check_reported(get_survey(tenant_id, record.survey_id).questions, changes.questions)
            record.questions = list(dict.fromkeys(changes.questions))
        if changes.texts is not None:
            record.texts = changes.texts
        record.updated_at = now
        tx.replace("report", record)
        audit(tx, tenant_id, by, "survey_report.changed", f"survey_report:{report_id}", now)
        return record

    return change(lambda: get_report(tenant_id, report_id, consistent=True), decide)


def figures_of(record: ReportRecord, now: datetime) -> Shown:
    """What a report shows: as it was published, or as it would be now. Raises TooManyAnswers."""
    return record.shown or _counted(record, releases_of(record.tenant_id, record.survey_id), now)[0]


def _counted(record: ReportRecord, book: ReleasesRecord, now: datetime) -> tuple[Shown, Cut]:
    """The figures as of now, each question's only where it tells, beside all that was published of the survey, nothing
    of a few people.
    """
    answers = Answers(record.tenant_id, record.survey_id, cast(Source, record.source))
    cut = answers.cut(now, wave=record.wave)
    told = []
    for question in answers.survey.questions:
        if question.id in record.questions:
            counted = answers.counted(cut, question)
            hidden = Hidden.TOO_FEW if counted is None else None
            if counted is not None and not answers.told(book.releases, cut, question.id):
                counted, hidden = None, Hidden.COMPARISON
            told.append(Told(question, counted, hidden))
    invited, answered = answers.numbers(cut)
    if answered < FEWEST:
        return Shown(now, answers.survey.title, None, None, tuple(told)), cut
    return Shown(now, answers.survey.title, invited, answered, tuple(told)), cut


def publish_report(tenant_id: str, report_id: str, by: Principal, now: datetime) -> ReportRecord:
    """Has anybody read a report: the first time its figures are counted and kept, and with them over which answers
    they are. One that is published stays as it is; one that was withdrawn shows what it did.

    Raises NotFound, NothingToShow, PublishedTooOften, TooManyAnswers.
    """

    def decide(record: ReportRecord, tx: Transaction) -> ReportRecord:
        if record.is_public:
            return record
        if record.shown is None:
            book = releases_of(tenant_id, record.survey_id)
            shown, cut = _counted(record, book, now)
            if not shown.shows_any:
                raise NothingToShow(
                    "Fewer than five have answered any of the questions, or the figures would tell, beside those that"
                    " were published before, what a few people said; publish it once more have answered.",
                    detail_zh="所选题目的回答均不足五人，或与已公布的结果对比会泄露少数人的回答；请待更多人回答后再公布。",
                )
            book.keep(Release(cut, tuple(each.question.id for each in shown.questions if each.counted)))
            keep_releases(tx, book)
            record.stored_shown, record.published_at = shown.as_json(), now
        record.status, record.withdrawn_at, record.updated_at = ReportStatus.PUBLISHED.value, None, now
        tx.replace("report", record)
        audit(tx, tenant_id, by, "survey_report.published", f"survey_report:{report_id}", now)
        return record

    return change(lambda: get_report(tenant_id, report_id, consistent=True), decide)


def withdraw_report(tenant_id: str, report_id: str, by: Principal, now: datetime) -> ReportRecord:
    """Takes a report out of the shop; one that is not in it stays as it is. Raises NotFound."""

    def decide(record: ReportRecord, tx: Transaction) -> ReportRecord:
        if record.is_public:
            record.status, record.withdrawn_at, record.updated_at = ReportStatus.WITHDRAWN.value, now, now
            tx.replace("report", record)
            audit(tx, tenant_id, by, "survey_report.withdrawn", f"survey_report:{report_id}", now)
        return record

    return change(lambda: get_report(tenant_id, report_id, consistent=True), decide)
