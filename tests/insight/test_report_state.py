"""An answer that has changed says so, also where no order did."""

from __future__ import annotations

from typing import Any

from tests.builders import made
from tests.insight.figures import Figures

WEEKS = {"unit": "week", "from_on": "2026-01-01", "to_on": "2026-04-30"}


def asked(figures: Figures) -> tuple[Any, str]:
    """The answer, and its ETag."""
    reply = figures.ask("retention", **WEEKS)
    return made(reply, 200), reply.headers["ETag"]


def test_another_beginning_of_the_week_is_another_state_of_one_revision(rolled: Figures) -> None:
    before, state = asked(rolled)
    assert asked(rolled) == (before, state)
    made(rolled.shop.brand.put("/v1/price-rules", {"week_begins": "sun"}), 200)

    after, following = asked(rolled)

    assert after["rows"] != before["rows"]
    assert after["revision"] == before["revision"]
    assert following != state
