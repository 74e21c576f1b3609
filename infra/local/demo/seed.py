"""Brings the demo brand in through the public interface; each step can be repeated after an interruption."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.web.tokens import issue
from infra.local.demo import (
    asking,
    browsing,
    data,
    experimenting,
    growth,
    neighbour,
    partners,
    people,
    plans,
    reviewing,
)
from infra.local.demo.client import Client, Refused

NAME, SLUG, OWNER = "Corner Market", "corner-market", "owner@corner-market.example"
ZONE, CURRENCY, LOCALE = "America/New_York", "USD", "en"
PICKUP_POINT = {"name": "Elm Street garage", "address": "12 Elm Street", "opening_hours": "17:00-20:00"}
TAX = {"default_rate": "7", "delivery_rate": "7"}
"""An example, so that orders and the books show the tax in them."""
FACE = {
    "colours": {"primary": "#24693f"},
    "slogan": "Fresh from the farm, shared by the street · 田间新鲜，街坊共享",
    "story": (
        "It began with one neighbour who drove to the farm on Fridays and asked around who wanted something brought "
        "back. Today the whole street orders together: the more of us, the better the price, and nothing is picked "
        "before it is ordered. Everything is collected in the garage on Elm Street, where there is always time for a "
        "chat.\n\n"
        "最初，只是一位邻居每周五开车去农场，顺便问问谁要带点什么。如今整条街一起下单：人越多越实惠，先下单、再采摘。"
        "大家都在榆树街的车库取货，顺便聊上几句。"
    ),
    "values": ["Ordered first, picked after", "A fair price for the farm", "Neighbours before profit"],
}
"""What the brand says of itself; its logo is drawn."""
RUNNING = ("open", "extended")
_SECONDS_FOR_A_JOB = 300
_CONVINCED = 12
"""How many order of those who saw the second variant of the experiment that has ended."""


class Failed(RuntimeError):
    """The demo brand could not be brought in; the message says at which step."""


# Told how far a step is: what, done, of how many.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Demo:
    """What a newcomer needs to try the demo brand: its shopper orders, its leader hands over."""

    slug: str
    api_key: str
    pickup_point_id: str
    shopper_token: str
    leader_token: str
    campaign_id: str
    offer_id: str
    ladder_id: str
    ladder_offer_id: str


def owner_token(url: str, demo: Demo, now: datetime) -> str:
    """What the demo brand's owner has after signing in."""
    client = Client(url, demo.api_key)
    owner = next(each for each in client.get("/v1/staff")["items"] if "owner" in each["roles"])
    return issue("staff", client.get("/v1/tenant")["id"], demo.slug, owner["id"], frozenset({"owner"}), now, 3600)


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


def fill(url: str, slug: str, api_key: str, now: datetime, progress: Progress) -> None:
    """Products, a pickup point, the year of orders with the names of its people, and what they did in the shop before
    the last of them. What is there already stays.
    """
    brand = Client(url, api_key)
    if brand.get("/v1/tenant")["brand"]["logo"] is None:
        face = {**FACE, "logo": brand.upload(data.picture("logo"), "image/webp")["address"]}
        brand.patch("/v1/tenant", {"brand": face, "tax": TAX})
    known = {sku["code"] for product in _all(brand, "/v1/products") for sku in product["skus"]}
    shelf = data.products()
    for done, row in enumerate(shelf, 1):
        if row["code"] not in known:
            price = {"amount_minor": int(row["price_minor"]), "currency": row["currency"]}
            cost = partners.cost_of(row["category"], price)
            sku = {"code": row["code"], "title": row["title"], "price": price, "cost": cost}
            images = [brand.upload(data.picture(row["code"]), "image/webp")["address"]]
            wanted = {"title": row["title"], "category": row["category"], "images": images, "skus": [sku]}
            brand.post("/v1/products", wanted)
        progress("Products", done, len(shelf))
    if not brand.get("/v1/pickup-points")["items"]:
        brand.post("/v1/pickup-points", PICKUP_POINT)
    reviewing.announce(brand, now)
    if not brand.get("/v1/points-rules")["rules"]:
        brand.put("/v1/points-rules", plans.POINTS)
        brand.put("/v1/tiers", plans.TIERS)
    orders = data.orders(now)
    job = brand.post("/v1/imports", {"kind": "orders", "csv": data.as_csv(orders)})
    _await_job(brand, job["id"], "A year of orders", progress)
    job = brand.post("/v1/imports", {"kind": "members", "csv": data.as_csv(data.members())})
    _await_job(brand, job["id"], "Names", progress)
    browsing.browse(brand, url, slug, orders, now)
    progress("Visits", 1, 1)
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
    """Brings the suppliers in, opens the campaigns of the demo, and lowers prices in one of them; those of their names
    that are open stay."""
    brand = Client(url, api_key)
    running = {each["title"] for each in _all(brand, "/v1/campaigns") if each["status"] in (*RUNNING, "scheduled")}
    shelf = [(product["category"], sku) for product in _all(brand, "/v1/products") for sku in product["skus"]]
    partners.bring_suppliers_in(brand, shelf)
    skus = {sku["code"]: sku for _, sku in shelf}
    codes = [row["code"] for row in data.products()]
    point = brand.get("/v1/pickup-points")["items"][0]
    for plan in plans.CAMPAIGNS:
        if plan.title not in running:
            offered = [skus[code] for code in codes[plan.shelf]]
            made = brand.post("/v1/campaigns", plan.wanted(offered, point["id"], now))
            brand.post(f"/v1/campaigns/{made['id']}/publish")
    if not any(each["status"] in RUNNING for each in brand.get("/v1/gifts")["items"]):
        [code] = codes[plans.FLASH.shelf]
        brand.post("/v1/gifts", plans.gift(skus[code]["id"], point["id"], now), key=f"gift-{now:%Y%m%d%H%M%S}")
    batches = brand.get("/v1/coupon-batches?limit=100")["items"]
    if all((each["codes"] or {}).get("code") != plans.CODE for each in batches):
        brand.post("/v1/coupon-batches", plans.COUPONS)
    if not brand.get("/v1/awards")["items"]:
        brand.post("/v1/awards", plans.AWARD)
    breakfast = next(
        each
        for each in _all(brand, "/v1/campaigns")
        if (each["title"], each["status"]) == (plans.BREAKFAST.title, "open")
    )
    shown = brand.get(f"/v1/campaigns/{breakfast['id']}")
    convinced = experimenting.begin(brand, brand.get("/v1/tenant")["slug"])
    growth.lower_prices(brand, shown, now)
    growth.order_more(brand, shown, convinced[-_CONVINCED:])
    growth.watch_prices(brand, shown, now)
    growth.open_channel(brand)
    growth.book_costs(brand, shown, now)
    growth.recruit(brand, now)
    growth.segment(brand)
    growth.win_back(brand)
    asking.ask_around(brand, point["id"], now)
    experimenting.end(brand, url)


