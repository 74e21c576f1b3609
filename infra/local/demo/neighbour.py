"""What the demo's shopper has: a tier that was given to them, an order that they paid online, with its invoice, a
complaint that the brand works on by its hours, questions, suggestions, and products that they keep.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from infra.local.demo import plans
from infra.local.demo.client import Client, Refused

_YEAR, _SIX_WEEKS = timedelta(days=365), timedelta(weeks=6)
_SECONDS_FOR_A_PAYMENT = 30
_BUYER = {"kind": "person", "title": "Ann Neighbour", "email": "neighbour@corner-market.example"}


_ABOUT = {"name": "Ann Neighbour", "birthday": "06-21", "household": "children_7_17", "interests": ["bread", "pears"]}
_GONE = (("moved_away", "We live in Vermont now"), ("pickup_unsuitable", "The garage closes before I am back"))


def say_who_they_are(brand: Client, shopper: Client, slug: str) -> None:
    """The shopper fills in their profile and lets it choose for them; two neighbours have called to leave, of whom one
    is back. Once somebody has left, nothing is done.
    """
    if brand.get("/v1/reports/leaving")["left"]:
        return
    shopper.patch(f"/v1/stores/{slug}/me", {"profile": _ABOUT, "consent": {"personalisation": True}})
    callers = brand.get(f"/v1/members?limit={len(_GONE)}")["items"]
    for caller, (reason, note) in zip(callers, _GONE, strict=False):
        brand.post(f"/v1/members/{caller['id']}/leave", {"reason": reason, "note": note})
    brand.post(f"/v1/members/{callers[-1]['id']}/rejoin")


def give_tier(brand: Client, member_id: str, now: datetime) -> None:
    """The lowest tier for a year, unless they are in one."""
    if brand.get(f"/v1/members/{member_id}/tier")["tier"] is None:
        code = plans.TIERS["tiers"][0]["code"]
        given = {"tier": code, "until_on": f"{now + _YEAR:%Y-%m-%d}", "reason": "Thank you for helping at the garage"}
        brand.put(f"/v1/members/{member_id}/tier", given)


def ask_for_invoice(brand: Client, shopper: Client, slug: str) -> None:
    """The shopper orders breakfast, pays it online and asks for its invoice. Once there is an invoice, nothing is done;
    nor where the order has ended since, for an interrupted start.
    """
    if brand.get("/v1/invoices?limit=1")["items"]:
        return
    shop = f"/v1/stores/{slug}"
    open_now = (each for each in shopper.get(f"{shop}/campaigns?limit=100")["items"] if each["status"] == "open")
    campaign_id = next(each["id"] for each in open_now if each["title"] == plans.BREAKFAST.title)
    campaign = shopper.get(f"{shop}/campaigns/{campaign_id}")
    wanted = {
        "campaign_id": campaign_id,
        "pickup_point_id": campaign["pickup_points"][0]["id"],
        "lines": [{"offer_id": campaign["offers"][1]["id"], "quantity": 3}],
        "payment_method": "test",
    }
    at = f"{shop}/orders/{shopper.post(f'{shop}/orders', wanted, key=f'demo-paid-{campaign_id}')['id']}"
    try:
        payment = shopper.post(f"{at}/payments", key=f"demo-payment-{campaign_id}")
        shopper.press(payment["client"]["page_url"], "pay")
        _await_payment(shopper, at)
        shopper.post(f"{at}/invoice", _BUYER)
    except Refused as refused:
        if refused.status != 409:
            raise


def want_something(brand: Client, shopper: Client, slug: str) -> None:
    """The shopper keeps a product of an open campaign, and is to be told of one that is in none. Both hold once."""
    shop = f"/v1/stores/{slug}"
    campaigns = shopper.get(f"{shop}/campaigns?limit=100")["items"]
    offered = [offer["product_id"] for each in campaigns for offer in each["offers"] if offer["product_id"]]
    others = [each["id"] for each in brand.get("/v1/products?limit=100")["items"] if each["id"] not in offered]
    shopper.put(f"{shop}/me/favourites/{offered[0]}", {})
    for product_id in others[:1]:
        shopper.put(f"{shop}/me/favourites/{product_id}", {})
        shopper.put(f"{shop}/me/reminders/{product_id}", {})


def complain(brand: Client, shopper: Client, slug: str) -> None:
    """The brand works on weekdays and Saturdays, and has a cause of complaints of its own; the shopper complains twice:
    of one they are asked something, the other is resolved with points that make it good. Once there is a complaint,
    nothing is done.
    """
    if brand.get("/v1/complaints?limit=1")["items"]:
        return
    day = [{"from": "09:00", "to": "18:00"}]
    if brand.get("/v1/business-calendar")["standard"]:
        brand.put("/v1/business-calendar", {"weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), day)})
    brand.put("/v1/complaint-causes/unripe", {"category": "quality", "en": "Not ripe", "zh": "未成熟"})
    told = shopper.post(f"/v1/stores/{slug}/complaints", {"text": "Two of the pears were bruised", "cause": "damaged"})
    question = {"text": "We are sorry. Could you send us a photo of them?"}
    brand.post(f"/v1/complaints/{told['id']}/messages", question, key="demo-question")
    closed = {"text": "The pickup point was closed when I came", "cause": "point_closed"}
    late = shopper.post(f"/v1/stores/{slug}/complaints", closed)
    answer = {
        "outcome": "We are sorry: from now on it is open until 20:00.",
        "remedy": {"kind": "points", "points": 50, "text": "For the way that you made twice"},
    }
    brand.post(f"/v1/complaints/{late['id']}/resolve", answer, key="demo-answer")


_FAQ = (
    ("zh", "可以让别人帮我代取吗？", "可以，把取货码发给对方，凭码即可领取。", ("代领", "家人", "朋友")),
    ("zh", "退款多久能到账？", "我们在一个工作日内原路退款，银行到账最多需要五天。", ("到账", "几天", "退钱")),
    ("zh", "没有及时取货怎么办？", "商品保留两天，生鲜保留到当晚。", ("过期", "来不及", "保留")),
    ("en", "Can somebody else collect my order for me?", "Yes. Whoever shows the pickup code gets the goods.",
     ("friend", "family", "neighbour")),
    ("en", "How long does a refund take?", "We refund within one working day; banks take up to five days more.",
     ("days", "bank", "money back")),
    ("en", "What if I cannot collect my order in time?", "Goods are kept for two days, fresh goods until the evening.",
     ("too late", "tomorrow", "kept")),
)  # fmt: skip


def ask(brand: Client, shopper: Client, slug: str) -> None:
    """The brand answers some questions for everybody; the shopper asks one that it knows, and one for a person. Once
    there is an enquiry, nothing is done.
    """
    if brand.get("/v1/enquiries?limit=1")["items"]:
        return
    for position, (locale, question, answer, tags) in enumerate(_FAQ):
        entry = {"locale": locale, "question": question, "answer": answer, "tags": tags, "position": position}
        brand.post("/v1/faq", entry, key=f"demo-faq-{position}")
    replies = [{"title": "Thanks", "en": "Thank you for telling us, {member}.", "zh": "{member}，感谢您的反馈。"}]
    brand.put("/v1/canned-replies", {"replies": replies})
    for number, text in enumerate(("Can my husband collect the order?", "Are the pears from this year's harvest?")):
        shopper.post(f"/v1/stores/{slug}/enquiries", {"text": text}, key=f"demo-enquiry-{number}")


def suggest(brand: Client, shopper: Client, slug: str, now: datetime) -> None:
    """The shopper suggests two things, of which the brand adopts one, with points for it. Once there is a suggestion,
    nothing is done.
    """
    if brand.get("/v1/suggestions?limit=1")["items"]:
        return
    at = f"/v1/stores/{slug}/suggestions"
    bags = shopper.post(at, {"text": "Paper bags instead of plastic ones would be nice"}, key="demo-suggestion-bags")
    shopper.post(at, {"text": "Could the garage stay open until eight on Fridays?"}, key="demo-suggestion-hours")
    plan = {"plan": "Everything is packed in paper bags before long.", "done_by": f"{now + _SIX_WEEKS:%Y-%m-%d}"}
    brand.post(f"/v1/suggestions/{bags['id']}/adopt", plan | {"reward": {"points": 100}})


def _await_payment(shopper: Client, order: str) -> None:
    """Until the order knows of its payment; what comes later finds the invoice waiting for it."""
    until = time.monotonic() + _SECONDS_FOR_A_PAYMENT
    found: dict[str, Any] = shopper.get(order)
    while found["status"] == "held" and time.monotonic() < until:
        time.sleep(0.05)
        found = shopper.get(order)
