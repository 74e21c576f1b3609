"""What the pages of messages take."""

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.notices.settings.views import MessageSettingsView
from chalicelib.web import Body, Query

_Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Nothing(Body):
    """A form that is no more than its button."""


class WordsOf(Query):
    """Which message, and in which language; the reader's where none is named."""

    name: _Name
    locale: Literal["zh", "en"] | None = None


class WordsTyped(Body):
    """The brand's own words for a message. What they may be is the API's to say."""

    name: _Name
    locale: Literal["zh", "en"]
    subject: str = ""
    text: str = ""

    def sent(self) -> dict[str, str]:
        """As the API takes them; what is empty is missing there."""
        said = {"locale": self.locale, "subject": self.subject, "text": self.text}
        return {name: value for name, value in said.items() if value}


class SettingsTyped(Body):
    """All of the page of settings, as it was typed."""

    channels: list[str] = []
    quiet: Literal["true", "false"] = "false"
    quiet_hours: dict[str, str] = {}
    caps: dict[str, dict[str, str]] = {}
    prices: dict[str, str] = {}
    official_account: dict[str, str] = {}

    def stated(self, before: MessageSettingsView) -> dict[str, Any]:
        """As the API takes it: all of it at once, with what the page does not show as it was ``before``."""
        stated: dict[str, Any] = {
            "channels": [each for each in self.channels if each],
            "quiet_hours": self.quiet_hours if self.quiet == "true" else None,
            "caps": self.caps,
            "prices": self.prices,
        }
        if self.official_account.get("app_id"):
            account = before.official_account
            templates = [each.model_dump() for each in account.templates] if account else []
            stated["official_account"] = {**self.official_account, "templates": templates}
        return stated
