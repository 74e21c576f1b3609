"""Dates, times and numbers as people and their programs write them. What could mean two things is refused. Pure."""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model.reasons import Reason, column
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.kernel.spreadsheets import unquoted
from chalicelib.kernel.text import forbidden, harmless
from chalicelib.kernel.wall_time import Choices, LocalTimeAmbiguous, LocalTimeMissing, to_instant

EARLIEST_ON = date(1970, 1, 1)
MAX_TEXT = 200

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_AS_TEXT = re.compile(r'="([^"]*)"')
"""How programs keep a spreadsheet from making a number of a reference."""

_YEAR_FIRST = r"([0-9]{4}) ?[-/.年] ?([0-9]{1,2}) ?[-/.月] ?([0-9]{1,2})(?: ?日)?"
_DATE = re.compile(rf"{_YEAR_FIRST}(?: +0?0:00(?::00)?)?")
_WALL_TIME = re.compile(rf"{_YEAR_FIRST} +([0-9]{{1,2}}):([0-9]{{2}})(?::([0-9]{{2}}))?")
_YEAR_LAST = re.compile(r"([0-9]{1,2}) ?[-/.] ?([0-9]{1,2}) ?[-/.] ?([0-9]{2}|[0-9]{4})(?: .*)?")

_WHOLE = re.compile(r"[0-9]{1,16}|[0-9]{1,3}(?:,[0-9]{3}){1,5}")
_POINT = re.compile(r"(?:[0-9]{1,16}|[0-9]{1,3}(?:[, '][0-9]{3}){1,5})(?:\.[0-9]{1,9})?")
_COMMA = re.compile(r"(?:[0-9]{1,16}|[0-9]{1,3}(?:[. '][0-9]{3}){1,5}),(?:[0-9]{1,2}|[0-9]{4,9})")
_MARKS = re.compile(r"[, '.]")


class BadRow(ValueError):
    """The row is no order."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.reason = Reason(en, zh)


def clean(name: str, text: str, most: int = MAX_TEXT) -> str:
    """A cell's text, without what keeps a spreadsheet from running it. Raises BadRow above so many characters."""
    as_text = _AS_TEXT.fullmatch(text)
    value = harmless(unquoted(as_text[1] if as_text else text)).strip()
    if _CONTROL.search(value):
        raise BadRow(f"{name} holds a control character", f"{column(name)}含有控制字符")
    if forbidden(value):
        raise BadRow(f"{name} holds a character that no message can hold", f"{column(name)}含有无法传送的字符")
    if len(value) > most:
        raise BadRow(f"{name} is longer than {most} characters", f"{column(name)}超过 {most} 个字符")
    return value


def plain(text: str) -> str:
    """Digits, letters and marks in their usual width."""
    return unicodedata.normalize("NFKC", text).strip()


def day(name: str, text: str) -> date:
    """A local date: ``2026-11-22``, ``2026/11/2``, ``2026年11月2日``. Raises BadRow, also where day and month could be
    taken for each other.
    """
    said = plain(text)
    found = _DATE.fullmatch(said)
    try:
        on = date(*map(int, found.groups())) if found else date.fromisoformat(said)
    except ValueError as wrong:
        raise _no_date(name, text, said) from wrong
    if on < EARLIEST_ON:
        raise BadRow(f"'{text}' is before {EARLIEST_ON}", f"“{text}”早于 {EARLIEST_ON}")
    return on


def day_past(name: str, text: str, tz: ZoneInfo, now: datetime) -> date:
    """A local day that is not in the future. Raises BadRow."""
    on = day(name, text)
    if on > local_date(now, tz):
        raise BadRow(f"{name} '{text}' is in the future", f"{column(name)}“{text}”在未来")
    return on


def moment(name: str, text: str, tz: ZoneInfo) -> datetime | date:
    """An instant with an offset, a wall-clock time (``2026/11/2 14:05``) in the zone given, or a date alone. Raises
    BadRow, also for a time that clocks skip or show twice.
    """
    said = plain(text)
    found = _WALL_TIME.fullmatch(said)
    try:
        if found:
            return to_instant(_wall_clock(*(int(part or 0) for part in found.groups())), tz, Choices(), "")
        if _DATE.fullmatch(said) or _YEAR_LAST.fullmatch(said):
            return day(name, text)
        at = parse_instant(said)
    except (LocalTimeMissing, LocalTimeAmbiguous) as unclear:
        words = f"the wall time '{text}' is skipped, or comes twice, in {tz}: write it with an offset"
        raise BadRow(
            f"{name}: {words}", f"{column(name)}：{tz} 当地时间“{text}”不存在或出现两次，请注明时差"
        ) from unclear
    except (ValueError, OverflowError) as wrong:
        raise BadRow(
            f"{name} '{text}' is no instant: write 2026-11-22T08:00:00Z or with an offset",
            f"{column(name)}“{text}”不是有效时间，请写成 2026-11-22T08:00:00Z 或注明时差",
        ) from wrong
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def whole(name: str, text: str, most: int) -> int:
    """A whole number, with or without commas between its thousands. Raises BadRow."""
    said = plain(text)
    number = int(said.replace(",", "")) if _WHOLE.fullmatch(said) else -1
    if not 0 <= number <= most:
        raise BadRow(
            f"{name} '{text}' is not a whole number from 0 to {most}", f"{column(name)}“{text}”不是 0 到 {most} 的整数"
        )
    return number


