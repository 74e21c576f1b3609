"""What the API shows of somebody's preferences."""

from datetime import time
from typing import Literal, Self

from pydantic import ConfigDict, Field

from chalicelib.members.preferences.model import WEEKDAYS, Weekday
from chalicelib.members.records import MemberRecord
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Channel, Digest, QuietHours, Wishes
from chalicelib.tenants.records import StaffRecord
from chalicelib.web import View


class QuietView(View):
    """Hours in which nothing arrives that can wait, in my own time zone."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    from_: str = Field(alias="from")
    to: str

    @classmethod
    def of(cls, hours: QuietHours | None) -> Self | None:
        return None if hours is None else cls(**{"from": _wall(hours.begins), "to": _wall(hours.ends)})


class DigestView(View):
    """Whether what can wait comes together, and when."""

    every: Literal["none", "daily", "weekly"] = "none"
    at: str | None = None
    weekday: Weekday | None = None

    @classmethod
    def of(cls, digest: Digest | None) -> Self:
        if digest is None:
            return cls()
        if digest.weekday is None:
            return cls(every="daily", at=_wall(digest.at))
        return cls(every="weekly", at=_wall(digest.at), weekday=WEEKDAYS[digest.weekday])


class CategoryView(View):
    """Messages of a kind: whether I get them, whether that can be changed (``always`` false), whether together."""

    on: bool
    digest: DigestView
    always: bool


class AlwaysView(View):
    """Messages of a kind that always come, and at once."""

    on: bool = True
    digest: None = None
    always: bool = True


class CategoriesView(View):
    order: AlwaysView = AlwaysView()
    money: AlwaysView = AlwaysView()
    service: CategoryView
    news: CategoryView


class PreferencesView(View):
    """What I asked for about messages; null is as the store has it."""

    locale: str | None
    timezone: str | None
    channels: list[Channel] | None
    quiet_hours: QuietView | None
    categories: CategoriesView

    @classmethod
    def of(cls, member: MemberRecord) -> Self:
        wishes = member.wishes or Wishes()
        return cls(
            locale=member.locale,
            timezone=wishes.timezone,
            channels=None if wishes.channels is None else list(wishes.channels),
            quiet_hours=QuietView.of(wishes.quiet_hours),
            categories=CategoriesView(
                service=_category(wishes, Category.SERVICE, on=Category.SERVICE not in wishes.declined),
                news=_category(wishes, Category.NEWS, on=member.agrees_to_news),
            ),
        )


class TeamCategoriesView(View):
    service: CategoryView


class TeamPreferencesView(View):
    """What I asked for about messages as one of the team; null is as the brand has it."""

    locale: str | None
    timezone: str | None
    quiet_hours: QuietView | None
    categories: TeamCategoriesView

    @classmethod
    def of(cls, person: StaffRecord) -> Self:
        wishes = person.wishes or Wishes()
        service = _category(wishes, Category.SERVICE, on=True, always=True)
        return cls(
            locale=person.locale,
            timezone=wishes.timezone,
            quiet_hours=QuietView.of(wishes.quiet_hours),
            categories=TeamCategoriesView(service=service),
        )


def _category(wishes: Wishes, category: Category, *, on: bool, always: bool = False) -> CategoryView:
    return CategoryView(on=on, digest=DigestView.of(wishes.digests.get(category)), always=always)


def _wall(at: time) -> str:
    return at.isoformat("minutes")
