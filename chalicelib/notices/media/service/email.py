"""E-mail by SES: text and HTML, in the brand's name, with one button to unsubscribe, and marked so that what SES tells
of it later finds its tenant.
"""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.kernel.text import cut
from chalicelib.notices.media.service.refusals import explained
from chalicelib.notices.model.letters import BadAddress, Letter, Sent
from chalicelib.settings import required, settings

_LINK = "List-Unsubscribe"


class _Policy(EmailPolicy):
    """Writes a link whole. Folded like other headers, a long one would become encoded words, which may stand in no
    header of this kind (RFC 2047): mail programs would find no link there, and show no button.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name == _LINK:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_SEVEN_BIT = _Policy(linesep=SMTP.linesep, cte_type="7bit")
"""Lines end with CR LF, no header can hold one, and everything outside ASCII is encoded."""

_TAG = re.compile("[A-Za-z0-9_-]{1,256}")
"""What SES takes as a tag; with anything else it would take no message."""

_MOST_NAME, _MOST_SUBJECT = 60, 200
"""Graphemes: more of a name or a subject no mail program shows."""


def send_email(to: str, letter: Letter) -> Sent:
    """Sends to one address from MAIL_FROM, which shows the brand's name."""
    address = _one_address(to)
    sender = required(settings().mail_from, "MAIL_FROM")
    raw = _written(address, sender, letter)
    asked = {"Source": sender, "Destinations": [address], "RawMessage": {"Data": raw}}
    try:
        answer = client("ses").send_raw_email(**asked, **_traced(letter))
    except ClientError as refused:
        raise explained(refused, sender) from refused
    return Sent(str(answer["MessageId"]))


def _traced(letter: Letter) -> dict[str, Any]:
    """Has SES tell what becomes of the message, under the names by which it is found."""
    if not settings().mail_events:
        return {}
    names = (("tenant", letter.tenant_id), ("message", letter.message_id))
    tags = [{"Name": name, "Value": value} for name, value in names if _TAG.fullmatch(value)]
    return {"ConfigurationSetName": settings().mail_events, "Tags": tags}


def _written(to: str, sender: str, letter: Letter) -> bytes:
    """The message as it travels. Raises BadAddress where a header would hold a line break, or a text cannot be written;
    ValueError for a sender that is no address.
    """
    from_us = Address(addr_spec=sender)
    message = EmailMessage(policy=_SEVEN_BIT)
    try:
        message["From"] = Address(_plain(cut(letter.sender, _MOST_NAME)), from_us.username, from_us.domain)
        message["To"] = to
        message["Subject"] = _plain(cut(letter.subject, _MOST_SUBJECT))
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
        if letter.unsubscribe:
            _offer(message, letter.unsubscribe)
        message.set_content(letter.mail_text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        return message.as_bytes()
    except (ValueError, IndexError) as fault:
        raise BadAddress("a header with a line break, or text that cannot be written") from fault


def _offer(message: EmailMessage, link: str) -> None:
    """One button of the mail program to unsubscribe by (RFC 8058)."""
    if not link.isascii() or not link.isprintable() or set(link) & set("<> "):
        raise ValueError("no link")
    message[_LINK] = f"<{link}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _plain(text: str) -> str:
    """Text that no reader takes for an encoded word, which could bring what was refused as it stood."""
    return text.replace("=?", "= ?")


def _one_address(to: str) -> str:
    """The address as SES takes it, its domain in ASCII. Raises BadAddress for anything but exactly one."""
    from email_validator import EmailNotValidError, validate_email  # a tenth of a second, not for texts

    try:
        checked = validate_email(to, check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise BadAddress("not an e-mail address") from fault
    if checked.ascii_email is None:
        raise BadAddress("letters outside ASCII before the @, which SES does not take")
    return checked.ascii_email
