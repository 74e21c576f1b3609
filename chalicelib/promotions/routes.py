"""Promotions over HTTP."""

from typing import Any

from chalicelib.catalog.model.products import WrongCurrency
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.promotions.errors import (
    TERMS,
    EndsBeforeItStarts,
    GiftWithoutStock,
    PromotionMoveRefused,
    PromotionNotEditable,
    TooManyGroups,
    TooManyPromotions,
)
from chalicelib.promotions.forms import NewPromotion, PromotionChanges, PromotionQuery
from chalicelib.promotions.records import PromotionRecord
from chalicelib.promotions.service import planning, publishing, reading
from chalicelib.promotions.service.left import left_of
from chalicelib.promotions.views import PromotionView
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_PLANS = staff("manager", "planner")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_TERMS = (*TERMS, WrongCurrency)


@routes.post(
    "/v1/promotions", allow=_PLANS, body=NewPromotion, answer=PromotionView, status=201, tag="campaigns", errors=_TERMS,
    summary="Draft a promotion",
)  # fmt: skip
def create_promotion(call: Call[NewPromotion]) -> Answer:
    promotion = planning.create_promotion(call.tenant_id, call.body.details(), call.principal, call.now)
    return _shown(call, promotion)


@routes.get(
    "/v1/promotions", allow=_LOOKS, query=PromotionQuery, answer=PromotionView, paged=True, tag="campaigns",
    summary="List promotions, newest first",
)  # fmt: skip
def list_promotions(call: Call[None]) -> Paged:
    page = reading.list_promotions(call.tenant_id, call.query.status, call.now, limit=call.limit, cursor=call.cursor)
    left = left_of(call.tenant_id, page.items)
    return Paged([PromotionView.of(each, left[each.id], call.now) for each in page.items], page.last_key)


@routes.get(
    "/v1/promotions/{id}", allow=_LOOKS, answer=PromotionView, tag="campaigns", errors=(NotFound,),
    summary="Read a promotion",
)  # fmt: skip
def read_promotion(call: Call[None]) -> Answer:
    promotion = reading.get_promotion(call.tenant_id, call.path["id"])
    return _shown(call, promotion)


@routes.patch(
    "/v1/promotions/{id}", allow=_PLANS, body=PromotionChanges, answer=PromotionView, tag="campaigns",
    errors=(NotFound, PromotionNotEditable, Stale, *_TERMS), summary="Change a promotion that is a draft or paused",
)  # fmt: skip
def edit_promotion(call: Call[PromotionChanges]) -> Answer:
    promotion = planning.edit_promotion(
        call.tenant_id, call.path["id"], call.body.details(), call.if_match, call.principal, call.now
    )
    return _shown(call, promotion)


@routes.post(
    "/v1/promotions/{id}/publish", allow=_PLANS, answer=PromotionView, tag="campaigns",
    errors=(
        NotFound, EndsBeforeItStarts, GiftWithoutStock, PromotionMoveRefused, Stale, TooManyGroups, TooManyPromotions,
    ),
    summary="Have a promotion lower prices from its start to its end",
)  # fmt: skip
def publish_promotion(call: Call[None]) -> Answer:
    promotion = publishing.publish_promotion(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now)
    return _shown(call, promotion)


@routes.post(
    "/v1/promotions/{id}/pause", allow=_PLANS, answer=PromotionView, tag="campaigns",
    errors=(NotFound, PromotionMoveRefused, Stale),
    summary="Have a promotion lower no new order's price until it is published again",
)  # fmt: skip
def pause_promotion(call: Call[None]) -> Answer:
    promotion = publishing.pause_promotion(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now)
    return _shown(call, promotion)


@routes.post(
    "/v1/promotions/{id}/end", allow=_PLANS, answer=PromotionView, tag="campaigns",
    errors=(NotFound, PromotionMoveRefused, Stale), summary="End a promotion for good; orders that have it keep it",
)  # fmt: skip
def end_promotion(call: Call[None]) -> Answer:
    promotion = publishing.end_promotion(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now)
    return _shown(call, promotion)


def _shown(call: Call[Any], promotion: PromotionRecord) -> Answer:
    left = left_of(call.tenant_id, [promotion])[promotion.id]
    return Answer(PromotionView.of(promotion, left, call.now), etag=int(promotion.rev))
