"""One example of every page and form: what the tests of all of them open and send. What has none fails a test."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.kernel import clock
from chalicelib.pages.shell.declared import PageRoute
from chalicelib.pages.shell.registrar import Pages
from tests.isolation.examples import PRIVATE_KEY, PUBLIC_KEY
from tests.isolation.world import Brand

Fields = Mapping[str, str]


@dataclass(frozen=True)
class Sent:
    """What a form sends, and what it answers when all is as it should be."""

    fields: Callable[[Brand], Fields] = lambda brand: {}
    answers: int = 303


_TIERS: Fields = {
    "measure": "spend", "window_months": "12", "grace_days": "30", "tiers.0.title": "Silver", "tiers.0.threshold": "10",
}  # fmt: skip


_FAQ: Fields = {"question": "How do I collect?", "answer": "With the code.", "locale": "en", "position": "1"}


_WEEKLY: Fields = {"name": "classes", "every": "week", "at": "08:00", "weekday": "2", "day": "15", "format": "csv"}
_EXPERIMENT: Fields = {
    "title": "A blue button", "metric": "conversion", "method": "sequential", "sample": "300",
    "arms.0.name": "grey", "arms.0.share": "50", "arms.1.name": "blue", "arms.1.share": "50",
}  # fmt: skip
_COST: Fields = {"kind": "labour", "title": "Wages", "amount": "62.00", "from_on": "2017-03-01"}


_RULE: Fields = {"join": "all", "rows.0.field": "points", "rows.0.op": "at_least", "rows.0.number": "1"}


def _basket(brand: Brand) -> Fields:
    return {f"units.{brand.ids['offer']}": "1", "then": "checkout"}


def _order(brand: Brand) -> Fields:
    names = {"campaign_id": "campaign", "pickup_point_id": "pickup_point", "lines.0.offer_id": "offer"}
    return {name: brand.ids[what] for name, what in names.items()} | {"lines.0.quantity": "1"}


def _return(brand: Brand) -> Fields:
    return {"kind": "return", f"units.{brand.ids['bought_offer']}": "1", "reason": "Broken"}


def _change(brand: Brand) -> Fields:
    return {"step": "look", f"units.{brand.ids['offer']}": "2", "place": brand.ids["pickup_point"]}


def _listed(brand: Brand) -> Fields:
    entry = {"take": "true", "name": "Ada", "nth": "1", "member_id": brand.ids["member"]}
    line = {"offer_id": brand.ids["offer"], "quantity": "1"}
    entries = {f"entries.0.{name}": value for name, value in entry.items()}
    lines = {f"entries.0.lines.0.{name}": value for name, value in line.items()}
    return {"text": "1. Ada", "pickup_point_id": brand.ids["pickup_point"], **entries, **lines}


def _listed_with_phone(brand: Brand) -> Fields:
    fields = {name: value for name, value in _listed(brand).items() if not name.endswith("member_id")}
    return fields | {"entries.0.phone": "+8613800138000"}


def _product(brand: Brand) -> Fields:
    sku = {"code": "NEW-PEAR", "title": "A kilo", "price": "9.00", "supply": "both", "content.unit": "kg"}
    return {"title": "Pears"} | {f"skus.0.{name}": value for name, value in sku.items()}


def _goods(brand: Brand) -> Fields:
    return {"offers.0.sku_id": brand.ids["sku"], "offers.0.price": "9.00", "offers.0.quantity": "5"}


def _series(brand: Brand) -> Fields:
    rule = {"rule.every": "day", "rule.interval": "1", "rule.opens": "20:00", "rule.starts_on": "2030-06-01"}
    return {"title": "Every evening", "open_hours": "2", "hours_ahead": "24", **rule}


def _promotion(brand: Brand) -> Fields:
    return {
        "kind": "timed_price", "title": "Pear week", "percent_off": "10", "starts_at": "2030-06-01T08:00",
        "ends_at": "2030-06-08T08:00", f"products.{brand.ids['product']}": "true",
    }  # fmt: skip


def _gift(brand: Brand) -> Fields:
    closes_at = (clock.now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    typed = {"title": "A bag", "points": "500", "quantity": "5", "closes_at": closes_at}
    return typed | {"sku_id": brand.ids["sku"], f"places.{brand.ids['pickup_point']}": "true"}


def _for_caller(brand: Brand) -> Fields:
    names = {"campaign_id": "campaign", "place": "pickup_point", "member_id": "member"}
    return {name: brand.ids[what] for name, what in names.items()} | {f"units.{brand.ids['offer']}": "1"}


def _at_console(brand: Brand) -> Fields:
    return {f"units.{brand.ids['offer']}": "2", "place": brand.ids["pickup_point"]}


def _lowered(brand: Brand) -> Fields:
    return {f"units.{brand.ids['bought_offer']}": "1", "reason": "Bruised"}


def _moved(brand: Brand) -> Fields:
    return {"place": brand.ids["pickup_point"], "reason": "Rain"}


def _cash(brand: Brand) -> Fields:
    return {"leader_id": brand.ids["leader"], "pickup_point_id": brand.ids["pickup_point"], "amount": "1"}


def _period(brand: Brand) -> Fields:
    return {"party": "leader", "party_id": brand.ids["leader"], "from_on": "2026-06-01", "to_on": "2026-06-30"}


def _receipt(brand: Brand) -> Fields:
    return {"lines.0.sku_id": brand.ids["sku"], "lines.0.received": "1"}


def _top_up(brand: Brand) -> Fields:
    return {"lines.0.sku_id": brand.ids["sku"], "lines.0.units": "1"}


def _came_back(brand: Brand) -> Fields:
    return {f"off.{brand.ids['bought_offer']}": "1"}


def _improvement(brand: Brand) -> dict[str, str]:
    return {
        "title": "Shorter waiting", "survey_id": brand.ids["survey"], "follows": "score", "owner": brand.ids["owner"],
        "due_on": "2037-03-01",
    }  # fmt: skip


_REPORT_WORDS: Fields = {"texts.en.title": "What you said", "texts.en.text": "Thank you."}


def _report(brand: Brand) -> Fields:
    return {"survey_id": brand.ids["survey"], "source": "paper", "take.q-score": "true", **_REPORT_WORDS}


def _survey(brand: Brand) -> Fields:
    return {"title": "How was it?", "questions.0.kind": "score", "questions.0.text": "How satisfied are you?"}


def _at_the_counter(brand: Brand) -> Fields:
    return {"code": "0000000000", "pickup_point_id": brand.ids["pickup_point"]}


def _led(brand: Brand) -> Fields:
    return {"pickup_point_id": brand.ids["pickup_point"]}


def _delivered(brand: Brand) -> Fields:
    return {**_led(brand), "campaign_id": brand.ids["campaign"]}


def _words(brand: Brand) -> Fields:
    return {"name": "order_ready", "locale": "en", "subject": "Your {title}", "text": "Come for {title}: {code}"}


def _message_settings(brand: Brand) -> Fields:
    caps = {"caps.news.most": "2", "caps.news.days": "7", "caps.service.most": "6", "caps.service.days": "1"}
    return {"channels.0": "email", "quiet": "false", **caps}


def _endpoint(brand: Brand) -> Fields:
    return {"url": "https://erp.example.com/lintuan", "which": "all"}


_SIGNED_UP = {
    "name": "Red Barn",
    "slug": "red-barn-of-the-probe",
    "owner_email": "barn@people.example",
    "timezone": "Asia/Shanghai",
    "currency": "CNY",
    "locale": "en",
}


_STRIPE = {
    "account_id": "acct_1Store",
    "publishable_key": "pk_test_51Store",
    "secret_key": "rk_test_your_restricted_key",
    "webhook_secret": "whsec_your_signing_secret",
    "enabled": "true",
}


_WECHAT = {
    "merchant_id": "1900000001",
    "app_id": "wxd678efh567hg6787",
    "serial": "5157F09EFDC096DE15EBE81A47057A72",
    "platform_serial": "PUB_KEY_ID_0116000000002026",
    "platform_key": PUBLIC_KEY,
    "private_key": PRIVATE_KEY,
    "api_v3_key": "your-api-v3-key-of-32-characters",
    "enabled": "true",
}


FORMS: Mapping[str, Sent] = {
    "/console/campaigns/{id}/chat-list": Sent(_listed, answers=200),
    "/console/campaigns/{id}/chat-list/read": Sent(lambda brand: {"text": "1. Ada, eggs 2"}, answers=200),
    "/console/language": Sent(lambda brand: {"language": "zh"}),
    "/console/sign-in": Sent(lambda brand: {"shop": brand.shop.slug, "email": "owner@people.example"}, answers=200),
    "/console/sign-in/code": Sent(
        lambda brand: {"shop": brand.shop.slug, "email": "owner@people.example", "code": "000000"}, answers=422
    ),
    "/console/sign-in/start": Sent(answers=200),
    "/console/sign-out": Sent(),
    "/console/sign-out-everywhere": Sent(),
    "/s/{slug}/accept": Sent(answers=422),  # the brand has published nothing to accept
    "/s/{slug}/after-sales/{id}/withdraw": Sent(),
    "/s/{slug}/campaigns/{id}/again": Sent(lambda brand: {"order": brand.ids["order"]}),
    "/s/{slug}/campaigns/{id}/basket": Sent(_basket),
    "/s/{slug}/campaigns/{id}/chat": Sent(),
    "/s/{slug}/campaigns/{id}/checkout": Sent(_order),
    "/s/{slug}/gifts/{id}": Sent(lambda brand: {"pickup_point_id": brand.ids["pickup_point"], "points": "5"}),
    "/s/{slug}/points/check-in": Sent(answers=409),
    "/s/{slug}/inbox/read": Sent(),
    "/s/{slug}/inbox/{id}": Sent(),
    "/s/{slug}/inbox/{id}/delete": Sent(),
    "/s/{slug}/counting": Sent(lambda brand: {"answer": "yes"}),
    "/s/{slug}/left": Sent(lambda brand: {"events": "[]"}, answers=204),  # of who has not agreed nothing is taken
    "/s/{slug}/language": Sent(lambda brand: {"language": "zh"}),
    "/s/{slug}/products/{id}/favourite": Sent(lambda brand: {"keep": "true"}),
    "/s/{slug}/products/{id}/reminder": Sent(lambda brand: {"keep": "true"}),
    "/s/{slug}/campaigns/{id}/waiting/{offer_id}": Sent(lambda brand: {"quantity": "1"}, answers=409),  # there is some
    "/s/{slug}/campaigns/{id}/waiting/{offer_id}/stop": Sent(),
    "/s/{slug}/me/coupons": Sent(lambda brand: {"code": "harvest 7"}),
    "/s/{slug}/me/consents": Sent(lambda brand: {"purpose": "marketing", "granted": "true"}),
    "/s/{slug}/me/identities": Sent(lambda brand: {"address": "new@people.example"}, answers=200),
    "/s/{slug}/me/identities/confirm": Sent(lambda brand: {"address": "new@people.example"}, answers=422),
    "/s/{slug}/me/preferences": Sent(lambda brand: {"channels": "email"}),
    "/s/{slug}/me/profile": Sent(lambda brand: {"profile.name": "Ada"}),
    "/s/{slug}/me/question": Sent(lambda brand: {"question": "birthday", "month": "03", "day": "08"}),
    "/s/{slug}/me/leave": Sent(lambda brand: {"reason": "prices"}),
    "/s/{slug}/me/rejoin": Sent(),
    "/s/{slug}/orders/{id}/after-sale": Sent(_return),
    "/s/{slug}/orders/{id}/again": Sent(),
    "/s/{slug}/orders/{id}/cancel": Sent(),
    "/s/{slug}/orders/{id}/change": Sent(_change, answers=200),
    "/s/{slug}/orders/{id}/invoice": Sent(
        lambda brand: {"kind": "person", "title": "Yun Fang", "email": "fang@example.com"}
    ),
    "/s/{slug}/complaints/{id}/verdict": Sent(lambda brand: {"verdict": "accepted"}, answers=409),
    "/s/{slug}/orders/{id}/reviews": Sent(lambda brand: {"sku": brand.ids["sku"], "rating": "5"}),
    "/s/{slug}/reviews/{id}": Sent(lambda brand: {"rating": "5", "text": "Good"}),
    "/s/{slug}/reviews/{id}/delete": Sent(),
    "/s/{slug}/complaints/{id}": Sent(lambda brand: {"text": "The brown ones."}),
    "/s/{slug}/enquiries/new": Sent(lambda brand: {"text": "Is the honey organic?"}),
    "/s/{slug}/enquiries/{id}": Sent(lambda brand: {"text": "The dark one."}),
    "/s/{slug}/enquiries/{id}/close": Sent(),
    "/s/{slug}/enquiries/{id}/helped": Sent(lambda brand: {"helped": "yes"}, answers=409),
    "/s/{slug}/orders/{id}/complaint": Sent(lambda brand: {"about": "quality", "text": "The eggs were broken."}),
    "/s/{slug}/orders/{id}/pay": Sent(lambda brand: {"way": "page"}, answers=409),
    "/s/{slug}/sign-in": Sent(lambda brand: {"address": brand.member.email}, answers=200),
    "/s/{slug}/sign-in/code": Sent(lambda brand: {"address": brand.member.email, "code": "000000"}, answers=422),
    "/s/{slug}/sign-in/apply": Sent(lambda brand: {"address": "new@people.example", "code": "000000"}, answers=422),
    "/s/{slug}/sign-in/start": Sent(answers=200),
    "/s/{slug}/sign-out": Sent(),
    "/s/{slug}/sign-out-everywhere": Sent(),
    "/s/{slug}/surveys/{token}": Sent(lambda brand: {"answers.q-score": "5"}),
    "/s/{slug}/uploads": Sent(lambda brand: {"content_type": "image/jpeg", "size": "1000"}, answers=200),
    "/console/imports": Sent(lambda brand: {"kind": "orders"}),
    "/console/imports/{id}/columns": Sent(lambda brand: {"columns.0": "title", "columns.1": "price", "then": "check"}),
    "/console/imports/{id}/look": Sent(answers=409),  # it is under way already
    "/console/imports/{id}/start": Sent(),
    "/console/imports/{id}/undo": Sent(answers=409),  # it is of orders
    "/console/products": Sent(_product),
    "/console/products/uploads": Sent(lambda brand: {"content_type": "image/jpeg", "size": "1000"}, answers=200),
    "/console/products/{id}/change": Sent(lambda brand: {"title": "Pears"}),
    "/console/products/{id}/status": Sent(lambda brand: {"status": "archived"}),
    "/console/skus/{id}/adjustments": Sent(lambda brand: {"how": "in", "units": "3", "reason": "Delivery"}),
    "/console/skus/{id}/wastage": Sent(
        lambda brand: {"quantity": "1", "loss": "lost", "why": "Gone"},
        answers=409,  # there is none on the shelf
    ),
    "/console/stock/count": Sent(lambda brand: {f"counts.{brand.ids['sku']}.units": "3", "reason": "Stock-taking"}),
    "/console/suppliers": Sent(lambda brand: {"name": "Farm"}),
    "/console/suppliers/{id}/change": Sent(lambda brand: {"name": "Farm"}),
    "/console/suppliers/{id}/skus/{sku_id}": Sent(lambda brand: {"cost": "4.00"}),
    "/console/suppliers/{id}/skus/{sku_id}/end": Sent(),
    "/console/suppliers/{id}/status": Sent(lambda brand: {"status": "active"}),
    "/console/announcements/new": Sent(lambda brand: {"texts.en.subject": "Pears", "texts.en.text": "Until Sunday."}),
    "/console/announcements/{id}/cancel": Sent(),
    "/console/announcements/{id}/pause": Sent(),
    "/console/announcements/{id}/resume": Sent(),
    "/console/campaign-series/new": Sent(lambda brand: {**_series(brand), "campaign": brand.ids["campaign"]}),
    "/console/campaign-series/{id}/change": Sent(_series),
    "/console/campaign-series/{id}/end": Sent(),
    "/console/campaign-series/{id}/goods": Sent(lambda brand: {"campaign": brand.ids["campaign"]}),
    "/console/campaign-series/{id}/pause": Sent(),
    "/console/campaign-series/{id}/resume": Sent(),
    "/console/campaigns/new": Sent(lambda brand: {"kind": "ladder", "title": "Pears"}),
    "/console/campaigns/{id}/cancel": Sent(),
    "/console/campaigns/{id}/close": Sent(),
    "/console/campaigns/{id}/copy": Sent(lambda brand: {"title": "Once more"}),
    "/console/campaigns/{id}/goods": Sent(_goods, answers=409),
    "/console/campaigns/{id}/offers/{offer_id}": Sent(lambda brand: {"quantity": "60"}),
    "/console/campaigns/{id}/publish": Sent(answers=409),
    "/console/campaigns/{id}/terms": Sent(lambda brand: {"closes_at": "2030-06-01T20:00"}, answers=422),
    "/console/campaigns/{id}/words": Sent(lambda brand: {"title": "Sweet pears"}),
    "/console/journeys/blank": Sent(lambda brand: {"title": "Birthdays", "trigger": "birthday"}),
    "/console/journeys/new": Sent(lambda brand: {"name": "win_back"}),
    "/console/journeys/{id}/end": Sent(),
    "/console/journeys/{id}/pause": Sent(),
    "/console/journeys/{id}/publish": Sent(),
    "/console/journeys/{id}/resume": Sent(),
    "/console/journeys/{id}/settings": Sent(lambda brand: {"title": "Birthdays", "trigger": "birthday"}),
    "/console/journeys/{id}/steps/new": Sent(lambda brand: {"kind": "wait", "days": "2"}),
    "/console/journeys/{id}/steps/{number}": Sent(lambda brand: {"kind": "wait", "days": "2"}),
    "/console/journeys/{id}/steps/{number}/earlier": Sent(),
    "/console/journeys/{id}/steps/{number}/remove": Sent(),
    "/console/coupons/new": Sent(
        lambda brand: {"kind": "amount", "title": "Welcome", "purpose": "holiday", "value": "5.00", "per_member": "1"}
    ),
    "/console/coupons/new/preview": Sent(
        lambda brand: {"kind": "amount", "title": "Welcome", "purpose": "holiday", "value": "5.00", "per_member": "1"},
        answers=200,
    ),
    "/console/coupons/{id}": Sent(lambda brand: {"title": "Welcome back", "total": "50"}),
    "/console/coupons/{id}/segment-grants": Sent(lambda brand: {"segment_id": brand.ids["segment"]}),
    "/console/members/{id}/tags": Sent(lambda brand: {"add": brand.ids["tag"]}),
    "/console/segments/tags": Sent(lambda brand: {"tag": "spicy"}),
    "/console/segments/tags/delete": Sent(lambda brand: {"tag": brand.ids["tag"]}),
    "/console/segments/new": Sent(lambda brand: {"kind": "list", "title": "Friends"}),
    "/console/segments/new/count": Sent(lambda brand: _RULE, 200),
    "/console/segments/{id}/edit": Sent(lambda brand: {**_RULE, "title": "Testers"}, 409),
    "/console/segments/{id}/edit/count": Sent(lambda brand: _RULE, 200),
    "/console/segments/{id}/name": Sent(lambda brand: {"title": "Another name"}),
    "/console/segments/{id}/members": Sent(lambda brand: {"text": brand.member.email}),
    "/console/segments/{id}/tag": Sent(lambda brand: {"tag": brand.ids["tag"]}),
    "/console/segments/{id}/delete": Sent(),
    "/console/coupons/{id}/grants": Sent(lambda brand: {"members": brand.member.email}),
    "/console/coupons/{id}/status": Sent(lambda brand: {"status": "paused"}),
    "/console/awards/new": Sent(
        lambda brand: {
            "title_en": "Star",
            "by": "spend",
            "every": "month",
            "at_least": "12.50",
            "reward": "points",
            "points": "5",
        }
    ),
    "/console/awards/{id}": Sent(lambda brand: {"title_zh": "达人", "top": "5", "grace_days": "3"}),
    "/console/awards/{id}/end": Sent(),
    "/s/{slug}/leaderboards": Sent(lambda brand: {"shown": "true"}),
    "/console/recruitment": Sent(lambda brand: {"joining": "code", "inviting": "true", "per_month": "5"}),
    "/console/invite-codes/new": Sent(lambda brand: {"code": "ELM-STREET", "max_uses": "20"}),
    "/console/invite-codes/{id}": Sent(lambda brand: {"title": "The garden group", "max_uses": "50"}),
    "/console/invite-codes/{id}/revoke": Sent(),
    "/console/applications/{id}/approve": Sent(),
    "/console/applications/{id}/decline": Sent(lambda brand: {"reason": "Too far away."}),
    "/console/prospects/new": Sent(
        lambda brand: {
            "people": "Ling, ling@home.example",
            "source": "Market",
            "agreed_on": "2026-01-01",
            "join_by": f"{clock.now() + timedelta(days=30):%Y-%m-%d}",
        },
        200,
    ),
    "/console/prospects/{id}/withdraw": Sent(),
    "/s/{slug}/decline/{code}": Sent(),
    "/console/gifts/new": Sent(_gift),
    "/console/gifts/{id}": Sent(lambda brand: {"title": "A bag", "points": "4", "quantity": "60"}),
    "/console/prices/rules": Sent(
        lambda brand: {"floor_percent": "15", "competitor_below": "10", "week_begins": "mon"}
    ),
    "/console/products/{id}/pricing/competitors": Sent(
        lambda brand: {"sku_id": brand.ids["sku"], "competitor": "Fresh Mart", "price": "8.00", "seen_on": "2026-01-05"}
    ),
    "/console/products/{id}/pricing/floor": Sent(lambda brand: {"floor_amount": "1.50"}),
    "/console/products/{id}/pricing/stage": Sent(lambda brand: {"stage": "growth"}),
    "/console/promotions/new": Sent(_promotion),
    "/console/promotions/{id}/change": Sent(_promotion),
    "/console/promotions/{id}/end": Sent(answers=409),
    "/console/promotions/{id}/pause": Sent(answers=409),
    "/console/promotions/{id}/publish": Sent(),
    "/console/channels/new": Sent(lambda brand: {"kind": "shop", "title": "The counter", "cost": "12.50"}),
    "/console/channels/{id}": Sent(lambda brand: {"kind": "shop", "title": "The counter"}),
    "/console/channels/{id}/archive": Sent(lambda brand: {"archived": "true"}),
    "/console/cash": Sent(_cash),
    "/console/orders/new": Sent(_for_caller, answers=200),
    "/console/orders/{id}/adjust": Sent(_lowered, answers=200),
    "/console/orders/{id}/cancel": Sent(),
    "/console/orders/{id}/change": Sent(_at_console, answers=200),
    "/console/orders/{id}/goodwill": Sent(lambda brand: {"amount": "1.00", "reason": "A long wait"}, answers=200),
    "/console/orders/{id}/move": Sent(_moved, answers=422),
    "/console/orders/{id}/pickup": Sent(
        lambda brand: {"code": "AAAAAAAAAA", "pickup_point_id": brand.ids["pickup_point"]}, answers=409
    ),
    "/console/orders/{id}/refunds/{refund_id}/confirm": Sent(),
    "/console/payments/{id}/accept": Sent(lambda brand: {"accept_reason": "Rounded"}, answers=409),
    "/console/payments/{id}/dismiss": Sent(lambda brand: {"reason": "differs", "note": "Seen"}, answers=409),
    "/console/payments/{id}/retry": Sent(answers=409),
    "/console/books/campaigns/{id}/settle": Sent(answers=409),
    "/console/invoices/{id}/issue": Sent(lambda brand: {"number": "24952000000123456789", "issued_on": "2025-11-30"}),
    "/console/invoices/{id}/void": Sent(lambda brand: {"reason": "Refunded"}, answers=409),
    "/console/statements": Sent(_period),
    "/console/statements/{id}/pay": Sent(lambda brand: {"amount": "1.00"}, answers=409),
    "/console/supply/{id}/advance": Sent(lambda brand: {"to": "purchasing"}, answers=409),
    "/console/supply/{id}/purchase-list": Sent(answers=409),
    "/console/supply/{id}/receipts": Sent(_receipt, answers=409),
    "/console/supply/{id}/receive": Sent(_receipt, answers=409),
    "/console/supply/{id}/top-up": Sent(_top_up, answers=409),
    "/console/after-sales/{id}": Sent(lambda brand: {"owner": brand.ids["owner"]}),
    "/console/after-sales/{id}/complete": Sent(answers=409),
    "/console/after-sales/{id}/decision": Sent(lambda brand: {"step": "do", "outcome": "approve"}),
    "/console/after-sales/{id}/receive": Sent(_came_back, answers=409),
    "/console/after-sales/{id}/refund-instead": Sent(lambda brand: {"why": "Sold out"}, answers=409),
    "/console/complaints/{id}": Sent(lambda brand: {"owner": brand.ids["owner"], "note": "Called them"}),
    "/console/business-calendar": Sent(lambda brand: {"hours.mon": "09:00-18:00"}),
    "/console/case-rules": Sent(lambda brand: {"warn_percent": "80"}),
    "/s/{slug}/suggestions": Sent(lambda brand: {"text": "Use paper bags"}),
    "/console/suggestions": Sent(
        lambda brand: {"member_id": brand.ids["member"], "text": "Open until eight", "source": "on the phone"}
    ),
    "/console/suggestions/{id}": Sent(lambda brand: {"value": "high", "note": "Cheap"}),
    "/console/suggestions/{id}/group": Sent(lambda brand: {"same_as": ""}),
    "/console/suggestions/{id}/adopt": Sent(lambda brand: {"plan": "Paper", "done_by": "2030-06-30"}),
    "/console/suggestions/{id}/decline": Sent(lambda brand: {"reason": "It tears"}),
    "/console/suggestions/{id}/done": Sent(answers=409),
    "/console/desk/suggestions/{id}": Sent(lambda brand: {"owner": brand.ids["owner"]}),
    "/console/reviews/asking": Sent(lambda brand: {"asks_after_pickup": "true"}),
    "/console/reviews/{id}/reply": Sent(lambda brand: {"text": "Thank you"}),
    "/console/reviews/{id}/hide": Sent(lambda brand: {"reason": "Rude"}),
    "/console/reviews/{id}/show": Sent(),
    "/console/desk/complaints/{id}": Sent(lambda brand: {"owner": brand.ids["owner"]}),
    "/console/desk/after-sales/{id}": Sent(lambda brand: {"owner": brand.ids["owner"]}),
    "/console/desk/enquiries/{id}": Sent(lambda brand: {"owner": brand.ids["owner"]}),
    "/console/enquiries/{id}": Sent(lambda brand: {"owner": brand.ids["owner"], "note": "Asked the farm"}),
    "/console/enquiries/{id}/close": Sent(),
    "/console/enquiries/{id}/messages": Sent(lambda brand: {"text": "Yes, it is.", "means": "waits"}),
    "/console/canned-replies": Sent(lambda brand: {"replies.0.title": "Thanks", "replies.0.en": "Thank you."}),
    "/console/enquiry-rules": Sent(lambda brand: {"threshold": "70", "close_after_days": "5"}),
    "/console/costs/new": Sent(lambda brand: _COST),
    "/console/costs/{id}": Sent(lambda brand: _COST),
    "/console/costs/{id}/remove": Sent(),
    "/console/experiments/new": Sent(lambda brand: _EXPERIMENT | {"key": "another"}),
    "/console/experiments/{id}": Sent(lambda brand: {**_EXPERIMENT, "title": "Another name"}),
    "/console/experiments/{id}/start": Sent(),
    "/console/experiments/{id}/stop": Sent(lambda brand: {"keep": "blue"}),
    "/console/faq/new": Sent(lambda brand: _FAQ),
    "/console/faq/{id}": Sent(lambda brand: _FAQ),
    "/console/faq/{id}/delete": Sent(),
    "/console/complaints/new": Sent(
        lambda brand: {"member_id": brand.member.id, "text": "Eggs broke", "source": "phone"}
    ),
    "/console/complaints/{id}/uploads": Sent(lambda brand: {"content_type": "image/jpeg", "size": "1000"}, answers=200),
    "/console/complaints/{id}/messages": Sent(lambda brand: {"text": "Which eggs?", "means": "asks"}),
    "/console/complaints/{id}/reopen": Sent(lambda brand: {"reason": "They wrote again"}, answers=409),
    "/console/complaints/{id}/resolve": Sent(lambda brand: {"outcome": "New eggs were brought."}),
    "/console/inbox/preferences": Sent(lambda brand: {"locale": "en"}),
    "/console/inbox/read": Sent(),
    "/console/inbox/{id}": Sent(),
    "/console/inbox/{id}/delete": Sent(),
    "/console/members/{id}": Sent(lambda brand: {"status": "blocked", "reason": "Never collects"}),
    "/console/members/{id}/identity": Sent(lambda brand: {"address": "new@people.example"}, answers=200),
    "/console/members/{id}/identity/confirm": Sent(
        lambda brand: {"address": "new@people.example", "new_code": "000000", "reason": "Lost"}, answers=422
    ),
    "/console/members/{id}/sign-out": Sent(),
    "/console/members/{id}/profile": Sent(lambda brand: {"profile.name": "Ada", "profile.birthday": "03-08"}),
    "/console/members/{id}/withdraw": Sent(
        lambda brand: {"withdrawal.purpose": "marketing", "withdrawal.reason": "Called"}
    ),
    "/console/members/{id}/leave": Sent(lambda brand: {"leaving.reason": "moved_away"}),
    "/console/members/{id}/rejoin": Sent(),
    "/s/{slug}/ask/{token}": Sent(lambda brand: {"answers.q-score": "5"}),
    "/console/improvements": Sent(_improvement),
    "/console/improvements/{id}": Sent(lambda brand: {"plan": "Two helpers at noon"}),
    "/console/improvements/{id}/measure": Sent(answers=409),
    "/console/survey-reports": Sent(_report),
    "/console/survey-reports/{id}": Sent(lambda brand: _REPORT_WORDS),
    "/console/survey-reports/{id}/publish": Sent(),
    "/console/survey-reports/{id}/withdraw": Sent(),
    "/console/surveys": Sent(_survey),
    "/console/surveys/{id}/links": Sent(lambda brand: {"label": "At the gate"}),
    "/console/surveys/{id}/links/{link_id}": Sent(lambda brand: {"status": "closed"}),
    "/console/surveys/{id}/waves": Sent(lambda brand: {"name": "Before", "sample": "20"}),
    "/console/surveys/{id}/paper": Sent(lambda brand: {"answers.q-score": "5"}),
    "/console/surveys/rules": Sent(lambda brand: {"quiet_days": "14"}),
    "/console/surveys/{id}": Sent(lambda brand: {"status": "archived"}),
    "/console/surveys/{id}/edit": Sent(_survey),
    "/s/{slug}/leader/campaigns/{id}/chat-list": Sent(_listed_with_phone, answers=200),
    "/s/{slug}/leader/campaigns/{id}/chat-list/read": Sent(
        lambda brand: {**_led(brand), "text": "1. Ada, eggs 2"}, answers=200
    ),
    "/s/{slug}/leader/handover": Sent(_at_the_counter, answers=409),
    "/s/{slug}/leader/handover/look-up": Sent(_at_the_counter, answers=409),
    "/s/{slug}/leader/orders/{id}/delivered": Sent(_delivered, answers=422),
    "/s/{slug}/leader/orders/{id}/refunds/{refund_id}/paid-out": Sent(_led),
    "/s/{slug}/leader/sharing": Sent(_led),
    "/console/jobs/{id}/cancel": Sent(answers=404),
    "/console/reports/{name}/file": Sent(lambda brand: {"parameters": "", "format": "csv"}),
    "/console/report-schedules": Sent(lambda brand: {**_WEEKLY, "recipients": f"owner@{brand.shop.slug}.example"}),
    "/console/report-schedules/standard": Sent(lambda brand: {"reviewers": f"owner@{brand.shop.slug}.example"}),
    "/console/report-schedules/{id}/pause": Sent(),
    "/console/report-schedules/{id}/resume": Sent(),
    "/console/report-schedules/{id}/delete": Sent(),
    "/console/exports": Sent(lambda brand: {"campaign_id": brand.ids["campaign"], "format": "csv"}),
    "/console/message-settings": Sent(_message_settings),
    "/console/message-templates/ours": Sent(_words),
    "/console/message-templates/preview": Sent(_words, answers=200),
    "/console/message-templates/words": Sent(_words),
    "/console/suppressed-addresses/{id}/release": Sent(),
    "/console/webhook-endpoints": Sent(_endpoint, answers=200),
    "/console/webhook-endpoints/{id}": Sent(_endpoint),
    "/console/webhook-endpoints/{id}/delete": Sent(),
    "/console/webhook-endpoints/{id}/deliveries/{delivery_id}/retry": Sent(),
    "/console/webhook-endpoints/{id}/rotate-secret": Sent(answers=200),
    "/console/webhook-endpoints/{id}/status": Sent(lambda brand: {"status": "active"}),
    "/console/webhook-endpoints/{id}/test": Sent(answers=200),
    "/console/api-keys": Sent(lambda brand: {"name": "Books", "scopes.analyst": "true"}, answers=200),
    "/console/api-keys/{id}/revoke": Sent(),
    "/console/api-keys/{id}/rotate": Sent(lambda brand: {"overlap_hours": "24"}, answers=200),
    "/console/api-keys/{id}/take-over": Sent(),
    "/console/brand": Sent(lambda brand: {"name": "Red Barn", "brand.slogan": "Fresh on Fridays"}),
    "/console/brand/uploads": Sent(lambda brand: {"content_type": "image/png", "size": "1000"}, answers=200),
    "/console/complaint-causes": Sent(lambda brand: {"cause": "late", "paused": "true"}),
    "/console/complaint-rules": Sent(lambda brand: {"usual": "true", "categories.quality": "critical"}),
    "/console/domain": Sent(lambda brand: {"host": "shop.red-barn.com"}),
    "/console/domain/remove": Sent(),
    "/console/domain/verify": Sent(),
    "/console/legal-texts": Sent(lambda brand: {"name": "imprint", "texts.en": "Red Barn, 1 Hill Road"}),
    "/console/payment-accounts/stripe": Sent(lambda brand: _STRIPE),
    "/console/payment-accounts/stripe/remove": Sent(),
    "/console/payment-accounts/test": Sent(lambda brand: {"enabled": "true", "fee_bps": "2.9"}),
    "/console/payment-accounts/wechat": Sent(lambda brand: _WECHAT),
    "/console/payment-accounts/wechat/remove": Sent(),
    "/console/pickup-points": Sent(lambda brand: {"name": "West gate", "address": "2 Garden Road"}),
    "/console/pickup-points/{id}": Sent(lambda brand: {"name": "West gate", "address": "2 Garden Road"}),
    "/console/pickup-points/{id}/leader": Sent(lambda brand: {"leader_id": brand.ids["leader"]}),
    "/console/points-rules": Sent(lambda brand: {"order.points": "1", "order.amount": "1.00"}),
    "/console/tiers": Sent(lambda brand: _TIERS),
    "/console/member-classes": Sent(lambda brand: {"new_days": "14", "dormant_days": "21", "churned_days": "60"}),
    "/console/members/{id}/points": Sent(lambda brand: {"points": "5", "reason": "Thanks"}),
    "/console/members/{id}/tier": Sent(
        lambda brand: {"tier": "unknown", "until_on": "2030-01-01", "reason": "Thanks"}, answers=422
    ),
    "/console/members/{id}/tier/end": Sent(lambda brand: {"reason": "By mistake"}),
    "/console/refund-rules": Sent(lambda brand: {"returns.refund": "on_approval", "goodwill_caps.service": "20"}),
    "/console/sign-up": Sent(lambda brand: _SIGNED_UP, answers=200),
    "/console/sign-up/look": Sent(lambda brand: {"name": "Red Barn", "owner_email": "a@people.example"}, answers=200),
    "/console/staff": Sent(lambda brand: {"email": "new@people.example", "role": "editor"}),
    "/console/staff/{id}": Sent(lambda brand: {"name": "Kim", "roles.owner": "true"}),
    "/console/staff/{id}/remove": Sent(),
    "/console/staff/{id}/sign-out": Sent(),
    "/console/staff/{id}/work": Sent(lambda brand: {"on": "true", "skills": "quality"}),
    "/console/staff/new": Sent(lambda brand: {"email": "newer@people.example", "roles.editor": "true"}),
}

QUERIES: Mapping[str, Callable[[Brand], str]] = {
    "/s/{slug}/campaigns/{id}/again": lambda brand: f"order={brand.ids['order']}",
    "/console/coupons/new": lambda brand: "kind=percent",
    "/console/awards/{id}/winners": lambda brand: f"to_on={brand.decided_for}",
    "/console/promotions/new": lambda brand: "kind=full_reduction",
    "/console/message-templates/words": lambda brand: "name=order_ready",
    "/console/reports/retention/members": lambda brand: "members=2026-01%3A0",
    "/console/reports/classes/members": lambda brand: "members=new",
    "/console/reports/rfm/members": lambda brand: "members=5%3A5%3A5",
    "/console/reports/classes/members/file": lambda brand: "members=new&format=csv",
    "/console/reports/rfm/members/file": lambda brand: "members=5%3A5%3A5&format=csv",
    "/console/reports/{name}/members": lambda brand: "members=1",
    "/console/reports/leaving/members": lambda brand: "members=2026-01%3Aprices",
}
"""Of pages that show nothing without one, such as `a=1&b=2`."""

NAMED: Mapping[str, str] = {
    "coupons": "coupon_batch", "decline": "prospect", "go": "channel", "supply": "campaign", "waiting": "offer",
}  # fmt: skip
"""What a page's path calls otherwise than the API's: the word before an id, to the name of the id in the world."""

TOKENS: Mapping[str, str] = {"/s/{slug}/surveys/{token}": "invitation", "/s/{slug}/ask/{token}": "survey_link"}
"""Pages whose word before an id means something else than at the console, to the name of the id in the world."""

LEADS_ON = {"/s/{slug}/go/{code}", "/s/{slug}/decline/{code}"}
"""Links that are printed: one that is nobody's leads to the shop as well."""

