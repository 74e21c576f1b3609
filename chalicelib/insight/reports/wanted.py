"""What members want and cannot order: waited for, to be told of, and kept, by product."""

from typing import Literal

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.records import CardRecord
from chalicelib.db import fetch_many
from chalicelib.insight.model import definitions
from chalicelib.insight.model.charts import Words
from chalicelib.insight.reports.effects import ROLES
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, FormQuery, Report, ReportView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.wanting.service.counting import Wanted, wanted_by_product
from chalicelib.web import Csv, Instant, View, columns


class WantedQuery(FormQuery):
    """It is asked for as it is now."""


class WaitedInView(View):
    """A campaign in which members wait for the product."""

    id: str
    title: str


class WantedRowView(View):
    """A product that members want: ``units`` are waited for by ``waiting`` members in ``campaigns``, ``reminders`` are
    to be told when it comes again, ``favourites`` keep it. One without a title is no longer in the catalogue.
    """

    product_id: str
    title: str
    units: int
    waiting: int
    reminders: int
    favourites: int
    campaigns: list[WaitedInView]


class WantedView(ReportView):
    """Every product that somebody wants, the most waited for first; then by reminders, then by favourites. It is of
    this moment, ``as_of``: no later day changes it, and it has no revision.
    """

    report: Literal["wanted"] = "wanted"
    as_of: Instant
    definition: DefinitionView
    rows: list[WantedRowView]


def _run(asked: Asked[WantedQuery]) -> WantedView:
    tenant_id = asked.tenant_id
    timezone = get_tenant(tenant_id).timezone
    today = local_date(asked.now, zone(timezone))
    found = wanted_by_product(tenant_id)
    return WantedView(
        timezone=timezone, from_on=today, to_on=today, as_of=asked.now, complete=True, pending_days=0, revision=0,
        definition=DefinitionView.of(definitions.WANTED, asked.locale), rows=_rows(tenant_id, found),
    )  # fmt: skip


def _rows(tenant_id: str, found: list[Wanted]) -> list[WantedRowView]:
    campaign_ids = list(dict.fromkeys(each for row in found for each in row.campaign_ids))
    cards = [(CardRecord, *CardRecord.address(tenant_id, each.product_id)) for each in found]
    campaigns = [(CampaignRecord, *CampaignRecord.address(tenant_id, each)) for each in campaign_ids]
    read = fetch_many([*cards, *campaigns]) if found else []
    titles = {campaign.id: campaign.title for campaign in read[len(cards) :] if campaign is not None}
    return [
        WantedRowView(
            product_id=each.product_id, title=card.title if card is not None else "", units=each.units,
            waiting=each.members, reminders=each.reminders, favourites=each.favourites,
            campaigns=[WaitedInView(id=id_, title=titles[id_]) for id_ in each.campaign_ids if id_ in titles],
        )
        for each, card in zip(found, read[: len(cards)], strict=True)
    ]  # fmt: skip


_WHAT = columns(
    title=("Product", "商品"), product_id=("Product id", "商品编号"), units=("Units waited for", "候补件数"),
    waiting=("Members waiting", "候补人数"), reminders=("To be told", "订阅提醒人数"),
    favourites=("Favourites", "收藏人数"), campaigns=("Campaigns", "团购"),
)  # fmt: skip


def _table(view: WantedView) -> Csv:
    made_of = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [
            *(each.title, each.product_id, each.units, each.waiting, each.reminders, each.favourites),
            "; ".join(campaign.title for campaign in each.campaigns),
            *made_of,
        ]
        for each in view.rows
    ]
    return Csv("wanted.csv", (*_WHAT, *FRAME), rows)


WANTED = Report(
    "wanted",
    WantedQuery,
    WantedView,
    _run,
    _table,
    ROLES,
    title=Words("What members want", "会员想要的商品"),
    tells=Words(
        "Which products members wait for, want to be told of, and keep.",
        "会员候补、订阅提醒与收藏的商品。",
    ),
)
