"""The team works on a suggestion: assesses it, groups it with another, adopts or declines it, and does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.cases.model.clocks import Step
from chalicelib.cases.service.keeping import give_to_another
from chalicelib.cases.service.owning import check_owner, may_keep
from chalicelib.cases.service.timing import Timing, timing
from chalicelib.coupons.errors import EnoughCoupons, OnlyForNewMembers
from chalicelib.coupons.service.by_cause import read_gift
from chalicelib.coupons.service.handing_out import check_may_have
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.local_day import day_bounds, local_date
from chalicelib.kernel.principal import Principal
from chalicelib.suggestions.errors import SuggestionDecided
from chalicelib.suggestions.model.suggestions import MAX_HISTORY, MOST_GROUPED, Reward, Status, check_move
from chalicelib.suggestions.records import ASSIGNED, DECIDED, JOINED, SuggestionRecord
from chalicelib.suggestions.service.reading import get_suggestion
from chalicelib.suggestions.service.suggesting import KEPT, time_suggestion
from chalicelib.tenants.service.audit import audit

_COUPON = "/reward/coupon_batch_id"


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody of the team makes of a suggestion; what is None stays. With ``regroups`` it is one with ``same_as``
    from then on, whose outcome it has; None takes it out of its group again, while that is undecided.
    """

    value: str | None = None
    effort: str | None = None
    note: str | None = None
    owner: str | None = None
    regroups: bool = False
    same_as: str | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The attributes that are set."""
        given = {"value": self.value, "effort": self.effort, "owner": self.owner}
        return {name: value for name, value in given.items() if value is not None}


def edit(
    tenant_id: str, suggestion_id: str, wanted: Edit, if_match: int | None, by: Principal, now: datetime
) -> SuggestionRecord:
    """Notes what a suggestion would bring and cost, gives it to somebody, groups it: all of it or nothing. The first
    assessment is the first response. Raises NotFound, Stale, SuggestionDecided, or Invalid for an owner who cannot
    serve, or one that it cannot be one with.
    """
    if wanted.owner is not None:
        check_owner(tenant_id, wanted.owner)
    by_now = timing(tenant_id)
    told = wanted.fields | ({"note": wanted.note} if wanted.note else {})

    def read() -> tuple[SuggestionRecord, SuggestionRecord | None]:
        suggestion = get_suggestion(tenant_id, suggestion_id, consistent=True)
        other_id = wanted.same_as or suggestion.same_as
        if other_id is None or not wanted.regroups:
            return suggestion, None
        try:
            return suggestion, get_suggestion(tenant_id, other_id, consistent=True)
        except NotFound:
            raise Invalid.at("/same_as", "There is no such suggestion.", "没有该建议。") from None

    def decide(found: tuple[SuggestionRecord, SuggestionRecord | None], tx: Transaction) -> SuggestionRecord:
        suggestion, first = found
        check_revision(suggestion, if_match)
        regrouped = first is not None and suggestion.same_as != wanted.same_as
        if not told and not regrouped:
            return suggestion
        _check_room(suggestion)
        if told:
            _assess(suggestion, wanted, by, now, by_now)
        if first is not None and regrouped:
            if wanted.same_as is None:
                _leave(suggestion, first, by, now, by_now)
            else:
                _join(suggestion, first, by, now)
            tx.replace("first", first)
        tx.replace("suggestion", suggestion)
        what, of = "suggestion.changed" if told else "suggestion.grouped", f"suggestion:{suggestion_id}"
        also = {"same_as": wanted.same_as} if regrouped else {}
        audit(tx, tenant_id, by, what, of, now, told | also)
        return suggestion

    return change(read, decide)


def _assess(suggestion: SuggestionRecord, wanted: Edit, by: Principal, now: datetime, by_now: Timing) -> None:
    before = suggestion.owner
    for name, value in wanted.fields.items():
        if getattr(suggestion, name) != value:
            suggestion.note("changed", now, by.label, field=name, before=getattr(suggestion, name), after=value)
            setattr(suggestion, name, value)
    if wanted.note is not None:
        suggestion.note("note", now, by.label, text=wanted.note)
    suggestion.first_response_at = suggestion.first_response_at or now
    if suggestion.is_open:
        time_suggestion(suggestion, by_now)
    if suggestion.owner not in (before, by.person):
        suggestion.emit(ASSIGNED, now, suggestion_id=suggestion.id)


def _join(suggestion: SuggestionRecord, first: SuggestionRecord, by: Principal, now: datetime) -> None:
    if not suggestion.is_open:
        raise SuggestionDecided(
            "Only an open suggestion is made one with another.", detail_zh="仅待处理的建议可以合并。"
        )
    if first.id == suggestion.id or first.same_as is not None or suggestion.others:
        raise Invalid.at(
            "/same_as",
            "Name another suggestion that is not in a group itself; one that leads a group stays where it is.",
            "请选择另一条未被合并的建议；已有合并项的建议不能再并入其他建议。",
        )
    if len(first.others) >= MOST_GROUPED:
        raise Invalid.at(
            "/same_as", f"{MOST_GROUPED} suggestions are one with it already.", f"该建议已合并 {MOST_GROUPED} 条。"
        )
    first.others = [*first.others, suggestion.id]
    first.others_by = {**(first.others_by or {}), suggestion.id: suggestion.member_id}
    suggestion.same_as, suggestion.status = first.id, Status.GROUPED.value
    suggestion.first_response_at = suggestion.first_response_at or now
    suggestion.note("grouped", now, by.label, after=first.id)
    if not first.is_open:
        copy_outcome(suggestion, first)
        suggestion.emit(JOINED, now, suggestion_id=suggestion.id)


def _leave(suggestion: SuggestionRecord, first: SuggestionRecord, by: Principal, now: datetime, by_now: Timing) -> None:
    if not first.is_open:
        raise SuggestionDecided(
            "The suggestion that it is one with is decided, for both.", detail_zh="合并到的建议已有结果，不能再拆分。"
        )
    first.others = [each for each in first.others if each != suggestion.id]
    first.others_by = {each: whose for each, whose in (first.others_by or {}).items() if each != suggestion.id}
    suggestion.same_as, suggestion.status = None, Status.OPEN.value
    suggestion.note("ungrouped", now, by.label, before=first.id)
    if not may_keep(suggestion.tenant_id, suggestion.owner) and give_to_another(KEPT, suggestion, now):
        KEPT.announce(suggestion, "assigned", now)
    time_suggestion(suggestion, by_now)


def copy_outcome(suggestion: SuggestionRecord, first: SuggestionRecord) -> None:
    """What became of the suggestion that it is one with, became of it."""
    for name in ("status", "plan", "done_by", "reason", "decided_at", "done_at", "reward"):
        setattr(suggestion, name, getattr(first, name))


def adopt(
    tenant_id: str, suggestion_id: str, plan: str, done_by: date, reward: Reward | None, if_match: int | None,
    by: Principal, now: datetime,
) -> SuggestionRecord:  # fmt: skip
    """Promises whoever suggested it to do it by a local day; again, to do it otherwise. Raises NotFound, Stale,
    SuggestionDecided, SuggestionGrouped, or Invalid for coupons that are not given, or a day that is over.
    """
    tz = timing(tenant_id).calendar.tz

    def set_(suggestion: SuggestionRecord) -> None:
        if done_by < local_date(now, tz) and done_by != suggestion.done_by:
            raise Invalid.at("/done_by", "Promise it for today or a later day.", "请选择今天或以后的日期。")
        suggestion.plan, suggestion.done_by, suggestion.reason = plan, done_by, None
        if reward is not None and suggestion.reward is None:
            if reward.batch_id is not None:
                _check_given(suggestion, reward.batch_id, now)
            suggestion.reward = reward
        suggestion.stored_steps = [each for each in suggestion.steps if each != Step.FOLLOW_UP]
        # Looked at when the day is over on which it was to be done.
        suggestion.follow_up_at = day_bounds(done_by, tz)[1]

    told = {"plan": plan, "done_by": done_by.isoformat(), "reward": reward.as_json() if reward else None}
    return _decide(tenant_id, suggestion_id, Status.ADOPTED, set_, told, if_match, by, now)


def _check_given(suggestion: SuggestionRecord, batch_id: str, now: datetime) -> None:
    """Raises Invalid where whoever made it could not be given a coupon of the batch."""
    gift = read_gift(suggestion.tenant_id, batch_id, suggestion.member_id, now)
    if gift is None:
        raise Invalid.at(
            _COUPON, "No such coupons are given at present; choose others from the list.",
            "该优惠券批次不存在或已停止发放，请从列表中选择其他批次。",
        )  # fmt: skip
    if gift.owned.member.blocked:
        message = "This member is blocked from ordering, and cannot use a coupon."
        raise Invalid.at(_COUPON, message, "该会员已被限制下单，无法使用优惠券。")
    try:
        check_may_have(gift.batch, gift.owned)
    except EnoughCoupons as refusal:
        message = "This member has had as many of these coupons as one person may; choose others, or points."
        raise Invalid.at(_COUPON, message, "该会员已达每人领取上限，请选择其他批次或积分。") from refusal
    except OnlyForNewMembers as refusal:
        message = "These coupons are for people who have not ordered yet; choose others, or points."
        raise Invalid.at(_COUPON, message, "该优惠券仅限从未下单的会员，请选择其他批次或积分。") from refusal


def decline(
    tenant_id: str, suggestion_id: str, reason: str, if_match: int | None, by: Principal, now: datetime
) -> SuggestionRecord:  # fmt: skip
    """Tells whoever suggested it why it is not done, also where it was adopted before. Raises as :func:`adopt`."""

    def set_(suggestion: SuggestionRecord) -> None:
        suggestion.reason, suggestion.plan, suggestion.done_by = reason, None, None

    return _decide(tenant_id, suggestion_id, Status.DECLINED, set_, {"reason": reason}, if_match, by, now)


def finish(
    tenant_id: str, suggestion_id: str, plan: str | None, if_match: int | None, by: Principal, now: datetime
) -> SuggestionRecord:  # fmt: skip
    """Tells whoever suggested it that it is done, and in what words where they are others than the plan's. Raises as
    :func:`adopt`.
    """

    def set_(suggestion: SuggestionRecord) -> None:
        suggestion.plan, suggestion.done_at = plan or suggestion.plan, now

    return _decide(tenant_id, suggestion_id, Status.DONE, set_, {"plan": plan}, if_match, by, now)


def _decide(
    tenant_id: str,
    suggestion_id: str,
    to: Status,
    set_: Callable[[SuggestionRecord], None],
    told: Mapping[str, Any],
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> SuggestionRecord:
    def decide(suggestion: SuggestionRecord, tx: Transaction) -> SuggestionRecord:
        check_revision(suggestion, if_match)
        check_move(suggestion.status, to, suggestion.same_as)
        before = outcome(suggestion)
        suggestion.status = to.value
        set_(suggestion)
        if outcome(suggestion) == before:  # the same request again: nobody is told twice
            return suggestion
        if to is not Status.DONE:
            suggestion.decided_at = now
        suggestion.first_response_at = suggestion.first_response_at or now
        suggestion.keep_run(suggestion.run)
        suggestion.note(to.value, now, by.label, text=suggestion.reason or suggestion.plan)
        suggestion.emit(DECIDED, now, suggestion_id=suggestion_id, status=to.value)
        tx.replace("suggestion", suggestion)
        audit(tx, tenant_id, by, f"suggestion.{to.value}", f"suggestion:{suggestion_id}", now, told)
        return suggestion

    return change(lambda: get_suggestion(tenant_id, suggestion_id, consistent=True), decide)


def outcome(suggestion: SuggestionRecord) -> tuple[object, ...]:
    """What became of it, and what was promised for it."""
    return suggestion.status, suggestion.plan, suggestion.done_by, suggestion.reason, suggestion.reward


def _check_room(suggestion: SuggestionRecord) -> None:
    if len(suggestion.history) >= MAX_HISTORY:
        raise SuggestionDecided(
            f"A suggestion keeps {MAX_HISTORY} entries; decide it.", detail_zh="该建议的记录已满，请作出决定。"
        )
