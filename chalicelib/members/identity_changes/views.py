"""What the routes of identity changes answer."""

from typing import Literal, Self

from chalicelib.members.identity_changes.model import LIFETIME, masked
from chalicelib.members.model.identities import Identity
from chalicelib.web import View


class CodesSentView(View):
    """Where codes went, as long as such identities exist, and for how many seconds they are valid. ``own_code_sent_to``
    is masked; null where none was needed.
    """

    status: Literal["sent"] = "sent"
    own_code_sent_to: str | None
    expires_in: int

    @classmethod
    def of(cls, proof: Identity | None) -> Self:
        lifetime = int(LIFETIME.total_seconds())
        return cls(own_code_sent_to=masked(proof) if proof else None, expires_in=lifetime)
