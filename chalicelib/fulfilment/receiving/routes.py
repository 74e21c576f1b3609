"""Goods receipts over HTTP."""

from chalicelib.campaigns.lifecycle.service.advancing import StockNotReturned
from chalicelib.campaigns.model.campaign import MoveRefused, Status
from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.fulfilment.receiving import errors
from chalicelib.fulfilment.receiving.forms import Advance, NewReceipt, RateQuery
from chalicelib.fulfilment.receiving.service import advancing
from chalicelib.fulfilment.receiving.service import receipts as service
from chalicelib.fulfilment.receiving.service.rates import rate_of
from chalicelib.fulfilment.receiving.views import ReceiptView, SupplierRateView, SupplyView
from chalicelib.fulfilment.suppliers.model import LicenceOver
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.orders.errors import CampaignNotLocked
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_EDITS = staff("manager", "planner")
_LOOKS = staff("manager", "planner", "service", "analyst")


@routes.post(
    "/v1/campaigns/{id}/receipts", allow=_EDITS, body=NewReceipt, answer=ReceiptView, status=201, tag="fulfilment",
    errors=(
        NotFound, CampaignNotLocked, IdempotencyMismatch, errors.ReceivingOver, errors.ReceiptAboveOrder,
        errors.NotOrderedHere, errors.RepeatedSku, errors.DamagedAboveReceived, errors.NothingReceived,
        errors.SubstituteIsTheSame, errors.UnknownSubstitute, errors.NoSurplus,
    ),
    idempotency=True, summary="Record what came from a supplier",
)  # fmt: skip
def record_receipt(call: Call[NewReceipt]) -> ReceiptView:
    """Where less comes than was sold, the orders that came last are lowered and refunded by themselves; `supply` shows
    how far that is. Substitutes go to whole lines at the line's own price, the last come first.
    """
    arrivals = [line.arrival() for line in call.body.lines]
    delivery = service.Delivery(
        call.body.supplier_id, arrivals, call.body.note, call.idempotency_key, call.body_hash, call.principal
    )
    return ReceiptView.of(service.receive(call.tenant_id, call.path["id"], delivery, call.now))


@routes.get(
    "/v1/campaigns/{id}/receipts", allow=_LOOKS, answer=ReceiptView, paged=True, tag="fulfilment", errors=(NotFound,),
    summary="List a campaign's receipts, newest first",
)  # fmt: skip
def list_receipts(call: Call[None]) -> Paged:
    page = service.list_receipts(call.tenant_id, call.path["id"], call.limit, call.cursor)
    return Paged([ReceiptView.of(receipt) for receipt in page.items], page.last_key)


@routes.get(
    "/v1/suppliers/{id}/rate", allow=_LOOKS, query=RateQuery, answer=SupplierRateView, tag="suppliers",
    summary="Read how a supplier does: units short, returned and complained of, over those ordered", errors=(NotFound,),
)  # fmt: skip
def read_supplier_rate(call: Call[None]) -> SupplierRateView:
    query = call.query
    return SupplierRateView.of(rate_of(call.tenant_id, call.path["id"], query.from_on, query.to_on, call.now))


@routes.get(
    "/v1/campaigns/{id}/supply", allow=_LOOKS, answer=SupplyView, tag="fulfilment",
    errors=(NotFound, CampaignNotLocked), summary="Read how far a locked campaign's supply has come",
)  # fmt: skip
def read_supply(call: Call[None]) -> SupplyView:
    return SupplyView.of(service.supply_of(call.tenant_id, call.path["id"], call.now))


@routes.post(
    "/v1/campaigns/{id}/advance", allow=_EDITS, body=Advance, answer=CampaignView, tag="campaigns",
    errors=(
        NotFound, MoveRefused, StockNotReturned, Stale, errors.GoodsUnaccounted, errors.OrdersBeingAdjusted,
        LicenceOver,
    ),
    summary="Move a locked campaign on: bought, received, sorted, at the pickup points, handed over",
)  # fmt: skip
def advance_campaign(call: Call[Advance]) -> Answer:
    """One call passes all states up to `at_pickup`. Goods whose whereabouts nobody has stated stop it at `purchasing`:
    record them, or send `everything_arrived`. A campaign is completed by itself when every order has ended.
    """
    wanted = advancing.Wanted(Status(call.body.to), call.body.everything_arrived, call.if_match)
    campaign = advancing.advance(call.tenant_id, call.path["id"], wanted, call.principal, call.now)
    return Answer(CampaignView.of(campaign, call.now), etag=int(campaign.rev))
