"""What the page of preferences takes."""

from typing import Any

from chalicelib.members.preferences.views import PreferencesView
from chalicelib.web import Body

INBOX_ALONE = "none"
"""No medium that leaves the shop: messages are read here."""


class DigestTyped(Body):
    """Whether messages come together, and when."""

    every: str = "none"
    at: str | None = None
    weekday: str | None = None


class CategoryTyped(Body):
    """A kind of message."""

    on: str = "false"
    digest: DigestTyped = DigestTyped()

    def stated(self) -> dict[str, Any]:
        """Without the time and the day that its way of coming does not need."""
        needed = {"daily": {"every", "at"}, "weekly": {"every", "at", "weekday"}}.get(self.digest.every, {"every"})
        return {"on": self.on, "digest": self.digest.model_dump(include=needed, exclude_none=True)}


class PreferencesPage(Body):
    """All of the page, as it was typed."""

    channels: str = ""
    quiet_hours: dict[str, str] = {}
    categories: dict[str, CategoryTyped] = {}

    def stated(self, before: PreferencesView) -> dict[str, Any]:
        """As the API takes it: all of it at once, with what the page does not show as it was ``before``."""
        channels = None if not self.channels else [] if self.channels == INBOX_ALONE else self.channels.split(",")
        return {
            "locale": before.locale,
            "timezone": before.timezone,
            "channels": channels,
            "quiet_hours": self.quiet_hours or None,
            "categories": {name: self.categories.get(name, CategoryTyped()).stated() for name in ("service", "news")},
        }
