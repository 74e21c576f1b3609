"""Hands messages to people over to the ``notify`` queue, once for each cause."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.kernel.errors import NotFound
from chalicelib.members.service.members import get_member
from chalicelib.notices.service.queueing import tell
from chalicelib.tenants.service.brand import get_tenant


def tell_member(
    tenant_id: str, cause: tuple[str, ...], member_id: str, template: str, params: Mapping[str, Any], now: datetime
) -> bool:
    """Queues a message to a member by e-mail, else SMS, in the member's language or else the brand's.

    False when the member cannot be reached or is gone.
    """
    try:
        member = get_member(tenant_id, member_id)
    except NotFound:
        return False
    for channel, to in (("email", member.email), ("sms", member.phone)):
        if to:
            locale = member.locale or get_tenant(tenant_id).locale
            tell(tenant_id, cause, channel, to, template, locale, params, now)
            return True
    return False
