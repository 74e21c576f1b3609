"""`make picture`: takes the README's pictures again: the demo brand's shop as neighbours see it on their phones, and
what its team and a leader work with.

The stack is started in memory, the demo brought in, some neighbours order, and a real browser looks.
"""

from __future__ import annotations

import base64
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.kernel import clock
from chalicelib.telemetry import logger
from infra.browser import NoChromium, browsing, chromium
from infra.local import console
from infra.local.demo import people, plans, seed
from infra.local.demo.client import Client
from infra.local.engine import ROOT
from infra.local.sign_ins import CONSOLE, LEADER, SHOP
from infra.local.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHOP_FILE, TEAM_FILE = ROOT / "docs" / "storefront.png", ROOT / "docs" / "team.png"
MOST_BYTES = 200_000
_PHONE, _DESKTOP, _HEIGHT = 360, 1060, 740
_ORDERS = ((plans.FIRST, 3, 2), (plans.FIRST, 5, 3), (plans.LADDER, 4, 0), (plans.LADDER, 9, 1), (plans.FIRST, 2, 0))
"""Of one neighbour each: the campaign, how many units, and of which of its offers."""

_SIDE_BY_SIDE = """<!doctype html><html lang="en"><title>Screens</title><style>
body {{ margin: 0; display: inline-flex; gap: 28px; padding: 24px; background: #eceae4 }}
img {{ border-radius: 26px; border: 7px solid #24282b }}
</style><body>{screens}</body></html>"""


@dataclass(frozen=True)
class Look:
    """A page below a place that a picture shows, in a language, as wide as a phone or wider, with a part of it
    opened.
    """

    path: str
    language: str
    opened: str = ""
    place: str = SHOP
    width: int = _PHONE


def take() -> dict[Path, int]:
    """Writes the pictures and answers their sizes in bytes. Raises NoChromium."""
    executable = chromium()
    with _demo() as (stack, demo), browsing(executable) as browser:
        order_id = _customers(stack.url, demo)
        return {
            SHOP_FILE: _write(SHOP_FILE, browser, stack, _of_the_shop(demo, order_id)),
            TEAM_FILE: _write(TEAM_FILE, browser, stack, _of_the_team(demo)),
        }


def _of_the_shop(demo: seed.Demo, order_id: str) -> tuple[Look, ...]:
    return (
        Look("", "en-GB"),
        Look(f"/campaigns/{demo.ladder_id}", "en-GB"),
        Look(f"/orders/{order_id}", "zh-CN", opened="#code summary"),
    )


def _of_the_team(demo: seed.Demo) -> tuple[Look, ...]:
    return (
        Look(f"/campaigns/{demo.ladder_id}", "en-GB", place=CONSOLE, width=_DESKTOP),
        Look("", "zh-CN", place=LEADER),
    )


def _write(file: Path, browser: Browser, stack: Stack, looks: tuple[Look, ...]) -> int:
    drawn = denser(_beside_each_other(browser, [_screen(browser, stack, look) for look in looks]))
    file.write_bytes(drawn)
    return len(drawn)


@contextmanager
def _demo() -> Iterator[tuple[Stack, seed.Demo]]:
    """The stack with the demo brand, gone afterwards."""
    stack = Stack(None, 0)
    stack.start()
    try:
        kept = seed.sign_up(stack.url)
        seed.fill(stack.url, kept["slug"], kept["api_key"], clock.now(), lambda *_: None)
        leader = seed.meet_leader(stack.url, kept["slug"], kept["api_key"])
        seed.open_campaigns(stack.url, kept["api_key"], clock.now())
        demo = seed.visit(stack.url, kept["slug"], kept["api_key"], leader, clock.now())
        stack.sign_ins.name(demo.shopper_token)
        stack.sign_ins.name(demo.leader_token, LEADER)
        stack.sign_ins.name(seed.owner_token(stack.url, demo, clock.now()), CONSOLE)
        yield stack, demo
    finally:
        stack.stop()


def _customers(url: str, demo: seed.Demo) -> str:
    """Neighbours order, the demo's own first; their order's id."""
    shop, found = f"/v1/stores/{demo.slug}", {plans.FIRST.title: demo.campaign_id, plans.LADDER.title: demo.ladder_id}
    placed = []
    for at, (plan, units, offer) in enumerate(_ORDERS):
        who = people.SHOPPER if at == 0 else f"neighbour{at}@corner-market.example"
        caller = Client(url, people.sign_in(url, demo.slug, who)["access_token"])
        campaign: Any = caller.get(f"{shop}/campaigns/{found[plan.title]}")
        wanted = {
            "campaign_id": campaign["id"],
            "pickup_point_id": demo.pickup_point_id,
            "lines": [{"offer_id": campaign["offers"][offer]["id"], "quantity": units}],
            "payment_method": "pickup",
        }
        placed.append(caller.post(f"{shop}/orders", wanted, key=f"picture-{at}")["id"])
    return str(placed[0])


def _screen(browser: Browser, stack: Stack, look: Look) -> bytes:
    phone = look.width == _PHONE
    context = browser.new_context(
        viewport={"width": look.width, "height": _HEIGHT}, locale=look.language, is_mobile=phone, has_touch=phone,
        device_scale_factor=1, service_workers="block",
    )  # fmt: skip
    page = context.new_page()
    page.goto(stack.url + stack.sign_ins.link(look.place))
    answer = page.goto(stack.url + stack.sign_ins.at(look.place) + look.path, wait_until="networkidle")
    assert answer is not None
    assert answer.ok, f"{answer.url} answers {answer.status}"
    if look.opened:
        page.locator(look.opened).click()
        page.evaluate("scrollTo(0, 0)")
    page.evaluate("Promise.all([...document.images].map((each) => each.decode()))")
    picture = page.screenshot(animations="disabled")
    context.close()
    return picture


def _beside_each_other(browser: Browser, screens: list[bytes]) -> bytes:
    page = browser.new_page(viewport={"width": 1560, "height": 820})
    shown = "".join(f'<img alt="" src="data:image/png;base64,{base64.b64encode(each).decode()}">' for each in screens)
    page.set_content(_SIDE_BY_SIDE.format(screens=shown), wait_until="load")
    return page.locator("body").screenshot()


def denser(png: bytes) -> bytes:
    """The same picture, its pixels compressed as tightly as zlib can: browsers hurry."""
    head, chunks, pixels, at = png[:8], list[bytes](), b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IDAT":
            pixels += content
        else:
            chunks.append(_chunk(kind, content))
        at += 12 + length
    *before, end = chunks
    packed = zlib.compressobj(9, memLevel=9)
    whole = packed.compress(zlib.decompress(pixels)) + packed.flush()
    return b"".join([head, *before, _chunk(b"IDAT", whole), end])


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def main() -> int:
    """0 when the pictures were taken and are small enough to stand in a README."""
    logger.setLevel("ERROR")
    try:
        with console.quietly():
            taken = take()
    except NoChromium as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    for file, size in taken.items():
        print(f"{file.relative_to(ROOT)}  {size / 1000:.0f} kB")
    if max(taken.values()) > MOST_BYTES:
        sys.stderr.write(f"One is more than {MOST_BYTES / 1000:.0f} kB.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
