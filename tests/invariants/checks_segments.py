"""Who is in a segment is who its rule means, by a recount; the number, the list and what members show say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.builders import made
from tests.invariants.brand import Brand
from tests.invariants.growth import QUIET
from tests.invariants.people import Person


def check_segments(brand: Brand, people: Mapping[str, Person]) -> None:
    """For all segments and members, when everything has been worked off."""
    growth = brand.growth
    shown = {who.id: frozenset(who.record.segment_ids or ()) for who in people.values()}
    inside = {who: frozenset({growth.list_id}) & found for who, found in shown.items()}
    for segment_id, rule in growth.rules.items():
        for who in people.values():
            if rule.holds(who, inside[who.id]):
                inside[who.id] |= {segment_id}
    for who in people.values():
        right = inside[who.id]
        assert shown[who.id] == right, f"{who.id}: shows {set(shown[who.id])}, and belongs to {set(right)}"
        _check_tags(who, gets=next(iter(growth.rules)) in inside[who.id])
    for segment_id in (growth.list_id, *growth.rules):
        expected = sorted(who for who, found in inside.items() if segment_id in found)
        segment = made(brand.ask("GET", f"/v1/segments/{segment_id}"), 200)
        assert segment["counting"] is None, f"{segment_id}: still counts"
        assert segment["count"] == len(expected), f"{segment_id}: counts {segment['count']}, and has {expected}"
        assert sorted(_listed(brand, segment_id)) == expected


def _check_tags(who: Person, *, gets: bool) -> None:
    own = who.tags
    right = [*own, *([QUIET] if gets and QUIET not in own else [])]
    assert list(who.record.tags or ()) == right, f"{who.id}: carries {who.record.tags}, and should {right}"


def _listed(brand: Brand, segment_id: str) -> list[str]:
    """All pages of the list, to its end."""
    found: list[str] = []
    page: Any = {"next_cursor": ""}
    while (cursor := page["next_cursor"]) is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = made(brand.ask("GET", f"/v1/segments/{segment_id}/members?limit=2{more}"), 200)
        found += [each["id"] for each in page["items"]]
    return found
