"""The media that a brand's messages leave by, one file each."""

from collections.abc import Mapping

from chalicelib.notices.media.service.email import send_email
from chalicelib.notices.media.service.sms import send_sms
from chalicelib.notices.media.service.usage import count_refused, count_sent
from chalicelib.notices.model.letters import Sender
from chalicelib.notices.recipients.model import Channel
from chalicelib.notices.settings.service import brand_messages, secret_of
from chalicelib.telemetry import logger

__all__ = ["ALWAYS", "count_refused", "count_sent", "senders"]

ALWAYS: Mapping[Channel, Sender] = {"email": send_email, "sms": send_sms}
"""What every brand has without setting anything up. A test replaces one here."""


def senders(tenant_id: str, template: str | None = None) -> Mapping[Channel, Sender]:
    """How a brand's messages leave: by e-mail and SMS always, and by its official account where it has set one up.

    Given a notice's name, only where the account has a template for it.
    """
    found = brand_messages(tenant_id)
    if found.account is None or not found.account.templates:
        return dict(ALWAYS)
    if template is not None and template not in found.account.templates:
        return dict(ALWAYS)
    secret = secret_of(tenant_id, found)
    if secret is None:
        logger.error("official_account_sealed", app_id=found.account.app_id)  # the key that sealed it counts no longer
        return dict(ALWAYS)
    from chalicelib.notices.media.service.official_account import AccountSender  # HTTPS of its own, for few brands

    return {**ALWAYS, "official_account": AccountSender(tenant_id, found.account, secret)}
