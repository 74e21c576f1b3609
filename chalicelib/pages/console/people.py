"""What people are called: those of the team by their ids, to whom work is given and who did something, and members."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.members.views import StaffMemberView
from chalicelib.pages.shell import N_, Visit, ask
from chalicelib.pages.shell.words import said
from chalicelib.tenants.routes import list_staff

MOST = 200
"""Of a team, to choose from."""

_OTHERS = {
    "member": N_("The member"),
    "api_key": N_("A connected program"),
    "system": N_("Lintuan, by itself"),
}


@dataclass(frozen=True, slots=True)
class People:
    """Names by staff id, in the order of the team; ``me`` is who looks."""

    names: Mapping[str, str]
    me: str

    def named(self, staff_id: str) -> str:
        """Somebody's name, in the language of the page for who has left."""
        return self.names.get(staff_id) or said(N_("Somebody who has left"))

    def by(self, label: str) -> str:
        """Who did something, as histories name them: ``staff:01J…``, ``member:…``, ``system``."""
        kind, _, who = label.partition(":")
        return said(_OTHERS[kind]) if kind in _OTHERS else self.named(who)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """All of the team, to choose one from."""
        return list(self.names.items())


def called(member: StaffMemberView) -> str:
    """What a member is called on every screen, as ``parts.called`` says it: by name, else by the brand's own number or
    an address, as far as the reader may see them; empty for nothing of these.
    """
    return member.profile.name or member.external_ref or member.phone or member.email or ""


def people(visit: Visit[Any]) -> People:
    """The team. Raises Forbidden for who may not list it."""
    found = ask(visit, list_staff, limit=MOST).items
    return People({each.id: each.name or each.email or each.id for each in found}, visit.principal.id)
