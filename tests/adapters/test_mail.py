"""E-mail through SES: what is sent, which refusals are for good, and which may pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.notices.model.letters import BadAddress, Letter
from chalicelib.notices.service.senders import send_email
from chalicelib.settings import SettingMissing, forget

moto_knows_no_rates = pytest.mark.filterwarnings("ignore:.*Throttled:UserWarning")
LETTER = Letter("登录验证码：048213", "您的验证码是 048213。")


@pytest.fixture
def verified(mocked: None) -> None:
    """The sender's address is one that SES lets send."""
    client("ses").verify_email_identity(EmailAddress="shop@lintuan.example")


def _sent() -> list[Any]:
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.ses import ses_backends

    return list(ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].sent_messages)


def test_an_email_goes_out_from_our_address_as_it_was_written(verified: None) -> None:
    send_email("li@people.example", LETTER)

    (mail,) = _sent()
    assert (mail.source, mail.destinations["ToAddresses"]) == ("shop@lintuan.example", ["li@people.example"])
    assert (mail.subject, mail.body) == (LETTER.subject, LETTER.text)


@pytest.mark.parametrize("address", ["li@", "li.people.example", "li\n@people.example"])
def test_an_address_that_cannot_be_one_is_given_up(verified: None, address: str) -> None:
    with pytest.raises(BadAddress):
        send_email(address, LETTER)
    assert _sent() == []


def test_a_letter_that_ses_rejects_is_given_up(mocked: None) -> None:
    """As from an address that nobody has verified."""
    with pytest.raises(BadAddress, match="MessageRejected"):
        send_email("li@people.example", LETTER)


@pytest.fixture
def throttle(verified: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """``throttle(2)`` has SES refuse two letters for their rate, and lists their addresses. Retries do not wait."""
    from moto.ses.exceptions import SesError
    from moto.ses.models import SESBackend

    class Throttled(SesError):
        code = "Throttling"

    take = SESBackend.send_email
    monkeypatch.setattr("time.sleep", lambda _: None)

    def refuse(times: int) -> list[str]:
        refused: list[str] = []

        def answer(self: Any, source: str, subject: str, body: str, destinations: Any, *rest: Any, **more: Any) -> Any:
            if len(refused) == times:
                return take(self, source, subject, body, destinations, *rest, **more)
            refused.extend(destinations["ToAddresses"])
            raise Throttled("Maximum sending rate exceeded.")

        monkeypatch.setattr(SESBackend, "send_email", answer)
        return refused

    return refuse


@moto_knows_no_rates
def test_a_rate_that_is_exceeded_for_a_moment_is_waited_out(throttle: Callable[[int], list[str]]) -> None:
    refused = throttle(2)

    send_email("li@people.example", LETTER)

    assert (len(refused), len(_sent())) == (2, 1)


@moto_knows_no_rates
def test_a_rate_that_stays_exceeded_is_raised_so_that_the_message_comes_again(
    throttle: Callable[[int], list[str]],
) -> None:
    refused = throttle(100)

    with pytest.raises(ClientError, match="Throttling"):
        send_email("li@people.example", LETTER)

    assert (len(refused), _sent()) == (3, [])


def test_without_a_sender_nothing_is_asked_of_ses(mocked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_FROM")
    forget()

    with pytest.raises(SettingMissing, match="MAIL_FROM"):
        send_email("li@people.example", LETTER)
