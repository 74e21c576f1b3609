"""How many messages a text is charged as by SMS (3GPP TS 23.038 and 23.040). Pure."""

from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet: one septet a character."""

_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Two septets each, which are never divided between parts."""

Encoding = Literal["gsm_7", "ucs_2"]
_ONE: dict[Encoding, int] = {"gsm_7": 160, "ucs_2": 70}
_EACH: dict[Encoding, int] = {"gsm_7": 153, "ucs_2": 67}


@dataclass(frozen=True, slots=True)
class SmsLength:
    """``characters`` are counted as the encoding counts: septets of GSM-7, or 16-bit units of UCS-2."""

    encoding: Encoding
    characters: int
    parts: int


MOST_LETTERS = 1600
"""What SNS takes as one text message: https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html."""


_PLAINER = str.maketrans({
    "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "×": "x", "\N{NO-BREAK SPACE}": " ",
})  # fmt: skip
"""Signs of print that GSM-7 does not have, and how they are written without them."""


def plainer(text: str) -> str:
    """The text in the signs of GSM-7 where all of it can be written in them, since one other makes it cost double; a
    text that needs others anyway, such as any Chinese one, stays as it is.
    """
    plain = text.translate(_PLAINER)
    return plain if sms_length(plain).encoding == "gsm_7" else text


def sms_length(text: str) -> SmsLength:
    """The length of a text; one character outside of GSM-7, such as any Chinese one, makes all of it UCS-2."""
    encoding: Encoding = "gsm_7" if all(each in _BASIC or each in _EXTENDED for each in text) else "ucs_2"
    sizes = [_size(each, encoding) for each in text]
    total = sum(sizes)
    if total <= _ONE[encoding]:
        return SmsLength(encoding, total, 1)
    parts, room = 1, _EACH[encoding]
    for size in sizes:
        if size > room:
            parts, room = parts + 1, _EACH[encoding]
        room -= size
    return SmsLength(encoding, total, parts)


def _size(character: str, encoding: Encoding) -> int:
    if encoding == "gsm_7":
        return 2 if character in _EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1
