"""What is limited, to how many in which window of time, and for whom. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Self

from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import TooManyRequests
from chalicelib.kernel.ids import derived_id

_FIVE_MINUTES, _QUARTER, _HOUR, _DAY = (timedelta(minutes=n) for n in (5, 15, 60, 1440))


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in each window of time. Windows are fixed, one after the other from the epoch on: days are UTC's."""

    most: int
    window: timedelta


LIMITS: Mapping[str, Limit] = {
    # sign-up
    "sign_ups_a_source": Limit(60, _HOUR),
    "brands_an_owner_email": Limit(5, _DAY),
    # requests for sign-in codes: refused beyond it
    "email_codes_a_source": Limit(1000, _HOUR),
    "text_codes_a_source": Limit(60, _HOUR),
    "codes_a_source_and_address": Limit(5, _QUARTER),
    # codes that are alive at once at one address of one store: beyond it the last one is kept
    "codes_an_address": Limit(5, _FIVE_MINUTES),
    # messages with codes that leave: beyond it they are withheld, and nobody who asks can tell
    "messages_a_recipient": Limit(9, _HOUR),
    "messages_a_recipient_and_source": Limit(8, _HOUR),
    # beyond that, for whom the store knows: so a burst of strangers brings ten at most, and locks nobody out
    "messages_a_known_person": Limit(1, _FIVE_MINUTES),
    "messages_a_registered_person": Limit(1, _FIVE_MINUTES),
    "emails_to_newcomers_a_store": Limit(3000, _HOUR),
    "texts_to_newcomers_a_store": Limit(300, _HOUR),
    "texts_to_newcomers_a_new_store": Limit(100, _DAY),
    "texts_abroad_a_store_and_country": Limit(30, _DAY),
    "texts_a_day": Limit(20_000, _DAY),
    # personal invitations that leave: what is beyond it leaves another day
    "messages_to_prospects_a_recipient": Limit(5, _DAY),
    "emails_to_prospects_a_store": Limit(3000, _DAY),
    "texts_to_prospects_a_store": Limit(300, _DAY),
    "texts_to_prospects_a_new_store": Limit(30, _DAY),
    "texts_to_prospects_abroad_a_store_and_country": Limit(30, _DAY),
    # guesses at codes: beyond it codes are longer
    "guesses_an_address": Limit(30, _DAY),
    "guesses_a_source": Limit(100, _HOUR),
    "warnings_an_address": Limit(1, _DAY),
    "warnings_a_recipient": Limit(5, _DAY),
    # codes of coupons that a member enters, right ones among them
    "coupon_codes_a_member": Limit(10, timedelta(minutes=1)),
    # invite codes that are typed: right ones are given back
    "invite_codes_a_source": Limit(100, _HOUR),
    "invite_codes_an_address": Limit(10, _HOUR),
    # links with invite codes that are opened: right ones are given back
    "invite_links_a_source": Limit(30, _HOUR),
    # questions that a member opens with the store
    "enquiries_a_member": Limit(30, _DAY),
    # forms to upload a photo with
    "suggestions_a_member": Limit(5, _DAY),
    "upload_forms_a_member": Limit(60, _HOUR),
    "upload_forms_a_team": Limit(1000, _HOUR),
    # answers to a survey by a link that is open to all
    "open_answers_a_source": Limit(30, _HOUR),
    # batches of what people do in the shop: of who is not signed in, and of a member
    "events_a_source": Limit(3000, _HOUR),
    "events_a_member": Limit(1000, _HOUR),
    # questions to a payment provider for a payer who waits to see what became of their money
    "questions_a_payment": Limit(30, _HOUR),
    # test events, each of which keeps the API waiting for a receiver
    "webhook_tests_a_brand": Limit(60, _HOUR),
    # looks at the DNS, each of which keeps the API waiting for servers that anybody may run
    "domain_looks_a_brand": Limit(60, _HOUR),
    # all other messages of a brand whose owner has not signed in yet
    "messages_a_new_brand": Limit(200, _DAY),
    "messages_of_new_brands_a_recipient": Limit(50, _DAY),
}
"""Each limit by its name, which the setting LIMITS may give another number."""


class LimitReached(TooManyRequests):
    """A budget is spent until its window ends. ``limit`` names it; never shown to people."""

    limit = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one subject has of a limit. The subject may be personal: only its digest is stored."""

    limit: str
    subject: str

    @classmethod
    def of(cls, limit: str, *subject: str) -> Self:
        """The budget of whom the parts name. Raises KeyError for a limit that does not exist."""
        if limit not in LIMITS:
            raise KeyError(limit)
        return cls(limit, derived_id(limit, *subject))

    @property
    def window(self) -> timedelta:
        return LIMITS[self.limit].window

    def begins(self, now: datetime) -> int:
        """The epoch second at which the window that ``now`` is in began."""
        seconds = int(self.window.total_seconds())
        return int(now.timestamp()) // seconds * seconds

    def ends(self, now: datetime) -> int:
        """The epoch second at which that window ends, and the budget is whole again."""
        return self.begins(now) + int(self.window.total_seconds())

    def whole_at(self, now: datetime) -> datetime:
        """When that window ends (UTC)."""
        return datetime.fromtimestamp(self.ends(now), UTC)

    def reached(self, now: datetime) -> LimitReached:
        """The refusal of more, with the time to wait."""
        seconds = max(1, ceil(self.ends(now) - now.timestamp()))
        minutes = ceil(seconds / 60)
        reached = LimitReached(
            f"Too many requests came from your network; try again in {counted(minutes, 'minute')}.",
            detail_zh=f"来自您所在网络的请求过多，请在 {minutes} 分钟后重试。",
            retry_after=seconds,
        )
        reached.limit = self.limit
        return reached


Ways = Sequence[Sequence[Budget]]
"""Sets of budgets, each a way to be let through: the first in which every budget has something left is taken."""

TAKEN: Ways = ((),)
"""The way of what has taken its budgets before it set out: it needs nothing more."""
