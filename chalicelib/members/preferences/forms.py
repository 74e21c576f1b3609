"""What the API takes of somebody's preferences."""

from collections.abc import Mapping
from datetime import time
from typing import Literal

from pydantic import Field

from chalicelib.kernel.errors import Invalid
from chalicelib.members.preferences.model import WEEKDAYS, Wanted, Weekday
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import CHOSEN, Channel, Digest, QuietHours, Wishes
from chalicelib.web import Body, LocaleTag, WallTime, ZoneName


class QuietForm(Body):
    """Hours in which nothing arrives that can wait, in my own time zone; over midnight where they end before they
    begin.
    """

    from_: WallTime = Field(alias="from")
    to: WallTime

    def hours(self) -> QuietHours:
        """Raises Invalid for hours that are none, or all of the day."""
        if self.from_ == self.to:
            raise Invalid.at(
                "/quiet_hours/to",
                "Quiet hours end at another time than they begin; null leaves them to the store.",
                "免打扰时段的开始与结束时间不能相同；填 null 则按商家设置。",
            )
        return QuietHours(time.fromisoformat(self.from_), time.fromisoformat(self.to))


class DigestForm(Body):
    """Whether what can wait comes together: ``daily`` at a time, ``weekly`` on a weekday at a time, in my own time
    zone; with ``none`` each message comes by itself.
    """

    every: Literal["none", "daily", "weekly"] = "none"
    at: WallTime | None = None
    weekday: Weekday | None = None

    def digest(self, pointer: str) -> Digest | None:
        """Raises Invalid where time and weekday do not fit."""
        if self.every == "none":
            self._without(f"{pointer}/at", self.at)
            self._without(f"{pointer}/weekday", self.weekday)
            return None
        if self.at is None:
            raise Invalid.at(
                f"{pointer}/at", "Say at what time it comes, such as 18:00.", "请填写发送时间，例如 18:00。"
            )
        at = time.fromisoformat(self.at)
        if self.every == "daily":
            self._without(f"{pointer}/weekday", self.weekday)
            return Digest(at)
        if self.weekday is None:
            raise Invalid.at(
                f"{pointer}/weekday", "Say on which day it comes: mon to sun.", "请填写每周哪天发送：mon 至 sun。"
            )
        return Digest(at, WEEKDAYS.index(self.weekday))

    def _without(self, pointer: str, value: str | None) -> None:
        if value is not None:
            raise Invalid.at(
                pointer, f"A digest '{self.every}' has none; leave it out.", f"“{self.every}”无需此项，请删除。"
            )


class CategoryForm(Body):
    """Whether I want messages of a kind, and whether together. ``always`` is as it was read."""

    on: bool
    digest: DigestForm = DigestForm()
    always: Literal[False] = False


class AlwaysForm(Body):
    """Messages that always come, as they were read."""

    on: bool = True
    digest: None = None
    always: Literal[True] = True

    def check(self, pointer: str) -> None:
        """Raises Invalid where they are to be off."""
        if not self.on:
            raise Invalid.at(
                f"{pointer}/on",
                "Messages about orders and money always come: somebody may be waiting, or owed something.",
                "订单与资金相关的消息始终发送，无法关闭。",
            )


class CategoriesForm(Body):
    """``service`` is what is good to know, such as replies and surveys; ``news`` what the store would like to tell."""

    service: CategoryForm
    news: CategoryForm
    order: AlwaysForm = AlwaysForm()
    money: AlwaysForm = AlwaysForm()

    def digests(self) -> Mapping[Category, Digest]:
        """The kinds that come together."""
        forms = {category: getattr(self, category) for category in CHOSEN}
        given = {category: form.digest.digest(f"/categories/{category}/digest") for category, form in forms.items()}
        return {category: digest for category, digest in given.items() if digest is not None}


class PreferencesForm(Body):
    """All that I ask for about messages; what is left out or null is as the store has it."""

    EXAMPLES = {
        "no news, and the rest once a day": {
            "locale": "en-GB",
            "timezone": "Europe/London",
            "channels": ["email"],
            "quiet_hours": {"from": "21:30", "to": "07:30"},
            "categories": {
                "service": {"on": True, "digest": {"every": "daily", "at": "18:00"}},
                "news": {"on": False},
            },
        },
        "news on Saturdays": {
            "categories": {
                "service": {"on": True},
                "news": {"on": True, "digest": {"every": "weekly", "at": "09:00", "weekday": "sat"}},
            },
        },
    }

    locale: LocaleTag | None = None
    timezone: ZoneName | None = None
    channels: list[Channel] | None = Field(
        default=None,
        max_length=3,
        description="The media by which messages come that can be turned off, the best first; with none of them they "
        "come in the app alone. What always comes may take others where these fail.",
    )
    quiet_hours: QuietForm | None = None
    categories: CategoriesForm

    def wanted(self) -> Wanted:
        """Raises Invalid for what contradicts itself, or cannot be turned off."""
        categories = self.categories
        categories.order.check("/categories/order")
        categories.money.check("/categories/money")
        wishes = Wishes(
            timezone=self.timezone,
            channels=self._channels(),
            declined=frozenset() if categories.service.on else frozenset({Category.SERVICE}),
            quiet_hours=self.quiet_hours.hours() if self.quiet_hours else None,
            digests=categories.digests(),
        )
        return Wanted(self.locale, wishes, categories.news.on)

    def _channels(self) -> tuple[Channel, ...] | None:
        if self.channels is not None and len(set(self.channels)) < len(self.channels):
            raise Invalid.at("/channels", "Name each medium once.", "每种通知方式只能填写一次。")
        return None if self.channels is None else tuple(self.channels)


class TeamCategoryForm(Body):
    """Whether messages about my work that can wait come together. They always come."""

    on: Literal[True] = True
    digest: DigestForm = DigestForm()
    always: Literal[True] = True


class TeamCategoriesForm(Body):
    service: TeamCategoryForm = TeamCategoryForm()


class TeamPreferencesForm(Body):
    """All that I ask for about messages as one of the team; what is left out or null is as the brand has it."""

    EXAMPLES = {
        "in English, and once a day": {
            "locale": "en",
            "timezone": "Europe/London",
            "quiet_hours": {"from": "20:00", "to": "08:00"},
            "categories": {"service": {"digest": {"every": "daily", "at": "09:00"}}},
        },
    }

    locale: LocaleTag | None = None
    timezone: ZoneName | None = None
    quiet_hours: QuietForm | None = None
    categories: TeamCategoriesForm = TeamCategoriesForm()

    def wanted(self) -> Wanted:
        """Raises Invalid for what contradicts itself."""
        digest = self.categories.service.digest.digest("/categories/service/digest")
        wishes = Wishes(
            timezone=self.timezone,
            quiet_hours=self.quiet_hours.hours() if self.quiet_hours else None,
            digests={Category.SERVICE: digest} if digest else {},
        )
        return Wanted(self.locale, wishes)
