"""A member suggests something, or the team notes what somebody said."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.cases.model.clocks import Kind, Run
from chalicelib.cases.model.routing import FIRST
from chalicelib.cases.service.keeping import Keeping
from chalicelib.cases.service.owning import assign
from chalicelib.cases.service.timing import Timing, timing
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.members.service.members import check_may_order, get_member
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import most, spend, spent_of
from chalicelib.suggestions.errors import TooManySuggestions
from chalicelib.suggestions.model.suggestions import Status
from chalicelib.suggestions.records import OPENED, SuggestedRecord, SuggestionRecord
from chalicelib.tenancy import brand_of
from chalicelib.tenants.service.audit import audit

_A_DAY = "suggestions_a_member"


def suggest(
    tenant_id: str, member_id: str, text: str, key: str, body_hash: str, now: datetime
) -> SuggestionRecord:  # fmt: skip
    """A member's own suggestion, once for each Idempotency-Key. Raises IdempotencyMismatch, TooManySuggestions,
    MemberBlocked.
    """
    new_id = derived_id(tenant_id, "suggestion", member_id, key)
    if (earlier := _earlier(tenant_id, new_id, body_hash)) is not None:
        return earlier
    check_may_order(get_member(tenant_id, member_id))
    one_of_the_day = [Budget.of(_A_DAY, tenant_id, member_id)]
    suggestion = _new(tenant_id, new_id, member_id, text, None, body_hash, now)
    return _create(suggestion, f"member:{member_id}", None, now, one_of_the_day)


def note_suggestion(
    tenant_id: str, member_id: str, text: str, source: str, key: str, body_hash: str, by: Principal, now: datetime
) -> SuggestionRecord:
    """What a member said elsewhere, as the team notes it; once for each Idempotency-Key. Raises NotFound for who is no
    member, IdempotencyMismatch.
    """
    new_id = derived_id(tenant_id, "suggestion", by.label, key)
    if (earlier := _earlier(tenant_id, new_id, body_hash)) is not None:
        return earlier
    whose = get_member(tenant_id, member_id).id
    return _create(_new(tenant_id, new_id, whose, text, source, body_hash, now), by.label, by, now)


def _new(
    tenant_id: str, new_id: str, member_id: str, text: str, source: str | None, body_hash: str, now: datetime
) -> SuggestionRecord:
    suggestion = SuggestionRecord(
        *SuggestionRecord.address(tenant_id, new_id),
        id=new_id, status=Status.OPEN.value, member_id=member_id, text=text, source=source, body_hash=body_hash,
        opened_at=now, owner=assign(tenant_id, new_id, FIRST, now),
    )  # fmt: skip
    suggestion.keep_run(Run(now))
    time_suggestion(suggestion, timing(tenant_id))
    return suggestion


def _create(
    suggestion: SuggestionRecord, label: str, by: Principal | None, now: datetime, budgets: Sequence[Budget] = ()
) -> SuggestionRecord:
    tenant_id, on = suggestion.tenant_id, local_date(now, zone(brand_of(suggestion.tenant_id).timezone))
    suggestion.note("opened", now, label)
    suggestion.emit(OPENED, now, suggestion_id=suggestion.id)
    tx = Transaction()
    tx.create("suggestion", suggestion)
    tx.update("day", SuggestedRecord, *SuggestedRecord.address(tenant_id, on), actions=[SuggestedRecord.came.add(1)])
    if by is not None:
        audit(tx, tenant_id, by, "suggestion.noted", f"suggestion:{suggestion.id}", now, {"source": suggestion.source})
    spend(tx, budgets, now)
    try:
        tx.commit()
    except Refused as refused:
        if (earlier := _earlier(tenant_id, suggestion.id, suggestion.body_hash)) is not None:
            return earlier
        if (spent := spent_of(refused, budgets, now)) is not None:
            raise _enough(spent) from refused
        raise
    return suggestion


def _enough(spent: LimitReached) -> TooManySuggestions:
    return TooManySuggestions(
        f"At most {most(_A_DAY)} suggestions a day are taken from one member; send more tomorrow.",
        detail_zh=f"每位会员每天最多提交 {most(_A_DAY)} 条建议，请明天再试。",
        retry_after=spent.retry_after,
    )


def _earlier(tenant_id: str, suggestion_id: str, body_hash: str) -> SuggestionRecord | None:
    found = SuggestionRecord.fetch(*SuggestionRecord.address(tenant_id, suggestion_id), consistent=True)
    if found is not None and found.body_hash != body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key already brought another suggestion; use a new key for a new one.",
            detail_zh="该幂等键已用于另一条建议，请使用新的键。",
        )
    return found


def time_suggestion(suggestion: SuggestionRecord, by: Timing) -> None:
    """Sets when it is to be assessed and decided, from its run, by the brand's calendar and targets."""
    run, target = suggestion.run, by.target(Kind.SUGGESTION, suggestion.priority)
    suggestion.promise(
        by.answer(run, target, met=suggestion.answered), by.solution(run, target, met=not suggestion.is_open)
    )


def _timer(tenant_id: str) -> Callable[[SuggestionRecord], None]:
    by_now = timing(tenant_id)
    return lambda suggestion: time_suggestion(suggestion, by_now)


KEPT = Keeping(SuggestionRecord, _timer, handed_on="changed")
