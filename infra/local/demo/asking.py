"""What the demo brand asks its neighbours: once a complaint was closed, and by a poster at the gate."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from infra.local.demo.client import Client

_CLOSED: dict[str, Any] = {
    "title": "Did we make it good?",
    "trigger": "complaint_closed",
    "questions": [
        {
            "id": "good", "kind": "score", "text": "How did we handle your complaint?", "required": True,
            "branches": [{"at_least": 4, "to": None}],
        },
        {
            "id": "missing", "kind": "multiple", "text": "What was missing?",
            "options": ["A faster answer", "A better remedy", "A friendlier word"],
        },
    ],
}  # fmt: skip
_POSTER: dict[str, Any] = {
    "title": "Four questions from your market",
    "trigger": "link",
    "questions": [
        {
            "id": "heard", "kind": "choice", "text": "How did you hear of us?", "required": True,
            "options": ["A neighbour", "The chat group", "This poster"],
        },
        {"id": "satisfied", "kind": "score", "text": "How satisfied are you with the pickup?"},
        {"id": "likely", "kind": "nps", "text": "How likely are you to recommend us to a neighbour?"},
        {"id": "want", "kind": "text", "text": "What should we offer?"},
    ],
}  # fmt: skip
_BEFORE = (
    ("A neighbour", 3, 7), ("A neighbour", 4, 9), ("The chat group", 3, 8), ("This poster", 3, 5),
    ("A neighbour", 5, 9), ("The chat group", 4, 10), ("A neighbour", 3, 6), ("This poster", 4, 8),
    ("The chat group", 3, 7), ("A neighbour", 4, 9), ("This poster", 3, 6), ("The chat group", 3, 4),
    ("A neighbour", 5, 10), ("This poster", 3, 8), ("The chat group", 4, 9), ("A neighbour", 3, 7),
)  # fmt: skip
_SINCE = (
    ("A neighbour", 5, 10), ("This poster", 4, 8), ("The chat group", 5, 9), ("A neighbour", 5, 10),
    ("This poster", 4, 9), ("A neighbour", 4, 7), ("The chat group", 5, 10), ("A neighbour", 4, 8),
)  # fmt: skip
"""What was written on the sheets that lay at the pickup point before something was done, and since: how people heard of
the market, how satisfied they are, how likely they recommend it.
"""


def ask_around(brand: Client, pickup_point_id: str, now: datetime) -> None:
    """Writes the brand's surveys, hangs up a poster, and keys in the sheets that were filled in; once."""
    if any(each["trigger"] == _POSTER["trigger"] for each in brand.get("/v1/surveys")["items"]):
        return
    brand.post("/v1/surveys", _CLOSED)
    survey = brand.post("/v1/surveys", _POSTER)["id"]
    brand.post(f"/v1/surveys/{survey}/links", {"label": "Poster at the gate", "pickup_point_id": pickup_point_id})
    sheets = _Sheets(brand, survey, pickup_point_id)
    sheets.key_in(_BEFORE)
    _improve(brand, survey, sheets, now)
    _tell(brand, survey)


class _Sheets:
    """Sheets of paper, keyed in one after the other."""

    def __init__(self, brand: Client, survey: str, pickup_point_id: str) -> None:
        self._brand, self._survey, self._point, self._number = brand, survey, pickup_point_id, 0

    def key_in(self, sheets: Sequence[tuple[str, int, int]]) -> None:
        for heard, satisfied, likely in sheets:
            given = {"heard": heard, "satisfied": satisfied, "likely": likely}
            answers = [{"question_id": name, "value": value} for name, value in given.items()]
            sheet = {"answers": answers, "pickup_point_id": self._point}
            key = f"demo-sheet-{self._number}"
            self._brand.post(f"/v1/surveys/{self._survey}/paper-answers", sheet, key=key)
            self._number += 1


def _improve(brand: Client, survey: str, sheets: _Sheets, now: datetime) -> None:
    """One thing that neighbours asked for is done, is better since, and told in the shop; another is on its way."""
    owner = brand.get("/v1/staff")["items"][0]["id"]
    due_on = f"{now + timedelta(days=30):%Y-%m-%d}"
    told = {"survey_id": survey, "question_id": "satisfied", "source": "paper", "owner": owner, "due_on": due_on}
    shelf = brand.post("/v1/improvements", {**told, "title": "A shelf for each street"})
    done = "Bags stand by street now, so that nobody has to look through all of them."
    brand.patch(f"/v1/improvements/{shelf['id']}", {"status": "done", "done_text": done, "published": True})
    sheets.key_in(_SINCE)
    brand.post(f"/v1/improvements/{shelf['id']}/measure")
    brand.post("/v1/improvements", {**told, "title": "Open until eight on Fridays"})


def _tell(brand: Client, survey: str) -> None:
    """What the sheets came to is published."""
    report = {
        "survey_id": survey,
        "questions": ["heard", "satisfied", "likely"],
        "source": "paper",
        "texts": {
            "en": {
                "title": "What you wrote on the sheets",
                "text": "Thank you for every one of them. The shelves come from you; more is on its way.",
            },
            "zh": {
                "title": "大家在意见单上写了什么",
                "text": "感谢每一位邻居的意见。分街道的货架就来自大家，其他改进正在进行。",
            },
        },
    }
    made = brand.post("/v1/survey-reports", report)
    brand.post(f"/v1/survey-reports/{made['id']}/publish")
