"""The member file: its columns, and what makes a row a member."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.rows import BadHeader, BadRow, check_texts, day_past
from chalicelib.kernel.errors import FieldError
from chalicelib.members.model.addresses import email_of, identity_named, phone_of
from chalicelib.members.model.identities import Identity

WHO = ("member", "email", "phone")
BESIDES = ("name", "joined_on")
MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A valid row: all that leads to one person, their own reference first, what they are called, and since when they
    have been with the brand (a local date)."""

    identities: tuple[Identity, ...]
    name: str | None
    joined_on: date | None


def read_header(line: bytes) -> tuple[str, ...]:
    """The column names, in the file's order. Raises BadHeader, naming every column that is unknown or missing."""
    try:
        columns = tuple(name.lower() for name in csvrows.values_of(line.removeprefix(csvrows.BOM)))
    except csvrows.Unreadable as torn:
        message = f"The first row cannot be read: {str(torn) or 'a quotation mark is never closed'}."
        raise BadHeader.at("/csv", message, "无法读取第一行：请另存为 UTF-8 编码的 CSV 文件，并检查引号。") from torn
    if faults := list(_header_faults(columns)):
        known = ", ".join((*WHO, *BESIDES))
        raise BadHeader(
            f"{'; '.join(each.message for each in faults[:5])}. The columns of a member file are: {known}.",
            detail_zh=f"{'；'.join(each.message_zh for each in faults[:5])}。会员文件的列为：{known}。",
            errors=tuple(faults),
        )
    return columns


def _header_faults(columns: Sequence[str]) -> Iterator[FieldError]:
    for name in dict.fromkeys(columns):
        if name not in (*WHO, *BESIDES):
            yield FieldError("/csv", f"Unknown column '{name[:50]}'", f"未知的列“{name[:50]}”")
        if columns.count(name) > 1:
            yield FieldError("/csv", f"Column '{name[:50]}' comes twice", f"列“{name[:50]}”重复")
    if not any(name in columns for name in WHO):
        words = "One of the columns 'member', 'email' and 'phone' is needed", "须有“member”“email”“phone”列之一"
        yield FieldError("/csv", *words)


def parse(values: Sequence[str], columns: Sequence[str], tz: ZoneInfo, region: str | None, now: datetime) -> MemberRow:
    """A row as a member. Numbers without a country code are of ``region``. Raises BadRow."""
    given = dict(zip(columns, values, strict=True))
    check_texts(given)
    name, joined_on = given.get("name", ""), given.get("joined_on", "")
    if len(name) > MAX_NAME:
        raise BadRow(f"name is longer than {MAX_NAME} characters")
    identities = _identities(given, region)
    if not identities:
        raise BadRow("one of member, email and phone must be given")
    kinds = [each.kind for each in identities]
    if len(set(kinds)) < len(kinds):
        raise BadRow("member names another address than the column of its own does")
    return MemberRow(identities, name or None, day_past("joined_on", joined_on, tz, now) if joined_on else None)


def _identities(given: dict[str, str], region: str | None) -> tuple[Identity, ...]:
    found: dict[Identity, None] = {}
    if given.get("member"):
        found[identity_named(given["member"], region)] = None
    if text := given.get("email"):
        email = email_of(text)
        if email is None:
            raise BadRow(f"email '{text}' is no e-mail address")
        found[Identity("email", email)] = None
    if text := given.get("phone"):
        phone = phone_of(text, region)
        if phone is None:
            raise BadRow(f"phone '{text}' is no mobile number: write it with its country code, such as +8613800138000")
        found[Identity("phone", phone)] = None
    return tuple(found)
