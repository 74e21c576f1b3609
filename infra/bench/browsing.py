"""When a phone on a slow line shows a page, and how much of it moves afterwards, as a real browser reports it: Largest
Contentful Paint and Cumulative Layout Shift.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from infra.bench.figure import Figure, at_most, told
from infra.bench.pages import furnished
from infra.bench.stage import Stage
from infra.browser import NoChromium, browsing, chromium
from infra.local.gateway import Gateway, Reply, Request
from infra.local.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from chalicelib.pages.shell import Cookie

MOST_LCP_MS, MOST_CLS = 1_500, 0.05
TRIES = 3
_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
_SLOWER = 4
_SMALLEST_COMPRESSED = 1024
"""Of `.chalice/config.json`."""

_WATCH = """
window.seen = { lcp: 0, cls: 0 };
const watch = (type, take) =>
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
watch("largest-contentful-paint", (entry) => { window.seen.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) window.seen.cls += entry.value; });
"""


@dataclass(frozen=True)
class Seen:
    """Milliseconds until the largest part of a page is there, and the score of its shifts."""

    lcp_ms: float
    cls: float


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about every page that names nothing but what a brand with a campaign and an order has."""
    line = "1.6 Mbit/s, 150 ms, a processor slower by four"
    try:
        executable = chromium()
    except NoChromium as missing:
        yield told("LCP and CLS", "not measured", str(missing))
        return
    addresses, session = furnished(stage, "browsing-bench")
    with _served(stage.gateway) as origin, browsing(executable) as browser:
        screens = {path: origin + address for path, address in addresses.items() if "." not in path}
        found = {path: _look(browser, url, session) for path, url in screens.items()}
        slowest = max(found, key=lambda path: found[path].lcp_ms)
        again = [_look(browser, screens[slowest], session).lcp_ms for _ in range(TRIES)]
    most = max(found, key=lambda path: found[path].cls)
    how = f"{slowest}, the slowest of {len(found)}; median of {TRIES}; {line}"
    yield at_most("LCP of a page", MOST_LCP_MS, median(again), "ms", how)
    yield at_most("CLS of a page", MOST_CLS, found[most].cls, "", f"{most}, the most of {len(found)}; {line}", 3)


def _look(browser: Browser, url: str, session: Cookie) -> Seen:
    """A page on a phone that has never been there."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, device_scale_factor=2, locale="zh-CN",
        service_workers="block",
    )  # fmt: skip
    context.add_cookies([{"name": session.name, "value": session.value, "url": url, "secure": True}])
    page = context.new_page()
    page.add_init_script(_WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", _LINE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.goto(url, wait_until="networkidle")
    seen = page.evaluate("window.seen")
    context.close()
    return Seen(seen["lcp"], seen["cls"])


@contextmanager
def _served(gateway: Gateway) -> Iterator[str]:
    serving = Server(_Compressing(gateway), 0, lambda *_: None)
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield serving.url
    serving.shutdown()
    serving.server_close()
    thread.join()


class _Compressing(Gateway):
    """Compresses answers, as API Gateway does."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def answer(self, request: Request) -> Reply:
        reply = self._gateway.answer(request)
        if len(reply.body) < _SMALLEST_COMPRESSED:
            return reply
        return replace(reply, headers=(*reply.headers, ("Content-Encoding", "gzip")), body=gzip.compress(reply.body))
