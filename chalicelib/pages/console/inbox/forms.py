"""What the pages of the team's inbox take."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=100)]


class Nothing(Body):
    """A form that is no more than its button."""


class DigestTyped(Body):
    """Whether messages come together, and when."""

    every: Typed = "none"
    at: Typed | None = None
    weekday: Typed | None = None

    def stated(self) -> dict[str, Any]:
        """Without the time and the day that its way of coming does not need."""
        needed = {"daily": {"every", "at"}, "weekly": {"every", "at", "weekday"}}.get(self.every, {"every"})
        return self.model_dump(include=needed, exclude_none=True)


class ServiceTyped(Body):
    """Messages about one's work."""

    digest: DigestTyped = DigestTyped()


class CategoriesTyped(Body):
    """The kinds of messages that can come together."""

    service: ServiceTyped = ServiceTyped()


class PreferencesPage(Body):
    """All of the page, as it was typed; what is empty is as the brand has it."""

    locale: Typed | None = None
    timezone: Typed | None = None
    quiet_hours: dict[str, Typed] = {}
    categories: CategoriesTyped = CategoriesTyped()

    def stated(self) -> dict[str, Any]:
        """As the API takes it."""
        return {
            "locale": self.locale,
            "timezone": self.timezone,
            "quiet_hours": self.quiet_hours or None,
            "categories": {"service": {"digest": self.categories.service.digest.stated()}},
        }
