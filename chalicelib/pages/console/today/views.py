"""What the first page shows, by what whoever looks may ask of the API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.aftersales.routes import list_after_sales
from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.routes import create_campaign, list_campaigns, read_progress
from chalicelib.campaigns.views.campaigns import CampaignView, ProgressView
from chalicelib.complaints.routes import list_complaints
from chalicelib.enquiries.routes.enquiries import list_enquiries
from chalicelib.fulfilment.receiving.routes import read_supply
from chalicelib.insight.reports.routes import read_report
from chalicelib.insight.reports.today import TODAY, TodayView
from chalicelib.jobs.model import Status as JobStatus
from chalicelib.jobs.routes import list_jobs
from chalicelib.kernel.errors import DomainError
from chalicelib.notices.inbox.routes import list_inbox
from chalicelib.orders.routes.cash_refunds import list_cash_refunds
from chalicelib.orders.routes.orders import list_orders
from chalicelib.pages.console.today.model import (
    ON_SALE,
    PHASES,
    Left,
    Phase,
    Tile,
    case_tiles,
    complaint_tiles,
    enquiry_tiles,
    share,
    shown,
)
from chalicelib.pages.shell import N_, Visit, ask, may
from chalicelib.payments.routes import list_payments_to_look_at
from chalicelib.settlement.campaigns.routes import settle_campaign

MOST_CAMPAIGNS = 50
MOST_COUNTED = 50
MOST_FOLLOWED = 6
"""Campaigns whose progress, or supply, is read: each is a request of its own."""

JOBS_LOOKED_AT = 20

_PAYMENTS = {
    "refund_failed": N_("Refunds that were declined"),
    "differs": N_("Payments that do not fit"),
    "disputed": N_("Disputed payments"),
    "not_asked": N_("Payments that nobody can ask about"),
}


@dataclass(frozen=True, slots=True)
class Going:
    """A campaign and where it stands; while it takes orders with its progress, of which ``percent`` of its target is
    reached. ``missing`` counts the goods that came short.
    """

    campaign: CampaignView
    phase: Phase
    progress: ProgressView | None = None
    left: Left | None = None
    missing: int = 0

    @property
    def to(self) -> str:
        """The page of what comes next."""
        return self.phase.to.format(id=self.campaign.id)

    @property
    def percent(self) -> int | None:
        """How far its target is reached; None where it has none."""
        target = self.progress.target if self.progress else None
        return share(target.reached_bps) if target else None


@dataclass(frozen=True, slots=True)
class Board:
    """All of the page. ``figures`` are those of the running day; ``begins`` says that there is no campaign yet, and
    somebody looks who may make one; ``finds`` that they look for orders by whose they are.
    """

    begins: bool
    finds: bool
    on_sale: list[Going]
    others: list[Going]
    tiles: list[Tile]
    figures: TodayView | None

    @classmethod
    def of(cls, visit: Visit[None]) -> "Board":
        found = _campaigns(visit)
        going = _going(visit, found)
        on_sale = [each for each in going if each.campaign.status in ON_SALE]
        return cls(
            begins=not found and may(visit, create_campaign),
            finds=bool(found) and visit.principal.sees_contacts and may(visit, list_orders),
            on_sale=on_sale,
            others=[each for each in going if each not in on_sale],
            tiles=[tile for look in _LOOKS for tile in look(visit)],
            figures=_figures(visit) if found else None,
        )


def _figures(visit: Visit[None]) -> TodayView | None:
    """The running day, for who may read this report: not every reader of reports may."""
    if not visit.principal.has(*TODAY.roles):
        return None
    view: TodayView = ask(visit, read_report, path={"name": "today"})
    return view


def _campaigns(visit: Visit[None]) -> list[CampaignView]:
    if not may(visit, list_campaigns):
        return []
    found: list[CampaignView] = list(ask(visit, list_campaigns, limit=MOST_CAMPAIGNS).items)
    return found


def _going(visit: Visit[None], found: list[CampaignView]) -> list[Going]:
    order = {status: at for at, status in enumerate(PHASES)}
    nothing_to_do = () if may(visit, settle_campaign) else (Status.COMPLETED,)
    coming = (each for each in found if each.status in PHASES and each.status not in nothing_to_do)
    going = sorted(coming, key=lambda each: order[each.status])
    followed = 0
    shown_ones = []
    for each in going:
        one = Going(each, PHASES[each.status])
        if followed < MOST_FOLLOWED and each.status in (*ON_SALE, Status.PURCHASING, Status.RECEIVED):
            followed += 1
            one = _followed(visit, one)
        shown_ones.append(one)
    return shown_ones


def _followed(visit: Visit[None], one: Going) -> Going:
    """With how far it has come. What cannot be told, as where a write is under way, is left out."""
    path = {"id": one.campaign.id}
    try:
        if one.campaign.status in ON_SALE:
            progress: ProgressView = ask(visit, read_progress, path=path)
            return Going(one.campaign, one.phase, progress, Left.of(progress.seconds_left))
        if not may(visit, read_supply):
            return one
        lines = ask(visit, read_supply, path=path).lines
    except DomainError:
        return one
    return Going(one.campaign, one.phase, missing=sum(line.available < line.sold for line in lines))


def _inbox(visit: Visit[None]) -> list[Tile]:
    unread = ask(visit, list_inbox, query={"unread": "true"}, limit=1).beside
    return shown(Tile(N_("New messages to you"), unread.unread_count, "/inbox?unread=true", unread.unread_more))


def complaints_waiting(visit: Visit[Any]) -> list[Tile]:
    """Complaints that are late, and others in work."""
    if not may(visit, list_complaints):
        return []
    page = ask(visit, list_complaints, limit=MOST_COUNTED)
    return complaint_tiles(page.items, visit.now, page.last_key is not None)


def enquiries_waiting(visit: Visit[Any]) -> list[Tile]:
    """Enquiries that are late, and others to be answered."""
    if not may(visit, list_enquiries):
        return []
    page = ask(visit, list_enquiries, limit=MOST_COUNTED)
    return enquiry_tiles(page.items, visit.now, page.last_key is not None)


def cases_waiting(visit: Visit[Any]) -> list[Tile]:
    """After-sale cases that are late, and others in work."""
    if not may(visit, list_after_sales):
        return []
    page = ask(visit, list_after_sales, limit=MOST_COUNTED)
    return case_tiles(page.items, visit.now, page.last_key is not None)


def _payments(visit: Visit[None]) -> list[Tile]:
    if not may(visit, list_payments_to_look_at):
        return []
    found = []
    for state, name in _PAYMENTS.items():
        page = ask(visit, list_payments_to_look_at, query={"state": state})
        found.append(Tile(name, len(page.items), f"/payments?state={state}", page.last_key is not None, late=True))
    return shown(*found)


def _cash(visit: Visit[None]) -> list[Tile]:
    if not may(visit, list_cash_refunds):
        return []
    page = ask(visit, list_cash_refunds, limit=MOST_COUNTED)
    return shown(Tile(N_("Refunds to pay out in cash"), len(page.items), "/cash-refunds", page.last_key is not None))


def jobs_failed(visit: Visit[Any]) -> list[Tile]:
    """Imports and exports of the last days that failed."""
    if not may(visit, list_jobs):
        return []
    latest = ask(visit, list_jobs, limit=JOBS_LOOKED_AT).items
    failed = [each for each in latest if each.status == JobStatus.FAILED and (visit.now - each.created_at).days < 7]
    return shown(Tile(N_("Imports and exports that failed"), len(failed), "/jobs", late=True))


_LOOKS: tuple[Callable[[Visit[Any]], list[Tile]], ...] = (
    complaints_waiting,
    enquiries_waiting,
    cases_waiting,
    _payments,
    _cash,
    jobs_failed,
    _inbox,
)
