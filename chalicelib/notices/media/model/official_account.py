"""What WeChat takes in the places of a template message. Pure.

A place is named by its kind and a number, such as ``thing1``; what does not fit its kind is refused with the whole
message: https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html.
"""

import re
from collections.abc import Mapping

from chalicelib.kernel.text import cut

_MOST: Mapping[str, int] = {
    "thing": 20, "number": 32, "letter": 32, "symbol": 5, "character_string": 32, "time": 32, "date": 32, "amount": 16,
    "phone_number": 17, "car_number": 8, "name": 10, "phrase": 5, "const": 20,
}  # fmt: skip
_MOST_ELSEWHERE = 200
_PLACE = re.compile(r"([a-z_]+?)\d*")
_NOTHING = "-"
"""WeChat refuses a place without a text."""

_ZH_DAY = re.compile(r"\d+年\d+月\d+日")
_EN_DAY = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_HOUR = re.compile(r"\b\d\d:\d\d\b")


def filled(data: Mapping[str, str], facts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The data of a template message: each place with its fact, as WeChat takes it there."""
    return {place: {"value": fitting(place, facts.get(fact, ""))} for place, fact in data.items()}


def fitting(place: str, said: str) -> str:
    """A fact as it fits a place: in one line, of the kind's letters, no longer than WeChat allows."""
    found = _PLACE.fullmatch(place)
    kind = found[1] if found else ""
    text = _of_kind(kind, " ".join(said.split()))
    return _cut(text, _MOST.get(kind, _MOST_ELSEWHERE)) or _NOTHING


def _of_kind(kind: str, text: str) -> str:
    match kind:
        case "time" | "date":
            return _moment(text) or text
        case "amount" | "number":
            return text.replace(",", "").replace("CN¥", "¥")
        case "character_string" | "letter":
            return "".join(letter for letter in text if "\x20" < letter < "\x7f")
    return text


def _moment(text: str) -> str:
    """A day and an hour as WeChat reads them, without the weekday and the zone; empty where there is none."""
    found, hour = _ZH_DAY.search(text), _HOUR.search(text)
    day = found[0] if found else ""
    if not day and (english := _EN_DAY.search(text)) and english[2] in _MONTHS:
        day = f"{english[3]}年{_MONTHS.index(english[2]) + 1}月{english[1]}日"
    return " ".join(part for part in (day, hour[0] if hour else "") if part)


def _cut(text: str, most: int) -> str:
    """What is longer ends with a sign that it goes on; counted as WeChat does, by characters."""
    if len(text) <= most:
        return text
    graphemes = most - 1
    while graphemes and len(kept := cut(text, graphemes)) > most - 1:
        graphemes -= 1
    return kept.rstrip() + "…" if graphemes else text[:most]
