"""Reads the sheet of a brand's tasks."""

from __future__ import annotations

import re
from pathlib import Path

_SHEET = Path(__file__).with_name("tasks.md")
_ROW = re.compile(r"^\| (?P<task>.+?) \| (?P<taps>\d+) \|$", re.MULTILINE)


def tasks(sheet: str = "") -> dict[str, int]:
    """Each task, and how many taps it may take, in the order of the sheet."""
    return {row["task"]: int(row["taps"]) for row in _ROW.finditer(sheet or _SHEET.read_text("utf-8"))}
