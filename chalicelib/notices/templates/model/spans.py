"""A filled-in text as a page shows it: paragraphs of lines, with what matters set off. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.notices.templates.model.wording import Piece

Look = Literal["plain", "strong", "code", "link"]
Line = list["Span"]
Paragraph = list[Line]

_LINK = re.compile(r"https?://[^\s<>\"'，。；：！？、（）《》“”]*[^\s<>\"'，。；：！？、（）《》“”.,;:!?)]")
_BREAK = re.compile(r"\r\n|\r|\n")
_LEAD = re.compile(r"[:：]\s*")
_CODES = frozenset({"code"})
_LINKS = frozenset({"url"})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text. A link leads to what it says."""

    text: str
    look: Look = "plain"


def paragraphs(pieces: Sequence[Piece], strong: Collection[str] = ()) -> list[Paragraph]:
    """The paragraphs of a text: an empty line parts two. ``strong`` are variables whose values matter most; pickup and
    sign-in codes always do.

    A link is what a brand has written itself, or the fact that is there to be one: a name that looks like a link leads
    nowhere, also where it is nothing else.
    """
    lines: list[Line] = [[]]
    for span in _spans(pieces, strong):
        first, *others = _BREAK.split(span.text)
        lines[-1].append(replace(span, text=first))
        lines += [[replace(span, text=each)] for each in others]
    found: list[Paragraph] = [[]]
    for line in lines:
        shown = [span for span in line if span.text]
        if any(span.text.strip() for span in shown):
            found[-1].append(shown)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def without_brand(pieces: Sequence[Piece]) -> list[Piece]:
    """The text without the brand's name at its beginning, for where that stands above it already."""
    match pieces:
        case [Piece(variable="brand"), Piece(text=words, variable=""), *others] if lead := _LEAD.match(words):
            rest = words[lead.end() :]
            return [Piece(rest[:1].upper() + rest[1:]), *others]
    return list(pieces)


def _spans(pieces: Sequence[Piece], strong: Collection[str]) -> Iterator[Span]:
    for piece in pieces:
        if piece.variable in _LINKS and _LINK.fullmatch(piece.text):
            yield Span(piece.text, "link")
        elif piece.variable:
            look: Look = "code" if piece.variable in _CODES else "strong" if piece.variable in strong else "plain"
            yield Span(piece.text, look)
        else:
            yield from _linked(piece.text)


def _linked(words: str) -> Iterator[Span]:
    read = 0
    for found in _LINK.finditer(words):
        yield Span(words[read : found.start()])
        yield Span(found[0], "link")
        read = found.end()
    yield Span(words[read:])
