"""Whether what is done on the shop's pages may be counted, as a browser keeps the answer: with a name for the browser
only where somebody agreed. Browsers that ask every site not to be followed are never counted, nor asked.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from chalicelib.pages.shell.answers import Cookie

COUNTED = "counted"
SECONDS = 180 * 24 * 3600
"""For how long an answer is kept before it is asked for again: half a year."""

_VALUE = re.compile(r"(yes|no|ask)(?:[.]([A-Za-z0-9_-]{22}))?")

Said = Literal["yes", "no", "ask"]


@dataclass(frozen=True, slots=True)
class Counting:
    """What was answered, and the name of the browser, empty where it never agreed. ``ask`` is not answered yet;
    ``never`` is what the browser asks for by itself.
    """

    said: Said = "ask"
    visitor: str = ""
    never: bool = False

    @classmethod
    def of(cls, cookies: Mapping[str, str], headers: Mapping[str, str]) -> Self:
        """By the browser's cookie, and by Global Privacy Control or Do Not Track."""
        never = headers.get("sec-gpc") == "1" or headers.get("dnt") == "1"
        found = _VALUE.fullmatch(cookies.get(COUNTED, ""))
        said: dict[str, Said] = {"yes": "yes", "no": "no"}
        return cls(said.get(found[1], "ask") if found else "ask", (found[2] or "") if found else "", never)

    @property
    def agreed(self) -> bool:
        return self.said == "yes" and bool(self.visitor) and not self.never

    @property
    def asks(self) -> bool:
        """Whether the reader is to be asked."""
        return self.said == "ask" and not self.never

    def answered(self, *, agrees: bool | None) -> Cookie:
        """What the browser keeps from now on; None where a member who has signed in did not answer yet. A browser gets
        a name when it first agrees, and loses it with a no.
        """
        if agrees is None:
            return Cookie(COUNTED, f"ask.{self.visitor}" if self.visitor else "ask", SECONDS)
        if not agrees:
            return Cookie(COUNTED, "no", SECONDS)
        return Cookie(COUNTED, f"yes.{self.visitor or secrets.token_urlsafe(16)}", SECONDS)
