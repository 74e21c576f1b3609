"""Reads the list that a group passes on and adds to (接龙), such as ``1. Wang, pears 2, eggs 1``. Pure.

People write as they like: a name first, then goods with numbers behind or before them, with blanks, commas and units in
between, a phone number anywhere. What is not understood is never guessed away: it is named as a doubt.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.kernel.folding import fold

MOST_ENTRIES = 200
"""Of one list; a chat group has at most 500 people, of whom not all order."""

MOST_CHARACTERS = 20_000
MOST_UNITS = 999
MOST_NAME = 100
"""Characters of a name; of a longer one its beginning."""


class Doubt(StrEnum):
    """What somebody has to look at before an entry is placed."""

    NOBODY = "nobody"
    """No member has this name or number."""
    SEVERAL_PEOPLE = "several_people"
    OFFER_UNKNOWN = "offer_unknown"
    """Something is wanted that the campaign does not offer, or that is written otherwise."""
    SEVERAL_OFFERS = "several_offers"
    QUANTITY_ASSUMED = "quantity_assumed"
    """No number stands with it; one unit is taken for meant."""
    QUANTITY_TOO_LARGE = "quantity_too_large"
    NOTHING_WANTED = "nothing_wanted"
    CALLED_OFF = "called_off"
    """It seems to say that somebody no longer wants it."""
    HAS_ORDERED = "has_ordered"
    """The member has an order of this campaign already, placed in another way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many units of an offer; ``said`` is how it was written. Without ``offer_id`` it is known to be none of the
    campaign's, or may be several of them.
    """

    said: str
    quantity: int
    offer_id: str | None = None
    doubts: frozenset[Doubt] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person wrote. ``nth`` counts the entries under one name from 1: together they tell this entry from every
    other, however often the list is pasted and wherever it then stands.
    """

    number: int
    name: str
    nth: int
    line: str
    phone: str | None = None
    wanted: tuple[Wanted, ...] = ()
    unread: tuple[str, ...] = ()
    doubts: frozenset[Doubt] = frozenset()

    @property
    def called(self) -> str:
        """The name as names are compared."""
        return fold(self.name)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str


@dataclass(frozen=True, slots=True)
class _Number:
    value: int


@dataclass(frozen=True, slots=True)
class _Break:
    """A comma, or what else parts one thing from the next."""


_Token = _Word | _Number | _Break


_NUMBERED = re.compile(r"^\s*#?(\d{1,3})\s*(?:[.、．)）:：]|\s)\s*(?=\S)")
_PHONE = re.compile(
    r"(?<!\d)(?:\+\d{1,3}[ -]?|86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"  # a mobile number of China
    r"|(?<!\d)\+\d[\d -]{7,17}\d(?!\d)"
)
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’&-][^\W\d_]+)*|[,;:+/|()。、·]|-")
_PRICE = re.compile(r"[¥￥$€£]\s*\d|\d\s*(?:元|块)")
_MEASURES = "份件个箱盒袋瓶包斤克只条把桶罐提组套盘枚颗板串捆打号"
_OF_TWO = ("公斤", "千克")
_IN_ENGLISH = re.compile(r"x|pcs?|pieces?|box(?:es)?|bags?|bottles?|packs?|kg|g|jars?|trays?|units?", re.IGNORECASE)
"""Words of measure that stand behind a number and say nothing that the offer does not."""

