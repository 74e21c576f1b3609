"""Names that people chose, where a file, a sheet of a workbook or a header needs one. Pure.

Whatever a supplier, a campaign or a pickup point is called, its file opens: signs that the place forbids are taken out,
and what is too long ends between two signs as people see them, never within one.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

MOST_SHEET_UNITS = 31
"""UTF-16 units of a sheet's name (Microsoft, *Rename a worksheet*); an emoji has two of them or more."""

MOST_FILE_BYTES = 200
"""Bytes of a file's name in UTF-8: file systems take 255, of which a browser wants some for ``(1)`` and ``.part``."""

_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow (section 2.2, *Char*), lone surrogates among it."""

_JOINER = "\u200d"
_NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_FILES = re.compile(r'[/\\:*?"<>|]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")
"""Names that Windows keeps for devices, whatever their ending (Microsoft, *Naming files, paths, and namespaces*)."""

_RESERVED_SHEETS = frozenset({"history"})
"""A spreadsheet keeps this name for its own log of changes."""

_ATTRIBUTE = "!#$&+-.^_`|~"
"""What RFC 8187 leaves as it is in an extended parameter, besides letters and digits (*attr-char*)."""


def xml_text(text: str) -> str:
    """A text that an XML document can hold: what it forbids becomes the replacement character."""
    return _NO_XML.sub("\ufffd", text)


def sheet_names(names: Iterable[str], otherwise: str) -> list[str]:
    """A name for each sheet of a workbook, none twice whatever the letter case; ``otherwise`` for a name that comes to
    nothing.
    """
    taken, found = set(_RESERVED_SHEETS), []
    for name in names:
        base = _sheet(name, MOST_SHEET_UNITS) or otherwise
        free, n = base, 1
        while free.casefold() in taken:
            n += 1
            free = f"{_sheet(base, MOST_SHEET_UNITS - len(f' {n}'))} {n}"
        taken.add(free.casefold())
        found.append(free)
    return found


def file_name(stem: str, ending: str, otherwise: str = "file") -> str:
    """The name of a file that every system can keep: no path, no device, no sign that turns the reading direction."""
    plain = _one_line(_NOT_IN_FILES.sub(" ", stem)).strip(" .")
    room = MOST_FILE_BYTES - len(ending) - 1
    cut = _cut(plain, room, lambda part: len(part.encode())).strip(" .") or otherwise
    return f"{'_' if _DEVICES.match(cut) else ''}{cut}.{ending}"


def disposition(filename: str) -> str:
    """The Content-Disposition of a download (RFC 6266): in UTF-8 for who reads that, and in ASCII for all others."""
    stem, dot, ending = filename.rpartition(".")
    name = file_name(stem, ending) if dot else file_name(ending, "bin")
    if name.isascii():
        return f'attachment; filename="{name}"'
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = _one_line(_NOT_IN_FILES.sub(" ", plain))
    fallback = plain if plain.rpartition(".")[0].strip(" .-_'") else f"file.{name.rpartition('.')[2]}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe=_ATTRIBUTE)}"


def _sheet(name: str, most: int) -> str:
    plain = _one_line(_NOT_IN_SHEETS.sub(" ", name)).strip(" '")
    return _cut(plain, most, lambda part: len(part.encode("utf-16-le")) // 2).strip(" '")


def _one_line(text: str) -> str:
    """Without line breaks, control characters, signs that are not seen, and gaps of more than one space."""
    seen = "".join(" " if each.isspace() else each for each in _NO_XML.sub("", text) if each.isspace() or _shows(each))
    return re.sub(" +", " ", seen).strip()


def _shows(sign: str) -> bool:
    return sign == _JOINER or unicodedata.category(sign) not in {"Cc", "Cf"}


def _cut(text: str, most: int, size: Callable[[str], int]) -> str:
    """As many whole signs from the beginning as have room."""
    kept, used = [], 0
    for sign in _signs(text):
        used += size(sign)
        if used > most:
            break
        kept.append(sign)
    return "".join(kept)


def _signs(text: str) -> Iterator[str]:
    """A text as people see it: letters with their accents, emoji with what is joined to them, flags."""
    sign = ""
    for each in text:
        if sign and not (_extends(each) or sign.endswith(_JOINER) or (_is_flag_half(each) and _is_flag_half(sign))):
            yield sign
            sign = ""
        sign += each
    if sign:
        yield sign


def _extends(sign: str) -> bool:
    return sign == _JOINER or unicodedata.category(sign) in {"Mn", "Me", "Mc"} or "\U0001f3fb" <= sign <= "\U0001f3ff"


def _is_flag_half(sign: str) -> bool:
    return len(sign) == 1 and "\U0001f1e6" <= sign <= "\U0001f1ff"
