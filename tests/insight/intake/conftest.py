"""A browser that tells what is done in a shop, and those who read it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.intake.service.compacting import compact
from chalicelib.insight.intake.service.reading import events_between, timeline
from chalicelib.insight.model.stream import Event
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import instant, zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.service.members import get_member, members_by_ordinal
from tests.builders import Member, Reply, Shop, made
from tests.conftest import Clock
from tests.insight.figures import Figures

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"}
VISITOR = "visitor-0001"


class Stream:
    """The events of a brand."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.tenant_id = shop, shop.tenant_id
        self.path = f"/v1/stores/{shop.slug}/events"

    def event(self, event_id: str, kind: str = "view", *, ago: float = 0, **more: Any) -> dict[str, Any]:
        """One that happened so many seconds ago."""
        at = product_clock.now() - timedelta(seconds=ago)
        return {"event_id": event_id, "type": kind, "at": instant(at), **more}

    def send(
        self,
        *events: Any,
        visitor: str | None = VISITOR,
        token: str = "",
        agent: Mapping[str, str] = PHONE,
        **more: Any,
    ) -> Reply:
        """Sends a batch."""
        body = {"events": list(events), **({"visitor_id": visitor} if visitor else {}), **more}
        return self.shop.caller.call("POST", self.path, json=body, token=token or None, headers=dict(agent))

    def results(self, *events: Any, **more: Any) -> list[tuple[str, str | None]]:
        """Sends a batch; each event's status and reason."""
        answer = made(self.send(*events, **more), 200)
        return [(each["status"], each["reason"]) for each in answer["results"]]

    def statuses(self, *events: Any, **more: Any) -> list[str]:
        return [status for status, _ in self.results(*events, **more)]

    @property
    def today(self) -> date:
        return local_date(product_clock.now(), zone(self.shop.timezone))

    def read(self, days: int = 30, kinds: Any = None) -> list[Event]:
        """All of the last days, those of today included."""
        with tenant_scope(self.tenant_id):
            return list(events_between(self.tenant_id, self.today - timedelta(days), self.today, kinds))

    def said(self, days: int = 30) -> list[tuple[Any, str]]:
        """The same, by who did what."""
        return [(each.actor, each.kind) for each in self.read(days)]

    def timeline(self, ordinal: int, days: int = 30) -> list[Event]:
        with tenant_scope(self.tenant_id):
            return timeline(self.tenant_id, ordinal, self.today - timedelta(days), self.today)

    def compact(self, days: int = 30) -> None:
        """What the night does with the days before today."""
        with tenant_scope(self.tenant_id):
            compact(self.tenant_id, [self.today - timedelta(n) for n in range(1, days + 1)])

    def ordinal(self, member: Member) -> int:
        with tenant_scope(self.tenant_id):
            return int(get_member(self.tenant_id, member.id).ordinal)


@pytest.fixture
def stream(noon: None, shop: Shop) -> Stream:
    """The events of a brand in Shanghai, where it is noon."""
    return Stream(shop)


@pytest.fixture
def new_stream(new_shop: Callable[..., Shop]) -> Callable[..., Stream]:
    return lambda **fields: Stream(new_shop(**fields))


@pytest.fixture
def at(clock: Clock) -> Callable[[datetime], None]:
    """Makes it an instant, at which the clock stands."""
    return clock.stand


@pytest.fixture
def imported(stream: Stream, drain: Callable[[], None]) -> Callable[[str], str]:
    """Brings the brand's first member by an order file, unclaimed; answers their id."""

    def brought(ref: str) -> str:
        Figures(stream.shop, drain).import_unrolled([(f"o-{ref}", ref, "2026-01-05", 1, 100, stream.shop.currency)])
        with tenant_scope(stream.tenant_id):
            [member] = members_by_ordinal(stream.tenant_id, [0])
        return member.id

    return brought
