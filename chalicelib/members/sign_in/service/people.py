"""Who signs in, and how they are reached."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.db import Record
from chalicelib.kernel.keys import Key
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import IdentityRecord
from chalicelib.members.sign_in.model import (
    Asking,
    Audience,
    sign_in_key,
)
from chalicelib.notices.model.notices import Destination, Medium
from chalicelib.settings import secret
from chalicelib.tenants.records import StaffEmail, Tenant

NO_TENANT = "0" * 26
"""Stands in for the tenant of an unknown slug, so that the same requests are made: its partitions are empty."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in request: as staff or as a member, to which store, by which address, from which source."""

    audience: Audience
    slug: str
    identity: Identity
    source: str

    @property
    def asking(self) -> Asking:
        """As it is named where its codes lie."""
        return self._named(secret("codes").current)

    @property
    def askings(self) -> Iterator[Asking]:
        """The same, and as it was named when a code was sent before the secret was replaced."""
        return map(self._named, secret("codes").every())

    @property
    def askings_to_try(self) -> Iterator[Asking]:
        """The same, and as it is named already where the secret's replacement is known."""
        return map(self._named, secret("codes").every_and_newer())

    def _named(self, key: Key) -> Asking:
        return Asking(self.source, sign_in_key(key, self.audience, self.slug, self.identity), self.identity)

    def person(self, tenant_id: str) -> tuple[type[Record], str, str]:
        """Where to read whether there is somebody with this address."""
        if self.audience == "staff":
            return (StaffEmail, *StaffEmail.address(tenant_id, self.identity.value))
        return (IdentityRecord, *IdentityRecord.address(tenant_id, self.identity))


def destination(
    sign_in: SignIn, tenant: Tenant | None, identity: StaffEmail | IdentityRecord | None, locale: str | None
) -> Destination:
    """Whom a message of this sign-in reaches: nobody where there is no such store, or nobody such on its staff."""
    reachable = tenant is not None and (sign_in.audience == "member" or identity is not None)
    medium: Medium = "email" if sign_in.identity.kind == "email" else "sms"
    brand_locale = tenant.locale if tenant else "en"
    return Destination(medium if reachable else "nobody", sign_in.identity.value, locale or brand_locale)
