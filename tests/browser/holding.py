"""What every screen is held to, in the browser, whatever it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.window import LOW

SMALLEST_TARGET = 44
_ROUNDED = 0.5

_SMALL_TARGETS = """smallest => {
  const shown = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const besideText = (link) => getComputedStyle(link).display.startsWith("inline") &&
    [...link.parentElement.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim());
  const size = (each) => {
    const boxes = [each, ...(each.matches("[type=checkbox], [type=radio]") ? each.labels : [])]
      .map((part) => part.getBoundingClientRect());
    const edge = (name, most) => most(...boxes.map((box) => box[name]));
    return [edge("right", Math.max) - edge("left", Math.min), edge("bottom", Math.max) - edge("top", Math.min)];
  };
  return [...document.querySelectorAll("a[href], button, select, textarea, summary, input:not([type=hidden])")]
    .filter((each) => shown(each) && !each.matches(".skip") && !(each.matches("a") && besideText(each)))
    .map((each) => [each.outerHTML.slice(0, 160), ...size(each)])
    .filter(([, width, height]) => width < smallest || height < smallest)
    .map(([what, width, height]) => `${width.toFixed(1)} × ${height.toFixed(1)}: ${what}`);
}"""

# What stands in the bar that stays; where there is none, the first button that is as wide as the page.
_MAIN_ACTION = """() => {
  const shown = (each) => each.checkVisibility({ visibilityProperty: true });
  const stays = [...document.querySelectorAll(".stay button, .stay .button")].filter(shown);
  const others = [...document.querySelectorAll("main button.wide:not(.plain, .danger)")].filter(shown);
  const [action] = stays.length ? stays : others;
  if (!action) return null;
  const box = action.getBoundingClientRect();
  const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const inside = box.top >= 0 && box.bottom <= innerHeight + 0.5;
  const reached = inside && hit && action.contains(hit);
  return reached ? null : `${action.outerHTML.slice(0, 160)} at ${box.top} to ${box.bottom}`;
}"""

_DEAD = """() => {
  const shown = (each) => each.checkVisibility({ visibilityProperty: true });
  const all = (query) => [...document.querySelectorAll(query)].filter(shown);
  const found = [
    ...all("button[type=button]"), ...all("button:not([type=button])").filter((each) => !each.form),
    ...all("a[href^='#']:not(.skip)").filter((each) => !document.querySelector(each.getAttribute("href"))),
    ...all("form").filter((each) => ![...each.elements].some((part) => part.type === "submit")),
  ];
  return found.map((each) => each.outerHTML.slice(0, 160));
}"""


def faults(page: Page) -> Iterator[str]:
    """What is wrong with the page that is shown; its window is a phone's or wider."""
    size = page.viewport_size
    assert size is not None
    widest = page.evaluate("document.documentElement.scrollWidth")
    if widest > size["width"]:
        yield f"it scrolls sideways: {widest} px in {size['width']}; {_widest(page)}"
    if page.locator("h1").count() != 1:
        yield f"it has {page.locator('h1').count()} headings of the first level"
    yield from (f"a target is small: {each}" for each in page.evaluate(_SMALL_TARGETS, SMALLEST_TARGET - _ROUNDED))
    yield from _axe(page)
    if size["width"] <= LOW["width"]:
        page.set_viewport_size(LOW)
        out_of_sight = page.evaluate(_MAIN_ACTION)
        if out_of_sight:
            yield f"the main action is out of sight in {LOW['width']} × {LOW['height']}: {out_of_sight}"
        page.set_viewport_size(size)


def faults_without_scripts(page: Page) -> Iterator[str]:
    """What of the page, shown in a window that runs no scripts, does nothing."""
    yield from (f"without scripts this does nothing: {each}" for each in page.evaluate(_DEAD))


def _widest(page: Page) -> str:
    return str(
        page.evaluate(
            """() => [...document.querySelectorAll("body *")].map((each) => [each.getBoundingClientRect().right, each])
               .sort(([one], [other]) => other - one).slice(0, 2).map(([right, each]) =>
                 `${right.toFixed(0)}: ${each.outerHTML.slice(0, 120)}`).join("; ")"""
        )
    )


def _axe(page: Page) -> Iterator[str]:
    response: dict[str, Any] = Axe().run(page).response
    for violation in response["violations"]:
        yield f"{violation['id']} ({violation['impact']}): " + "; ".join(map(_place, violation["nodes"][:3]))


def _place(node: dict[str, Any]) -> str:
    return f"{node['html'][:160]} {' '.join(each['message'] for each in node['any'] + node['all'] + node['none'])}"
