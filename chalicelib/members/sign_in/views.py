"""What the routes of sign-in answer."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from chalicelib.members.sign_in.service.sign_in import SignedIn
from chalicelib.web import UlidStr, View
from chalicelib.web.tokens import issue


class PrincipalView(View):
    """Whose a token is. ``roles`` is empty for members."""

    kind: str
    id: UlidStr
    tenant_id: UlidStr
    roles: list[str]
    name: str


class TokenView(View):
    """A bearer token and its lifetime in seconds. ``invite`` says what became of the invite code: it was ``used``, or
    ``not_new`` where I was a member already, so that it changes nothing. A personal invitation is used by who was
    written down or imported, too, when they sign in first.
    """

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int
    principal: PrincipalView
    invite: Literal["used", "not_new"] | None = None

    @classmethod
    def of(cls, signed_in: SignedIn, now: datetime) -> Self:
        """With a token that is issued ``now``."""
        who = signed_in.principal
        token = issue(
            signed_in.audience,
            who.tenant_id,
            who.slug,
            who.id,
            who.roles,
            now,
            signed_in.seconds,
            sign_outs=who.sign_outs,
            proved_at=who.proved_at or None,
        )
        principal = PrincipalView(
            kind=who.kind, id=who.id, tenant_id=who.tenant_id, roles=sorted(who.roles), name=who.name
        )
        return cls(access_token=token, expires_in=signed_in.seconds, principal=principal, invite=signed_in.invite)


class CodeSentView(View):
    """Says the same whether or not there is such a person, and whether or not a further message was sent: the codes
    before it are then still good.
    """

    status: str = "sent"
    expires_in: int
    handle: str = Field(description="Goes with the code to /v1/auth/token: its five tries are yours alone.")
