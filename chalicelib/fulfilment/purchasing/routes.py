"""The purchase list over HTTP: as JSON, as a table, or as a workbook for the supplier."""

from datetime import datetime
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
from chalicelib.fulfilment.purchasing.views.lists import HEADER, WantedListView, rows
from chalicelib.fulfilment.purchasing.views.workbook import workbook
from chalicelib.fulfilment.suppliers.model import LicenceOver
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
    "/v1/campaigns/{id}/purchase-list", allow=LOOKS, query=ListWanted, answer=WantedListView, csv=True, xlsx=True,
    tag="fulfilment", errors=(NotFound, CampaignNotLocked, NoSuchVersion, LicenceOver),
    summary="Read a locked campaign's frozen purchase list",
)  # fmt: skip
def read_purchase_list(call: Call[None]) -> WantedListView | Csv | File | Answer:
    """A table or a workbook, by which is bought, is refused while a licence of a supplier on it is over."""
    campaign_id, wanted = call.path["id"], call.query
    found = service.read_version(call.tenant_id, campaign_id, wanted.version, call.now)
    campaign = get_campaign(call.tenant_id, campaign_id)
    name = f"purchase-list {campaign.title} v{int(found.record.version)}"
    if call.wants_xlsx or call.wants_csv:
        service.check_to_buy(call.tenant_id, found.record, wanted.supplier_id, call.now)
    if call.wants_xlsx:
        made = workbook(found.record, wanted.supplier_id, campaign.currency, call.locale)
        return offer(call, book(file_name(name, "xlsx"), *made))
    if call.wants_csv:
        table = rows(found.record, wanted.supplier_id, campaign.currency, service.wanted_more(campaign))
        return hand_out(call, Csv(file_name(name, "csv"), HEADER, table))
    return WantedListView.with_wanted(found, campaign.currency, service.wanted_more(campaign))


@routes.post(
    "/v1/campaigns/{id}/purchase-list", allow=_EDITS, answer=WantedListView, tag="fulfilment",
    errors=(NotFound, CampaignNotLocked, PurchasingOver, AlreadyReceiving, StillReleasing, LicenceOver),
    summary="Freeze the purchase list again",
)  # fmt: skip
def freeze_purchase_list(call: Call[None]) -> WantedListView:
    """After staff have adjusted orders. The next version says what changed; where nothing did, the latest stands."""
    campaign_id = call.path["id"]
    service.freeze_again(call.tenant_id, campaign_id, call.principal, call.now)
    return _latest(call.tenant_id, campaign_id, call.now)


@routes.post(
    "/v1/campaigns/{id}/purchase-list/top-up", allow=_EDITS, body=TopUp, answer=WantedListView, tag="fulfilment",
    errors=(NotFound, CampaignNotLocked, NotOnList, PurchasingOver, AlreadyReceiving, StillReleasing, LicenceOver),
    summary="Buy more than was ordered, to reach a minimum",
)  # fmt: skip
def top_up_purchase_list(call: Call[TopUp]) -> WantedListView:
    """The next version buys so many units more, in whole packs; they are surplus for the brand's shelf. Sent again, it
    stays so. SKUs that are not named keep theirs.
    """
    campaign_id = call.path["id"]
    units = {line.sku_id: line.units for line in call.body.lines}
    service.top_up(call.tenant_id, campaign_id, units, call.principal, call.now)
    return _latest(call.tenant_id, campaign_id, call.now)


def _latest(tenant_id: str, campaign_id: str, now: datetime) -> WantedListView:
    found = service.read_version(tenant_id, campaign_id, None, now)
    campaign = get_campaign(tenant_id, campaign_id)
    return WantedListView.with_wanted(found, campaign.currency, service.wanted_more(campaign))
