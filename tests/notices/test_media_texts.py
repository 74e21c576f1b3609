"""Text messages: what a phone and SNS take, and as how many parts they are counted."""

from __future__ import annotations

import pytest

from chalicelib.notices.media.service.sms import send_sms
from chalicelib.notices.model.letters import BadAddress, Letter

PLAIN = 'Corner Market: "Autumn": Pears x 2 - till Sunday... It\'s £1.' * 2


def test_what_is_sent_says_how_many_parts_it_was(engine) -> None:  # type: ignore[no-untyped-def]
    sent = send_sms("+8613800138000", Letter("", "您的验证码是 048213。" * 10))

    assert sent.parts == 3
    assert sent.provider_id
    (arrived,) = engine.mail()
    assert (arrived["to"], arrived["text"]) == ("+8613800138000", "您的验证码是 048213。" * 10)


def test_a_text_that_is_too_long_is_cut_where_sns_ends(engine) -> None:  # type: ignore[no-untyped-def]
    send_sms("+8613800138000", Letter("", "e\u0301" * 1600))

    (arrived,) = engine.mail()
    assert len(arrived["text"]) == 1599
    assert arrived["text"].endswith("e\u0301…")


@pytest.mark.parametrize(
    ("said", "sent", "parts"),
    [
        ("Corner Market: “Autumn”: Pears × 2 – till Sunday… It’s £1." * 2, PLAIN, 1),
        ("“秋梨” × 2", "“秋梨” × 2", 1),
        ("“Autumn” 🍐", "“Autumn” 🍐", 1),
    ],
)
def test_signs_of_print_do_not_make_a_text_cost_double(engine, said: str, sent: str, parts: int) -> None:  # type: ignore[no-untyped-def]
    """GSM-7 lacks “ ” and ×; one of them would leave 70 characters to a part."""
    assert send_sms("+8613800138000", Letter("", said)).parts == parts
    assert engine.mail()[-1]["text"] == sent


@pytest.mark.parametrize("phone", ["", "+", "13800138000", "+86 138", "+86138;+86139", "+٨٦١٣٨", "+8613800138000\n"])
def test_whatever_is_no_phone_number_is_given_up(phone: str) -> None:
    with pytest.raises(BadAddress):
        send_sms(phone, Letter("", "t"))
