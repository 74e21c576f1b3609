"""What the pages of recruitment show beyond the API's views."""

from typing import Any

from chalicelib.channels.routes import list_channels
from chalicelib.coupons.routes import list_batches
from chalicelib.pages.console import choosing
from chalicelib.pages.shell import Visit, ask
from chalicelib.recruitment.model.rules import MOST_QUESTIONS

MOST_CHOICES = 100
_ROWS = 3
"""Questions for which there is room at first."""

Choice = tuple[str, str]


def coupon_choices(visit: Visit[Any], *chosen: str | None) -> list[Choice]:
    """The brand's batches of coupons, latest first, and none; what is ``chosen`` stays so where it is older."""
    found = ask(visit, list_batches, limit=MOST_CHOICES).items
    named = [(each.id, f"{each.title} · {each.worth}") for each in found if each.status == "active"]
    named += [(each, choosing.coupon_named(visit, each)) for each in _older(named, chosen)]
    return _with(named, chosen)


def channel_choices(visit: Visit[Any], *chosen: str | None) -> list[Choice]:
    """The brand's channels, latest first, and none."""
    found = ask(visit, list_channels, limit=MOST_CHOICES).items
    return _with([(each.id, each.title) for each in found if not each.archived], chosen)


def _older(named: list[Choice], chosen: tuple[str | None, ...]) -> list[str]:
    known = dict(named)
    return [each for each in dict.fromkeys(chosen) if each and each not in known]


def _with(named: list[Choice], chosen: tuple[str | None, ...]) -> list[Choice]:
    return [
        ("", "–"),
        *((each, text or each) for each, text in named),
        *((each, each) for each in _older(named, chosen)),
    ]


def question_rows(visit: Visit[Any], questions: list[Any]) -> list[dict[str, Any]]:
    """The questions as they are typed, with room for some more."""
    rows = [{"text": each.text, "options": "\n".join(each.options), "required": each.required} for each in questions]
    typed = sum(1 for name in visit.fields if name.startswith("questions.") and name.endswith(".text"))
    room = min(MOST_QUESTIONS, max(_ROWS, typed, len(rows) + 1))
    return rows + [{"text": "", "options": "", "required": False}] * (room - len(rows))
