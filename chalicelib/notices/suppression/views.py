"""What the API shows of addresses that mail does not go to."""

from typing import Literal, Self

from chalicelib.notices.suppression.records import SuppressedAddress
from chalicelib.web import Contact, Instant, UlidStr, View


class SuppressedAddressView(View):
    """An address that mail does not go to: it does not exist (``bounce``), somebody there called a message spam
    (``complaint``), or it failed three times in two weeks (``failing``, until it is tried again). Codes to sign in with
    go there all the same, and who signs in with one is written to again.
    """

    id: UlidStr
    channel: Literal["email"]
    address: Contact[str]
    reason: Literal["bounce", "complaint", "failing"]
    since: Instant
    until: Instant | None

    @classmethod
    def of(cls, record: SuppressedAddress) -> Self:
        return cls.model_validate(record, from_attributes=True)
