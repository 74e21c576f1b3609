"""What delivery asks of its neighbours."""

from collections.abc import Mapping

from chalicelib.notices.recipients.model import Channel, MessageSettings


def message_settings(tenant_id: str) -> MessageSettings:
    return MessageSettings()


def suppressed(tenant_id: str, addresses: Mapping[Channel, str]) -> frozenset[Channel]:
    return frozenset()
