"""A brand's colour made readable: whichever it chose, text on it and links in it have a contrast of 4.5 to 1. Pure.

Contrast and luminance by WCAG 2.2 (*contrast ratio*, *relative luminance*).
"""

import re
from collections.abc import Sequence

ENOUGH = 4.5
OURS = "#0b6b57"
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_WHITE, _BLACK, _NIGHT = (255, 255, 255), (0, 0, 0), (29, 32, 35)
_GROUND, _NIGHT_GROUND = (245, 245, 243), (18, 20, 22)
"""What stands behind cards, in the style sheet of all pages."""

RGB = tuple[int, int, int]


def theme(colour: str) -> str:
    """A style sheet that gives the shop its colour; ours for what is no colour."""
    given, ink = dress(colour)
    base = _rgb(given)
    soft, dim = _mix(base, _WHITE, 0.9), _mix(base, _NIGHT, 0.8)
    link = _towards(base, _BLACK, against=(_WHITE, _GROUND, soft))
    night = _towards(base, _WHITE, against=(_NIGHT, _NIGHT_GROUND, dim))
    by_day = _rules(brand=given, on_brand=ink, brand_text=_hex(link), brand_soft=_hex(soft))
    by_night = _rules(brand_text=_hex(night), brand_soft=_hex(dim))
    return f"{by_day}@media(prefers-color-scheme:dark){{{by_night}}}"


def dress(colour: str) -> tuple[str, str]:
    """The colour, ours for what is no colour, and what is written on it: white, or black where that reads better."""
    given = colour.lower() if _COLOUR.fullmatch(colour.lower()) else OURS
    base = _rgb(given)
    return given, _hex(_WHITE if contrast(base, _WHITE) >= contrast(base, _BLACK) else _BLACK)


def _rules(**values: str) -> str:
    said = ";".join(f"--{name.replace('_', '-')}:{value}" for name, value in values.items())
    return f":root{{{said}}}"


def contrast(one: RGB, other: RGB) -> float:
    """From 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _towards(colour: RGB, end: RGB, against: Sequence[RGB]) -> RGB:
    """The colour, as little nearer to ``end`` as makes it readable on each of some others."""
    for step in range(21):
        mixed = _mix(colour, end, step / 20)
        if all(contrast(mixed, behind) >= ENOUGH for behind in against):
            return mixed
    return end


def _mix(one: RGB, other: RGB, share: float) -> RGB:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: RGB) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                        for part in (each / 255 for each in colour))  # fmt: skip
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> RGB:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(colour: RGB) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
