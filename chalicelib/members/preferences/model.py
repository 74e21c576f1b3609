"""What somebody asks for about messages, all of it at once. Pure."""

from dataclasses import dataclass
from typing import Literal, get_args

from chalicelib.notices.recipients.model import Wishes

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A language (None for the brand's), wishes, and whether news are wanted: that is the consent ``marketing``."""

    locale: str | None
    wishes: Wishes
    news: bool = False
