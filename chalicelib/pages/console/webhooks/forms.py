"""What the pages of webhooks take."""

from typing import Any, Literal

from chalicelib.web import Body
from chalicelib.webhooks.model.catalogue import EVERY


class Nothing(Body):
    """A form that is no more than its button."""


class EndpointTyped(Body):
    """Where events are to be sent, and which: every one, or those that are ticked."""

    url: str = ""
    description: str = ""
    which: Literal["all", "some"] = "all"
    event_types: list[str] = []

    def stated(self) -> dict[str, Any]:
        """As the API takes it; an address that is empty is missing there."""
        chosen = [EVERY] if self.which == "all" else self.event_types
        stated: dict[str, Any] = {"description": self.description, "event_types": chosen}
        return {**stated, "url": self.url} if self.url else stated

    @property
    def nothing_chosen(self) -> bool:
        """Whether some events are wanted and none is ticked, which the API would read as every event."""
        return self.which == "some" and not self.event_types


class StatusTyped(Body):
    """Whether events are sent."""

    status: Literal["active", "disabled"]


class RotationTyped(Body):
    """For how many hours the secret in use signs beside the new one."""

    overlap_hours: str = "24"
