"""Whatever fails, at whichever request, while members are looked at or tagged: bits, members and events stay together.

Before anything is tried again each member shows what the bits say: they are one transaction. Afterwards each change has
happened once, and was told once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from chalicelib.db import Transaction, tenant_scope
from chalicelib.jobs import service as jobs
from chalicelib.journeys.service import entering
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.principal import Principal
from chalicelib.members.records import MemberRecord
from chalicelib.segments.records import ChunkRecord
from chalicelib.segments.service import counting, evaluating, reading, tags
from tests.builders import Shop, made
from tests.conftest import Drain
from tests.crowds import crowd
from tests.faults import Faults, Killed, Kind, faults
from tests.orders.test_faults import SERIES, _without_pauses, faulty_runs, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

RICH = {"field": "points", "op": "at_least", "value": 1}
TAG = "rich"


@pytest.fixture(autouse=True)
def of_the_shop(shop: Shop) -> Iterator[None]:
    """What workers do, they do within their tenant."""
    with tenant_scope(shop.tenant_id):
        yield


@pytest.fixture
def entered(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The events that said who came into a segment, by id: the segment, and who. One that comes twice is one."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {}

    def noted(tenant_id: str, ordinals: Any, begins: Any, cause: str, now: Any, segment_id: str = "") -> None:
        if segment_id:
            found[cause] = segment_id, tuple(ordinals)

    monkeypatch.setattr(entering, "ordinals_enter", noted)
    return found


def segment(shop: Shop, drain: Drain, rule: Any, **more: Any) -> str:
    found = made(shop.brand.post("/v1/segments", {"title": "Some", "rule": rule, **more}))
    drain()
    return str(found["id"])


def members(shop: Shop, ordinals: range) -> list[MemberRecord]:
    found = [MemberRecord.fetch(*MemberRecord.address_of_ordinal(shop.tenant_id, n), consistent=True) for n in ordinals]
    return [each for each in found if each is not None]


def has_points(shop: Shop, ordinals: range, points: int) -> None:
    """So many points each, of which nothing is told."""
    for member in members(shop, ordinals):
        tx = Transaction()
        place = MemberRecord.address_of_ordinal(shop.tenant_id, int(member.ordinal))
        tx.update("points", MemberRecord, *place, actions=[MemberRecord.points.set(points), MemberRecord.rev.add(1)])
        tx.commit()


def check_together(shop: Shop, ordinals: range, segment_id: str) -> int:
    """Members show what the bits say, and the segment's tag while they are in it; the bits."""
    bits = reading.members_of(shop.tenant_id, segment_id)
    for member in members(shop, ordinals):
        inside = bool(bits >> int(member.ordinal) & 1)
        shown = segment_id in (member.segment_ids or ()), TAG in (member.tags or ())
        assert shown == (inside, inside)
    return bits


def once_then_again(faults: Faults, act: Callable[[], object], check: Callable[[], object]) -> None:
    """Does it until something fails, looks at what is left, then does it again, as a message that comes twice."""
    with suppress(PynamoDBException, Unavailable, Killed):
        act()
    faults.arm(None)
    check()
    repeated(faults, act)
    act()


def gone_through(
    shop: Shop, faults: Faults, drain: Drain, segment_id: str, ordinals: range, runs: Iterator[Any], entered: Any
) -> int:
    """Members come in and go out by turns, with a fault in each; how often they came in."""
    points, times = 0, 0
    everybody = sum(1 << each for each in ordinals)
    for _ in runs:
        armed: tuple[Kind | None, int, int] = faults.kind, faults.at, faults.times
        faults.arm(None)
        points = 1 - points
        has_points(shop, ordinals, points)
        faults.arm(*armed)
        once_then_again(
            faults,
            lambda: evaluating.look_at(shop.tenant_id, ordinals, clock.now()),
            lambda: check_together(shop, ordinals, segment_id),
        )
        times += points
        assert check_together(shop, ordinals, segment_id) == everybody * points
        if times % 10 == 0:
            drain()
    drain()
    assert Counter(entered.values()) == {(segment_id, tuple(ordinals)): times}
    return times


@pytest.mark.verify
def test_looking(shop: Shop, faults: Faults, drain: Drain, entered: dict[str, Any]) -> None:
    faults.of("segment looks")
    made(shop.brand.post("/v1/tags", {"tag": TAG}))
    ordinals = crowd(shop, 3)
    segment_id = segment(shop, drain, RICH, tag=TAG)
    has_points(shop, ordinals, 1)
    requests = requests_of(faults, lambda: evaluating.look_at(shop.tenant_id, ordinals, clock.now()))
    has_points(shop, ordinals, 0)
    evaluating.look_at(shop.tenant_id, ordinals, clock.now())
    drain()
    entered.clear()
    times = gone_through(shop, faults, drain, segment_id, ordinals, faulty_runs(faults, requests), entered)
    assert times == 6 * requests  # of six kinds, alone and in a series, every second one comes in


