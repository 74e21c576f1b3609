"""HTTP routes of after-sale: a member asks and follows, the team decides and works off."""

from chalicelib.aftersales.errors import (
    AfterSaleNotOffered,
    CaseEnded,
    GoodsNotArrived,
    GoodsNotExpected,
    HistoryFull,
    KeyOrRevisionNeeded,
    MoreThanClaimed,
    MoreThanReceived,
    MoveRefused,
    NotAnExchange,
    NothingOutstanding,
    NothingReceived,
    RefundBeyondCase,
    WindowPassed,
)
from chalicelib.aftersales.forms import (
    AfterSaleForm,
    AfterSaleQuery,
    CompletionForm,
    DecisionForm,
    HandOnForm,
    InsteadForm,
    ReceiptForm,
    ReturnForm,
)
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service import deciding, opening, receiving, refunding_instead
from chalicelib.aftersales.service import handling as service
from chalicelib.aftersales.views import AfterSaleView, OptionsView, OwnAfterSaleView, ReturnQuoteView
from chalicelib.cases.model.clocks import Priority
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.media.errors import PhotoNotUploaded, TooManyPixels, WrongFileSize, WrongFileType
from chalicelib.orders.errors import RefundTooLarge, RepeatedOffer, UnknownOffer
from chalicelib.web import Answer, Call, Paged, Router, member, staff

routes = Router(__name__)

_TEAM = staff("manager", "service")


@routes.post(
    "/v1/stores/{slug}/orders/{id}/after-sales", allow=member(), body=AfterSaleForm, answer=OwnAfterSaleView,
    status=201, idempotency=True, tag="service", summary="Ask to return, exchange or repair what I collected",
    errors=(
        NotFound, UnknownOffer, RepeatedOffer, NothingReceived, AfterSaleNotOffered, WindowPassed, MoreThanReceived,
        PhotoNotUploaded, WrongFileType, WrongFileSize, TooManyPixels, IdempotencyMismatch,
    ),
)  # fmt: skip
def open_after_sale(call: Call[AfterSaleForm]) -> OwnAfterSaleView:
    case = opening.open_case(
        call.tenant_id, call.member_id, call.path["id"], call.body.wanted(), call.idempotency_key, call.body_hash,
        call.now,
    )  # fmt: skip
    return OwnAfterSaleView.as_opened(case)


@routes.post(
    "/v1/stores/{slug}/orders/{id}/after-sales/quote", allow=member(), body=ReturnForm, answer=ReturnQuoteView,
    tag="service", summary="Ask what I would get back for goods that I return",
    errors=(
        NotFound, UnknownOffer, RepeatedOffer, NothingReceived, AfterSaleNotOffered, WindowPassed, MoreThanReceived,
    ),
)  # fmt: skip
def quote_return(call: Call[ReturnForm]) -> ReturnQuoteView:
    """Before it is asked for: what the goods were paid with, by money and points, and what is kept back of that where
    gifts that came with them stay. Nothing is changed by it, and the team decides.
    """
    return ReturnQuoteView.of(
        opening.quote(call.tenant_id, call.member_id, call.path["id"], call.body.wanted(), call.now)
    )


