"""Four hundred buyers for fifty units, over HTTP, sixteen at a time."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from infra.bench.figure import Figure, exactly
from infra.bench.stage import Brand, Stage
from infra.local.server import Server

BUYERS, THREADS, UNITS = 400, 16, 50


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about a race for the last units."""
    brand = Brand(stage, "race-bench")
    campaign = brand.campaign(quantity=UNITS)
    tokens = brand.members(BUYERS)
    server = Server(stage.gateway, 0, lambda *_: None)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        answers = _race(server, brand, campaign, tokens)
    finally:
        server.shutdown()
        server.server_close()
    sold = answers["201"]
    how = f"{BUYERS} buyers in {THREADS} threads over HTTP for {UNITS} units: {dict(sorted(answers.items()))}"
    yield exactly("oversold units in a race", 0, max(0, sold - UNITS), how=how)
    yield exactly("units left over or refused for another reason", 0, UNITS - sold + _other_refusals(answers))
    left = stage.ask("GET", f"/v1/stores/{brand.slug}/campaigns/{campaign['id']}")["progress"]["left"]
    yield exactly("stock afterwards", 0, left)


def _other_refusals(answers: Counter[str]) -> int:
    return sum(count for answer, count in answers.items() if answer not in ("201", "409 sold_out"))


def _race(server: Server, brand: Brand, campaign: Any, tokens: list[str]) -> Counter[str]:
    body = json.dumps(brand.basket(campaign) | {"payment_method": "pickup"})
    here = threading.local()

    def buy(numbered: tuple[int, str]) -> str:
        number, token = numbered
        connection: http.client.HTTPConnection = getattr(here, "connection", None) or _connect(server)
        here.connection = connection
        headers = {
            "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": f"race-{number}",
        }  # fmt: skip
        connection.request("POST", f"/v1/stores/{brand.slug}/orders", body, headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        return str(answer.status) if answer.status == 201 else f"{answer.status} {said.get('code')}"

    with ThreadPoolExecutor(THREADS) as buyers:
        return Counter(buyers.map(buy, enumerate(tokens)))


def _connect(server: Server) -> http.client.HTTPConnection:
    host, port = server.server_address[:2]
    return http.client.HTTPConnection(str(host), int(port), timeout=60)
