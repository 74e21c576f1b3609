"""How many people a campaign reached, and how many of them ordered. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.insight.model.stream import Actor, Event

SEEN = ("visit", "view", "cart")
"""The kinds of events in which a campaign is looked at, from the first look on."""

ORDERED = "order"


@dataclass(frozen=True, slots=True)
class Reach:
    """``events`` are those of a campaign by kind, ``people`` who did each; ``reached`` did any of them, and
    ``ordered`` of these ordered.
    """

    events: Mapping[str, int]
    people: Mapping[str, int]
    reached: int
    ordered: int


def reach_of(events: Iterable[Event], campaign_id: str) -> Reach:
    """A campaign's reach from events of its days; those of other campaigns, and of none, do not count."""
    counts: dict[str, int] = dict.fromkeys(SEEN, 0)
    who: dict[str, set[Actor]] = {kind: set() for kind in SEEN}
    ordered: set[Actor] = set()
    for event in events:
        if event.campaign_id != campaign_id:
            continue
        if event.kind == ORDERED:
            ordered.add(event.actor)
        elif event.kind in counts:
            counts[event.kind] += 1
            who[event.kind].add(event.actor)
    reached = set().union(*who.values())
    return Reach(counts, {kind: len(people) for kind, people in who.items()}, len(reached), len(reached & ordered))
