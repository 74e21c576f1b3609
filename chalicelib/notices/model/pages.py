"""Where a member finds what a notice is about. Pure."""

from collections.abc import Mapping

_PAGES: Mapping[str, str] = {
    "order": "/orders/{}",
    "aftersale": "/after-sales/{}",
    "complaint": "/complaints/{}",
    "campaign": "/campaigns/{}",
    "coupon": "/me/coupons",
}


def page_of(about: str, subject_id: str) -> str:
    """The path of its page within the shop; empty for what has none, and is told in the notice."""
    return _PAGES[about].format(subject_id) if subject_id and about in _PAGES else ""
