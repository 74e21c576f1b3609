"""Use cases of surveys: written by the team, versioned, counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Refused, Transaction, change, check_revision
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.language import nearest
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset
from chalicelib.surveys.model.questions import (
    BUILT_IN_TITLE,
    Question,
    Trigger,
    built_in_id,
    built_in_questions,
    checked_questions,
)
from chalicelib.surveys.model.satisfaction import Summary, summarise
from chalicelib.surveys.model.sending import AT_ONCE, Every, Plan, checked_plan, next_wave
from chalicelib.surveys.records import ACTIVE, InvitationRecord, SurveyRecord, SurveyVersionRecord, TallyRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class SurveyChanges:
    """What the team sets; None stays as it is."""

    title: str | None = None
    status: str | None = None
    questions: Sequence[Question] | None = None
    after_days: int | None = None
    every: Every | None = None
    sample: int | None = None
    low_nps: int | Unset | None = UNSET

    def plan(self, plan: Plan) -> Plan:
        """When the survey goes out from now on."""
        return Plan(
            plan.after_days if self.after_days is None else self.after_days,
            self.every or plan.every,
            self.sample or plan.sample,
        )


def create_survey(
    tenant_id: str,
    title: str,
    trigger: Trigger,
    questions: Sequence[Question],
    by: Principal,
    now: datetime,
    *,
    plan: Plan = AT_ONCE,
    low_nps: int | None = None,
) -> SurveyRecord:
    """Writes a survey, which is in force for its trigger from now on. ``low_nps`` is the highest recommendation that
    opens a complaint. Raises Invalid at a question that cannot be, or
    where it cannot be sent as it is planned.
    """
    survey = _new(tenant_id, new_id(now), title, trigger, checked_questions(questions), now)
    survey.plan, survey.low_nps = checked_plan(trigger, plan), low_nps
    _plan_wave(survey, now)
    tx = _with_version(survey)
    audit(tx, tenant_id, by, "survey.created", f"survey:{survey.id}", now, {"title": title})
    tx.commit()
    return survey


def _new(
    tenant_id: str, survey_id: str, title: str, trigger: Trigger, questions: list[Question], now: datetime
) -> SurveyRecord:
    survey = SurveyRecord(
        *SurveyRecord.address(tenant_id, survey_id),
        id=survey_id, title=title, trigger=trigger.value, status=ACTIVE, version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    survey.questions = questions
    return survey


def _with_version(survey: SurveyRecord) -> Transaction:
    tx = Transaction()
    tx.create("survey", survey)
    tx.create("version", SurveyVersionRecord.of(survey))
    return tx


def get_survey(tenant_id: str, survey_id: str, *, consistent: bool = False) -> SurveyRecord:
    """The survey. Raises NotFound."""
    found = SurveyRecord.fetch(*SurveyRecord.address(tenant_id, survey_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such survey.", detail_zh="没有该问卷。")
    return found


def list_surveys(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[SurveyRecord]:
    """The tenant's surveys, newest first; the built-in one is among them once it was used."""
    partition = SurveyRecord.of_tenant(tenant_id)
    return SurveyRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor)


def edit_survey(
    tenant_id: str, survey_id: str, changes: SurveyChanges, if_match: int | None, by: Principal, now: datetime
) -> SurveyRecord:
    """Sets what is given. Invitations already sent keep the version that they show.

    Raises Stale, NotFound, or Invalid at a question that makes no sense.
    """

    def decide(survey: SurveyRecord, tx: Transaction) -> SurveyRecord:
        check_revision(survey, if_match)
        _apply(tx, survey, changes, now)
        tx.replace("survey", survey)
        named = {
            "title": changes.title,
            "status": changes.status,
            "after_days": changes.after_days,
            "every": changes.every,
            "sample": changes.sample,
            "low_nps": None if changes.low_nps is UNSET else changes.low_nps,
            "version": int(survey.version),
        }
        audited = {name: value for name, value in named.items() if value is not None}
        audit(tx, tenant_id, by, "survey.changed", f"survey:{survey_id}", now, audited)
        return survey

    return change(lambda: get_survey(tenant_id, survey_id, consistent=True), decide)


def _apply(tx: Transaction, survey: SurveyRecord, changes: SurveyChanges, now: datetime) -> None:
    shown = survey.title, survey.questions
    survey.title = changes.title or survey.title
    if changes.questions is not None:
        survey.questions = checked_questions(changes.questions)
    every, sent_waves = survey.plan.every, survey.sends_waves
    survey.status = changes.status or survey.status
    survey.plan = checked_plan(Trigger(survey.trigger), changes.plan(survey.plan))
    if survey.plan.every is not every or survey.sends_waves is not sent_waves:
        _plan_wave(survey, now)
    if changes.low_nps is not UNSET:
        survey.low_nps = changes.low_nps
    survey.updated_at = now
    if (survey.title, survey.questions) != shown:
        survey.version += 1
        tx.create("version", SurveyVersionRecord.of(survey))


def _plan_wave(survey: SurveyRecord, now: datetime) -> None:
    """Says when a periodic survey goes out next; others go out by what happens."""
    every = survey.plan.every
    survey.next_wave_at = next_wave(every, now, zone(get_tenant(survey.tenant_id).timezone)) if every else None


def survey_in_force(tenant_id: str, trigger: Trigger, now: datetime) -> SurveyRecord | None:
    """The newest active survey of a trigger; after a pickup, a tenant that has written none gets the built-in one.

    None when there is none, or the tenant has put its surveys, the built-in one among them, into the archive.
    """
    partition = SurveyRecord.in_force(tenant_id, trigger.value)
    newest = SurveyRecord.page(partition, index="gsi2", newest_first=True, limit=1).items
    if newest or trigger is not Trigger.PICKUP:
        return newest[0] if newest else None
    return _built_in(tenant_id, trigger, now)


def _built_in(tenant_id: str, trigger: Trigger, now: datetime) -> SurveyRecord | None:
    survey_id = built_in_id(tenant_id)
    address = SurveyRecord.address(tenant_id, survey_id)
    found = SurveyRecord.fetch(*address, consistent=True)
    if found is None:
        locale = get_tenant(tenant_id).locale
        title = BUILT_IN_TITLE[nearest(locale)]
        survey = _new(tenant_id, survey_id, title, trigger, built_in_questions(locale), now)
        survey.built_in = True
        try:
            _with_version(survey).commit()
            return survey
        except Refused:
            found = SurveyRecord.fetch(*address, consistent=True)
    return found if found is not None and found.status == ACTIVE else None


def list_invitations(
    tenant_id: str, survey_id: str, limit: int, cursor: dict[str, Any] | None
) -> Page[InvitationRecord]:
    """A survey's invitations with their answers, newest first. Raises NotFound."""
    get_survey(tenant_id, survey_id)
    partition = InvitationRecord.of_survey(tenant_id, survey_id)
    return InvitationRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor)


def results(tenant_id: str, survey_id: str) -> Summary:
    """The figures over all answers of a survey, of all its versions: exact, from counts kept with each answer."""
    survey = get_survey(tenant_id, survey_id)
    parts = list(TallyRecord.every(str(survey.pk), begins_with="tally#", consistent=True))
    by_score = {score: sum(int(getattr(part, f"score{score}")) for part in parts) for score in range(1, 6)}
    return summarise(sum(int(p.invited) for p in parts), sum(int(p.answered) for p in parts), by_score)
