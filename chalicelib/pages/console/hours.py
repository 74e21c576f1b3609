"""Hours of a day as they are typed and shown: ``09:00-12:00, 13:00-18:00``. Pure."""

import re
from collections.abc import Iterable, Mapping

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.weekly_hours import WEEKDAYS
from chalicelib.pages.shell.words import N_
from chalicelib.web import SpanView

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")

DAYS: Mapping[str, str] = dict(
    zip(
        WEEKDAYS,
        (
            N_("Monday"),
            N_("Tuesday"),
            N_("Wednesday"),
            N_("Thursday"),
            N_("Friday"),
            N_("Saturday"),
            N_("Sunday"),
        ),
        strict=True,
    )
)


def hours_text(spans: Iterable[SpanView]) -> str:
    """A day's hours as they are typed: ``09:00-12:00, 13:00-18:00``."""
    return ", ".join(f"{span.from_}-{'24:00' if span.to == '00:00' else span.to}" for span in spans)


def spans_of(text: str, pointer: str) -> list[dict[str, str]]:
    """Hours as they are typed, with commas between them. Raises Invalid for what cannot be read."""
    spans = []
    for part in filter(None, map(str.strip, re.split(r"[,，、;；]", text))):
        match = _SPAN.fullmatch(part)
        begins, ends = (f"{int(match[1]):02}:{match[2]}", f"{int(match[3]):02}:{match[4]}") if match else ("", "")
        if match is None or begins >= "24:00" or ends > "24:00":
            raise Invalid.at(
                pointer,
                f"“{part[:40]}” cannot be read as hours; write 09:00-12:00, 13:00-18:00.",
                f"“{part[:40]}”不是有效时段，请按 09:00-12:00, 13:00-18:00 填写。",
            )
        spans.append({"from": begins, "to": "00:00" if ends == "24:00" else ends})
    return spans
