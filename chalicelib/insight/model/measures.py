"""How much room texts take, and at which numbers an axis is marked. Pure."""

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_WIDE, _NARROW = 1.0, 0.56
"""Of the size of the letters: a Chinese character, and a Latin letter on average."""

_BETWEEN = " · "
_ENDS = "，。：；！？、）》”’,.:;!?)"

_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


def width_of(text: str, size: float) -> float:
    """About how wide a line of text is, in the unit of its size."""
    return size * sum(_WIDE if unicodedata.east_asian_width(each) in "WF" else _NARROW for each in text)


def cut_to(text: str, size: float, room: float) -> str:
    """The text, or as much of its beginning as there is room for."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


def lines(text: str, size: float, room: float) -> list[str]:
    """A text in as many lines as it takes: broken where its parts end, ``·`` between them, and a part that is longer
    than a line at blanks and between Chinese characters. No line begins with a mark that ends something.
    """
    found, line = [], ""
    for at, part in enumerate(text.split(_BETWEEN)):
        joined = f"{line}{_BETWEEN}{part}" if at else part
        if width_of(joined, size) <= room:
            line = joined
            continue
        if line:
            found.append(line.strip())
        *full, line = _broken(part, size, room)
        found += full
    return [*found, line.strip()] if line.strip() else found


def _broken(text: str, size: float, room: float) -> list[str]:
    found, line = [], ""
    for word in _words(text):
        if line and word[0] not in _ENDS and width_of(line + word.rstrip(), size) > room:
            found.append(line.strip())
            line = ""
        line += word
    return [*found, line.strip()]


def marks(values: Sequence[Decimal], most: int) -> list[Decimal]:
    """At most about so many round numbers from 0, or the least below it, to the greatest or beyond; whole ones where
    all values are whole.
    """
    low, high = min(Decimal(0), *values), max(Decimal(0), *values)
    span = (high - low) or Decimal(1)
    rough = span / most
    size = Decimal(10) ** rough.adjusted()
    step = next(each * size for each in _STEPS if each * size >= rough)
    if all(each == each.to_integral_value() for each in values):
        step = max(step, Decimal(1))
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
    return [step * at for at in range(int(first), int(last) + 1)]


def number(value: Decimal) -> str:
    """A number as people of both languages write it: ``1,200`` or ``0.25``."""
    shown = f"{value:,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def every(labels: Sequence[str], size: float, room: float) -> int:
    """Each how manieth label can stand below an axis without touching the next."""
    widest = max((width_of(each, size) for each in labels), default=0) + size
    return max(1, -int(-(widest * len(labels)) // room))


def _words(text: str) -> Iterator[str]:
    word = ""
    for each in text:
        word += each
        if each == " " or unicodedata.east_asian_width(each) in "WF":
            yield word
            word = ""
    if word:
        yield word
