"""The media that a brand's messages leave by, one file each."""

from collections.abc import Mapping

from chalicelib.notices.media.service.email import send_email
from chalicelib.notices.media.service.sms import send_sms
from chalicelib.notices.model.letters import Sender
from chalicelib.notices.recipients.model import Channel

ALWAYS: Mapping[Channel, Sender] = {"email": send_email, "sms": send_sms}
"""What every brand has without setting anything up. A test replaces one here."""


def senders(tenant_id: str) -> Mapping[Channel, Sender]:
    """How a brand's messages leave: by e-mail and SMS always."""
    return dict(ALWAYS)
