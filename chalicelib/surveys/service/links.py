"""Use cases of answers without an invitation: by links that are open to all, and on paper."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.channels.service import get_channel
from chalicelib.db import Page, Refused, Transaction, change
from chalicelib.kernel.errors import IdempotencyMismatch, Invalid, NotFound
from chalicelib.kernel.ids import derived_id, new_id
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.members.model.identities import Identity
from chalicelib.members.service.finding import exactly
from chalicelib.pickup_points.service import get_pickup_point
from chalicelib.rate_limits.model import Budget
from chalicelib.rate_limits.service import take
from chalicelib.settings import required, secret, settings
from chalicelib.surveys.errors import AlreadyAnswered, LinkClosed
from chalicelib.surveys.model.answers import checked_answer
from chalicelib.surveys.model.invitations import link_of, link_token_of
from chalicelib.surveys.model.questions import Value
from chalicelib.surveys.records import ARCHIVED, LinkRecord, ResponseRecord, SurveyRecord
from chalicelib.surveys.service.low_scores import complain
from chalicelib.surveys.service.surveys import get_survey
from chalicelib.tenancy import brand_of
from chalicelib.tenants.service.audit import audit

OPEN_TO_ALL, ON_PAPER = "open", "paper"


@dataclass(frozen=True, slots=True)
class Given:
    """Answers as they were sent: ``key`` is the Idempotency-Key, one answer for each, however often it is sent. Whoever
    answered may be reached by ``phone`` (E.164) or ``email``.
    """

    score: int | None
    values: Sequence[tuple[str, Value]]
    comment: str | None
    key: str
    phone: str | None = None
    email: str | None = None

    def mark(self, by: str) -> str:
        """What tells one sender's key from any other's."""
        return hashlib.sha256(f"{by}\0{self.key}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """A survey that is open to all, by one of its links."""

    link: LinkRecord
    survey: SurveyRecord

    @property
    def closed(self) -> bool:
        return self.link.closed_at is not None or self.survey.status == ARCHIVED


def create_link(
    tenant_id: str,
    survey_id: str,
    label: str,
    pickup_point_id: str | None,
    channel_id: str | None,
    by: Principal,
    now: datetime,
) -> LinkRecord:
    """Makes a link to a survey that is open to all. Raises NotFound, or Invalid for a place that there is not."""
    get_survey(tenant_id, survey_id)
    _check_point(tenant_id, pickup_point_id)
    if channel_id is not None:
        try:
            get_channel(tenant_id, channel_id)
        except NotFound as missing:
            raise Invalid.at("/channel_id", missing.detail, missing.detail_zh) from missing
    link_id = new_id(now)
    link = LinkRecord(
        *LinkRecord.address(tenant_id, link_id),
        id=link_id, survey_id=survey_id, label=label, pickup_point_id=pickup_point_id, channel_id=channel_id,
        created_at=now,
    )  # fmt: skip
    tx = Transaction()
    tx.create("link", link)
    audit(tx, tenant_id, by, "survey.link_created", f"survey:{survey_id}", now, {"link": link_id, "label": label})
    tx.commit()
    return link


def _check_point(tenant_id: str, pickup_point_id: str | None) -> None:
    if pickup_point_id is not None:
        try:
            get_pickup_point(tenant_id, pickup_point_id)
        except NotFound as missing:
            raise Invalid.at("/pickup_point_id", missing.detail, missing.detail_zh) from missing


def list_links(tenant_id: str, survey_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[LinkRecord]:
    """A survey's links, newest first. Raises NotFound."""
    get_survey(tenant_id, survey_id)
    partition = LinkRecord.of_survey(tenant_id, survey_id)
    return LinkRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor)


