"""What of a name, an address and a number a search finds, and what a text may be a part of. Pure."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel.folding import fold

FEWEST_DIGITS = 4
"""With fewer of a number's last digits too many people are found."""

_FEWEST_OF_A_NUMBER = 7
"""Digits of a whole number; a zero before one is dialled within a country (07700 900123), and is no part of it abroad.
"""

_LONGEST = 40
_MOST_PLACES = 16
"""Characters of an entry, and entries of a name: what is longer is found by its beginning."""

_WORDLESS = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "HIRAGANA", "KATAKANA", "HANGUL")
_BETWEEN_DIGITS = frozenset(" -().+")

Kind = Literal["name", "email", "phone"]


@dataclass(frozen=True, slots=True)
class Called:
    """What a member is called and reached by."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A text with which something of a member begins: their name from one of its words on, or from one of its
    characters where a script has no blanks; their e-mail address; the digits of their number, last one first.
    """

    kind: Kind
    text: str


def entries_of(called: Called) -> frozenset[Entry]:
    """Everything by whose beginning a member is found: 王小明 by 王小明, 小明 and 明."""
    found = {Entry("name", text) for text in _from_each_place(fold(called.name or ""))}
    if called.email:
        found.add(Entry("email", called.email[:_LONGEST]))
    if called.phone:
        found.add(Entry("phone", _backwards(called.phone)))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that somebody searches for, as the beginning of entries of one kind."""

    kind: Kind
    text: str
    words: tuple[str, ...] = ()
    """The words that a name must have besides."""

    def first_of(self, called: Called) -> str | None:
        """The first entry by which it finds a member who may have several; None where it does not find them."""
        if not all(word in fold(called.name or "") for word in self.words):
            return None
        found = (each.text for each in entries_of(called) if each.kind == self.kind)
        return min((text for text in found if text.startswith(self.text)), default=None)


def asked(text: str, *, contacts: bool = True) -> tuple[Asked, ...]:
    """What a search text may be a part of; of numbers and addresses only with ``contacts``."""
    folded = fold(text)
    if not folded:
        return ()
    digits = "".join(character for character in folded if character not in _BETWEEN_DIGITS)
    if digits.isdecimal() and digits.isascii():
        if not contacts or len(digits) < FEWEST_DIGITS:
            return ()
        national = digits.lstrip("0")
        whole = national != digits and len(national) >= _FEWEST_OF_A_NUMBER
        return tuple(Asked("phone", _backwards(each)) for each in (digits, *([national] if whole else ())))
    longest, *others = sorted(folded.split(), key=len, reverse=True)
    as_name = Asked("name", longest[:_LONGEST], tuple(others))
    if not contacts or " " in folded or not folded.isascii():
        return (as_name,)
    as_email = Asked("email", folded[:_LONGEST])
    return (as_email,) if "@" in folded else (as_name, as_email)


def _from_each_place(name: str) -> Iterator[str]:
    places = [at for at, character in enumerate(name) if _begins(name, at, character)]
    return (name[at : at + _LONGEST] for at in places[:_MOST_PLACES])


def _begins(name: str, at: int, character: str) -> bool:
    if at == 0 or unicodedata.name(character, "").startswith(_WORDLESS):
        return True
    return character.isalnum() and not name[at - 1].isalnum()


def _backwards(number: str) -> str:
    return "".join(character for character in reversed(number) if character.isdecimal())