def test_a_worker_dies_at_any_request_of_a_look(
    shop: Shop, faults: Faults, drain: Drain, entered: dict[str, Any]
) -> None:
    faults.of("segment looks")
    made(shop.brand.post("/v1/tags", {"tag": TAG}))
    ordinals = crowd(shop, 2)
    segment_id = segment(shop, drain, RICH, tag=TAG)
    has_points(shop, ordinals, 1)
    requests = requests_of(faults, lambda: evaluating.look_at(shop.tenant_id, ordinals, clock.now()))
    has_points(shop, ordinals, 0)
    evaluating.look_at(shop.tenant_id, ordinals, clock.now())
    drain()
    entered.clear()

    def killed() -> Iterator[None]:
        for at in range(requests):
            for kind in ("killed", "conflict"):
                faults.arm(kind, at)  # type: ignore[arg-type]
                yield

    assert gone_through(shop, faults, drain, segment_id, ordinals, killed(), entered) == requests


@pytest.mark.verify
def test_counting_all(shop: Shop, faults: Faults, drain: Drain, entered: dict[str, Any]) -> None:
    """The job of a new segment, killed at each request; another worker goes on."""
    faults.of("segment counts")
    ordinals = crowd(shop, 50)  # two transactions
    has_points(shop, range(45), 1)

    def counted(fault: tuple[Kind, int, int] | None) -> int:
        faults.arm(None)
        drafted = made(shop.brand.post("/v1/segments", {"title": "Some", "rule": RICH}))
        job_id, now = drafted["counting"], clock.now()

        def work() -> None:
            counting.count_on(shop.tenant_id, job_id, now)

        faults.arm(*(fault or (None,)))
        repeated(faults, work)
        requests = len(faults.seen)
        faults.arm(None)
        work()
        assert jobs.unfinished(shop.tenant_id, job_id) is None
        assert made(shop.brand.get(f"/v1/segments/{drafted['id']}"), 200)["counting"] is None
        assert reading.members_of(shop.tenant_id, drafted["id"]) == (1 << 45) - 1
        shown = [drafted["id"] in (each.segment_ids or ()) for each in members(shop, ordinals)]
        assert shown == [True] * 45 + [False] * 5
        drain()
        said = [who for of, who in entered.values() if of == drafted["id"]]
        assert sorted(said) == [tuple(range(40)), tuple(range(40, 45))]
        made(shop.brand.delete(f"/v1/segments/{drafted['id']}"), 204)
        drain()
        assert not list(ChunkRecord.every(ChunkRecord.partition(shop.tenant_id)))
        return requests

    requests = counted(None)
    for at in range(requests):
        counted(("killed", at, 1))
        counted(("error_500", at, SERIES))
    assert requests > 6


@pytest.mark.verify
def test_tagging(shop: Shop, faults: Faults, drain: Drain) -> None:
    """A tag that the team gives is there once, with one line in the audit, or not at all."""
    faults.of("tagging")
    made(shop.brand.post("/v1/tags", {"tag": TAG}))
    ordinals = crowd(shop, 1)
    segment_id = segment(shop, drain, {"field": "tags", "op": "any_of", "value": [TAG]})
    by = Principal("staff", shop.tenant_id, "owner", frozenset({"manager"}), "Kim", shop.slug)

    def tag(add: list[str], remove: list[str]) -> None:
        [member] = members(shop, ordinals)
        tags.tag_member(shop.tenant_id, member.id, add, remove, by, clock.now())

    requests = requests_of(faults, lambda: tag([TAG], []))
    tag([], [TAG])
    given, runs = False, 2
    for _ in faulty_runs(faults, requests):
        given = not given
        wanted = ([TAG], []) if given else ([], [TAG])
        once_then_again(
            faults,
            lambda: tag(*wanted),  # noqa: B023 - called at once
            lambda: check_together(shop, ordinals, segment_id),
        )
        [member] = members(shop, ordinals)
        assert list(member.own_tags or ()) == ([TAG] if given else [])
        check_together(shop, ordinals, segment_id)
        runs += 1
    audited, cursor = 0, ""
    while cursor is not None:
        page = made(shop.brand.get("/v1/audit?action=member.tagged&limit=100" + (cursor and f"&cursor={cursor}")), 200)
        audited, cursor = audited + len(page["items"]), page["next_cursor"]
    assert audited == runs
