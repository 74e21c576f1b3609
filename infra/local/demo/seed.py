"""Brings the demo brand in through the public interface; each step can be repeated after an interruption."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from infra.local.demo import data
from infra.local.demo.client import Client, Refused

NAME, SLUG, OWNER = "Corner Market", "corner-market", "owner@corner-market.example"
ZONE, CURRENCY, LOCALE = "America/New_York", "USD", "en"
SHOPPER = "neighbour@corner-market.example"
PICKUP_POINT = {"name": "Elm Street garage", "address": "12 Elm Street", "opening_hours": "17:00-20:00"}
_SECONDS_FOR_A_JOB = 300


@dataclass(frozen=True)
class Plan:
    """A campaign of the demo: which rows of the shelf it offers, how many of each, for how many days."""

    title: str
    days: int
    shelf: slice
    quantity: int


_CAMPAIGNS = (
    Plan("Fruit and vegetables of the week", 7, slice(0, 6), 40),
    Plan("Breakfast for the whole street", 14, slice(14, 20), 60),
)


class Failed(RuntimeError):
    """The demo brand could not be brought in; the message says at which step."""


# Told how far a step is: what, done, of how many.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Demo:
    """What a newcomer needs to try the demo brand."""

    slug: str
    api_key: str
    campaign_id: str
    offer_id: str
    pickup_point_id: str
    member_token: str


def is_present(url: str, kept: dict[str, Any] | None) -> bool:
    """Whether the kept key still opens the demo brand: data and key may have been deleted apart."""
    if not kept:
        return False
    try:
        Client(url, kept["api_key"]).get("/v1/tenant")
    except Refused as refused:
        if refused.status in (401, 403):
            return False
        raise
    return True


def sign_up(url: str) -> dict[str, Any]:
    """A new demo brand: `{slug, api_key}`. A taken slug gets a number."""
    for attempt in range(1, 100):
        slug = SLUG if attempt == 1 else f"{SLUG}-{attempt}"
        wanted = {"name": NAME, "slug": slug, "owner_email": OWNER}
        try:
            made = Client(url).post("/v1/tenants", {**wanted, "timezone": ZONE, "currency": CURRENCY, "locale": LOCALE})
        except Refused as refused:
            if refused.status == 409:
                continue
            raise
        return {"slug": slug, "api_key": made["api_key"]["secret"]}
    raise Failed("No free name for the demo brand: make reset starts afresh.")


def fill(url: str, api_key: str, now: datetime, progress: Progress) -> None:
    """Products, a pickup point and the year of orders. What is there already stays."""
    brand = Client(url, api_key)
    known = {sku["code"] for product in _all(brand, "/v1/products") for sku in product["skus"]}
    shelf = data.products()
    for done, row in enumerate(shelf, 1):
        if row["code"] not in known:
            price = {"amount_minor": int(row["price_minor"]), "currency": row["currency"]}
            sku = {"code": row["code"], "title": row["title"], "price": price}
            brand.post("/v1/products", {"title": row["title"], "category": row["category"], "skus": [sku]})
        progress("Products", done, len(shelf))
    if not brand.get("/v1/pickup-points")["items"]:
        brand.post("/v1/pickup-points", PICKUP_POINT)
    orders = data.orders(now)
    job = brand.post("/v1/imports", {"kind": "orders", "csv": data.as_csv(orders)})
    _await_job(brand, job["id"], "A year of orders", progress)
    # The nights that would have rolled these days up are past.
    first, last = (date.fromisoformat(orders[end]["ordered_at"][:10]) for end in (0, -1))
    # A day wider at both ends: the brand's days are not those of UTC.
    days = {"from_on": f"{first - timedelta(days=1)}", "to_on": f"{last + timedelta(days=1)}"}
    job = brand.post("/v1/rollups", days)
    _await_job(brand, job["id"], "Daily figures", progress)


def _await_job(brand: Client, job_id: str, what: str, progress: Progress) -> None:
    until = time.monotonic() + _SECONDS_FOR_A_JOB
    while time.monotonic() < until:
        job = brand.get(f"/v1/jobs/{job_id}")
        progress(what, job["done"], max(job["total"] or 0, 1))
        if job["status"] == "done":
            return
        if job["status"] == "failed":
            raise Failed(f"{what}: {job['detail']} {job['errors'][:3]}")
        time.sleep(0.1)
    raise Failed(f"{what}: not done after {_SECONDS_FOR_A_JOB} seconds.")


def open_campaigns(url: str, api_key: str, now: datetime) -> None:
    """Opens the two campaigns of the demo, unless campaigns of those names are open."""
    brand = Client(url, api_key)
    running = {each["title"] for each in _all(brand, "/v1/campaigns") if each["status"] in ("open", "extended")}
    skus = {sku["code"]: sku for product in _all(brand, "/v1/products") for sku in product["skus"]}
    codes = [row["code"] for row in data.products()]
    point = brand.get("/v1/pickup-points")["items"][0]
    for plan in _CAMPAIGNS:
        if plan.title in running:
            continue
        offered = [skus[code] for code in codes[plan.shelf]]
        made = brand.post("/v1/campaigns", {
            "title": plan.title,
            "kind": "group_order",
            "closes_at": f"{now + timedelta(days=plan.days):%Y-%m-%dT%H:%M:%SZ}",
            "target": {"measure": "quantity", "value": 10, "on_miss": "lock"},
            "offers": [{"sku_id": sku["id"], "price": _reduced(sku["price"]), "quantity": plan.quantity}
                       for sku in offered],
            "pickup_point_ids": [point["id"]],
        })  # fmt: skip
        brand.post(f"/v1/campaigns/{made['id']}/publish")


def _reduced(price: dict[str, Any]) -> dict[str, Any]:
    """A tenth off, in whole cents."""
    return {"amount_minor": price["amount_minor"] * 9 // 10, "currency": price["currency"]}


def visit(url: str, slug: str, api_key: str) -> Demo:
    """Signs the demo's shopper in, as a shopper would, and looks at an open campaign."""
    anyone = Client(url)
    who = {"audience": "member", "tenant": slug, "email": SHOPPER}
    earlier = len(_letters(anyone))
    anyone.post("/v1/auth/code", who)
    signed_in = anyone.post("/v1/auth/token", {**who, "code": _code(anyone, earlier)})
    shop = f"/v1/stores/{slug}"
    campaign = next(each for each in anyone.get(f"{shop}/campaigns")["items"] if each["status"] in ("open", "extended"))
    shown = anyone.get(f"{shop}/campaigns/{campaign['id']}")
    return Demo(
        slug, api_key, shown["id"], shown["offers"][0]["id"], shown["pickup_points"][0]["id"], signed_in["access_token"]
    )


def _letters(anyone: Client) -> list[dict[str, str]]:
    found: list[dict[str, str]] = anyone.get(f"/local/mailbox?to={SHOPPER}")["items"]
    return found


def _code(anyone: Client, earlier: int) -> str:
    """The six digits in the newest letter, once more letters than `earlier` have come."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        letters = _letters(anyone)
        if len(letters) > earlier and (digits := re.search(r"\b\d{6}\b", letters[0]["subject"])):
            return digits.group()
        time.sleep(0.05)
    raise Failed("No sign-in code arrived in the mailbox.")


def _all(brand: Client, path: str) -> list[dict[str, Any]]:
    items, cursor = [], ""
    while True:
        page = brand.get(f"{path}?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        items += page["items"]
        cursor = page["next_cursor"] or ""
        if not cursor:
            return items
