"""What a file of a report is. Pure."""

from typing import Any, Literal, NamedTuple

from chalicelib.jobs.model import Kind
from chalicelib.kernel.errors import Conflict

ENDED = "report_file.ended"
"""The event that a file is written, or is not going to be."""

REPORT_FILE = Kind("report_file", "report_file.continue", "imports", ENDED)
"""A file of all that a report answers."""

FileFormat = Literal["csv", "xlsx", "json", "svg"]
"""The kinds of file that a report may be written into."""

MOST_ROWS = 200_000
"""Rows of one file: what a worker joins within its time and memory."""

MOST_RESTARTS = 5
"""So often a file is begun anew whose figures change while it is written."""


class NotToBeCancelled(Conflict):
    """The file is written already, or was given up."""

    code, title, title_zh = "job_ended", "The job has ended already", "任务已结束"


class Said(NamedTuple):
    """Why a file was not made, in both languages."""

    en: str
    zh: str

    def to(self, locale: str) -> str:
        return self.zh if locale == "zh" else self.en


TOO_MANY = Said(
    f"The report has more than {MOST_ROWS:,} rows, so no file was made. Narrow it, such as by its days.",
    f"报表超过 {MOST_ROWS:,} 行，未生成文件。请缩小范围，例如缩短日期。",
)

KEPT_CHANGING = Said(
    f"The figures changed while they were written, {MOST_RESTARTS} times over, so no file was made: it would not have "
    "been of one revision. Ask for it again later.",
    f"写入期间数据多次变动（{MOST_RESTARTS} 次），无法保证同一修订版本，未生成文件。请稍后重新发起。",
)

CANCELLED = Said("It was cancelled, and left no file.", "任务已取消，未留下文件。")


def file_name(head: dict[str, Any], form: str) -> str:
    """What a file is called: its report, days and revision, and whether these are final."""
    so_far = "" if head["complete"] else "_not-complete"
    days = f"{head['from_on']}_{head['to_on']}"
    return f"{head['report']}_{days}_revision-{head['revision']}{so_far}.{form}"
