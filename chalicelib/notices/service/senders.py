"""Sends by e-mail through SES, by SMS through SNS. A third is added to ``SENDERS`` and nothing else changes."""

from collections.abc import Callable, Mapping

from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.notices.model.letters import BadAddress, Letter
from chalicelib.settings import required, settings

Sender = Callable[[str, Letter], None]
"""Sends a letter to an address. Raises BadAddress where another try is of no use, anything else where it may be."""

_NEVER = frozenset({"InvalidParameter", "InvalidParameterValue", "InvalidParameterException", "ValidationError",
                    "MessageRejected", "OptedOut"})  # fmt: skip
"""Answers of SES and SNS that say: not this address, not this message, now or later."""


def send_email(to: str, letter: Letter) -> None:
    """Sends plain text by SES from MAIL_FROM."""
    if "@" not in to or not to.isprintable():
        raise BadAddress("not an e-mail address")
    try:
        client("ses").send_email(
            Source=required(settings().mail_from, "MAIL_FROM"),
            Destination={"ToAddresses": [to]},
            Message={
                "Subject": {"Data": letter.subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": letter.text, "Charset": "UTF-8"}},
            },
        )
    except ClientError as refused:
        raise _explained(refused) from refused


def send_sms(to: str, letter: Letter) -> None:
    """Sends the text by SNS, as a transactional message: codes must not wait."""
    if not to.startswith("+") or not to[1:].isdigit():
        raise BadAddress("not a phone number with its country code")
    kind = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
    try:
        client("sns").publish(PhoneNumber=to, Message=letter.text, MessageAttributes=kind)
    except ClientError as refused:
        raise _explained(refused) from refused


def _explained(refused: ClientError) -> Exception:
    code = refused.response["Error"]["Code"]
    return BadAddress(code) if code in _NEVER else refused


SENDERS: Mapping[str, Sender] = {"email": send_email, "sms": send_sms}
