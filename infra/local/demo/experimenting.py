"""Two experiments of the demo brand: one that has ended with its verdict, and one that runs and may be looked at."""

from __future__ import annotations

import time
from typing import Any

from infra.local.demo.client import Client

_ENDED, _RUNNING = "friday-reminder", "recipe-card"
_ARMS = {_ENDED: ("evening", "morning"), _RUNNING: ("plain", "recipe")}
_NEEDED = 260
_SECONDS = 60


def begin(brand: Client, slug: str) -> list[str]:
    """Both, started, and who of the members sees which: those who see the second variant of the one that is to end.
    Once there are experiments, nothing is done.
    """
    if brand.get("/v1/experiments?limit=1")["items"]:
        return []
    _start(brand, _ENDED, "Reminder on Friday: evening or morning", "fixed", {"sample": _NEEDED})
    _start(brand, _RUNNING, "A recipe card beside the vegetables", "sequential", {"sample": 2_000})
    members = [each["id"] for each in brand.get("/v1/members?limit=100")["items"]]
    seen = {who: _sees(brand, slug, _ENDED, member_id=who) for who in members}
    for number in range(_NEEDED + 10 - len(members)):
        _sees(brand, slug, _ENDED, visitor_id=f"demo-visitor-{number:03d}")
    for who in members[::2]:
        _sees(brand, slug, _RUNNING, member_id=who)
    return [who for who in members if seen[who] == _ARMS[_ENDED][1]]


def end(brand: Client, url: str) -> None:
    """Ends the first once all that was ordered has been counted, and keeps its second variant."""
    until = time.monotonic() + _SECONDS
    while Client(url).get("/local/health")["pending"] and time.monotonic() < until:
        time.sleep(0.2)
    found = brand.get("/v1/experiments?status=running")["items"]
    for each in found:
        if each["key"] == _ENDED:
            brand.post(f"/v1/experiments/{each['id']}/stop?keep={_ARMS[_ENDED][1]}")


def _start(brand: Client, key: str, title: str, method: str, horizon: dict[str, Any]) -> None:
    arms = [{"name": name, "share": "0.5"} for name in _ARMS[key]]
    wanted = {"key": key, "title": title, "arms": arms, "metric": "conversion", "method": method, "horizon": horizon}
    made = brand.post("/v1/experiments", wanted)
    brand.post(f"/v1/experiments/{made['id']}/start")


def _sees(brand: Client, slug: str, key: str, **who: str) -> str:
    [(name, value)] = who.items()
    return str(brand.get(f"/v1/stores/{slug}/experiments/{key}?{name}={value}")["arm"])
