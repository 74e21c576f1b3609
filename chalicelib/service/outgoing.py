"""Hands messages to people over to the ``notify`` queue, once for each cause."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.members.service import get_member
from chalicelib.messaging import Message, publish
from chalicelib.tenants.service import get_tenant


def tell(
    tenant_id: str,
    cause: tuple[str, ...],
    channel: str,
    to: str,
    template: str,
    locale: str,
    params: Mapping[str, Any],
    now: datetime,
) -> None:
    """Queues a message. Its id comes from the ``cause``, so a cause handled twice sends one message."""
    data = {"channel": channel, "to": to, "template": template, "locale": locale, "params": dict(params)}
    message_id = derived_id(tenant_id, "notice", *cause)
    publish("notify", Message(message_id, "notify.send", tenant_id, now, data, correlation_id.get()))


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
