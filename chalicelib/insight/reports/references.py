"""Figures of the field, as reports show them beside a brand's own."""

from chalicelib.insight.model.references import SOURCE, YEAR, Topic, references
from chalicelib.web import View


class ReferenceView(View):
    """What the field reports, for comparison; no figure of the brand contains it."""

    topic: str
    text: str
    compares_with: str
    source: str
    year: int

    @classmethod
    def about(cls, locale: str, *topics: Topic) -> "list[ReferenceView]":
        """Those of some topics, in a language."""
        at = 1 if locale == "zh" else 0
        return [
            cls(
                topic=each.topic, text=each.text[at], compares_with=each.compares_with[at], source=SOURCE[at], year=YEAR
            )
            for each in references(*topics)
        ]  # fmt: skip
