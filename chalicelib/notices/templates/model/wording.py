"""A text with variables: how it is read, what is wrong with it, and how it is filled in. Pure.

``{name}`` stands for a fact, ``{name|default}`` for the default where the fact is empty, ``{{`` and ``}}`` are braces.
Nothing else has a meaning: no attribute, no index, no format. A value is only text, whatever it holds.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from chalicelib.kernel.text import marked_up
from chalicelib.notices.model.catalogue import UnknownTemplate

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WIDE = re.compile(r"｛([a-z][a-z0-9_]*)(?:[|｜][^｛｝]*)?｝")
_WIDE_ENDS = ("）", "。", "，", "！", "？", "；", "：", "”", "》")
_SEPARATOR = re.compile(r"[|｜]")


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says in one language: as it is written, variables and all."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a filled-in text; ``variable`` names what it stands for, empty for the words between."""

    text: str
    variable: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    """Words between variables; ``at`` is the character at which they begin, counted from 1."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class _Variable:
    """A variable with its default, None where none is stated."""

    at: int
    name: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, in both languages, and at which character, counted from 1."""

    at: int
    message: str
    message_zh: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that was read. ``faults`` are those of its braces; what it may name is asked of :meth:`check`."""

    parts: tuple[_Words | _Variable, ...]
    faults: tuple[Fault, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a text; whatever stands in braces is a variable."""
        parts: list[_Words | _Variable] = []
        faults: list[Fault] = []
        read = 0
        for token in _TOKEN.finditer(text):
            if token.start() > read:
                parts.append(_Words(read + 1, text[read : token.start()]))
            at, read = token.start() + 1, token.end()
            if token[1] is not None:
                name, *default = _SEPARATOR.split(token[1], maxsplit=1)
                parts.append(_Variable(at, name.strip(), default[0].strip() if default else None))
            elif len(token[0]) == 2:
                parts.append(_Words(at, token[0][0]))
            else:
                faults.append(_lonely(at, token[0]))
        if read < len(text):
            parts.append(_Words(read + 1, text[read:]))
        return cls(tuple(parts), tuple(faults))

    @property
    def variables(self) -> frozenset[str]:
        """The names that it shows."""
        return frozenset(part.name for part in self._variables())

    def check(self, known: Collection[str], may_be_empty: Collection[str] = ()) -> list[Fault]:
        """What is wrong with the text, where these are the names that it may show, in the order of the text."""
        usable = ", ".join(known)
        faults = [*self.faults, *self._markup()]
        for part in self.parts:
            if isinstance(part, _Words):
                faults += [_wide(part.at + found.start(), found[1]) for found in _WIDE.finditer(part.text)]
            elif not part.name:
                faults.append(_nameless(part.at, usable))
            elif part.name not in known:
                faults.append(_unknown(part, usable))
            elif part.name in may_be_empty and part.default is None:
                faults.append(_without_default(part))
        return sorted(faults, key=lambda each: each.at)

    def _markup(self) -> list[Fault]:
        """Also where a variable or its default makes it: a fact may be any word."""
        places: list[int] = []
        filled = ""
        for part in self.parts:
            words = part.text if isinstance(part, _Words) else part.default or "x"
            places += [part.at + (n if isinstance(part, _Words) else 0) for n in range(len(words))]
            filled += words
        return [markup(places[at], what) for at, what in marked_up(filled)]

    def written(self, may_be_empty: Collection[str] = ()) -> str:
        """The text as a brand may write it: with a default of nothing for whatever may be empty and has none."""
        return "".join(_as_written(part, may_be_empty) for part in self.parts)

    def pieces(self, facts: Mapping[str, str]) -> list[Piece]:
        """The text with its facts filled in. Where one is empty and nothing stands for it, a blank beside it goes too.

        Raises UnknownTemplate for a name that there is no fact of, and no default.
        """
        pieces: list[Piece] = []
        left_out = False
        for part in self.parts:
            if isinstance(part, _Words):
                pieces += _closed_up(pieces, part.text) if left_out else [_after(pieces, part.text)]
                left_out = False
            elif value := _value(part, facts):
                pieces.append(Piece(value, part.name))
            else:
                left_out = True
        return [piece for piece in pieces if piece.text]

    def fill(self, facts: Mapping[str, str]) -> str:
        """As :meth:`pieces`, as one text without blanks around it."""
        return "".join(piece.text for piece in self.pieces(facts)).strip()

    def _variables(self) -> Iterator[_Variable]:
        return (part for part in self.parts if isinstance(part, _Variable))


