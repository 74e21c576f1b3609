"""What the routes of leaving take."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.members.leaving.model import LeaveReason
from chalicelib.web import Body, Harmless


class LeaveForm(Body):
    """Why, as far as it is said, and more of it in one's own words; the team reads both."""

    EXAMPLES = {"too far": {"reason": "pickup_unsuitable", "note": "自提点改到河对岸，取货太远"}}

    reason: Annotated[LeaveReason, Field(strict=False)] = LeaveReason.NOT_SAID
    note: Annotated[str, StringConstraints(max_length=500), Harmless] | None = None
