"""What every notice of an order says first: whose store, and which campaign. Pure."""

from dataclasses import dataclass

from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

ORDER = Telling(Category.ORDER, about="order")
"""Good to know; it waits in the inbox of whoever has no address that costs nothing."""

ORDER_NOW = Telling(Category.ORDER, Urgency.ACT, about="order")
"""Something is to be done by a time, or a way to the pickup point is saved."""

MONEY = Telling(Category.MONEY, about="order")
MONEY_NOW = Telling(Category.MONEY, Urgency.ACT, about="order")


@dataclass(frozen=True, slots=True)
class AboutOrder(Notice):
    """Of a member's order in the campaign of that title.

    Facts that a notice did not have from its beginning have a default: messages are on their way while a new version is
    deployed.
    """

    brand: str
    title: str
