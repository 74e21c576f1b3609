"""What identifies a member in a tenant: an address or reference, and the id of its ordinal. Pure."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.mailboxes import mailbox


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a member unique in a tenant: an e-mail in lower case, an E.164 number, the brand's own reference, the
    id of its official account.
    """

    kind: Literal["email", "phone", "ref", "open_id"]
    value: str

    @property
    def digest(self) -> str:
        """Stands for the identity in keys, so that no address shows where keys are logged."""
        return derived_id("identity", self.kind, self.value)


class FollowerTaken(Conflict):
    """The official account's id leads to another member already, ``member_id``."""

    code, title, title_zh = (
        "follower_taken",
        "Another member is reached under this id of the official account",
        "该 OpenID 已关联其他会员",
    )


def person_of(identity: Identity) -> str:
    """Who counts as one person for limits and new-member advantages: the mailbox behind an e-mail address (without its
    ``+tag``), else the phone number or reference itself. Signing in goes by the identity as it was typed.
    """
    return mailbox(identity.value) if identity.kind == "email" else identity.value


def member_id(tenant_id: str, ordinal: int) -> str:
    """The id of a tenant's n-th member (from 0).

    Derived, so that a list of ordinals (a cell of a retention table) turns into members without an index.
    """
    return derived_id(tenant_id, "member", str(ordinal))