_CALLED_OFF = re.compile(r"取消|不要了|退了|不买|cancel(?:led)?\b|no longer", re.IGNORECASE)
_DIGITS = {"一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_CHINESE_NUMBER = re.compile(rf"([{''.join(_DIGITS)}])(?=\s*[{_MEASURES}])")
_LINK = "://"


def read(text: str, offers: Mapping[str, str]) -> list[Entry]:
    """The entries of a pasted list, in its order, at most ``MOST_ENTRIES``; ``offers`` are the campaign's titles by id.

    Lines without a number are no entries. Neither is anything up to the first link, with which the campaign's own text
    ends, nor a line that names an offer with a price.
    """
    seen, found = Counter[str](), list[Entry]()
    lines = unicodedata.normalize("NFKC", text).splitlines()
    begin = next((at + 1 for at, line in enumerate(lines) if _LINK in line), 0)
    for line in lines[begin:]:
        numbered = _NUMBERED.match(line)
        if numbered is None or _lists_an_offer(line[numbered.end() :], offers):
            continue
        entry = _entry(int(numbered[1]), line[numbered.end() :].strip(), offers)
        if entry is None:
            continue
        seen[entry.called] += 1
        found.append(replace(entry, nth=seen[entry.called]))
        if len(found) == MOST_ENTRIES:
            break
    return found


def _lists_an_offer(rest: str, offers: Mapping[str, str]) -> bool:
    said = fold(rest)
    return bool(_PRICE.search(rest)) and any(said.startswith(fold(title)) for title in offers.values())


def _entry(number: int, line: str, offers: Mapping[str, str]) -> Entry | None:
    phone, rest = _without_phone(line)
    name, tokens = _name_first(list(_tokens(rest)), offers)
    if not name and phone is None:
        return None
    wanted, unread = _wanted(tokens, offers)
    doubts = {Doubt.CALLED_OFF} if _CALLED_OFF.search(rest) else set[Doubt]()
    if not wanted:
        doubts.add(Doubt.NOTHING_WANTED)
    return Entry(
        number, name[:MOST_NAME].strip() or str(phone), 1, line, phone, tuple(wanted), tuple(unread), frozenset(doubts)
    )


def _without_phone(line: str) -> tuple[str | None, str]:
    found = _PHONE.search(line)
    if found is None:
        return None, line
    return re.sub(r"[ -]", "", found[0]), f"{line[: found.start()]} , {line[found.end() :]}"


def _tokens(rest: str) -> Iterator[_Token]:
    """Words and numbers; a measure behind a number is left out."""
    before: _Token | None = None
    for text in _TOKEN.findall(_CHINESE_NUMBER.sub(lambda found: str(_DIGITS[found[1]]), rest)):
        if text.isdecimal():
            before = _Number(int(text))
            yield before
            continue
        if not text[0].isalpha():
            before = _Break()
            yield before
            continue
        said = _unmeasured(text) if isinstance(before, _Number) else text
        if said:
            before = _Word(said)
            yield before


def _unmeasured(text: str) -> str:
    """A word behind a number without the measure that it begins with: nothing of ``箱``, ``鸡蛋`` of ``箱鸡蛋``."""
    if _IN_ENGLISH.fullmatch(text):
        return ""
    measure = next((each for each in (*_OF_TWO, *_MEASURES) if text.startswith(each)), "")
    return text.removeprefix(measure)


def _name_first(tokens: list[_Token], offers: Mapping[str, str]) -> tuple[str, list[_Token]]:
    """Whose entry it is, and what follows: words up to a comma, to the first that names an offer, or to a number.

    The first word is the name whatever it says; where it ends with an offer that a number follows, it is both:
    王阿姨梨2.
    """
    if not tokens or not isinstance(tokens[0], _Word):
        return "", tokens
    first = tokens[0].text
    if len(tokens) > 1 and isinstance(tokens[1], _Number):
        for title in sorted(offers.values(), key=len, reverse=True):
            if len(fold(first)) > len(fold(title)) and fold(first).endswith(fold(title)):
                return first[: -len(title)], [_Word(title), *tokens[1:]]
    name, at = [first], 1
    while at < len(tokens):
        token = tokens[at]
        if not isinstance(token, _Word) or _named(token.text, offers) or not token.text.isascii():
            break
        name.append(token.text)
        at += 1
    # Right before a number the last word is what is wanted, although it names no offer: Wang durian 2.
    if at < len(tokens) and isinstance(tokens[at], _Number) and len(name) > 1:
        at -= 1
        name.pop()
    return " ".join(name), tokens[at:]


def _named(word: str, offers: Mapping[str, str]) -> list[str]:
    """The offers that a word may name: those called so, else those of whose title it is a part, else those whose whole
    title is a part of it.
    """
    said = fold(word)
    titles = {offer_id: fold(title) for offer_id, title in offers.items()}
    for fits in (
        lambda title: title == said,
        lambda title: _singular(title) == _singular(said),
        lambda title: _is_part(said, title),
        lambda title: title in said,
    ):
        if found := [offer_id for offer_id, title in titles.items() if fits(title)]:
            return found
    return []


def _is_part(said: str, title: str) -> bool:
    """Whether a title has what was written: any character of a script without blanks, else two letters at least."""
    return (len(said) > 1 or not said.isascii()) and (said in title or _singular(said) in title)


def _singular(said: str) -> str:
    """Without the ending of an English plural."""
    if not said.isascii() or len(said) < 4:
        return said
    for ending, instead in (("ies", "y"), ("oes", "o"), ("s", "")):
        if said.endswith(ending) and not said.endswith("ss"):
            return said[: -len(ending)] + instead
    return said


@dataclass(slots=True)
class _Reading:
    """What has been read of an entry's goods so far: words that wait for their number, and a number for its word."""

    offers: Mapping[str, str]
    found: list[Wanted] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    number: int | None = None

    def word(self, text: str) -> None:
        both_named = self.words and _named(text, self.offers) and _named(self._said(), self.offers)
        # Two things, unless they are the name of one, such as green tea.
        if self.number is None and both_named and len(_named(self._said(text), self.offers)) != 1:
            self.part()
        self.words.append(text)

    def count(self, value: int) -> None:
        if self.words and self.number is None:  # pears 2
            self._add(self._said(), value)
            self.words = []
            return
        if self.words or self.number is not None:  # 2 pears 3 eggs; or 2 3
            self.part()
        self.number = value

    def part(self) -> None:
        """What was read before belongs together, and nothing after it does."""
        said, number = self._said(), self.number
        self.words, self.number = [], None
        if not said and number is None:
            return
        if not said:
            self.unread.append(str(number))
        elif number is not None or _named(said, self.offers):
            self._add(said, number)
        else:
            self.unread.append(said)

    def end(self) -> None:
        """A number alone is enough where there is only one thing to want: +1."""
        if self.number is not None and not self.words and len(self.offers) == 1 and not self.found:
            self._add(next(iter(self.offers.values())), self.number)
            self.number = None
        self.part()

    def _said(self, *more: str) -> str:
        return " ".join([*self.words, *more])

    def _add(self, said: str, quantity: int | None) -> None:
        named = _named(said, self.offers)
        doubts = set[Doubt]()
        if not named:
            doubts.add(Doubt.OFFER_UNKNOWN)
        elif len(named) > 1:
            doubts.add(Doubt.SEVERAL_OFFERS)
        if quantity is None:
            doubts.add(Doubt.QUANTITY_ASSUMED)
        elif quantity > MOST_UNITS:
            doubts.add(Doubt.QUANTITY_TOO_LARGE)
        if quantity != 0:
            offer_id = named[0] if len(named) == 1 else None
            self.found.append(Wanted(said, quantity or 1, offer_id, frozenset(doubts)))


def _wanted(tokens: Sequence[_Token], offers: Mapping[str, str]) -> tuple[list[Wanted], list[str]]:
    """What is wanted, each offer once with all its units, and what could not be read."""
    reading = _Reading(offers)
    for token in tokens:
        match token:
            case _Word(text):
                reading.word(text)
            case _Number(value):
                reading.count(value)
            case _:
                reading.part()
    reading.end()
    return _together(reading.found), reading.unread


def _together(found: Sequence[Wanted]) -> list[Wanted]:
    """Units of one offer that was named twice, as one."""
    once: dict[str, Wanted] = {}
    for at, each in enumerate(found):
        name = each.offer_id or f"?{at}"
        known = once.get(name)
        once[name] = each if known is None else Wanted(
            f"{known.said}, {each.said}", known.quantity + each.quantity, known.offer_id, known.doubts | each.doubts
        )  # fmt: skip
    return list(once.values())
