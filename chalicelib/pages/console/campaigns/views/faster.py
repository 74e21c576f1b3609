"""Who was faster, where two of the team change one group buy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.kernel.errors import Stale
from chalicelib.pages.shell import Visit, ask, may
from chalicelib.tenants.routes import read_audit


@dataclass(frozen=True, slots=True)
class Faster:
    """The change that came first: when, and by whom, empty where the reader may not know."""

    at: datetime
    by: str

    @classmethod
    def of(cls, visit: Visit[Any], campaign: CampaignView) -> Self | None:
        """None where the form was not refused for it."""
        if not isinstance(visit.refused, Stale):
            return None
        found = None
        if may(visit, read_audit):
            deeds = ask(visit, read_audit, query={"target": f"campaign:{campaign.id}"}, limit=1).items
            found = deeds[0] if deeds else None
        return cls(found.at, found.by_name or "") if found else cls(campaign.updated_at, "")
