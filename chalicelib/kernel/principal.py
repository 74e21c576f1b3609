"""Who is calling."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel.errors import Unauthenticated

Kind = Literal["api_key", "staff", "member", "anonymous"]


ROLES = ("owner", "manager", "editor", "planner", "service", "analyst", "technical")
"""Roles of a tenant's people. ``owner`` may do everything; an API key's scopes are role names or ``*``.

``analyst`` reads figures and ``technical`` connects systems: neither is shown how a person is reached.
"""

_WITHOUT_CONTACTS = frozenset({"analyst", "technical"})


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller whose credential was verified. ``roles`` holds a staff member's roles, or what an API key may do now.

    ``person`` is the staff member who acts or, for an API key, who answers for it; empty where there is none. Of who
    came with a token: when they proved who they are with a code (epoch seconds), and how often they had signed out
    everywhere when it was issued.
    """

    kind: Kind
    tenant_id: str
    id: str
    roles: frozenset[str] = frozenset()
    name: str = ""
    slug: str = ""
    person: str = ""
    proved_at: int = 0
    sign_outs: int = 0

    def has(self, *roles: str) -> bool:
        """Whether any of the roles, or one that includes them all, is held."""
        return not self.roles.isdisjoint((*roles, "owner", "*"))

    @property
    def sees_contacts(self) -> bool:
        """Whether names, e-mail addresses, phone numbers and postal addresses of people are shown to the caller.

        Members see their own. Of a team, those whose work needs no contact with people do not.
        """
        return self.kind not in ("staff", "api_key") or not self.roles <= _WITHOUT_CONTACTS

    @property
    def label(self) -> str:
        """How the audit log and histories name the caller, such as ``staff:01J…``."""
        return f"{self.kind}:{self.id}" if self.id else self.kind


def signed_out() -> Unauthenticated:
    """The refusal of a token that its holder has ended, or whose holder has left."""
    return Unauthenticated(
        "The credential is not valid or has expired; sign in again.", detail_zh="凭证无效或已过期，请重新登录。"
    )


ANONYMOUS = Principal("anonymous", "", "")

SYSTEM = "system"
"""How histories name what the product did by itself."""
