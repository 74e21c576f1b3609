"""Events of which programs are told stand in the API document beside the routes."""

from types import SimpleNamespace

from openapi_spec_validator import validate

from chalicelib.web import View
from chalicelib.web.announced import Announced
from chalicelib.web.docs import documentation
from chalicelib.web.openapi import document
from tests.web.scratch import KettleView, routes


class LidView(View):
    """What closes a kettle."""

    colour: str


LOST = Announced("lid.lost", "A lid is `gone`.", "壶盖丢失。", "lid", LidView, {"colour": "blue"})
BOILED = Announced("kettle.boiled", "A kettle boils.", "水开了。", "kettle", KettleView, {})


def test_an_event_has_its_meaning_its_schema_and_an_example():
    made = document([routes], "1.0", "en", [LOST, BOILED])
    validate(made)
    lost = made["webhooks"]["lid.lost"]["post"]
    sent = lost["requestBody"]["content"]["application/json"]

    assert lost["description"] == "A lid is `gone`."
    assert sent["schema"]["properties"]["data"]["properties"]["lid"] == {"$ref": "#/components/schemas/LidView"}
    assert made["components"]["schemas"]["LidView"]["properties"] == {"colour": {"title": "Colour", "type": "string"}}
    assert sent["examples"]["lid-lost"]["value"]["data"] == {"version": 3, "lid": {"colour": "blue"}}


def test_a_view_that_routes_answer_too_is_described_once():
    made = document([routes], "1.0", "en", [BOILED])

    assert made["components"]["schemas"].keys() == document([routes], "1.0")["components"]["schemas"].keys()


def test_the_page_shows_them_where_there_are_any():
    def page(events, locale="en"):
        (browse,) = (each for each in documentation([routes], "1", lambda: events).declared if each.path == "/docs")
        return browse.handler(SimpleNamespace(locale=locale)).text

    assert 'id="event_lid_lost"' in page([LOST])
    assert "A lid is <code>gone</code>." in page([LOST])
    assert "event_" not in page([])
    assert 'id="events"' not in page([])
