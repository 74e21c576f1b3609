"""The public events as the API document describes them."""

from collections.abc import Iterator

from chalicelib.broadcasts.model.catalogue import ENTITIES
from chalicelib.broadcasts.views.entities import SHOWN
from chalicelib.web.announced import Announced


def announced() -> Iterator[Announced]:
    """Each event that is published, in the order of the catalogue."""
    for entity in ENTITIES:
        shown = SHOWN[entity.name]
        for event in entity.events:
            example = {**shown.example, **shown.examples.get(event.type, {})}
            yield Announced(event.type, event.meaning, event.meaning_zh, entity.name, shown.view, example)
