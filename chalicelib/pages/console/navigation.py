"""The console's places, and who of the team finds which: the roles of the routes that a place asks first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.kernel.principal import Principal
from chalicelib.pages.shell.words import N_

_ALL = ("manager", "editor", "planner", "service", "analyst", "technical")
_SEE = ("manager", "editor", "planner", "service", "analyst")


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
    Group("", (Place("", N_("Today"), _ALL),)),
    Group(N_("Handover"), (Place("/pickup-points", N_("Pickup points"), _SEE),)),
    Group(
        N_("Brand"),
        (
            Place("/brand", N_("Brand"), _ALL),
            Place("/staff", N_("Your team"), _SEE),
            Place("/api-keys", N_("API keys"), ("manager", "technical")),
            Place("/payment-accounts", N_("Payment accounts"), ()),
            Place("/audit", N_("Who changed what"), ("manager",)),
        ),
    ),
)


def found_by(who: Principal) -> list[Group]:
    """The groups with the places that somebody finds; none that is empty."""
    groups = [Group(each.name, tuple(place for place in each.places if who.has(*place.roles))) for each in GROUPS]
    return [each for each in groups if each.places]
