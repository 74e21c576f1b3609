"""How the shop stands among the apps of a phone. Pure."""

import unicodedata
from html import escape
from typing import Any

from chalicelib.kernel.text import cut

_SEEN = "LNS"
"""Letters, numbers and symbols, by the first letter of their Unicode category."""
_SHORT = 12
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><rect width="512" height="512" fill="{paper}"/>'
    '<text x="256" y="256" text-anchor="middle" dominant-baseline="central" font-size="240" font-weight="600"'
    ' font-family="system-ui, sans-serif" fill="{ink}">{letter}</text></svg>'
)


def initial(name: str) -> str:
    """The first character of a brand's name that can be seen, as people count characters; 团 where there is none."""
    for at, letter in enumerate(name):
        if unicodedata.category(letter)[0] in _SEEN:
            return cut(name[at:], 1).upper()
    return "团"


def icon(name: str, paper: str, ink: str) -> str:
    """The initial on the brand's colour, as SVG. It fills its square, and stands where no phone's mask cuts."""
    return _ICON.format(paper=paper, ink=ink, letter=escape(initial(name)))


def manifest(name: str, home: str, drawing: str, colour: str, language: str) -> dict[str, Any]:
    """The web app manifest (W3C) of a shop whose pages stand under ``home``."""
    return {
        "id": home,
        "name": name,
        "short_name": cut(name, _SHORT),
        "lang": "zh-CN" if language == "zh" else "en",
        "dir": "auto",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#f5f5f3",
        "theme_color": colour,
        "icons": [
            {"src": drawing, "type": "image/svg+xml", "sizes": "any", "purpose": purpose}
            for purpose in ("any", "maskable")
        ],
    }
