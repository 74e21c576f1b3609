"""What the demo brand asks its neighbours: once a complaint was closed, and by a poster at the gate."""

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
    "title": "Three questions from your market",
    "trigger": "link",
    "questions": [
        {
            "id": "heard", "kind": "choice", "text": "How did you hear of us?", "required": True,
            "options": ["A neighbour", "The chat group", "This poster"],
        },
        {"id": "likely", "kind": "nps", "text": "How likely are you to recommend us to a neighbour?"},
        {"id": "want", "kind": "text", "text": "What should we offer?"},
    ],
}  # fmt: skip
_SHEETS = (("A neighbour", 9), ("A neighbour", 10), ("The chat group", 8), ("This poster", 6), ("A neighbour", 9),
           ("The chat group", 10), ("A neighbour", 7), ("This poster", 10))  # fmt: skip
"""What was written on the sheets that lay at the pickup point: how people heard of it, how likely they recommend it."""


def ask_around(brand: Client, pickup_point_id: str, now: datetime) -> None:
    """Writes the brand's surveys, hangs up a poster, and keys in the sheets that were filled in; once."""
    if any(each["trigger"] == _POSTER["trigger"] for each in brand.get("/v1/surveys")["items"]):
        return
    brand.post("/v1/surveys", _CLOSED)
    survey = brand.post("/v1/surveys", _POSTER)["id"]
    brand.post(f"/v1/surveys/{survey}/links", {"label": "Poster at the gate", "pickup_point_id": pickup_point_id})
    for number, (heard, likely) in enumerate(_SHEETS):
        answers = [{"question_id": "heard", "value": heard}, {"question_id": "likely", "value": likely}]
        sheet = {"answers": answers, "pickup_point_id": pickup_point_id}
        brand.post(f"/v1/surveys/{survey}/paper-answers", sheet, key=f"demo-sheet-{number}")
    _improve(brand, survey, now)


def _improve(brand: Client, survey: str, now: datetime) -> None:
    """One thing that neighbours asked for is done and told in the shop, another is on its way."""
    owner = brand.get("/v1/staff")["items"][0]["id"]
    due_on = f"{now + timedelta(days=30):%Y-%m-%d}"
    told = {"survey_id": survey, "question_id": "likely", "owner": owner, "due_on": due_on}
    shelf = brand.post("/v1/improvements", {**told, "title": "A shelf for each street"})
    done = "Bags stand by street now, so that nobody has to look through all of them."
    brand.patch(f"/v1/improvements/{shelf['id']}", {"status": "done", "done_text": done, "published": True})
    brand.post("/v1/improvements", {**told, "title": "Open until eight on Fridays"})
