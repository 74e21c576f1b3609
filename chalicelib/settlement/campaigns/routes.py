"""A campaign's end in the books, over HTTP."""

from chalicelib.campaigns.model.campaign import MoveRefused
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.kernel.errors import NotFound
from chalicelib.settlement.campaigns.service import result as campaigns
from chalicelib.settlement.campaigns.views import CampaignSettlementView
from chalicelib.settlement.errors import AfterSaleOpen, NotCompleted, StillOutstanding
from chalicelib.web import Call, Router, staff

routes = Router(__name__)


@routes.get(
    "/v1/campaigns/{id}/settlement", allow=staff("manager", "analyst"), answer=CampaignSettlementView,
    tag="campaigns", errors=(NotFound,),
    summary="Read what a campaign has earned by the books, and what is still outstanding",
)  # fmt: skip
def read_settlement(call: Call[None]) -> CampaignSettlementView:
    return _settlement(get_campaign(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/campaigns/{id}/settle", allow=staff("manager"), answer=CampaignSettlementView, tag="campaigns",
    errors=(NotFound, NotCompleted, StillOutstanding, MoveRefused, AfterSaleOpen),
    summary="Settle a completed campaign of which nothing is outstanding",
)  # fmt: skip
def settle_campaign(call: Call[None]) -> CampaignSettlementView:
    return _settlement(campaigns.settle(call.tenant_id, call.path["id"], call.principal, call.now))


def _settlement(campaign: CampaignRecord) -> CampaignSettlementView:
    found = campaigns.result(campaign.tenant_id, campaign.id)
    return CampaignSettlementView.of(campaign.id, campaign.status, campaign.currency, found)
