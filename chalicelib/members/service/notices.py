"""Tells members what concerns them, as each can be reached."""

from datetime import datetime

from chalicelib.kernel.errors import NotFound
from chalicelib.members.service.members import get_member
from chalicelib.notices.model.notices import Destination, Medium, Notice
from chalicelib.notices.telling.service import tell_address
from chalicelib.tenants.service.brand import get_tenant


def tell_member(tenant_id: str, member_id: str, notice: Notice, cause: tuple[str, ...], now: datetime) -> bool:
    """Queues a notice to a member by e-mail, else SMS, in the member's language or else the brand's.

    False when the member cannot be reached or is gone.
    """
    try:
        member = get_member(tenant_id, member_id)
    except NotFound:
        return False
    addresses: tuple[tuple[Medium, str | None], ...] = (("email", member.email), ("sms", member.phone))
    for medium, address in addresses:
        if address:
            locale = member.locale or get_tenant(tenant_id).locale
            tell_address(tenant_id, Destination(medium, address, locale), notice, cause, now)
            return True
    return False
