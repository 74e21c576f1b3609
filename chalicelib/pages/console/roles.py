"""What each role of the team is called and may do, in words. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chalicelib.pages.shell.words import N_


@dataclass(frozen=True, slots=True)
class Role:
    """A role by its ``code``, its name, and what who has it may do."""

    code: str
    name: str
    may: str


ROLES: Sequence[Role] = (
    Role("owner", N_("Shop owner"), N_("Everything, also payment accounts and the team.")),
    Role("manager", N_("Manager"), N_("Everything but payment accounts, the team and refund rules.")),
    Role("editor", N_("Editor"), N_("Products with their photos and stock, and news to members.")),
    Role("planner", N_("Planner"), N_("Group buys, pickup points, suppliers and surveys.")),
    Role("service", N_("Customer service"), N_("Orders, members, complaints, returns and money given back.")),
    Role("analyst", N_("Analyst"), N_("Reads figures and books. Sees no names and no phone numbers.")),
    Role("technical", N_("Technical"), N_("API keys and webhooks. Sees no names and no phone numbers.")),
)


def names_of(held: Collection[str]) -> list[str]:
    """What the roles that somebody holds are called, as the catalogues have them, in the order of `ROLES`."""
    return [each.name for each in ROLES if each.code in held]