@routes.get(
    "/v1/stores/{slug}/after-sales", allow=member(), answer=OwnAfterSaleView, paged=True, tag="service",
    summary="List my after-sale cases, newest first",
)  # fmt: skip
def own_after_sales(call: Call[None]) -> Paged:
    page = service.list_own_cases(call.tenant_id, call.member_id, call.limit, call.cursor)
    return Paged([OwnAfterSaleView.of(case) for case in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/after-sales/{id}", allow=member(), answer=OwnAfterSaleView, tag="service",
    summary="Show one of my after-sale cases", errors=(NotFound,),
)  # fmt: skip
def own_after_sale(call: Call[None]) -> OwnAfterSaleView:
    return OwnAfterSaleView.of(service.get_own_case(call.tenant_id, call.member_id, call.path["id"]))


@routes.post(
    "/v1/stores/{slug}/after-sales/{id}/withdraw", allow=member(), answer=OwnAfterSaleView, tag="service",
    summary="Withdraw one of my after-sale cases", errors=(NotFound, MoveRefused),
)  # fmt: skip
def withdraw_after_sale(call: Call[None]) -> OwnAfterSaleView:
    return OwnAfterSaleView.of(service.withdraw(call.tenant_id, call.member_id, call.path["id"], call.now))


@routes.get(
    "/v1/after-sales", allow=_TEAM, query=AfterSaleQuery, answer=AfterSaleView, paged=True, tag="service",
    summary="List after-sale cases: those in work before the ended, newest first",
)  # fmt: skip
def list_after_sales(call: Call[None]) -> Paged:
    page = service.list_cases(call.tenant_id, call.now, call.limit, call.cursor, call.query.filter())
    return Paged([AfterSaleView.of(case) for case in page.items], page.last_key)


@routes.get(
    "/v1/after-sales/{id}", allow=_TEAM, answer=AfterSaleView, tag="service",
    summary="Show a case with its photos and history", errors=(NotFound,),
)  # fmt: skip
def get_after_sale(call: Call[None]) -> Answer:
    return _answer(service.get_case(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/after-sales/{id}", allow=_TEAM, body=HandOnForm, answer=AfterSaleView, tag="service",
    summary="Hand a case on to somebody else, or change its priority", errors=(NotFound, Stale, CaseEnded, HistoryFull),
)  # fmt: skip
def hand_after_sale_on(call: Call[HandOnForm]) -> Answer:
    priority = Priority(call.body.priority) if call.body.priority else None
    case = service.hand_on(
        call.tenant_id, call.path["id"], call.body.owner, call.if_match, call.principal, call.now, priority
    )
    return _answer(case)


@routes.get(
    "/v1/after-sales/{id}/decision", allow=_TEAM, answer=OptionsView, tag="service",
    summary="Show what a decision may pay back, and the decision once made", errors=(NotFound,),
)  # fmt: skip
def get_decision(call: Call[None]) -> OptionsView:
    return OptionsView.of(*deciding.offered(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/after-sales/{id}/decision", allow=_TEAM, body=DecisionForm, answer=AfterSaleView, idempotency=True,
    tag="service", summary="Approve with or without a refund, or reject",
    errors=(NotFound, Stale, MoveRefused, RefundBeyondCase, RefundTooLarge, IdempotencyMismatch),
)  # fmt: skip
def decide_after_sale(call: Call[DecisionForm]) -> Answer:
    case = deciding.decide(
        call.tenant_id, call.path["id"], call.body.verdict(), call.idempotency_key, call.body_hash, call.if_match,
        call.principal, call.now,
    )  # fmt: skip
    return _answer(case)


@routes.post(
    "/v1/after-sales/{id}/refund-instead", allow=_TEAM, body=InsteadForm, answer=AfterSaleView, idempotency=True,
    tag="service", summary="Pay back units of an exchange that were not replaced",
    errors=(
        NotFound, Stale, NotAnExchange, MoveRefused, NothingOutstanding, RefundBeyondCase, RefundTooLarge,
        GoodsNotArrived, IdempotencyMismatch,
    ),
)  # fmt: skip
def refund_instead(call: Call[InsteadForm]) -> Answer:
    """For an exchange whose goods cannot be had: the order that was to replace them loses those units, and is cancelled
    where it has no other.
    """
    case = refunding_instead.refund_instead(
        call.tenant_id, call.path["id"], call.body.verdict(), call.idempotency_key, call.body_hash, call.if_match,
        call.principal, call.now,
    )  # fmt: skip
    return _answer(case)


@routes.post(
    "/v1/after-sales/{id}/receive", allow=_TEAM, body=ReceiptForm, answer=AfterSaleView, tag="service",
    summary="Take goods back, on the shelf or written off; money that waits for them goes back",
    errors=(
        NotFound, Stale, MoveRefused, MoreThanClaimed, GoodsNotExpected, KeyOrRevisionNeeded, HistoryFull,
        IdempotencyMismatch,
    ),
)  # fmt: skip
def receive_after_sale(call: Call[ReceiptForm]) -> Answer:
    """All that the case is about, or a part of it: more may come later. The header Idempotency-Key is taken here as
    well, so that a part which is sent again is booked once.
    """
    case = receiving.receive(
        call.tenant_id, call.path["id"], call.body.arrived(), call.body.note, call.header("Idempotency-Key") or "",
        call.body_hash, call.if_match, call.principal, call.now,
    )  # fmt: skip
    return _answer(case)


@routes.post(
    "/v1/after-sales/{id}/complete", allow=_TEAM, body=CompletionForm, answer=AfterSaleView, tag="service",
    summary="Close a case that is worked off", errors=(NotFound, Stale, MoveRefused),
)  # fmt: skip
def complete_after_sale(call: Call[CompletionForm]) -> Answer:
    case = service.complete(call.tenant_id, call.path["id"], call.body.note, call.if_match, call.principal, call.now)
    return _answer(case)


def _answer(case: AfterSaleRecord) -> Answer:
    return Answer(AfterSaleView.of(case), etag=int(case.rev))
