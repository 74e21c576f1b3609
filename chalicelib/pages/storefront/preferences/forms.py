"""What the page of preferences takes."""

from collections.abc import Mapping
from typing import Any

from chalicelib.members.preferences.views import PreferencesView
from chalicelib.web import Body

INBOX_ALONE = "none"
"""No medium that leaves the shop: messages are read here."""


class PreferencesPage(Body):
    """All of the page, as it was typed."""

    channels: str = ""
    quiet_hours: dict[str, str] = {}
    categories: dict[str, dict[str, Any]] = {}

    def stated(self, before: PreferencesView) -> dict[str, Any]:
        """As the API takes it: all of it at once, with what the page does not show as it was ``before``."""
        channels = None if not self.channels else [] if self.channels == INBOX_ALONE else self.channels.split(",")
        return {
            "locale": before.locale,
            "timezone": before.timezone,
            "channels": channels,
            "quiet_hours": self.quiet_hours or None,
            "categories": {name: _stated(self.categories.get(name, {})) for name in ("service", "news")},
        }


def _stated(typed: Mapping[str, Any]) -> dict[str, Any]:
    """A kind of message, without the time and the day that its way of coming does not need."""
    digest = typed.get("digest") or {}
    every = digest.get("every", "none")
    needed = {"none": (), "daily": ("at",), "weekly": ("at", "weekday")}.get(every, ())
    return {
        "on": typed.get("on", "false"),
        "digest": {"every": every, **{name: digest[name] for name in needed if name in digest}},
    }
