"""What the shop's pages cost: what a phone loads of each, requests to the tables, and processor time."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.pages.shell import Cookie, Pages, sessions
from chalicelib.web.tokens import verify
from infra.bench.figure import Figure, at_most, told
from infra.bench.orders import GOALS_MACHINE
from infra.bench.routes import bare_microseconds
from infra.bench.stage import Brand, Stage
from infra.local.application import API_SECONDS, LambdaContext
from infra.local.events import rest_event

MOST_KB = {"HTML": 15, "CSS": 40, "JS": 25}
MOST_REQUESTS = 12
MOST_CPU_MS = 15
ROUNDS, WARM_UP = 40, 5
OPEN_CAMPAIGNS = 6
"""As many as a brand has at once in a good week; a list shows 20, of which each costs what reading it costs."""

_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
_SCRIPT = re.compile(r'<script[^>]* src="([^"]+)"')
_NAMED = re.compile(r"([\w-]+)/\{\w+\}")
_ASKED = {"/s/{slug}/campaigns/{id}/again": "?order={orders}"}
"""What a page cannot be asked without."""
_IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*["']\./([\w.-]+)["']""")


@dataclass(frozen=True)
class Weight:
    """Compressed bytes of a page without its pictures, and how many requests they take."""

    html: int
    css: int
    js: int
    requests: int

    def over(self, *, js: int = MOST_KB["JS"]) -> dict[str, int]:
        """What is more than it may be: bytes by kind, with so many kB of scripts, or requests."""
        most = {name: kilobytes * 1_000 for name, kilobytes in {**MOST_KB, "JS": js}.items()}
        most["requests"] = MOST_REQUESTS
        found = {"HTML": self.html, "CSS": self.css, "JS": self.js, "requests": self.requests}
        return {name: amount for name, amount in found.items() if amount > most[name]}


def weigh(html: str, fetch: Callable[[str], str]) -> Weight:
    """Weighs a page, its style sheets, its scripts and the modules that these import. ``fetch`` gives what is at a path
    of its own origin.
    """
    styles = {path: fetch(path) for path in _STYLE.findall(html)}
    scripts: dict[str, str] = {}
    waiting = _SCRIPT.findall(html)
    while waiting:
        path = waiting.pop()
        if path not in scripts:
            scripts[path] = fetch(path)
            waiting += [f"{path.rpartition('/')[0]}/{name}" for name in _IMPORT.findall(scripts[path])]
    requests = 1 + len(styles) + len(scripts)
    return Weight(_compressed([html]), _compressed(styles.values()), _compressed(scripts.values()), requests)


def _compressed(texts: Iterable[str]) -> int:
    """As the gateway sends them: each by itself."""
    return sum(len(gzip.compress(text.encode())) for text in texts if text)


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about every page that names nothing but what a brand with a campaign and an order has."""
    addresses, session = furnished(stage, "pages-bench")
    phone = Phone(stage, f"{session.name}={session.value}; visitor={'A' * 22}")
    looks = {path: phone.look(address) for path, address in addresses.items()}
    found = {path: look for path, look in looks.items() if look.weight.html}  # but for those that lead on at once
    for path, look in found.items():
        weight = look.weight
        sizes = f"HTML {weight.html / 1000:.1f}, CSS {weight.css / 1000:.1f}, JS {weight.js / 1000:.1f} kB"
        yield told(
            f"page {path}", f"{look.cpu_ms:.1f} ms",
            f"warm; {sizes} compressed in {weight.requests} requests; {look.reads} read requests",
        )  # fmt: skip
    for kind, most in MOST_KB.items():
        measured = max(getattr(look.weight, kind.lower()) for look in found.values()) / 1000
        yield at_most(f"{kind} of a page, compressed", most, measured, "kB", f"the most of {len(found)} pages", 1)
    slowest = max(found, key=lambda path: found[path].cpu_ms)
    spent, here = found[slowest].cpu_ms, bare_microseconds()
    yield at_most("CPU of a page, warm", MOST_CPU_MS, spent, "ms", f"{slowest}; median of {ROUNDS}", 1)
    yield told(
        "… at the speed of the machine the goal is from", f"{spent * GOALS_MACHINE / here:.1f} ms",
        f"bare Chalice answers a GET in {GOALS_MACHINE} µs there, in {here:.0f} µs here",
    )  # fmt: skip


def furnished(stage: Stage, slug: str) -> tuple[dict[str, str], Cookie]:
    """A brand with campaigns and an order, whose members invite: its pages' addresses by declared path, and the session
    of who ordered, who leads the pickup point besides.
    """
    brand = Brand(stage, slug)
    (token,) = brand.members(1)
    leads = {"leader_id": verify(token).id}
    stage.ask("PATCH", f"/v1/pickup-points/{brand.pickup_point_id}", leads, brand.key)
    stage.ask("PUT", "/v1/recruitment", {"joining": "open", "referral": {}}, brand.key)
    campaign = brand.campaign(quantity=9_999)
    for _ in range(OPEN_CAMPAIGNS - 1):
        brand.campaign(quantity=9_999)
    basket = brand.basket(campaign) | {"payment_method": "pickup"}
    order = stage.ask("POST", f"/v1/stores/{slug}/orders", basket, token, Idempotency_Key="pages")
    found = dict(_pages(brand, campaign["id"], order["id"]))
    return found, sessions.signed_in(verify(token), clock.now())


def _pages(brand: Brand, campaign: str, order: str) -> Iterator[tuple[str, str]]:
    """Each page's declared path, and its address."""
    import app

    known = {"s": brand.slug, "campaigns": campaign, "orders": order}
    for screen in app.PAGES.values():
        for route in screen.declared if isinstance(screen, Pages) else ():
            if (route.method, route.place) == ("GET", "shop") and known.keys() >= set(_NAMED.findall(route.path)):
                asked = _ASKED.get(route.path, "").format(**known)
                yield route.path, _NAMED.sub(lambda found: f"{found[1]}/{known[found[1]]}", route.path) + asked


@dataclass(frozen=True)
class Look:
    """What a page weighs, what it reads, and the processor time of a warm function."""

    weight: Weight
    reads: int
    cpu_ms: float


@dataclass(frozen=True)
class Phone:
    """A phone on which somebody is signed in."""

    stage: Stage
    cookies: str

    def look(self, address: str) -> Look:
        """Opens a page over and over."""
        with metered() as meter:
            html = self.fetch(address)
        spent = []
        for _ in range(WARM_UP + ROUNDS):
            started = time.process_time()
            self.fetch(address)
            spent.append((time.process_time() - started) * 1000)
        return Look(weigh(html, self.fetch), meter.reads, median(spent[WARM_UP:]))

    def fetch(self, address: str) -> str:
        """What is at an address. Raises RuntimeError for a refusal."""
        given = (("Host", "shop.example"), ("Cookie", self.cookies), ("Accept-Language", "zh-CN"))
        answer = self.stage.pages(rest_event("GET", address, given), LambdaContext("pages", API_SECONDS))
        if answer["statusCode"] >= 400:
            raise RuntimeError(f"{address}: {answer['statusCode']} {answer['body']}")
        return str(answer["body"])
