"""The console's places, and who of the team finds which: the roles of the routes that a place asks first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.kernel.principal import Principal
from chalicelib.pages.shell.words import N_

_ALL = ("manager", "editor", "planner", "service", "analyst", "technical")
_SEE = ("manager", "editor", "planner", "service", "analyst")
_BUY = ("manager", "planner", "analyst")
_COUNT = ("manager", "analyst")
_SERVE = ("manager", "service")


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its ``path`` within the console, its name, and the roles that find it; owners find all."""

    path: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Places that belong together, under a name; the first group has none."""

    name: str
    places: tuple[Place, ...]


GROUPS: Sequence[Group] = (
    Group("", (Place("", N_("Today"), _ALL), Place("/inbox", N_("Inbox"), _ALL))),
    Group(
        N_("Sell"),
        (
            Place("/campaigns", N_("Group buys"), _SEE),
            Place("/campaign-series", N_("Recurring group buys"), _SEE),
            Place("/promotions", N_("Promotions"), _SEE),
            Place("/coupons", N_("Coupons"), ("manager", "planner", "service", "analyst")),
            Place("/wanted", N_("What members want"), ("manager", "planner", "analyst")),
            Place("/growth", N_("What promotions bring"), ("manager", "planner", "analyst")),
            Place("/recruitment", N_("New members"), ("manager", "planner", "service", "analyst")),
            Place("/announcements", N_("News"), _SEE),
            Place("/journeys", N_("Journeys"), _SEE),
            Place("/channels", N_("Channels"), _SEE),
            Place("/points-rules", N_("Points and tiers"), _SEE),
            Place("/gifts", N_("Gifts for points"), _SEE),
            Place("/leaderboards", N_("Leaderboards"), ("manager", "planner", "service", "analyst")),
        ),
    ),
    Group(
        N_("Goods"),
        (
            Place("/products", N_("Products"), _SEE),
            Place("/prices", N_("Price watch"), _SEE),
            Place("/stock", N_("Stock"), _SEE),
            Place("/suppliers", N_("Suppliers"), _BUY),
        ),
    ),
    Group(
        N_("Orders"),
        (
            Place("/orders", N_("Orders"), ("manager", "planner", "service", "analyst")),
            Place("/payments", N_("Payments"), ("manager", "service", "analyst")),
            Place("/cash-refunds", N_("Cash to be paid out"), ("manager", "service", "analyst")),
        ),
    ),
    Group(
        N_("Handover"),
        (
            Place("/supply", N_("After the close"), ("manager", "planner", "service", "analyst")),
            Place("/pickup-points", N_("Pickup points"), _SEE),
        ),
    ),
    Group(
        N_("Service"),
        (
            Place("/desk", N_("Desk"), _SERVE),
            Place("/enquiries", N_("Enquiries"), _SERVE),
            Place("/faq", N_("FAQ"), ("manager", "service", "editor")),
            Place("/complaints", N_("Complaints"), _SERVE),
            Place("/after-sales", N_("After-sales"), _SERVE),
            Place("/suggestions", N_("Suggestions"), _SERVE),
            Place("/reviews", N_("Reviews"), _SEE),
            Place("/surveys", N_("Surveys"), ("manager", "planner", "service", "analyst")),
            Place("/improvements", N_("Improvements"), ("manager", "planner", "service", "analyst")),
            Place("/members", N_("Members"), _SEE),
            Place("/segments", N_("Segments"), _SEE),
            Place("/member-classes", N_("Classes of members"), _SEE),
        ),
    ),
    Group(
        N_("Money"),
        (
            Place("/invoices", N_("Invoices"), ("manager", "service", "analyst")),
            Place("/cash", N_("Cash to be handed in"), _COUNT),
            Place("/statements", N_("Statements"), _COUNT),
            Place("/books", N_("Books"), _COUNT),
            Place("/costs", N_("Costs"), _COUNT),
        ),
    ),
    Group(
        N_("Figures"),
        (
            Place("/overview", N_("How we are doing"), _COUNT),
            Place("/reports", N_("Reports"), _COUNT),
            Place("/reports/retention", N_("Who comes back"), _COUNT),
            Place("/reports/classes", N_("New, active, dormant, churned"), _COUNT),
            Place("/reports/rfm", N_("How members score"), _COUNT),
            Place("/reports/leaving", N_("Who leaves, and why"), _COUNT),
            Place("/reports/service-rates", N_("Praise and complaints"), _COUNT),
            Place("/experiments", N_("Experiments"), _BUY),
            Place("/report-schedules", N_("Reports by e-mail"), _BUY),
            Place("/exports", N_("Orders as a file"), _COUNT),
            Place("/imports", N_("Imports"), _COUNT),
        ),
    ),
    Group(
        N_("Brand"),
        (
            Place("/brand", N_("Brand"), _ALL),
            Place("/domain", N_("Your own domain"), ("manager",)),
            Place("/staff", N_("Your team"), _SEE),
            Place("/api-keys", N_("API keys"), ("manager", "technical")),
            Place("/payment-accounts", N_("Payment accounts"), ()),
            Place("/messages", N_("Messages"), ("manager", "editor", "service", "analyst")),
            Place("/webhook-endpoints", N_("Webhooks"), ("manager", "technical")),
            Place("/audit", N_("Who changed what"), ("manager",)),
        ),
    ),
)


def found_by(who: Principal) -> list[Group]:
    """The groups with the places that somebody finds; none that is empty."""
    groups = [Group(each.name, tuple(place for place in each.places if who.has(*place.roles))) for each in GROUPS]
    return [each for each in groups if each.places]
