"""Use cases of the links that end messages of a kind: looking at one changes nothing, pressing its button does."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.db import Transaction, change, tenant_scope
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.errors import NotFound
from chalicelib.members.consents import service as consents
from chalicelib.members.model.profiles import consent_after
from chalicelib.members.records import PROFILE_CHANGED, MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.members.unsubscribing.model import LinkUnknown, Standing, UndoOver, back, left, may_undo
from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.unsubscribing import Unsubscribing, read
from chalicelib.notices.recipients.model import Wishes
from chalicelib.settings import secret
from chalicelib.tenants.records import Tenant
from chalicelib.tenants.service.brand import get_tenant


def look(slug: str, token: str, now: datetime) -> Standing:
    """What the link is about and how it stands. Writes nothing: machines open links before people do.

    Raises LinkUnknown, as all of these do.
    """
    return _act(slug, token, now, lambda member, category: False)


def leave(slug: str, token: str, now: datetime) -> Standing:
    """Ends messages of the link's kind, for good; news by withdrawing the consent ``marketing``. Once or often, it is
    the same. Somebody whom the brand alone has named can do it, too, and stays as unclaimed as before.
    """

    def end(member: MemberRecord, category: Category) -> bool:
        if not _on(member, category):
            return False
        if category is Category.NEWS:
            member.consent = consent_after(member.consent, {"marketing": False}, now)
        member.wishes = left(member.wishes or Wishes(), category, now)
        return True

    return _act(slug, token, now, end)


def come_back(slug: str, token: str, now: datetime) -> Standing:
    """Undoes what the link has just ended: a consent that was given before is given again. Raises UndoOver."""

    def undo(member: MemberRecord, category: Category) -> bool:
        if _on(member, category):
            return False
        if not _may_undo(member, category, now):
            raise UndoOver("Sign in to the store to ask for these messages again.", detail_zh="请登录店铺重新订阅。")
        if category is Category.NEWS:
            member.consent = consent_after(member.consent, {"marketing": True}, now)
        member.wishes = back(member.wishes or Wishes(), category)
        return True

    return _act(slug, token, now, undo)


def _act(slug: str, token: str, now: datetime, does: Callable[[MemberRecord, Category], bool]) -> Standing:
    """``does`` changes the member, and answers whether it has."""
    what = read(secret("unsubscribing"), token)
    if what is None:
        raise LinkUnknown("There is nothing at this address.", detail_zh="该地址不存在。")
    with tenant_scope(what.tenant_id):
        tenant = _brand(slug, what)

        def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
            consent = member.consent
            if does(member, what.category):
                if consents.note(tx, member, consent, consents.BY_LINK):
                    member.emit(PROFILE_CHANGED, now, member_id=member.id)
                tx.replace("member", member)
            return member

        member = change(lambda: _member(what), decide)
    on = _on(member, what.category)
    undo = not on and _may_undo(member, what.category, now)
    colour = ((tenant.brand or {}).get("colours") or {}).get("primary", "")
    return Standing(tenant.name, colour, member.locale or tenant.locale, what.category, on, undo)


def _brand(slug: str, what: Unsubscribing) -> Tenant:
    tenant = get_tenant(what.tenant_id)
    if tenant.slug != slug:
        raise LinkUnknown("There is nothing at this address.", detail_zh="该地址不存在。")
    return tenant


def _member(what: Unsubscribing) -> MemberRecord:
    """The member; of one whose history is another's, the other, who reads what was sent to the address."""
    try:
        return get_member(what.tenant_id, what.member_id, consistent=True)
    except NotFound as gone:
        raise LinkUnknown("There is nothing at this address.", detail_zh="该地址不存在。") from gone


def _on(member: MemberRecord, category: Category) -> bool:
    if category is Category.NEWS:
        return member.agrees_to_news
    return category not in (member.wishes or Wishes()).declined


def _may_undo(member: MemberRecord, category: Category, now: datetime) -> bool:
    """Of news only where the consent was withdrawn by the link, and by nothing else since."""
    answered = (member.consent or {}).get("marketing", {}).get("at") if category is Category.NEWS else None
    return may_undo(member.wishes or Wishes(), category, parse_instant(answered) if answered else None, now)
