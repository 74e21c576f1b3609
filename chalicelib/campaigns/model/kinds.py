"""The kinds of campaign, and the terms that come with them. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from chalicelib.campaigns.model.stored_terms import StoredTerms

PaymentMethod = Literal["pickup", "test", "stripe", "wechat"]
AT_PICKUP: PaymentMethod = "pickup"
FLASH_PEAK = 2_500
"""Orders a second that a flash sale is laid out for where nobody says what rush is expected: ten buckets an offer."""

MAX_NO_SHOW_HOURS = 30 * 24
MAX_BALANCE_HOURS = 60 * 24
MAX_TEAM_HOURS = 7 * 24
MAX_TEAM_SIZE = 100


class Kind(StrEnum):
    """How a campaign sells. ``group_order``: everyone alone, at a fixed price; ``ladder``: the more units, the lower
    everybody's price; ``team_buy``: at the team's price for those whose team fills in time; ``flash_sale``: hot stock,
    one unit a member; ``pre_order``: a deposit now, the balance after the close.
    """

    GROUP_ORDER = "group_order"
    LADDER = "ladder"
    TEAM_BUY = "team_buy"
    FLASH_SALE = "flash_sale"
    PRE_ORDER = "pre_order"


LADDER_KINDS = frozenset({Kind.GROUP_ORDER, Kind.LADDER})
"""Kinds whose offers may have a ladder; a campaign of kind ``ladder`` has at least one that does."""

KIND_TERMS = frozenset({"team", "audience", "caps", "delivery", "payment_methods", "balance", "no_show"})
"""The fields of a campaign that make its kind, beside its offers."""

OnDefault = Literal["refund", "forfeit"]


@dataclass(frozen=True, slots=True)
class Team(StoredTerms):
    """A team is complete with ``size`` members, the one who began it included, within ``hours`` of its beginning."""

    size: int
    hours: int


@dataclass(frozen=True, slots=True)
class Caps(StoredTerms):
    """A campaign closes early once it has so many live orders, or goods of that value are ordered (minor
    units, at the prices they are ordered at).
    """

    orders: int | None = None
    amount_minor: int | None = None

    def reached(self, orders: int, amount_minor: int) -> bool:
        """Whether either cap is reached."""
        return (self.orders is not None and orders >= self.orders) or (
            self.amount_minor is not None and amount_minor >= self.amount_minor
        )


@dataclass(frozen=True, slots=True)
class Balance(StoredTerms):
    """What is left of a pre-order's price is due so many hours after the close; what becomes of the deposit of those
    who do not pay it. They get it back unless the campaign says otherwise, and then says so before they order.
    """

    hours_after_close: int = 72
    on_default: OnDefault = "refund"


@dataclass(frozen=True, slots=True)
class NoShow(StoredTerms):
    """After how many hours at the pickup point an order is taken as not collected; and what becomes of its money. It is
    paid back unless the campaign says otherwise, and then says so before anybody orders: nobody loses money by a rule
    that they were not shown.
    """

    hours: int = 72
    action: OnDefault = "refund"
