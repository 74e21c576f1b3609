"""Satisfaction over all answers of a survey. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.surveys.model.disclosure import FEWEST
from chalicelib.surveys.model.questions import NUMBERS, Kind

CSAT_DEFINITION = (
    "csat = answers with a score of 4 or 5, divided by answers with a score. average = sum of scores divided by their "
    "number. response rate = answered divided by invited; null without any. Scores of fewer than five are hidden."
)


_LOWEST, _HIGHEST = NUMBERS[Kind.SCORE]


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures over all answers of a survey. Rates are exact decimals in text with four places, halves to even. What
    comes of scores is None where fewer than five people gave one: it would tell what some of them said.
    """

    invited: int
    answered: int
    scored: int | None
    average: str | None
    csat: str | None
    response_rate: str | None
    distribution: dict[str, int] | None

    @property
    def hidden(self) -> bool:
        return self.scored is None


def summarise(invited: int, answered: int, by_score: Mapping[int, int]) -> Summary:
    """Satisfaction from counts: see CSAT_DEFINITION."""
    scored = sum(by_score.values())
    if scored < FEWEST:
        return Summary(invited, answered, None, None, None, _rate(answered, invited), None)
    total = sum(score * count for score, count in by_score.items())
    content = sum(count for score, count in by_score.items() if score >= 4)
    return Summary(
        invited, answered, scored, _rate(total, scored), _rate(content, scored), _rate(answered, invited),
        {str(score): by_score.get(score, 0) for score in range(_LOWEST, _HIGHEST + 1)},
    )  # fmt: skip


def _rate(part: int, whole: int) -> str | None:
    if whole == 0:
        return None
    scaled = round(Fraction(part * 10_000, whole))
    return f"{scaled // 10_000}.{scaled % 10_000:04d}"
