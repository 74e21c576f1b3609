"""E-mail through SES: what is sent, which refusals are for good, and which may pass."""

from __future__ import annotations

import email
from collections.abc import Callable
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.notices.media.service.email import send_email
from chalicelib.notices.model.letters import BadAddress, Letter, SenderRefused
from chalicelib.settings import SettingMissing, forget

moto_knows_no_rates = pytest.mark.filterwarnings("ignore:.*Throttled:UserWarning")
LETTER = Letter(
    "登录验证码：048213", "您的验证码是 048213。\n\n鲜果", "<p>您的验证码是 <b>048213</b></p>", sender="鲜果时光",
)  # fmt: skip
TO = "li@people.example"


@pytest.fixture
def verified(mocked: None) -> None:
    """The sender's address is one that SES lets send."""
    client("ses").verify_email_identity(EmailAddress="shop@lintuan.example")


def _sent() -> list[Any]:
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.ses import ses_backends

    return list(ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].sent_messages)


def _mail() -> EmailMessage:
    """The one message that left, as a mail program reads it."""
    (sent,) = _sent()
    found = email.message_from_string(sent.raw_data, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").removesuffix("\n")


def test_an_email_goes_out_in_the_brands_name_as_it_was_written(verified: None) -> None:
    answered = send_email(TO, LETTER)

    (sent,), message = _sent(), _mail()
    assert (sent.id, sent.source, set(sent.destinations)) == (answered.provider_id, "shop@lintuan.example", {TO})
    assert (str(message["From"]), message["To"]) == ("鲜果时光 <shop@lintuan.example>", TO)
    assert (message["Subject"], _part(message, "plain"), _part(message, "html")) == (
        LETTER.subject, LETTER.text, LETTER.html,
    )  # fmt: skip
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None, "nobody can opt out of a code"
    assert sent.raw_data.isascii()
    assert answered.parts == 1


def test_below_what_is_told_stands_why_the_reader_gets_it(verified: None) -> None:
    send_email(TO, Letter("s", "t", foot="You follow the store."))

    assert _part(_mail(), "plain") == "t\n\nYou follow the store."


def test_a_text_alone_is_no_message_of_several_parts(verified: None) -> None:
    send_email(TO, Letter("s", "t"))

    assert (_mail().get_content_type(), _part(_mail(), "plain")) == ("text/plain", "t")


def test_a_press_of_one_button_unsubscribes(verified: None) -> None:
    link = "https://shop.example/v1/unsubscribe/" + "t" * 120
    send_email(TO, Letter("s", "t", unsubscribe=link))

    assert f"\nList-Unsubscribe: <{link}>" in _sent()[0].raw_data, "as it stands: programs decode no link"
    assert _mail()["List-Unsubscribe"] == f"<{link}>"
    assert _mail()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_ses_tells_of_it_later_finds_its_tenant(verified: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def take(**given: Any) -> dict[str, str]:
        asked.update(given)
        return {"MessageId": "m"}

    monkeypatch.setattr(client("ses"), "send_raw_email", take)
    monkeypatch.setenv("MAIL_EVENTS", "lintuan-mail")
    forget()

    send_email(TO, Letter("s", "t", tenant_id="T", message_id="M"))

    assert asked["ConfigurationSetName"] == "lintuan-mail"
    assert asked["Tags"] == [{"Name": "tenant", "Value": "T"}, {"Name": "message", "Value": "M"}]

    send_email(TO, Letter("s", "t", tenant_id="T", message_id="M/2"))
    assert asked["Tags"] == [{"Name": "tenant", "Value": "T"}], "SES would refuse the message for it"


TWENTY = ", ".join(f"n{number}@people.example" for number in range(20))


@pytest.mark.parametrize(
    "address",
    [
        "", "li@", "li.people.example", "li\n@people.example", "li@people.example\r\nBcc: all@people.example",
        TWENTY, TWENTY.replace(", ", ";"), TWENTY.replace(", ", " "), "a@people.example,b@people.example",
        "Li <li@people.example>", "<li@people.example>", "li@people.example>", "group: a@people.example;",
        "<b>li</b>@people.example", '"li\r\n"@people.example', "li@people.example%0ABcc:all@people.example",
        "李@people.example",
    ],
)  # fmt: skip
def test_whatever_is_not_exactly_one_address_is_given_up(verified: None, address: str) -> None:
    with pytest.raises(BadAddress):
        send_email(address, LETTER)
    assert _sent() == []


def test_a_domain_of_other_letters_is_written_as_mail_servers_know_it(verified: None) -> None:
    send_email("li@例子.example", LETTER)

    assert set(_sent()[0].destinations) == {"li@xn--fsqu00a.example"}


@pytest.mark.parametrize(
    "letter",
    [
        Letter("Hi\r\nBcc: all@people.example", "t"), Letter("Hi\nBcc: all@people.example", "t"),
        Letter("s", "t", sender="Shop\r\nBcc: all@people.example"), Letter("s", "t", sender="Shop\n"),
        Letter("s", "t", unsubscribe="https://a.example/\r\nBcc: all@people.example"),
        Letter("s", "t", unsubscribe="https://a.example/>, <mailto:all@people.example"),
        Letter("s", "half a \ud83c"), Letter("s", "t", "half a \ud83c"), Letter("half a \ud83c", "t"),
    ],
    ids=["subject", "subject, LF", "name", "name, LF", "link", "two links", "text", "HTML", "half a letter"],
)  # fmt: skip
def test_nothing_adds_a_header_or_cannot_be_written(verified: None, letter: Letter) -> None:
    with pytest.raises(BadAddress):
        send_email(TO, letter)
    assert _sent() == []


def _bare(name: str) -> str:
    """A name without what quotes it, and what folds its line."""
    return "".join(letter for letter in name if letter not in ' "\\\r\n')


@pytest.mark.parametrize(
    "name",
    [
        "A, B; C <evil@people.example>", '"Shop" <evil@people.example>', "evil@people.example", "a\\", '"', "(x",
        "鲜果, <evil@people.example> “q” (c)", "<script>alert(1)</script>", "é, b", "group: a;", "🍎" * 40, "鲜果" * 30,
        "=?utf-8?q?Bank=0D=0ABcc=3A_all=40people.example?=", "鲜果 =?utf-8?q?evil?=",
    ],
)  # fmt: skip
def test_a_name_is_only_a_name(verified: None, name: str) -> None:
    send_email(TO, Letter(f"s {name}", "t", sender=name))

    message = _mail()
    (address,) = message["From"].addresses
    assert address.addr_spec == "shop@lintuan.example"
    assert {each.lower() for each in message} == {
        "from", "to", "subject", "auto-submitted", "content-type", "content-transfer-encoding", "mime-version",
    }  # fmt: skip
    shown = str(make_header(decode_header(_sent()[0].raw_data.partition("\nTo:")[0].removeprefix("From:"))))
    assert _bare(shown).removesuffix("<shop@lintuan.example>") == _bare(name)


def test_a_letter_that_ses_rejects_is_given_up(verified: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def reject(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "MessageRejected", "Message": f"Not to {TO}."}}, "SendRawEmail")

    monkeypatch.setattr(client("ses"), "send_raw_email", reject)
    with pytest.raises(BadAddress, match="MessageRejected"):
        send_email(TO, LETTER)


def test_that_nobody_has_verified_our_own_address_says_nothing_of_the_readers(mocked: None) -> None:
    with pytest.raises(SenderRefused, match="MessageRejected"):
        send_email(TO, LETTER)


@pytest.fixture
def throttle(verified: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """``throttle(2)`` has SES refuse two letters for their rate, and lists their addresses. Retries do not wait."""
    from moto.ses.exceptions import SesError
    from moto.ses.models import SESBackend

    class Throttled(SesError):
        code = "Throttling"

    take = SESBackend.send_raw_email
    monkeypatch.setattr("time.sleep", lambda _: None)

    def refuse(times: int) -> list[str]:
        refused: list[str] = []

        def answer(self: Any, source: str, destinations: list[str], raw_data: str, *rest: Any) -> Any:
            if len(refused) == times:
                return take(self, source, destinations, raw_data, *rest)
            refused.extend(destinations)
            raise Throttled("Maximum sending rate exceeded.")

        monkeypatch.setattr(SESBackend, "send_raw_email", answer)
        return refused

    return refuse


@moto_knows_no_rates
def test_a_rate_that_is_exceeded_for_a_moment_is_waited_out(throttle: Callable[[int], list[str]]) -> None:
    refused = throttle(2)

    send_email(TO, LETTER)

    assert (len(refused), len(_sent())) == (2, 1)


@moto_knows_no_rates
def test_a_rate_that_stays_exceeded_is_raised_so_that_the_message_comes_again(
    throttle: Callable[[int], list[str]],
) -> None:
    refused = throttle(100)

    with pytest.raises(ClientError, match="Throttling"):
        send_email(TO, LETTER)

    assert (len(refused), _sent()) == (3, [])


def test_a_sender_that_is_no_address_is_a_fault_of_the_deployment(
    mocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No message is dropped for it."""
    monkeypatch.setenv("MAIL_FROM", "shop at lintuan.example")
    forget()

    with pytest.raises(ValueError, match="no domain") as raised:
        send_email(TO, LETTER)
    assert not isinstance(raised.value, BadAddress)


def test_without_a_sender_nothing_is_asked_of_ses(mocked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_FROM")
    forget()

    with pytest.raises(SettingMissing, match="MAIL_FROM"):
        send_email(TO, LETTER)
