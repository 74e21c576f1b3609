"""What a browser asks for to make the shop an app, and what that shows without a connection."""

import hashlib
import json
from functools import cache
from pathlib import Path

from chalicelib.pages.shell import Content, Page, Pages, Visit, assets
from chalicelib.pages.storefront.app import model
from chalicelib.web import anyone, colours

pages = Pages(__name__)

_HOUR = "public, max-age=3600"
_WORKER_LOADS = "default-src 'none'; connect-src 'self'"


@pages.page("/s/{slug}/manifest.webmanifest", allow=anyone())
def manifest(visit: Visit[None]) -> Content:
    """The shop's name, colours and icon."""
    found = model.manifest(visit.brand.name, visit.at(""), visit.at("/icon.svg"), visit.colour, visit.language)
    return Content(json.dumps(found, ensure_ascii=False), "application/manifest+json", "private, max-age=3600")


@pages.page("/s/{slug}/icon.svg", allow=anyone())
def icon(visit: Visit[None]) -> Content:
    """The brand's initial on its colour."""
    return Content(model.icon(visit.brand.name, *colours.dress(visit.brand.colour)), assets.TYPES[".svg"], _HOUR)


@pages.page("/s/{slug}/worker.js", allow=anyone())
def worker(visit: Visit[None]) -> Content:
    """The service worker of the shop. One of another version, colour or language is another script, so that browsers
    put it in the place of the one before.
    """
    shell = [visit.asset("shell.css"), visit.theme, visit.asset("app.js"), visit.at("/icon.svg"), visit.at("/offline")]
    home = visit.at("").rstrip("/")  # at a brand's own domain nothing
    shop = {"home": home, "statics": f"{visit.root}/static/", "shell": shell, "language": visit.language}
    shop["version"] = hashlib.sha256(json.dumps([shop, visit.brand.name]).encode()).hexdigest()[:12]
    script = f"const SHOP = {json.dumps(shop)};\n{_script()}"
    headers = {"Service-Worker-Allowed": visit.at(""), "Content-Security-Policy": _WORKER_LOADS}
    return Content(script, assets.TYPES[".js"], "no-cache", headers)


@cache
def _script() -> str:
    return Path(__file__).with_name("worker.js").read_text("utf-8")


@pages.page("/s/{slug}/offline", allow=anyone())
def offline(visit: Visit[None]) -> Page:
    """What the worker shows in the place of a page that it cannot reach."""
    return Page("storefront/app/offline.html")