PLACES = {"reports", "steps"}
"""Words before what is no id but a place in what the path names before: the same at every shop."""

OF_AN_OPEN_ORDER = {
    "/s/{slug}/orders/{id}/cancel",
    "/s/{slug}/orders/{id}/change",
    "/console/orders/{id}/cancel",
    "/console/orders/{id}/change",
}
"""Forms of orders that can be changed yet; the world's others are behind that."""

OF_ONE_MEMBER = {
    "orders", "reviews", "suggestions", "after-sales", "complaints", "enquiries", "statements",
}  # fmt: skip
"""What a path names that is a single member's: whoever else asks for it finds nothing."""


def pages() -> list[PageRoute]:
    """Every page and form of the shops and the console, as `app.py` names their screens."""
    import app

    declared = [route for screen in app.PAGES.values() if isinstance(screen, Pages) for route in screen.declared]
    return sorted((each for each in declared if each.place != "static"), key=named)


def named(route: PageRoute) -> str:
    """A route as tests call it."""
    return f"{route.method} {route.path}"


def words(route: PageRoute) -> dict[str, str]:
    """The ids in a path by the word before each: ``{"id": "orders"}``."""
    found = re.findall(r"([\w-]+)/{(\w+)}", route.path)
    return {name: before for before, name in found if name != "slug"}


def id_of(brand: Brand, word: str, path: str) -> str:
    """The id of one of the brand's, in a path. Raises KeyError where the world has none."""
    if path in OF_AN_OPEN_ORDER and "open_order" in brand.ids:
        return brand.ids["open_order"]
    if word == "reports":
        return "funnel" if path.endswith("/members") else "growth"
    if path in TOKENS:
        return brand.ids[TOKENS[path]]
    return brand.ids[NAMED[word]] if word in NAMED else brand.id_of(word)


def path(route: PageRoute, brand: Brand, **given: str) -> str:
    """The page's path at the brand's shop, with the brand's own ids but for those given."""
    ids = {name: given.get(name) or id_of(brand, word, route.path) for name, word in words(route).items()}
    query = QUERIES[route.path](brand) if route.path in QUERIES and route.method == "GET" else ""
    return route.path.format(slug=brand.shop.slug, **ids) + (f"?{query}" if query else "")
