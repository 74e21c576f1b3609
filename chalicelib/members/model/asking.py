"""Which one thing a shop asks its member, and when it asks the next. Pure.

One question at a time, to be answered or dismissed with one tap. Nothing is noted when it is shown, so the same one
stands until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self, get_args

from chalicelib.kernel.clock import instant, parse_instant

QuestionName = Literal["birthday", "household", "favourite_point_id", "age_band", "interests"]
ASKED: Final[tuple[QuestionName, ...]] = get_args(QuestionName)
"""What is asked by itself, in this order. Gender, occupation and income are for who likes to fill them in."""

AFTER_ANSWER, AFTER_DISMISSAL, SAME_AGAIN = timedelta(days=30), timedelta(days=120), timedelta(days=365)
"""How long nothing is asked after an answer and after a dismissal, and when what was dismissed may be asked again."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Until when (UTC) nothing is asked, and what was dismissed when."""

    quiet_until: datetime | None = None
    dismissed: Mapping[str, datetime] = field(default_factory=dict)

    def question(self, profile: Mapping[str, Any], now: datetime) -> QuestionName | None:
        """What may be asked now; None for nothing."""
        if self.quiet_until is not None and now < self.quiet_until:
            return None
        return next((name for name in ASKED if not profile.get(name) and self._may_ask(name, now)), None)

    def _may_ask(self, name: str, now: datetime) -> bool:
        return name not in self.dismissed or now >= self.dismissed[name] + SAME_AGAIN

    def answered(self, now: datetime) -> Self:
        """After something was said."""
        quiet = max(now + AFTER_ANSWER, self.quiet_until or now)
        return type(self)(quiet, self.dismissed)

    def dismiss(self, name: QuestionName, now: datetime) -> Self:
        """After a question was put away."""
        return type(self)(now + AFTER_DISMISSAL, {**self.dismissed, name: now})

    def as_json(self) -> dict[str, Any]:
        """As the record stores it."""
        quiet = {"quiet": instant(self.quiet_until)} if self.quiet_until else {}
        dismissed = {name: instant(at) for name, at in self.dismissed.items()}
        return quiet | ({"dismissed": dismissed} if dismissed else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        quiet = parse_instant(stored["quiet"]) if "quiet" in stored else None
        return cls(quiet, {name: parse_instant(at) for name, at in stored.get("dismissed", {}).items()})
