"""Products and group buys to choose from in a form: the newest or those that are looked for, and what is chosen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.campaigns.assortment.routes import list_products
from chalicelib.campaigns.routes import list_campaigns, read_campaign
from chalicelib.catalog.service.listing import get_cards
from chalicelib.catalog.views.lists import CardView
from chalicelib.coupons.routes import read_batch
from chalicelib.kernel.errors import DomainError, NotFound
from chalicelib.kernel.folding import fold
from chalicelib.loyalty.tiers.routes import read_tiers
from chalicelib.pages.shell import Visit, ask, may
from chalicelib.segments.model.membership import MOST_SEGMENTS
from chalicelib.segments.routes import list_segments

CHOICES = 50
"""Of each kind in a form, besides what is chosen already."""

_LOOKED_THROUGH, _AT_ONCE = 500, 100
"""Campaigns whose titles are looked through, the newest of all; and of one reading."""

PRODUCTS, CAMPAIGNS = "find_products", "find_campaigns"
"""Fields with the words that are looked for."""


class LookedUp(DomainError):
    """Nothing is wrong: something was looked for, and the form is shown again with it, as it was filled in."""

    status, code, title, title_zh = 200, "looked_up", "Found", "查找结果"


def look_up_if(step: str) -> None:
    """Raises LookedUp where a form was sent to look for something."""
    if step == "find":
        raise LookedUp("Here is what was found.", detail_zh="查找结果如下。")


def coupon_named(visit: Visit[Any], batch_id: str | None) -> str:
    """A batch of coupons as forms name it, by its title and what one gives; nothing where there is none to be read."""
    if batch_id is None or not may(visit, read_batch):
        return ""
    try:
        batch = ask(visit, read_batch, path={"id": batch_id})
    except NotFound:
        return ""
    return f"{batch.title} · {batch.worth}"


def coupons_named(visit: Visit[Any], batch_ids: Iterable[str | None]) -> dict[str, str]:
    """Batches of coupons by their ids, as :func:`coupon_named` has each."""
    return {each: coupon_named(visit, each) for each in dict.fromkeys(batch_ids) if each is not None}


def ticked(fields: Mapping[str, str], name: str) -> list[str]:
    """Ids that are ticked in what a form sent."""
    start = f"{name}."
    return [key.removeprefix(start) for key, value in fields.items() if key.startswith(start) and value == "true"]


def products(visit: Visit[Any], chosen: Iterable[str] = ()) -> Sequence[CardView]:
    """The newest products or those that the form looks for, before them the chosen ones."""
    words = visit.fields.get(PRODUCTS, "").strip()[:100]
    found = ask(visit, list_products, query={"q": words} if words else {}, limit=CHOICES).items
    known = {each.id for each in found}
    others = get_cards(visit.tenant_id, [each for each in chosen if each and each not in known])
    return [*(CardView.of(each) for each in others.values()), *found]


def campaigns(visit: Visit[Any], chosen: Iterable[str] = ()) -> dict[str, str]:
    """Titles by id, of the newest group buys or those that the form looks for, before them the chosen ones."""
    words = fold(visit.fields.get(CAMPAIGNS, ""))
    found = {each.id: each.title for each in _campaigns(visit, words)}
    return {**dict(_titles(visit, [each for each in chosen if each and each not in found])), **found}


def tier_titles(visit: Visit[Any]) -> dict[str, str]:
    """What the brand's tiers are called, by code; none for who may not read them."""
    return {each.code: each.title for each in ask(visit, read_tiers).tiers} if may(visit, read_tiers) else {}


def segments(visit: Visit[Any]) -> list[tuple[str, str]]:
    """The brand's segments, newest first: their ids and titles with how many are in them."""
    found = ask(visit, list_segments, limit=MOST_SEGMENTS).items
    return [(each.id, f"{each.title} ({each.count})") for each in found]


def segment_titles(visit: Visit[Any]) -> dict[str, str]:
    """The titles of the brand's segments, by id."""
    return {each.id: str(each.title) for each in ask(visit, list_segments, limit=MOST_SEGMENTS).items}


def _campaigns(visit: Visit[Any], words: str) -> Sequence[Any]:
    if not words:
        return list(ask(visit, list_campaigns, limit=CHOICES).items)
    found: list[Any] = []
    cursor = None
    for _ in range(_LOOKED_THROUGH // _AT_ONCE):
        page = ask(visit, list_campaigns, limit=_AT_ONCE, cursor=cursor)
        found += [each for each in page.items if words in fold(each.title)]
        cursor = page.last_key
        if cursor is None or len(found) >= CHOICES:
            break
    return found[:CHOICES]


def _titles(visit: Visit[Any], ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    for each in ids:
        try:
            yield each, ask(visit, read_campaign, path={"id": each}).title
        except NotFound:
            continue
