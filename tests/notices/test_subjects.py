"""Subjects of messages: whatever a brand or a survey is called, the mail has one subject of one line."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from chalicelib.notices.model.letters import one_line
from tests.web.nasty import NASTY_NAMES


@pytest.mark.parametrize("name", [*NASTY_NAMES, "Sale\r\nBcc: everyone@example.com", "a\u2028b\x85c\x0bd\x1ee"])
def test_a_name_adds_no_header_to_a_mail(name: str) -> None:
    subject = one_line(f"Your order at {name} is ready").encode(errors="replace").decode()
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = subject

    read = message_from_bytes(mail.as_bytes(), policy=policy.default)

    assert len(subject.splitlines()) == 1
    assert (read.keys(), len(read.get_all("Subject"))) == (["Subject"], 1)
    assert str(read["Subject"]).startswith("Your order at")
