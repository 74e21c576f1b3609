"""Use cases of improvements: written down with the figure that tells of them, done, measured anew, and published."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.improvements.errors import NotDone, TooFewAnswers
from chalicelib.improvements.model.notices import ImprovementDue
from chalicelib.improvements.model.tasks import Measured, Status, check_followed
from chalicelib.improvements.records import ImprovementRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.wall_time import ANYHOW, to_instant
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import tell_person
from chalicelib.surveys.model.published import Release, is_told
from chalicelib.surveys.records import ReleasesRecord
from chalicelib.surveys.service.figures import Source
from chalicelib.surveys.service.publishing import Answers, keep_releases, releases_of
from chalicelib.surveys.service.surveys import get_survey
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_REMINDED_AT = time(9)
"""When an owner is reminded on the day that an improvement is due, by the brand's wall clock."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The question by whose figure an improvement is told: of a choice, the share of an ``option``. ``source`` says
    whose answers count.
    """

    survey_id: str
    question_id: str
    option: str | None = None
    source: Source = "invited"


@dataclass(frozen=True, slots=True)
class Task:
    """What is to become better, by whom of the team and until which day."""

    title: str
    plan: str | None
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Changes:
    """What the team sets; None stays as it is."""

    title: str | None = None
    plan: str | None = None
    owner: str | None = None
    due_on: date | None = None
    status: Status | None = None
    done_text: str | None = None
    published: bool | None = None


def create_improvement(
    tenant_id: str, followed: Followed, task: Task, by: Principal, now: datetime
) -> ImprovementRecord:
    """Writes an improvement down, with its figure as it is now. Raises Invalid at the field that cannot be."""
    try:
        survey = get_survey(tenant_id, followed.survey_id)
    except NotFound as missing:
        raise Invalid.at("/survey_id", missing.detail, missing.detail_zh) from missing
    question = next((each for each in survey.questions if each.id == followed.question_id), None)
    check_followed(question, followed.option)
    _check_owner(tenant_id, task.owner)
    before = measured(Answers(tenant_id, followed.survey_id, followed.source), followed, None, now)
    new = new_id(now)
    record = ImprovementRecord(
        *ImprovementRecord.address(tenant_id, new),
        id=new, title=task.title, plan=task.plan, survey_id=followed.survey_id, question_id=followed.question_id,
        option=followed.option, source=followed.source, owner=task.owner, status=Status.OPEN.value,
        stored_before=before.as_json() if before else None, created_at=now, updated_at=now,
    )  # fmt: skip
    _due(record, task.due_on, now)
    tx = Transaction()
    tx.create("improvement", record)
    audit(tx, tenant_id, by, "improvement.created", f"improvement:{new}", now, {"title": task.title})
    tx.commit()
    return record


def _check_owner(tenant_id: str, staff_id: str) -> None:
    if StaffRecord.at(tenant_id, staff_id) is None:
        raise Invalid.at("/owner", "Nobody on your staff has this id.", "员工中没有此编号。")


def _due(record: ImprovementRecord, due_on: date, now: datetime) -> None:
    """Has it done until a day of the brand's, and its owner reminded in the morning of that. Raises Invalid for a day
    that is past.
    """
    tz = zone(get_tenant(record.tenant_id).timezone)
    if due_on < local_date(now, tz):
        raise Invalid.at("/due_on", "This day is past; name one from today on.", "该日期已过，请选择今天或以后的日期。")
    at = to_instant(datetime.combine(due_on, _REMINDED_AT), tz, ANYHOW, "/due_on")
    record.due_on, record.reminds_at = due_on, at if at > now else None


def measured(answers: Answers, followed: Followed, since: datetime | None, now: datetime) -> Measured | None:
    """The figure over all answers, or those since a time; None where fewer than five tell."""
    question = answers.question(followed.question_id)
    if question is None:
        return None
    cut = answers.cut(now, since=since)
    return Measured.of(answers.counted(cut, question), question, followed.option, cut)


def get_improvement(tenant_id: str, improvement_id: str, *, consistent: bool = False) -> ImprovementRecord:
    """An improvement. Raises NotFound."""
    found = ImprovementRecord.fetch(*ImprovementRecord.address(tenant_id, improvement_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such improvement.", detail_zh="没有该改进任务。")
    return found


def list_improvements(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ImprovementRecord]:
    """All improvements, newest first."""
    partition = ImprovementRecord.of_tenant(tenant_id)
    return ImprovementRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor)


def list_published(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ImprovementRecord]:
    """What the brand tells of, the latest first."""
    partition = ImprovementRecord.published_of(tenant_id)
    return ImprovementRecord.page(partition, index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def edit_improvement(
    tenant_id: str, improvement_id: str, changes: Changes, if_match: int | None, by: Principal, now: datetime
) -> ImprovementRecord:
    """Sets what is given. What is published tells its figures as far as they tell nothing of a few people, beside all
    that was published of the survey.

    Raises Stale, NotFound, NotDone for what is published before it is done, PublishedTooOften, or Invalid.
    """
    if changes.owner is not None:
        _check_owner(tenant_id, changes.owner)

    def decide(record: ImprovementRecord, tx: Transaction) -> ImprovementRecord:
        check_revision(record, if_match)
        _apply(record, changes, now)
        if changes.published and (record.before or record.after):
            book = releases_of(tenant_id, record.survey_id)
            _tell(tx, record, book, _answers(record))
        tx.replace("improvement", record)
        named = {"title": changes.title, "status": changes.status, "published": changes.published}
        told = {name: value for name, value in named.items() if value is not None}
        audit(tx, tenant_id, by, "improvement.changed", f"improvement:{improvement_id}", now, told)
        return record

    return change(lambda: get_improvement(tenant_id, improvement_id, consistent=True), decide)


def _apply(record: ImprovementRecord, changes: Changes, now: datetime) -> None:
    for name in ("title", "plan", "owner", "done_text"):
        if (value := getattr(changes, name)) is not None:
            setattr(record, name, value)
    if changes.due_on is not None and changes.due_on != record.due_on:
        _due(record, changes.due_on, now)
    if changes.status is not None and changes.status != record.status:
        record.status = changes.status.value
        done_at = now if changes.status is Status.DONE else None
        record.done_at, record.stored_after, record.measured_at = done_at, None, None
        record.stored_told_after = None
    if changes.published is not None:
        record.published = changes.published
    if record.status == Status.DONE and not record.done_text:
        raise Invalid.at("/done_text", "Say what was done; members may read it.", "请填写做了什么，会员可能会看到。")
    if record.published and record.status != Status.DONE:
        if changes.published:
            raise NotDone("Say that it is done first; then it can be published.", detail_zh="请先标记完成，再发布。")
        record.published = False
    record.updated_at = now


def _answers(record: ImprovementRecord) -> Answers:
    return Answers(record.tenant_id, record.survey_id, cast(Source, record.source))


def _tell(tx: Transaction, record: ImprovementRecord, book: ReleasesRecord, answers: Answers) -> None:
    """Has members read its figures: each only where it tells, beside all that was published of the survey, nothing of
    a few people. One that they read before stays where a newer one may not be told.
    """
    known, question = len(book.stored_releases), answers.question(record.question_id)
    for figure, name in ((record.before, "stored_told_before"), (record.after, "stored_told_after")):
        counted = answers.counted(figure.cut, question) if figure and figure.cut and question else None
        if figure is None or figure.cut is None or question is None or counted is None:
            continue
        apart = is_told(question, counted, record.option)
        if apart and answers.told(book.releases, figure.cut, record.question_id):
            book.keep(Release(figure.cut, (record.question_id,)))
            setattr(record, name, figure.as_json())
    if len(book.stored_releases) > known:
        keep_releases(tx, book)


def measure(tenant_id: str, improvement_id: str, by: Principal, now: datetime) -> ImprovementRecord:
    """Measures the figure anew, over the answers since it was done; members read it, if it is published, where it tells
    nothing of a few people. Raises NotFound, NotDone, TooFewAnswers.
    """

    def decide(record: ImprovementRecord, tx: Transaction) -> ImprovementRecord:
        if record.done_at is None:
            raise NotDone("It can be measured once it is done.", detail_zh="完成后才能复测。")
        book = releases_of(tenant_id, record.survey_id)
        answers = _answers(record)
        followed = Followed(record.survey_id, record.question_id, record.option, answers.source)
        after = measured(answers, followed, record.done_at, now)
        if after is None:
            raise TooFewAnswers(
                "Fewer than five have answered since it was done; measure it later.",
                detail_zh="完成后回答的人数不足五人，请稍后复测。",
            )
        record.stored_after, record.measured_at, record.updated_at = after.as_json(), now, now
        if record.published:
            _tell(tx, record, book, answers)
        tx.replace("improvement", record)
        audit(tx, tenant_id, by, "improvement.measured", f"improvement:{improvement_id}", now, {})
        return record

    return change(lambda: get_improvement(tenant_id, improvement_id, consistent=True), decide)


def remind(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Reminds the owner of an improvement that is due today, once for each day that it is due on."""
    record = ImprovementRecord.fetch(pk, sk, consistent=True)
    if record is None or record.status != Status.OPEN or record.reminds_at is None or record.reminds_at > now:
        return
    cause = record.id, record.due_on.isoformat()
    tell_person(tenant_id, Person.staff(record.owner), ImprovementDue(record.title), cause, now, subject_id=record.id)

    def decide(found: ImprovementRecord, tx: Transaction) -> None:
        if found.reminds_at is not None and found.reminds_at <= now:
            found.reminds_at = None
            tx.replace("improvement", found)

    change(lambda: get_improvement(tenant_id, record.id, consistent=True), decide)
