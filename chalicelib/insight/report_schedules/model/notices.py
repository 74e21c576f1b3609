"""What somebody of the team hears when a report that they get is there. Pure."""

from dataclasses import dataclass

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling

NOTHING = InWords("", "")


@dataclass(frozen=True, slots=True)
class ReportReady(Notice):
    """A report of a period is there: its main figures beside those before, whether they are final, and its file."""

    template = "report_ready"
    telling = Telling(Category.ORDER, audience="team", about="report file")
    texts = {
        "en": ("{report}: {period}", "{report} of {brand}, {period}.\n{figures}\n{final}\n{file}"),
        "zh": ("{report}：{period}", "{brand} {report}，{period}。\n{figures}\n{final}\n{file}"),
    }
    brand: str
    report: InWords
    period: InWords
    final: InWords
    file: InWords
    figures: InWords = NOTHING
