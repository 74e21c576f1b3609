"""Where a member finds what a notice is about. Pure."""

from collections.abc import Mapping

_PAGES: Mapping[str, str] = {
    "order": "/orders/{}",
    "aftersale": "/after-sales/{}",
    "complaint": "/complaints/{}",
    "campaign": "/campaigns/{}",
}


def page_of(about: str, subject_id: str) -> str:
    """The path of its page within the shop; empty for what has none, and is told in the notice."""
<<<<<<< HEAD
    return _PAGES[about].format(subject_id) if about and subject_id and about in _PAGES else ""
||||||| parent of e44d7b4 (What a notice is about and its id are texts, never None)
    return _PAGES[about].format(subject_id) if about in _PAGES and subject_id else ""
=======
    return _PAGES[about].format(subject_id) if subject_id and about in _PAGES else ""
>>>>>>> e44d7b4 (What a notice is about and its id are texts, never None)
