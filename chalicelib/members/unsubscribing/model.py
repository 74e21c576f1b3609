"""What a link in a message ends, and for how long that can be taken back by the same link. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Wishes

UNDONE_WITHIN = timedelta(days=1)
"""Whoever pressed the button by mistake is there still. Later on, a link from a forwarded message is no way to consent
to anything in somebody's name: then they sign in."""


class LinkUnknown(NotFound):
    """A link that was not made here, was changed, or is older than the keys that count."""

    code, title, title_zh = "link_unknown", "This link does not work", "链接无效"


class UndoOver(Conflict):
    """The link ended nothing, or not lately: only who signs in may ask for these messages again."""

    code, title, title_zh = "undo_over", "This can no longer be undone here", "已无法在此撤销"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with one kind of a member's messages; ``brand`` is whose, and ``colour`` the brand's, such as
    ``#1f6feb``, or empty. ``undo``: the link that ended them may bring them back.
    """

    brand: str
    colour: str
    locale: str
    category: Category
    on: bool
    undo: bool = False


def left(wishes: Wishes, category: Category, now: datetime) -> Wishes:
    """Wishes once a link has ended a kind; news are ended by the consent, which is kept apart."""
    declined = wishes.declined | {category} if category is not Category.NEWS else wishes.declined
    return replace(wishes, declined=declined, left={**wishes.left, category: now})


def back(wishes: Wishes, category: Category) -> Wishes:
    """Wishes once that was undone."""
    others = {each: at for each, at in wishes.left.items() if each is not category}
    return replace(wishes, declined=wishes.declined - {category}, left=others)


def may_undo(wishes: Wishes, category: Category, ended_at: datetime | None, now: datetime) -> bool:
    """Whether what is off was ended by a link a moment ago, and nothing was said since. ``ended_at`` is when the answer
    that counts was given, where that is known.
    """
    left_at = wishes.left.get(category)
    return left_at is not None and ended_at in (None, left_at) and now - left_at <= UNDONE_WITHIN
