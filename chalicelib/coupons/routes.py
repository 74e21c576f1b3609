"""Coupons over HTTP."""

from chalicelib.coupons.errors import (
    AmountInAnotherCurrency,
    BatchPaused,
    BelowUsed,
    BudgetBelowOneUse,
    CodeRefused,
    CodeTaken,
    EnoughCoupons,
    OnlyForNewMembers,
    TermsRefused,
    TooManyCodes,
)
from chalicelib.coupons.forms import BatchChanges, CodeForm, CodesQuery, GrantForm, NewBatch, ShowQuery
from chalicelib.coupons.model.codes import shown
from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.service import batches, changing, entering, granting, making, owning
from chalicelib.coupons.views import CODE_COLUMNS, BatchView, CodeView, CouponView, FullBatchView
from chalicelib.jobs.service import get_jobs
from chalicelib.jobs.views import JobAnswer
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.media.service.downloads import hand_out
from chalicelib.members.model.status import MemberBlocked
from chalicelib.members.service.members import get_member
from chalicelib.web import Answer, Call, Csv, File, Paged, Router, member, staff

routes = Router(__name__)

_PLANS = staff("manager", "planner")
_LOOKS = staff("manager", "planner", "service", "analyst")
_REFUSED = (AmountInAnotherCurrency, BudgetBelowOneUse)


@routes.post(
    "/v1/coupon-batches", allow=_PLANS, body=NewBatch, answer=FullBatchView, status=201, tag="coupons",
    errors=(TermsRefused, CodeTaken, *_REFUSED), summary="Make a batch of coupons",
)  # fmt: skip
def create_batch(call: Call[NewBatch]) -> Answer:
    """Its coupons are handed out at once. Single codes are drawn in the background, up to 100,000; `codes.made` says
    how many there are."""
    made = batches.create_batch(call.tenant_id, call.body.wanted(), call.locale, call.principal, call.now)
    return _answer(made, call.locale)


@routes.get(
    "/v1/coupon-batches", allow=_LOOKS, answer=BatchView, paged=True, tag="coupons",
    summary="List batches of coupons, newest first",
)  # fmt: skip
def list_batches(call: Call[None]) -> Paged:
    page = batches.list_batches(call.tenant_id, call.limit, call.cursor)
    return Paged([BatchView.of(each, call.locale) for each in page.items], page.last_key)


@routes.get(
    "/v1/coupon-batches/{id}", allow=_LOOKS, answer=FullBatchView, tag="coupons", errors=(NotFound,),
    summary="Read a batch of coupons with what came of it",
)  # fmt: skip
def read_batch(call: Call[None]) -> Answer:
    return _answer(batches.get_batch(call.tenant_id, call.path["id"], consistent=True), call.locale)


@routes.patch(
    "/v1/coupon-batches/{id}", allow=_PLANS, body=BatchChanges, answer=FullBatchView, tag="coupons",
    errors=(NotFound, BelowUsed, Stale, *_REFUSED), summary="Change a batch of coupons, pause or resume it",
)  # fmt: skip
def edit_batch(call: Call[BatchChanges]) -> Answer:
    changed = changing.edit_batch(
        call.tenant_id, call.path["id"], call.body.changes(), call.if_match, call.principal, call.now
    )
    return _answer(changed, call.locale)


@routes.get(
    "/v1/coupon-batches/{id}/codes", allow=_PLANS, query=CodesQuery, answer=CodeView, paged=True, csv=True, xlsx=True,
    tag="coupons", errors=(NotFound,), summary="List the single codes of a batch; as a table all of them",
)  # fmt: skip
def list_codes(call: Call[None]) -> Paged | Csv | File | Answer:
    """Those that are drawn already, by their numbers, with who has entered each. The table has the codes alone."""
    batch = batches.get_batch(call.tenant_id, call.path["id"])
    if call.wants_table:
        rows = [(number + 1, shown(code)) for number, code in making.every_code(batch)]
        return hand_out(call, Csv("coupon-codes.csv", CODE_COLUMNS, rows))
    start = (call.cursor or {}).get("from", 0)
    found = making.list_codes(batch, call.limit, start)
    more = len(found) == call.limit and start + call.limit < int(batch.code_count or 0)
    return Paged([CodeView.of(each) for each in found], {"from": start + call.limit} if more else None)


@routes.post(
    "/v1/coupon-batches/{id}/grants", allow=_PLANS, body=GrantForm, answer=JobAnswer, status=202, tag="coupons",
    errors=(NotFound, BatchPaused, TermsRefused),
    summary="Grant coupons of a batch to members, in the background",
)  # fmt: skip
def grant(call: Call[GrantForm]) -> Answer:
    """Each member gets one and is told of it, once. The job's `errors` name who got none, by their place in
    `member_ids` or in the segment, and why. Of a segment those get one who are in it when the job comes to them."""
    named = call.body.named()
    job = granting.start_granting(
        call.tenant_id, call.path["id"], named, call.body.segment_id, call.locale, call.principal, call.now
    )
    return JobAnswer.of(job, call).accepted()


@routes.get(
    "/v1/members/{id}/coupons", allow=_LOOKS, query=ShowQuery, answer=CouponView, paged=True, tag="coupons",
    errors=(NotFound,), summary="List a member's coupons",
)  # fmt: skip
def list_of_member(call: Call[None]) -> Paged:
    get_member(call.tenant_id, call.path["id"])
    page = owning.list_coupons(call.tenant_id, call.path["id"], call.query.show, call.now, call.limit, call.cursor)
    return Paged([CouponView.of(each, call.now, call.locale) for each in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/me/coupons", allow=member(), query=ShowQuery, answer=CouponView, paged=True, tag="storefront",
    summary="List my coupons",
)  # fmt: skip
def list_own(call: Call[None]) -> Paged:
    """Those of the latest batch first."""
    page = owning.list_coupons(call.tenant_id, call.member_id, call.query.show, call.now, call.limit, call.cursor)
    return Paged([CouponView.of(each, call.now, call.locale) for each in page.items], page.last_key)


@routes.post(
    "/v1/stores/{slug}/me/coupons", allow=member(), body=CodeForm, answer=CouponView, status=201, tag="storefront",
    errors=(CodeRefused, TooManyCodes, EnoughCoupons, OnlyForNewMembers, MemberBlocked),
    summary="Get a coupon by its code",
)  # fmt: skip
def enter_code(call: Call[CodeForm]) -> CouponView:
    """In any case and width, with or without blanks and dashes, O as 0. Entered again, it gives the same coupon."""
    coupon = entering.enter(call.tenant_id, call.member_id, call.body.code, call.now)
    return CouponView.of(coupon, call.now, call.locale)


def _answer(batch: BatchRecord, locale: str) -> Answer:
    job = get_jobs(batch.tenant_id, [batch.job_id] if batch.job_id else []).get(str(batch.job_id))
    return Answer(FullBatchView.with_effect(batch, batches.effect_of(batch), job, locale), etag=int(batch.rev))
