"""One example of every page and form: what the tests of all of them open and send. What has none fails a test."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.pages.shell.declared import PageRoute
from chalicelib.pages.shell.registrar import Pages
from tests.isolation.world import Brand

Fields = Mapping[str, str]


@dataclass(frozen=True)
class Sent:
    """What a form sends, and what it answers when all is as it should be."""

    fields: Callable[[Brand], Fields] = lambda brand: {}
    answers: int = 303


def _basket(brand: Brand) -> Fields:
    return {f"units.{brand.ids['offer']}": "1", "then": "checkout"}


def _order(brand: Brand) -> Fields:
    names = {"campaign_id": "campaign", "pickup_point_id": "pickup_point", "lines.0.offer_id": "offer"}
    return {name: brand.ids[what] for name, what in names.items()} | {"lines.0.quantity": "1"}


def _return(brand: Brand) -> Fields:
    return {"kind": "return", f"units.{brand.ids['bought_offer']}": "1", "reason": "Broken"}


def _change(brand: Brand) -> Fields:
    return {"step": "look", f"units.{brand.ids['offer']}": "2", "place": brand.ids["pickup_point"]}


def _words(brand: Brand) -> Fields:
    return {"name": "order_ready", "locale": "en", "subject": "Your {title}", "text": "Come for {title}: {code}"}


def _message_settings(brand: Brand) -> Fields:
    caps = {"caps.news.most": "2", "caps.news.days": "7", "caps.service.most": "6", "caps.service.days": "1"}
    return {"channels.0": "email", "quiet": "false", **caps}


def _endpoint(brand: Brand) -> Fields:
    return {"url": "https://erp.example.com/lintuan", "which": "all"}


FORMS: Mapping[str, Sent] = {
    "/console/exports": Sent(lambda brand: {"campaign_id": brand.ids["campaign"], "format": "csv"}),
    "/console/language": Sent(lambda brand: {"language": "zh"}),
    "/console/message-settings": Sent(_message_settings),
    "/console/message-templates/ours": Sent(_words),
    "/console/message-templates/preview": Sent(_words, answers=200),
    "/console/message-templates/words": Sent(_words),
    "/console/sign-in": Sent(lambda brand: {"shop": brand.shop.slug, "email": "owner@people.example"}, answers=200),
    "/console/sign-in/code": Sent(
        lambda brand: {"shop": brand.shop.slug, "email": "owner@people.example", "code": "000000"}, answers=422
    ),
    "/console/sign-in/start": Sent(answers=200),
    "/console/sign-out": Sent(),
    "/console/sign-out-everywhere": Sent(),
    "/console/suppressed-addresses/{id}/release": Sent(),
    "/console/webhook-endpoints": Sent(_endpoint, answers=200),
    "/console/webhook-endpoints/{id}": Sent(_endpoint),
    "/console/webhook-endpoints/{id}/delete": Sent(),
    "/console/webhook-endpoints/{id}/deliveries/{delivery_id}/retry": Sent(),
    "/console/webhook-endpoints/{id}/rotate-secret": Sent(answers=200),
    "/console/webhook-endpoints/{id}/status": Sent(lambda brand: {"status": "active"}),
    "/console/webhook-endpoints/{id}/test": Sent(answers=200),
    "/s/{slug}/accept": Sent(answers=422),  # the brand has published nothing to accept
    "/s/{slug}/after-sales/{id}/withdraw": Sent(),
    "/s/{slug}/campaigns/{id}/basket": Sent(_basket),
    "/s/{slug}/campaigns/{id}/chat": Sent(),
    "/s/{slug}/campaigns/{id}/checkout": Sent(_order),
    "/s/{slug}/inbox/read": Sent(),
    "/s/{slug}/inbox/{id}": Sent(),
    "/s/{slug}/inbox/{id}/delete": Sent(),
    "/s/{slug}/language": Sent(lambda brand: {"language": "zh"}),
    "/s/{slug}/me/consents": Sent(lambda brand: {"purpose": "marketing", "granted": "true"}),
    "/s/{slug}/me/identities": Sent(lambda brand: {"address": "new@people.example"}, answers=200),
    "/s/{slug}/me/identities/confirm": Sent(lambda brand: {"address": "new@people.example"}, answers=422),
    "/s/{slug}/me/preferences": Sent(lambda brand: {"channels": "email"}),
    "/s/{slug}/me/profile": Sent(lambda brand: {"profile.name": "Ada"}),
    "/s/{slug}/orders/{id}/after-sale": Sent(_return),
    "/s/{slug}/orders/{id}/again": Sent(),
    "/s/{slug}/orders/{id}/cancel": Sent(),
    "/s/{slug}/orders/{id}/change": Sent(_change, answers=200),
    "/s/{slug}/orders/{id}/complaint": Sent(lambda brand: {"about": "quality", "text": "The eggs were broken."}),
    "/s/{slug}/orders/{id}/pay": Sent(lambda brand: {"way": "page"}, answers=409),
    "/s/{slug}/sign-in": Sent(lambda brand: {"address": brand.member.email}, answers=200),
    "/s/{slug}/sign-in/code": Sent(lambda brand: {"address": brand.member.email, "code": "000000"}, answers=422),
    "/s/{slug}/sign-in/start": Sent(answers=200),
    "/s/{slug}/sign-out": Sent(),
    "/s/{slug}/sign-out-everywhere": Sent(),
    "/s/{slug}/surveys/{token}": Sent(lambda brand: {"answers.q-score": "5"}),
    "/s/{slug}/uploads": Sent(lambda brand: {"content_type": "image/jpeg", "size": "1000"}, answers=200),
}

QUERIES: Mapping[str, Callable[[Brand], str]] = {
    "/console/message-templates/words": lambda brand: "name=order_ready",
    "/console/reports/retention/members": lambda brand: "members=2026-01%3A0",
}
"""Of pages that show nothing without one, such as `a=1&b=2`."""

NAMED: Mapping[str, str] = {"go": "channel", "surveys": "invitation"}
"""What a page's path calls otherwise than the API's: the word before an id, to the name of the id in the world."""

LEADS_ON = {"/s/{slug}/go/{code}"}
"""Links that are printed: one that is nobody's leads to the shop as well."""

OF_AN_OPEN_ORDER = {"/s/{slug}/orders/{id}/cancel", "/s/{slug}/orders/{id}/change"}
"""Forms of orders that can be changed yet; the world's others are behind that."""

OF_ONE_MEMBER = {"orders", "after-sales", "complaints"}
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
    return brand.ids[NAMED[word]] if word in NAMED else brand.id_of(word)


def path(route: PageRoute, brand: Brand, **given: str) -> str:
    """The page's path at the brand's shop, with the brand's own ids but for those given."""
    ids = {name: given.get(name) or id_of(brand, word, route.path) for name, word in words(route).items()}
    query = QUERIES[route.path](brand) if route.path in QUERIES and route.method == "GET" else ""
    return route.path.format(slug=brand.shop.slug, **ids) + (f"?{query}" if query else "")
