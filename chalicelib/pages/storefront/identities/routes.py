"""Pages of what a member signs in with: the new one is named, and proved with a code at both."""

from dataclasses import replace
from typing import Any

from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.members.identity_changes.forms import ChangeRequest, Confirmation
from chalicelib.members.identity_changes.model import Side
from chalicelib.members.identity_changes.service import members
from chalicelib.members.identity_changes.views import CodesSentView
from chalicelib.members.service.classes import classing
from chalicelib.members.service.members import get_member
from chalicelib.members.views import MeView
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, sessions
from chalicelib.pages.storefront.identities.forms import AddressPage, CodesPage
from chalicelib.web import member

pages = Pages(__name__)


@pages.page("/s/{slug}/me/identities", allow=member())
def identities(visit: Visit[Any]) -> Page:
    """What the member signs in with."""
    me = MeView.of(get_member(visit.tenant_id, visit.member_id, consistent=True), classing(visit.tenant_id, visit.now))
    return Page("storefront/identities/identities.html", {"me": me})


@pages.form("/s/{slug}/me/identities", allow=member(), body=AddressPage, again=identities)
def send_codes(visit: Visit[AddressPage]) -> Page:
    """Sends a code to the new address, and one to an address of the member's own."""
    try:
        asked = visit.form(ChangeRequest, {**visit.body.named(), "prove_with": visit.body.prove_with})
        wanted = asked.identity()
    except Invalid as refusal:
        raise _of_the_address(refusal) from refusal
    proof = members.ask(
        visit.tenant_id, visit.member_id, wanted, asked.prove_with, visit.language, visit.source, visit.now
    )
    shown = CodesSentView.of(proof).own_code_sent_to or ""
    return _coding(replace(visit, fields={**visit.fields, "_sent_to": shown}))


def _coding(visit: Visit[Any]) -> Page:
    names = ("address", "prove_with", "_sent_to")
    values = {name.removeprefix("_"): visit.fields.get(name, "") for name in names}
    return Page("storefront/identities/codes.html", values)


@pages.form("/s/{slug}/me/identities/confirm", allow=member(), body=CodesPage, again=_coding)
def change(visit: Visit[CodesPage]) -> Redirect:
    """Changes it; all sessions end but this one, which begins anew."""
    body = visit.body
    sent = {**body.named(), "own_code": body.own_code, "new_code": body.new_code}
    confirmed = visit.form(Confirmation, sent)
    codes: dict[Side, str] = {"own": confirmed.own_code, "new": confirmed.new_code}
    changed = members.confirm(
        visit.tenant_id, visit.member_id, confirmed.identity(), codes, None, visit.principal, visit.now
    )
    me = replace(visit.principal, sign_outs=changed.times_signed_out)
    return Redirect(
        "/me/identities", flash=N_("It is changed. Sign in with it from now on."),
        cookies=(sessions.signed_in(me, visit.now),),
    )  # fmt: skip


def _of_the_address(refusal: DomainError) -> DomainError:
    """A refusal of the API's field, said of the page's."""
    found = refusal.errors[0] if refusal.errors else None
    if found is None or found.pointer not in ("/email", "/phone"):
        return refusal
    return Invalid.at("/address", found.message, found.message_zh or found.message)