def markup(at: int, what: str) -> Fault:
    """What is wrong with words that read as markup or script: messages are plain text."""
    shown = " ".join(what.split())
    return Fault(
        at,
        f"Messages are plain text, and “{shown}” at character {at} reads as markup or script. Leave it out; where you "
        "mean “less than”, put a blank after the <.",
        f"消息仅支持纯文本，第 {at} 个字符处的“{shown}”会被视为标签或脚本，请删除；如需小于号，请在 < 后加空格。",
    )


def _as_written(part: _Words | _Variable, may_be_empty: Collection[str]) -> str:
    if isinstance(part, _Words):
        return part.text.replace("{", "{{").replace("}", "}}")
    default = "" if part.default is None and part.name in may_be_empty else part.default
    return f"{{{part.name}}}" if default is None else f"{{{part.name}|{default}}}"


def _after(before: list[Piece], words: str) -> Piece:
    """The words that follow. A full-width bracket or full stop has its blank in itself."""
    wide = bool(before) and before[-1].text.endswith(_WIDE_ENDS)
    return Piece(words.removeprefix(" ") if wide else words)


def _closed_up(before: list[Piece], words: str) -> list[Piece]:
    """The words that follow where nothing stands, without the blank that would be one too many."""
    if words.startswith("\n") and before:
        before[-1] = Piece(before[-1].text.rstrip(" "), before[-1].variable)
    elif not before or before[-1].text[-1:].isspace():
        words = words.removeprefix(" ")
    return [Piece(words)]


def _value(variable: _Variable, facts: Mapping[str, str]) -> str:
    if variable.name not in facts and variable.default is None:
        raise UnknownTemplate(f"there is no fact {variable.name!r}")
    return facts.get(variable.name, "").strip() or variable.default or ""


def _lonely(at: int, brace: str) -> Fault:
    twice = brace * 2
    return Fault(
        at,
        f"The brace {brace} at character {at} has no other half; for a brace itself write {twice}.",
        f"第 {at} 个字符的花括号 {brace} 不成对；如需花括号本身，请写 {twice}。",
    )


def _nameless(at: int, usable: str) -> Fault:
    return Fault(
        at,
        f"The braces at character {at} name nothing; you can use {usable}.",
        f"第 {at} 个字符的花括号中没有变量名；可用：{usable}。",
    )


def _unknown(part: _Variable, usable: str) -> Fault:
    at, name = part.at, part.name[:60]
    if _NAME.fullmatch(name):
        return Fault(
            at,
            f"There is no {{{name}}} (character {at}); you can use {usable}.",
            f"没有变量 {{{name}}}（第 {at} 个字符）；可用：{usable}。",
        )
    return Fault(
        at,
        f"{{{name}}} (character {at}) is no name of a variable; you can use {usable}, as in {{brand}}.",
        f"{{{name}}}（第 {at} 个字符）不是变量名；可用：{usable}，写法如 {{brand}}。",
    )


def _without_default(part: _Variable) -> Fault:
    at, name = part.at, part.name
    return Fault(
        at,
        f"{{{name}}} (character {at}) may be empty; say what stands there then, as in {{{name}|Thank you.}}, or "
        f"{{{name}|}} for nothing.",
        f"{{{name}}}（第 {at} 个字符）可能为空；请写明为空时的文字，如 {{{name}|谢谢。}}，或写 {{{name}|}} 表示留空。",
    )


def _wide(at: int, name: str) -> Fault:
    return Fault(
        at,
        f"The braces at character {at} are full-width ones; write {{{name}}}.",
        f"第 {at} 个字符使用了全角花括号，请写成 {{{name}}}。",
    )
