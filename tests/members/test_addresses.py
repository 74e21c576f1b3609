import pytest
from pydantic import TypeAdapter

from chalicelib.members.model.addresses import email_of, identity_named, phone_of
from chalicelib.web.fields import PhoneText, _email


@pytest.mark.parametrize(
    ("text", "region", "kind", "value"),
    [
        ("pat@example.com", None, "email", "pat@example.com"),
        ("PAT@Example.com", "CN", "email", "pat@example.com"),
        ("ＰＡＴ＠example.com", None, "email", "pat@example.com"),
        ("pat@", None, "ref", "pat@"),
        ("138 0013 8000", "CN", "phone", "+8613800138000"),
        ("１３８００１３８０００", "CN", "phone", "+8613800138000"),
        ("86-138-0013-8000", "CN", "phone", "+8613800138000"),
        ("0086 13800138000", "CN", "phone", "+8613800138000"),
        ("(202) 555-0123", "US", "phone", "+12025550123"),
        ("+44 7911 123456", "CN", "phone", "+447911123456"),
        ("13800138000", None, "ref", "13800138000"),
        ("021 6237 1234", "CN", "ref", "021 6237 1234"),  # a landline in Shanghai receives no code
        ("C-1001", "CN", "ref", "C-1001"),
        ("00001", "US", "ref", "00001"),
        ("1234", "US", "ref", "1234"),
        ("2026010112", "CN", "ref", "2026010112"),
        ("user@home@x", "CN", "ref", "user@home@x"),
    ],
)
def test_a_name_is_an_address_or_a_reference(text: str, region: str | None, kind: str, value: str) -> None:
    named = identity_named(text, region)
    assert (named.kind, named.value) == (kind, value)


@pytest.mark.parametrize("text", ["Fang@HOME.example", "o'brien+tea@example.org", "Jörg@bücher.example"])
def test_an_e_mail_is_spelled_as_at_the_sign_in(text: str) -> None:
    assert email_of(text) == _email(text)


@pytest.mark.parametrize(
    "text",
    [
        "+86 138 0013 8000", "+1 (202) 555-0123", "+442079460958", "(+86) 138 0013 8000", "+86 138\u20110013\u20118000",
        "+86 138\u20130013\u20138000",
    ],
)  # fmt: skip
def test_a_number_is_spelled_as_at_the_sign_in(text: str) -> None:
    assert phone_of(text, None) == TypeAdapter(PhoneText).validate_python(text)