def get_link(tenant_id: str, survey_id: str, link_id: str, *, consistent: bool = False) -> LinkRecord:
    """A link of a survey. Raises NotFound."""
    found = LinkRecord.fetch(*LinkRecord.address(tenant_id, link_id), consistent=consistent)
    if found is None or found.survey_id != survey_id:
        raise NotFound("There is no such link.", detail_zh="没有该问卷链接。")
    return found


def set_link(tenant_id: str, survey_id: str, link_id: str, *, closed: bool, by: Principal, now: datetime) -> LinkRecord:
    """Closes a link, or opens it again. Raises NotFound."""

    def decide(link: LinkRecord, tx: Transaction) -> LinkRecord:
        if (link.closed_at is not None) is not closed:
            link.closed_at = now if closed else None
            tx.replace("link", link)
            what = "survey.link_closed" if closed else "survey.link_opened"
            audit(tx, tenant_id, by, what, f"survey:{survey_id}", now, {"link": link_id})
        return link

    return change(lambda: get_link(tenant_id, survey_id, link_id, consistent=True), decide)


def address_of(link: LinkRecord) -> str:
    """Where a link leads to, as it is printed and scanned. Raises SettingMissing without PUBLIC_URL."""
    shop = brand_of(link.tenant_id).shop(required(settings().public_url, "PUBLIC_URL"))
    return f"{shop}/ask/{link_token_of(secret('links'), link.tenant_id, link.id)}"


def open_survey(tenant_id: str, token: str) -> OpenSurvey:
    """The survey behind a link, in whatever state. A token that is not ours costs no read. Raises NotFound."""
    known = link_of(secret("links"), tenant_id, token)
    link = LinkRecord.fetch(*LinkRecord.address(tenant_id, known)) if known else None
    if link is None:
        raise NotFound("There is no such survey.", detail_zh="没有该问卷。")
    return OpenSurvey(link, get_survey(tenant_id, link.survey_id))


def answer_openly(
    tenant_id: str, token: str, given: Given, source: str, now: datetime, *, member_id: str = ""
) -> ResponseRecord:
    """Takes an answer by a link: one of each member, and of whom nobody knows one for each key. ``source`` is the
    caller's network, of which the brand takes so many an hour. Who is not satisfied complains by that, in the same
    transaction, if it is known which member they are.

    Raises LinkClosed, AlreadyAnswered, IdempotencyMismatch, Invalid naming each field that does not fit,
    LimitReached, or NotFound.
    """
    found = open_survey(tenant_id, token)
    link, survey = found.link, found.survey
    mark = given.mark(member_id or link.id)
    of_whom = ("open-of-member", survey.id, member_id) if member_id else ("open", link.id, mark)
    response = _response(survey, derived_id(tenant_id, "survey-response", *of_whom), OPEN_TO_ALL, given, mark, now)
    response.link_id, response.member_id = link.id, member_id or None
    response.pickup_point_id, response.channel_id = link.pickup_point_id, link.channel_id
    if known := _known(response):
        return known
    if found.closed:
        raise LinkClosed("This survey takes no answers any more.", detail_zh="该问卷已停止填写。")
    take([Budget.of("open_answers_a_source", tenant_id, source)], now)
    return _taken(response, survey, Transaction(), now)


def key_in(
    tenant_id: str, survey_id: str, given: Given, pickup_point_id: str | None, by: Principal, now: datetime
) -> ResponseRecord:
    """Takes an answer that was given on paper. Raises NotFound, IdempotencyMismatch, or Invalid naming each field that
    does not fit.
    """
    survey = get_survey(tenant_id, survey_id)
    _check_point(tenant_id, pickup_point_id)
    mark = given.mark(by.label)
    response_id = derived_id(tenant_id, "survey-response", ON_PAPER, survey_id, mark)
    response = _response(survey, response_id, ON_PAPER, given, mark, now)
    response.pickup_point_id, response.taken_by = pickup_point_id, by.label
    if known := _known(response):
        return known
    tx = Transaction()
    audit(tx, tenant_id, by, "survey.paper_kept", f"survey:{survey_id}", now, {"response": response_id})
    return _taken(response, survey, tx, now, by=by.label)


