"""Where a reader finds what a notice is about, and acts on it. Pure."""

from collections.abc import Mapping

from chalicelib.notices.model.notices import Audience, Telling

_PLACES: Mapping[Audience, Mapping[str, str]] = {
    "member": {
        "order": "/orders/{}",
        "aftersale": "/after-sales/{}",
        "complaint": "/complaints/{}",
        "enquiry": "/enquiries/{}",
        "review": "/reviews/{}",
        "suggestion": "/suggestions/{}",
        "campaign": "/campaigns/{}",
        "loyalty": "/points",
        "coupon": "/me/coupons",
        "membership": "/me/leave",
    },
    "leader": {"campaign": "/leader", "statement": "/leader/statements/{}"},
    "team": {
        "order": "/orders/{}",
        "aftersale": "/after-sales/{}",
        "complaint": "/complaints/{}",
        "improvement": "/improvements/{}",
        "report file": "/jobs/{}",
        "enquiry": "/enquiries/{}",
        "suggestion": "/suggestions/{}",
        "campaign": "/campaigns/{}",
        "series": "/campaign-series/{}",
        "payment": "/payments/{}",
        "pricing": "/products/{}/pricing",
        "statement": "/statements/{}",
        "webhook endpoint": "/webhook-endpoints/{}",
        "staff": "/staff",
        "brand": "/",
        "own domain": "/domain",
        "member": "/members/{}",
        "application": "/applications/{}",
    },
}
"""By whom it is told to and what it is about: in the shop, for the team at the console."""

_ACTED_ON: Mapping[str, str] = {
    "leader_sheet_ready": "/leader/sheet?campaign_id={}",
    "stock_short": "/supply/{}",
    "keys_of_leaver": "/api-keys",
    "keys_of_lessened": "/api-keys",
    "staff_added": "/",
    "review_wanted": "/orders/{}/reviews",
}
"""Of notices that are acted on elsewhere than at the page of what they are about."""


def page_of(template: str, telling: Telling, subject_id: str) -> str:
    """The path of its page, within the shop or, for the team, within the console; empty for what has none, and is told
    in the notice.
    """
    path = _ACTED_ON.get(template) or _PLACES[telling.audience].get(telling.about, "")
    return path.format(subject_id) if subject_id else ""


def address_of(template: str, telling: Telling, subject_id: str, base: str, shop: str) -> str:
    """The same as a whole address: in the shop at ``shop``, at the console below ``base``; empty without one."""
    path = page_of(template, telling, subject_id)
    if not (path and base and shop):
        return ""
    place = f"{base}/console" if telling.audience == "team" else shop
    return f"{place}{path.removesuffix('/')}"