def meet_leader(url: str, slug: str, api_key: str) -> str:
    """Signs the leader of the demo's pickup point in, appointed where there is none: her token."""
    brand = Client(url, api_key)
    leader = people.sign_in(url, slug, people.LEADER)
    partners.appoint(brand, brand.get("/v1/pickup-points")["items"][0], leader["principal"]["id"])
    return str(leader["access_token"])


def visit(url: str, slug: str, api_key: str, leader_token: str, now: datetime) -> Demo:
    """Signs the demo's shopper in, as a shopper would, and looks at two open campaigns. They have some points, a
    coupon, a tier, an order whose invoice they have asked for, a complaint that the brand has asked them about, two
    questions, and suggestions. Their neighbours have reviewed what they bought.
    """
    shopper = people.sign_in(url, slug, people.SHOPPER)
    token = shopper["access_token"]
    thanks = {"delta": 400, "reason": "Thank you for helping at the garage"}
    brand, shopper_id = Client(url, api_key), shopper["principal"]["id"]
    brand.post(f"/v1/members/{shopper_id}/points", thanks, key="demo-points")
    neighbour.give_tier(brand, shopper_id, now)
    neighbour.ask_for_invoice(brand, Client(url, token), slug)
    neighbour.say_who_they_are(brand, Client(url, token), slug)
    neighbour.want_something(brand, Client(url, token), slug)
    enter_coupon(Client(url, token), slug)
    neighbour.complain(brand, Client(url, token), slug)
    neighbour.ask(brand, Client(url, token), slug)
    neighbour.suggest(brand, Client(url, token), slug, now)
    reviewing.review(url, slug, brand)
    anyone, shop = Client(url), f"/v1/stores/{slug}"
    found = {each["title"]: each["id"] for each in _all(anyone, f"{shop}/campaigns") if each["status"] in RUNNING}
    first, ladder = (anyone.get(f"{shop}/campaigns/{found[plan.title]}") for plan in (plans.FIRST, plans.LADDER))
    return Demo(
        slug, api_key, first["pickup_points"][0]["id"], token, leader_token,
        first["id"], first["offers"][0]["id"], ladder["id"], ladder["offers"][0]["id"],
    )  # fmt: skip


def enter_coupon(shopper: Client, slug: str) -> None:
    """The shopper's coupon, unless they have used it since, or the team gives it to nobody any more."""
    try:
        shopper.post(f"/v1/stores/{slug}/me/coupons", {"code": plans.CODE})
    except Refused as refused:
        if refused.status not in (409, 422):
            raise


def _all(brand: Client, path: str) -> list[dict[str, Any]]:
    items, cursor = [], ""
    while True:
        page = brand.get(f"{path}?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        items += page["items"]
        cursor = page["next_cursor"] or ""
        if not cursor:
            return items