def list_responses(
    tenant_id: str, survey_id: str, source: str, limit: int, cursor: dict[str, Any] | None, *, low_only: bool = False
) -> Page[ResponseRecord]:
    """Answers by links or on paper, newest first; all, or those of who is not satisfied. Raises NotFound."""
    get_survey(tenant_id, survey_id)
    partition = ResponseRecord.of_survey(tenant_id, survey_id, source)
    where = ResponseRecord.low == True if low_only else None  # noqa: E712 - a condition of the query
    return ResponseRecord.page(partition, index="gsi1", newest_first=True, where=where, limit=limit, cursor=cursor)


def _response(
    survey: SurveyRecord, response_id: str, source: str, given: Given, mark: str, now: datetime
) -> ResponseRecord:
    answer = checked_answer(survey.questions, given.score, given.values)
    if not answer.values and not given.comment:
        raise Invalid.at("/answers", "Answer at least one question.", "请至少回答一道题。")
    return ResponseRecord(
        *ResponseRecord.address(survey.tenant_id, response_id),
        id=response_id, survey_id=survey.id, version=survey.version, source=source, mark=mark, created_at=now,
        score=answer.score, answers=answer.values, comment=given.comment, phone=given.phone, email=given.email,
        low=answer.opens_complaint(survey.complains_at),
    )  # fmt: skip


def _known(response: ResponseRecord) -> ResponseRecord | None:
    """The answer that the same request brought before. Raises AlreadyAnswered where another did, IdempotencyMismatch
    where its key brought other answers.
    """
    found = ResponseRecord.fetch(str(response.pk), str(response.sk), consistent=True)
    if found is not None and found.mark != response.mark:
        raise AlreadyAnswered("You have answered this survey; thank you.", detail_zh="您已填写过该问卷，谢谢。")
    if found is not None and _said(found) != _said(response):
        raise IdempotencyMismatch(
            "These answers were sent already, and other ones; open the survey anew to send more.",
            detail_zh="该问卷已提交过，内容有所不同；如需再次填写，请重新打开问卷。",
        )
    return found


def _said(response: ResponseRecord) -> tuple[object, ...]:
    return (
        response.score, response.answers, response.comment, response.pickup_point_id, response.phone, response.email,
    )  # fmt: skip


def _taken(
    response: ResponseRecord, survey: SurveyRecord, tx: Transaction, now: datetime, *, by: str = ""
) -> ResponseRecord:
    unproved = response.source == OPEN_TO_ALL and not response.member_id
    if response.low and (who := response.member_id or _reached(response)):
        answer = checked_answer(survey.questions, None, list(response.answers.items()))
        ids = ("open", who, f"{now:%Y-%m-%d}") if unproved else (response.id,)
        response.complaint_id = derived_id(response.tenant_id, "complaint", *ids)
        complain(tx, response, who, survey.questions, answer, now, by=by or ("" if response.member_id else SYSTEM))
    try:
        return _kept(response, tx)
    except Refused as refused:
        if not unproved or refused.names != {"complaint"}:
            raise
    return _kept(response, Transaction())  # it belongs to the day's complaint, which there is


def _kept(response: ResponseRecord, tx: Transaction) -> ResponseRecord:
    tx.create("response", response)
    try:
        tx.commit()
    except Refused:
        if found := _known(response):
            return found
        raise
    return response


def _reached(response: ResponseRecord) -> str | None:
    """The member who is reached by what was left, if there is one: by both, where both were left. Nobody has proved
    that it is theirs, so a complaint says how it came, and answers by links open one a day (UTC) in a member's name.
    """
    identities = [Identity("phone", response.phone)] if response.phone else []
    identities += [Identity("email", response.email)] if response.email else []
    found = exactly(response.tenant_id, identities) if identities else []
    return found[0].id if found else None
