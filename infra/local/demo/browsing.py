"""What members of the demo brand, and visitors who never signed in, did in the shop before they ordered or left."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.web.tokens import issue
from infra.local.demo.client import Client

DAYS = 8
"""As many days, up to the last order, are browsed; each takes a request or two of everybody."""

_BUYERS, _VISITORS = 16, 16
_MOST = 100
"""Events in a request."""

_OF_A_PRODUCT = ("view", "cart", "favourite", "review")

Path = Sequence[tuple[str, int]]
_TO_AN_ORDER: Sequence[Path] = (
    (("visit", 30), ("view", 26), ("cart", 8), ("checkout", 3), ("order", 0)),
    (("visit", 45), ("search", 40), ("view", 36), ("view", 22), ("cart", 12), ("checkout", 4), ("order", 0)),
    (("visit", 25), ("view", 20), ("filter", 18), ("compare", 15), ("cart", 9), ("checkout", 2), ("order", 0)),
    (("visit", 15), ("view", 13), ("cart", 5), ("checkout", 2), ("order", 0), ("review", -60)),
)
"""Each kind, and how many minutes before the order."""
_TO_NOTHING: Sequence[Path] = (
    (("visit", 12), ("view", 10)),
    (("visit", 20), ("search", 18), ("view", 15), ("view", 9)),
    (("visit", 30), ("view", 27), ("cart", 20)),
    (("visit", 40), ("filter", 33), ("compare", 28), ("favourite", 20)),
)


def browse(brand: Client, url: str, slug: str, orders: Sequence[Mapping[str, str]], now: datetime) -> None:
    """Sends the last days' events of some who ordered, and of visitors; what was sent before is known by its ids."""
    chance = random.Random(15)
    products = [each["id"] for each in brand.get("/v1/products?limit=100")["items"]]
    ids = {each["external_ref"]: each["id"] for each in brand.get("/v1/members?limit=100")["items"]}
    until = datetime.fromisoformat(orders[-1]["ordered_at"])
    ordered: dict[str, list[datetime]] = defaultdict(list)
    for row in orders:
        at = datetime.fromisoformat(row["ordered_at"])
        if at > until - timedelta(days=DAYS) and row["member"] in ids:
            ordered[row["member"]].append(at)
    tenant_id = brand.get("/v1/tenant")["id"]
    shop = f"/v1/stores/{slug}/events"
    for ref, instants in sorted(ordered.items())[:_BUYERS]:
        token = issue("member", tenant_id, slug, ids[ref], frozenset(), now, 3600)
        paths = [(at, _TO_AN_ORDER) for at in instants] + [
            (at - timedelta(days=1), _TO_NOTHING) for at in instants[::3]
        ]
        _send(Client(url, token), shop, {}, _events(ref, paths, products, chance))
    for number in range(_VISITORS):
        visitor_id = f"neighbour-{number:03}"
        came = until - timedelta(hours=chance.randrange(2, 24 * DAYS))
        _send(brand, shop, {"visitor_id": visitor_id}, _events(visitor_id, [(came, _TO_NOTHING)], products, chance))


def _events(
    who: str, paths: Sequence[tuple[datetime, Sequence[Path]]], products: Sequence[str], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for visit, (end, known) in enumerate(paths):
        chosen = chance.choice(products)
        for place, (kind, minutes) in enumerate(chance.choice(known)):
            at = end - timedelta(minutes=minutes)
            event: dict[str, Any] = {
                "event_id": f"demo-{who}-{visit}-{place}",
                "type": kind,
                "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            }
            if kind in _OF_A_PRODUCT:
                event |= {"product_id": chosen}
            if kind == "compare":
                event |= {"product_ids": [chosen, products[products.index(chosen) - 1]]}
            yield event | ({"duration_ms": 1000 * chance.randrange(5, 90)} if kind == "view" else {})


def _send(client: Client, shop: str, who: Mapping[str, str], events: Iterator[dict[str, Any]]) -> None:
    found = list(events)
    for start in range(0, len(found), _MOST):
        client.post(shop, {**who, "events": found[start : start + _MOST]})
