"""The parts of a text message, each of which is paid for. Pure."""

from collections.abc import Iterable, Iterator

MOST_TEXT_LETTERS = 1600
"""What SNS takes as one text message: https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_OF_TWO = frozenset("\f^{}\\[~]|€")
"""The default alphabet of 3GPP TS 23.038 and its extension, whose letters take two septets each."""

_SEPTETS, _SEPTETS_OF_MANY = 160, 153
_UNITS, _UNITS_OF_MANY = 70, 67


def text_parts(text: str) -> int:
    """How many parts a text message is sent as, each of which is paid for.

    160 septets where every letter is in the default alphabet, else 70 units of UTF-16; in a message of several parts
    153 and 67 each, and no letter is divided between two (3GPP TS 23.040, 9.2.3.24.1).
    """
    if all(letter in _GSM or letter in _GSM_OF_TWO for letter in text):
        return _filled((1 + (letter in _GSM_OF_TWO) for letter in text), _SEPTETS, _SEPTETS_OF_MANY)
    return _filled((1 + (letter > "\uffff") for letter in text), _UNITS, _UNITS_OF_MANY)


def _filled(widths: Iterator[int] | Iterable[int], alone: int, of_many: int) -> int:
    letters = list(widths)
    if sum(letters) <= alone:
        return 1
    parts, room = 1, of_many
    for width in letters:
        if width > room:
            parts, room = parts + 1, of_many
        room -= width
    return parts
