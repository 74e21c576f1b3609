"""What the pages of a campaign take."""

from chalicelib.campaigns.model.campaign import Status
from chalicelib.web import Query, UlidStr


class Joining(Query):
    """The team that a visitor was asked to join."""

    team: UlidStr | None = None


class Seen(Query):
    """The state in which the page shows the campaign."""

    was: Status | None = None
