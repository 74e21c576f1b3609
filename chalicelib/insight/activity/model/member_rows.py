"""The member file: its columns, and what makes a row a member. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.columns import IGNORED, BadHeader, plain_title
from chalicelib.insight.activity.model.fields import BadRow, clean, day_past
from chalicelib.insight.activity.model.member_answers import ANSWERS, LANGUAGE, answers_of, language_of
from chalicelib.insight.activity.model.member_answers import TITLES as ANSWER_TITLES
from chalicelib.insight.activity.model.reasons import column, several
from chalicelib.kernel.errors import FieldError
from chalicelib.members.model.addresses import email_of, identity_named, phone_of
from chalicelib.members.model.identities import Identity

WHO = ("member", "email", "phone")
BESIDES = ("name", "joined_on", "consent", *ANSWERS, LANGUAGE)
MAX_NAME = 120

TITLES: Mapping[str, str] = {
    "member_id": "member", "customer": "member", "customer_id": "member", "reference": "member",
    "会员": "member", "会员编号": "member", "会员号": "member", "客户编号": "member",
    "e_mail": "email", "mail": "email", "邮箱": "email", "电子邮箱": "email",
    "mobile": "phone", "telephone": "phone", "tel": "phone", "手机": "phone", "手机号": "phone", "电话": "phone",
    "手机号码": "phone", "联系电话": "phone", "联系方式": "phone", "mobile_phone": "phone", "phone_number": "phone",
    "full_name": "name", "姓名": "name", "名字": "name", "昵称": "name", "群昵称": "name", "客户姓名": "name",
    "joined": "joined_on", "member_since": "joined_on", "加入日期": "joined_on", "注册日期": "joined_on",
    "入群日期": "joined_on", "入群时间": "joined_on", "注册时间": "joined_on", "date_joined": "joined_on",
    "agreed": "consent", "marketing_consent": "consent", "opt_in": "consent", "同意": "consent", "同意营销": "consent",
    "是否同意": "consent", "授权": "consent", "同意接收消息": "consent",
    "同意记录": "consent",
    **ANSWER_TITLES,
}  # fmt: skip
"""Other names of columns, as :func:`plain_title` spells them."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A valid row: all that leads to one person, their own reference first, what they are called, and since when they
    have been with the brand (a local date). ``consent`` is what the brand's sheet says of their consent, word for word:
    a record of the brand's, which grants nothing. ``answers`` are those of a profile, by name.
    """

    identities: tuple[Identity, ...]
    name: str | None
    joined_on: date | None
    consent: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None


def known(titles: Sequence[str]) -> int:
    """How many of these titles are those of columns."""
    return sum(_column(title) in (*WHO, *BESIDES) for title in titles)


def read_header(row: csvrows.Row) -> tuple[str, ...]:
    """The column names, in the file's order. Raises BadHeader, naming every column that is unknown or missing."""
    if row.problem:
        message = f"The first row cannot be read: {row.problem.en}."
        raise BadHeader.at("/csv", message, f"无法读取第一行：{row.problem.zh}。请另存为 UTF-8 编码的 CSV 文件。")
    titles = list(row.values)
    while titles and not titles[-1]:
        titles.pop()
    columns = tuple(map(_column, titles))
    if faults := list(_header_faults(columns, titles)):
        every = (*WHO, *BESIDES)
        raise BadHeader(
            f"{'; '.join(each.message for each in faults[:5])}. The columns of a member file are: {', '.join(every)}.",
            detail_zh=f"{'；'.join(each.message_zh for each in faults[:5])}。会员文件的列为：{several(every)}。",
            errors=tuple(faults),
        )
    return columns


def _column(title: str) -> str:
    plain = plain_title(title)
    return TITLES.get(plain, plain)


def _header_faults(columns: Sequence[str], titles: Sequence[str]) -> Iterator[FieldError]:
    for name, title in zip(columns, titles, strict=True):
        if name not in (*WHO, *BESIDES, IGNORED):
            yield FieldError("/csv", f"Unknown column '{title[:50]}'", f"未知的列“{title[:50]}”")
    for name in dict.fromkeys(columns):
        if name != IGNORED and columns.count(name) > 1:
            yield FieldError("/csv", f"Column '{name[:50]}' comes twice", f"列重复：{column(name)[:50]}")
    if not any(name in columns for name in WHO):
        words = (
            "One of the columns 'member', 'email' and 'phone' is needed",
            f"缺少列：{several(WHO)}，须有其一",
        )
        yield FieldError("/csv", *words)


def parse(values: Sequence[str], columns: Sequence[str], tz: ZoneInfo, region: str | None, now: datetime) -> MemberRow:
    """A row as a member. Numbers without a country code are of ``region``. Raises BadRow."""
    given = {name: clean(name, text) for name, text in zip(columns, values, strict=True) if name != IGNORED}
    name, joined_on = given.get("name", ""), given.get("joined_on", "")
    if len(name) > MAX_NAME:
        raise BadRow(f"name is longer than {MAX_NAME} characters", f"{column('name')}超过 {MAX_NAME} 个字符")
    identities = _identities(given, region)
    if not identities:
        raise BadRow("one of member, email and phone must be given", f"{several(WHO)}须填一项")
    kinds = [each.kind for each in identities]
    if len(set(kinds)) < len(kinds):
        words = "member names another address than the column of its own does"
        raise BadRow(words, f"{column('member')}一列的地址与{column('email')}或{column('phone')}列不符")
    on = day_past("joined_on", joined_on, tz, now) if joined_on else None
    consent = given.get("consent") or None
    return MemberRow(identities, name or None, on, consent, answers_of(given), language_of(given))


def _identities(given: Mapping[str, str], region: str | None) -> tuple[Identity, ...]:
    found: dict[Identity, None] = {}
    if given.get("member"):
        found[identity_named(given["member"], region)] = None
    if text := given.get("email"):
        email = email_of(text)
        if email is None:
            raise BadRow(f"email '{text}' is no e-mail address", f"{column('email')}“{text}”不是有效的邮箱地址")
        found[Identity("email", email)] = None
    if text := given.get("phone"):
        phone = phone_of(text, region)
        if phone is None:
            raise BadRow(
                f"phone '{text}' is no mobile number: write it with its country code, such as +8613800138000",
                f"{column('phone')}“{text}”不是有效的手机号，请写明国家代码，例如 +8613800138000",
            )
        found[Identity("phone", phone)] = None
    return tuple(found)
