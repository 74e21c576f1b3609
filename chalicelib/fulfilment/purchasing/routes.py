"""The purchase list over HTTP: as JSON, as a table, or as a workbook for the supplier."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.fulfilment.purchasing import service
from chalicelib.fulfilment.purchasing.errors import (
    AlreadyReceiving,
    NoSuchVersion,
    NotOnList,
    PurchasingOver,
    StillReleasing,
)
from chalicelib.fulfilment.purchasing.forms import TopUp
from chalicelib.fulfilment.purchasing.views.lists import HEADER, PurchaseListView, rows
from chalicelib.fulfilment.purchasing.views.workbook import workbook
from chalicelib.kernel.errors import NotFound
from chalicelib.media.service.downloads import hand_out, offer
from chalicelib.orders.errors import CampaignNotLocked
from chalicelib.web import Answer, Call, Csv, File, Query, Router, UlidStr, staff
from chalicelib.web.names import file_name
from chalicelib.web.workbooks import book

routes = Router(__name__)

_EDITS = staff("manager", "planner")

LOOKS = staff("manager", "planner", "service")


class ListWanted(Query):
    """Which version, and in what form; without ``format`` the Accept header decides.

    ``supplier_id`` narrows a table or a workbook to one supplier.
    """

    version: Annotated[int, Field(ge=1, le=999_999)] | None = None
    supplier_id: UlidStr | None = None
    format: Literal["json", "csv", "xlsx"] | None = None


@routes.get(
    "/v1/campaigns/{id}/purchase-list", allow=LOOKS, query=ListWanted, answer=PurchaseListView, csv=True, xlsx=True,
    tag="fulfilment", errors=(NotFound, CampaignNotLocked, NoSuchVersion),
    summary="Read a locked campaign's frozen purchase list",
)  # fmt: skip
def read_purchase_list(call: Call[None]) -> PurchaseListView | Csv | File | Answer:
    campaign_id, wanted = call.path["id"], call.query
    found = service.read_version(call.tenant_id, campaign_id, wanted.version, call.now)
    campaign = get_campaign(call.tenant_id, campaign_id)
    name = f"purchase-list {campaign.title} v{int(found.record.version)}"
    if call.wants_xlsx:
        made = workbook(found.record, wanted.supplier_id, campaign.currency, call.locale)
        return offer(call, book(file_name(name, "xlsx"), *made))
    if call.wants_csv:
        table = rows(found.record, wanted.supplier_id, campaign.currency)
        return hand_out(call, Csv(file_name(name, "csv"), HEADER, table))
    return PurchaseListView.of(found, campaign.currency)


@routes.post(
    "/v1/campaigns/{id}/purchase-list", allow=_EDITS, answer=PurchaseListView, tag="fulfilment",
    errors=(NotFound, CampaignNotLocked, PurchasingOver, AlreadyReceiving, StillReleasing),
    summary="Freeze the purchase list again",
)  # fmt: skip
def freeze_purchase_list(call: Call[None]) -> PurchaseListView:
    """After staff have adjusted orders. The next version says what changed; where nothing did, the latest stands."""
    campaign_id = call.path["id"]
    service.freeze_again(call.tenant_id, campaign_id, call.principal, call.now)
    found = service.read_version(call.tenant_id, campaign_id, None, call.now)
    return PurchaseListView.of(found, get_campaign(call.tenant_id, campaign_id).currency)


@routes.post(
    "/v1/campaigns/{id}/purchase-list/top-up", allow=_EDITS, body=TopUp, answer=PurchaseListView, tag="fulfilment",
    errors=(NotFound, CampaignNotLocked, NotOnList, PurchasingOver, AlreadyReceiving, StillReleasing),
    summary="Buy more than was ordered, to reach a minimum",
)  # fmt: skip
def top_up_purchase_list(call: Call[TopUp]) -> PurchaseListView:
    """The next version buys so many units more, in whole packs; they are surplus for the brand's shelf. Sent again, it
    stays so. SKUs that are not named keep theirs.
    """
    campaign_id = call.path["id"]
    units = {line.sku_id: line.units for line in call.body.lines}
    service.top_up(call.tenant_id, campaign_id, units, call.principal, call.now)
    found = service.read_version(call.tenant_id, campaign_id, None, call.now)
    return PurchaseListView.of(found, get_campaign(call.tenant_id, campaign_id).currency)
