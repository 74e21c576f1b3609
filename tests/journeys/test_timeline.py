"""Thirteen months of a shop, with clocks that change, against a timeline that was worked out by hand.

Each row of ``timeline_*.csv`` says what happens to whom at an instant of the shop's wall clock, which messages have
left by the end of it and to nobody else, and where the member then is: the entry, the state, the step and when they go
on. ``W`` waits a day, says First, waits 24 hours, says Second, waits two days and until ten, says Third. ``A`` says A1,
waits a day, says A2; ``B`` says B1; their cap is two messages in three days.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.records import MemberRecord
from chalicelib.notices.recipients.model import Wishes
from infra.local.engine import Engine
from tests.builders import Member, Shop, made
from tests.calls import Api
from tests.conftest import Clock, Sweep
from tests.journeys.some import agreed, go_quiet, happens, journey, says, way

HERE = Path(__file__).parent
SAID = {"First", "Second", "Third", "A1", "A2", "B1"}
QUIET_DAYS = 365
CAP = {"most": 2, "days": 3}
LATE = timedelta(minutes=2)
"""How long a row may take: the clock goes on meanwhile."""


class World:
    """A shop in a zone with three journeys and the people of a timeline."""

    def __init__(self, shop: Shop, engine: Engine, sweep: Sweep, names: set[str]) -> None:
        self.shop, self.engine, self.sweep = shop, engine, sweep
        made(shop.brand.put("/v1/message-settings", {"caps": {"news": {"most": 20, "days": 1}}}), 200)
        welcome = [
            {"kind": "wait", "days": 1}, says("First"), {"kind": "wait", "hours": 24}, says("Second"),
            {"kind": "wait", "days": 2, "at": "10:00"}, says("Third"),
        ]  # fmt: skip
        quiet = {"trigger": {"kind": "quiet", "days": QUIET_DAYS}, "cap": CAP}
        self.journeys = {
            "W": journey(shop, trigger={"kind": "birthday"}, steps=welcome, again_after_days=30),
            "A": journey(shop, steps=[says("A1"), {"kind": "wait", "days": 1}, says("A2")], **quiet),
            "B": journey(shop, steps=[says("B1")], **quiet),
        }
        self.people = {name: agreed(shop) for name in sorted(names)}
        self.told: Counter[tuple[str, str]] = Counter()

    def lives_in(self, name: str, timezone: str) -> None:
        """They have said where they are."""
        with tenant_scope(self.shop.tenant_id):
            member = MemberRecord.at(self.shop.tenant_id, self.people[name].id, consistent=True)
            assert member is not None
            member.wishes = Wishes(timezone=timezone)
            tx = Transaction()
            tx.replace("member", member)
            tx.commit()

    def does(self, what: str, who: Member) -> None:
        """What a row says that somebody does, or that happens to them."""
        match what:
            case "birthday":
                happens(self.shop, "member.birthday", member_id=who.id, on="2028-01-01")
            case "quiet":
                go_quiet(self.shop, who, days=QUIET_DAYS)
            case "order":
                made(self.shop.order(who))
            case "withdraw" | "agree":
                self._me("PATCH", "", who, {"consent": {"marketing": what == "agree"}})
            case "leave":
                self._me("POST", "/leave", who, {})
            case _:
                assert what == "look"

    def _me(self, method: str, path: str, who: Member, body: dict[str, Any]) -> None:
        made(self.shop.caller.call(method, f"{self.shop.path}/me{path}", json=body, token=who.token), 200)

    def newly_told(self) -> Counter[tuple[str, str]]:
        """What has left since this was asked last: to whom, and what."""
        names = {member.email: name for name, member in self.people.items()}
        told = Counter((names[mail["to"]], mail["subject"]) for mail in self.engine.mail() if mail["subject"] in SAID)
        new, self.told = told - self.told, told
        return new


def rows(of: str) -> list[dict[str, str]]:
    with (HERE / f"timeline_{of}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def gone_through(world: World, clock: Clock, timeline: list[dict[str, str]], every: timedelta | None = None) -> None:
    """Goes through a timeline; with a sweep ``every`` so often between the rows, of which nothing may come."""
    before = datetime.fromisoformat(timeline[0]["at"])
    for row in timeline:
        at, who = datetime.fromisoformat(row["at"]), world.people[row["who"]]
        while every is not None and before + every < at:
            before += every
            clock.set(before)
            world.sweep()
            assert not world.newly_told(), f"before {row['at']}"
        before = at
        clock.set(at)
        world.does(row["does"], who)
        world.sweep(2)
        assert world.newly_told() == Counter((row["who"], each) for each in row["told"].split()), row
        if row["journey"]:
            check_way(world, who, row)


def check_way(world: World, who: Member, row: dict[str, str]) -> None:
    """Where somebody is after a row."""
    found = way(world.shop, who, world.journeys[row["journey"]])
    last = int(found.step) if found.is_inside else found.why
    said = f"{int(found.entry)} {found.state}" + ("" if last is None else f" {last}")
    assert said == row["state"], row
    assert (found.wakes_at is None) == (not row["next_at"]), row
    if found.wakes_at is not None:
        late = found.wakes_at - datetime.fromisoformat(row["next_at"])
        assert timedelta() <= late < LATE, (late, row)


def world_of(api: Api, engine: Engine, sweep: Sweep, clock: Clock, of: str, zone: str, currency: str) -> World:
    clock.set(datetime.fromisoformat("2027-10-01T12:00+00:00"))
    shop = Shop(api, timezone=zone, currency=currency)
    world = World(shop, engine, sweep, {row["who"] for row in rows(of)})
    if "hal" in world.people:
        world.lives_in("hal", "Europe/London")
    return world


@pytest.mark.verify
@pytest.mark.parametrize(
    ("of", "zone", "currency"), [("london", "Europe/London", "GBP"), ("new_york", "America/New_York", "USD")]
)
def test_thirteen_months_go_as_the_timeline_says(
    api: Api, engine: Engine, sweep: Sweep, clock: Clock, of: str, zone: str, currency: str
) -> None:
    timeline = rows(of)
    world = world_of(api, engine, sweep, clock, of, zone, currency)
    gone_through(world, clock, timeline, every=timedelta(days=3, hours=5))
    assert (product_clock.now() - datetime.fromisoformat("2027-10-01T12:00+00:00")).days > 13 * 30


def test_the_night_in_which_clocks_go_back(api: Api, engine: Engine, sweep: Sweep, clock: Clock) -> None:
    """The first rows of the timeline: quiet hours, the cap across two journeys and a day of 25 hours."""
    timeline = [row for row in rows("london") if row["who"] == "cid"]
    world = world_of(api, engine, sweep, clock, "london", "Europe/London", "GBP")
    gone_through(world, clock, timeline)
    assert sum(world.told.values()) == 3