def minor(name: str, text: str, currency: str) -> int:
    """An amount in whole units (``1,250.00``, ``1.250,00``) as minor units of its currency. Raises BadRow for more
    decimals than the currency has, and for ``1,250`` where it has three: that could be one and a quarter.
    """
    said, digits = plain(text), CURRENCIES[currency]
    if not (pointed := _POINT.fullmatch(said)) and not _COMMA.fullmatch(said):
        raise BadRow(
            f"{name} '{text}' is no amount: write 1250.00", f"{column(name)}“{text}”不是有效金额，请写成 1250.00"
        )
    mark = "." if pointed else ","
    units, _, rest = said.rpartition(mark) if mark in said else (said, "", "")
    if digits == 3 and not rest and "," in units:
        raise BadRow(
            f"{name} '{text}' could be thousands or decimals: leave the comma out, or write all {digits} decimals",
            f"{column(name)}“{text}”中的逗号可能是千位分隔符，也可能是小数点：请去掉逗号，或写全 {digits} 位小数",
        )
    if len(rest) > digits:
        words = f"{name} '{text}' has more decimals than {currency}, which has {digits}"
        raise BadRow(words, f"{column(name)}“{text}”的小数位数超过 {currency} 的 {digits} 位")
    amount = int(Decimal(f"{_MARKS.sub('', units)}.{rest or 0}").scaleb(digits))
    if amount > MAX_MINOR:
        raise BadRow(f"{name} '{text}' is too large", f"{column(name)}“{text}”过大")
    return amount


_SIGNED = re.compile(
    r"(?P<sign>[¥$€£]|[A-Z]{3})? ?(?P<number>[0-9][0-9.,' ]*?) ?(?P<word>元|块钱?|圆|[A-Z]{3})?(?:/(?P<per>.{1,10}))?"
)
_SIGNS = {
    "¥": {"CNY", "JPY"}, "€": {"EUR"}, "£": {"GBP"}, "RMB": {"CNY"}, "块": {"CNY"}, "块钱": {"CNY"},
    "元": {"CNY", "HKD", "TWD", "MOP", "SGD"}, "圆": {"CNY", "JPY"},
    "$": {"USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"},
}  # fmt: skip
_BY_WEIGHT = frozenset(
    ("斤", "公斤", "千克", "市斤", "两", "克", "升", "毫升", "米", "kg", "g", "lb", "lbs", "oz", "l", "ml", "m", "500g")
)
"""Measures by which goods are sold loose: a price for one is not that of what a row sells."""


def price(name: str, text: str, currency: str) -> int:
    """An amount as price lists write it, with the sign or the name of its currency and for what it is (``¥12.50``,
    ``12.5元/盒``), as minor units. Raises BadRow, also for another currency and for a price by weight.
    """
    said = plain(text)
    found = _SIGNED.fullmatch(said)
    if found is None:
        return minor(name, text, currency)
    for mark in (found["sign"], found["word"]):
        if mark and currency not in _SIGNS.get(mark, {mark}):
            raise BadRow(
                f"{name} '{text}' is not in {currency}: write it in your currency, as a number alone",
                f"{column(name)}“{text}”的币种不是 {currency}，请换算后只填数字",
            )
    if found["per"] and found["per"].strip().casefold() in _BY_WEIGHT:
        raise BadRow(
            f"{name} '{text}' is for a measure: write what one unit of this row costs",
            f"{column(name)}“{text}”是按量计价，请填写该规格每件的价格",
        )
    return minor(name, found["number"], currency)


_COUNTED = re.compile(r"([0-9][0-9,]*)(?:\.0+)? ?[^\W\d_]{0,8}")


def count(name: str, text: str, most: int) -> int:
    """A number of units, with or without a word for them (``120``, ``1,200件``). Raises BadRow."""
    found = _COUNTED.fullmatch(plain(text))
    return whole(name, found[1] if found else text, most)


def _wall_clock(year: int, month: int, on: int, hour: int, minute: int, second: int) -> datetime:
    return datetime.combine(date(year, month, on), time(hour, minute, second))


def _no_date(name: str, text: str, said: str) -> BadRow:
    if (found := _YEAR_LAST.fullmatch(said)) is None:
        return BadRow(
            f"{name} '{text}' is no date: write 2026-11-22", f"{column(name)}“{text}”不是有效日期，请写成 2026-11-22"
        )
    if int(found[1]) <= 12 and int(found[2]) <= 12:
        return BadRow(
            f"{name} '{text}' could be two days, as day and month may stand either way: write the year first, as in "
            "2026-11-22",
            f"{column(name)}“{text}”分不清日和月，请将年份写在最前，例如 2026-11-22",
        )
    words = f"{name} '{text}' does not begin with the year: write 2026-11-22"
    return BadRow(words, f"{column(name)}“{text}”须将年份写在最前，例如 2026-11-22")
