"""What is prepared for the templates of the brand's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from chalicelib.complaints.views import ComplaintRulesView
from chalicelib.pages.shell import N_

PAYS = (
    ("on_receipt", N_("when the goods are back")),
    ("on_approval", N_("as soon as the return is approved")),
)
CATEGORIES = (
    ("quality", N_("The goods are not good")),
    ("shortage", N_("Something was missing")),
    ("pickup", N_("Collecting them did not work")),
    ("payment", N_("Something with the money")),
    ("service", N_("How I was treated")),
    ("other", N_("Something else")),
)
URGENCIES = (
    ("low", N_("act when there is time")),
    ("normal", N_("act as usual")),
    ("high", N_("act soon")),
    ("critical", N_("act at once")),
)
IMPORTANCES = (
    ("low", N_("it matters little")),
    ("normal", N_("it matters")),
    ("high", N_("it matters much")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as it stands in its fields."""

    cause: str = ""
    category: str = "quality"
    urgency: str = "high"
    importance: str = "low"
    en: str = ""
    zh: str = ""


def rows(rules: ComplaintRulesView, sent: Mapping[str, str]) -> Sequence[Row]:
    """The rules that stand, and an empty one to add; of a form that was refused as many as it had."""
    if sent:
        had = takewhile(lambda n: f"rules.{n}.category" in sent, count())
        return [Row() for _ in had]
    standing = [
        Row(
            each.cause, each.category, each.urgency, each.importance, ", ".join(each.words.en), "，".join(each.words.zh)
        )
        for each in rules.rules
    ]
    return [*standing, Row()]
