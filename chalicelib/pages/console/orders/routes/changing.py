"""Pages that change an order: for its member until the close, by the team after the lock, and money given back."""

from typing import Any

from chalicelib.kernel.errors import DomainError, IdempotencyMismatch, Stale
from chalicelib.orders.adjustments import service as adjusting
from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.changes.service import editing
from chalicelib.orders.errors import PriceChanged
from chalicelib.orders.forms.changes import AdjustmentForm, EditForm
from chalicelib.orders.goodwill.forms import GoodwillForm
from chalicelib.orders.goodwill.routes import give_back
from chalicelib.orders.refund_rules.routes import read_refund_rules
from chalicelib.orders.routes.callers import edit_for_caller, move_order
from chalicelib.orders.routes.changes import adjust_order
from chalicelib.orders.routes.orders import read_order
from chalicelib.orders.views.orders import FullStaffOrderView
from chalicelib.pages.console import said
from chalicelib.pages.console.orders.forms import AdjustForm, ChangeForm, GoodwillTyped, MoveTyped, beside, held
from chalicelib.pages.console.orders.routes.looking import order_page
from chalicelib.pages.console.orders.views.acts import Acts, picked, refundable
from chalicelib.pages.console.orders.views.changing import campaign_of, goods, lowered, places, quantities
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at
from chalicelib.pages.shell.fields import nested
from chalicelib.pages.shell.visit import filled
from chalicelib.web import staff

pages = Console(__name__)

_SERVES = staff("manager", "service")
_NOT_NOW = N_("This cannot be done with the order any more. Here is how it stands.")


def _read(visit: Visit[Any]) -> tuple[FullStaffOrderView, int]:
    order, revision = ask_at(visit, read_order)
    return order, int(revision or 0)


def _back(visit: Visit[Any]) -> Page | Redirect:
    """The order, where its state does not allow what was asked; with the refusal, if something was sent."""
    if visit.refused is not None:
        return order_page(visit)
    return Redirect(f"/orders/{visit.path['id']}", flash=_NOT_NOW)


def _moved_on() -> Stale:
    return Stale(
        "The order has changed meanwhile. Below is what you had typed: look at it, and send it once more.",
        detail_zh="订单已有变动。您刚才填写的内容还在，请核对后重新提交。",
    )


def _typed(visit: Visit[Any], form: Any) -> Any:
    """What a form sent, as far as it can be read."""
    try:
        return filled(form, nested(visit.fields), visit.language)
    except DomainError:
        return form()


# --- for its member, until the close ---


@pages.page("/console/orders/{id}/change", allow=_SERVES)
def ask_change(visit: Visit[None]) -> Page | Redirect:
    """The form, with the order as it stands."""
    return _change_page(visit, ChangeForm())


def _change_page(visit: Visit[Any], typed: ChangeForm) -> Page | Redirect:
    order, revision = _read(visit)
    if not Acts.of(order).change:
        return _back(visit)
    campaign = campaign_of(visit, order.campaign_id)
    values = {
        "order": order,
        "revision": revision,
        "goods": goods(visit, campaign, quantities(order), typed.units),
        "places": places(campaign, order, typed.place),
        "address": order.delivery if order.delivery and typed.place != "delivery" else typed.delivery,
    }
    return Page("console/orders/change.html", values)


def _change_again(visit: Visit[Any]) -> Page | Redirect:
    typed = _typed(visit, ChangeForm)
    if isinstance(visit.refused, PriceChanged):
        try:
            return _change_summary(visit, typed)
        except DomainError:
            pass
    return _change_page(visit, typed)


@pages.form("/console/orders/{id}/change", allow=_SERVES, body=ChangeForm, again=_change_again)
def change(visit: Visit[ChangeForm]) -> Page | Redirect:
    """Shows what a change comes to, or makes it."""
    if visit.body.step == "again":
        return _change_page(visit, visit.body)
    if visit.body.step == "look":
        return _change_summary(visit, visit.body)
    try:
        with beside(list(visit.body.units), pickup_point_id="place"):
            changed = ask(visit, edit_for_caller, body=visit.body.asked())
    except (Stale, IdempotencyMismatch) as refusal:
        raise _moved_on() from refusal
    if changed.pending is not None:
        flash = N_("The change is made as soon as the member has paid for it. They are told.")
    else:
        flash = N_("The order is changed, and the member is told.")
    return Redirect(f"/orders/{visit.path['id']}", flash=flash)


def _change_summary(visit: Visit[Any], typed: ChangeForm) -> Page:
    """What the change comes to, with a form that makes just this change, at this total."""
    order, revision = _read(visit)
    differs = typed.against(order).model_copy(update={"total": None})
    with beside(list(differs.units), pickup_point_id="place"):
        wanted = visit.form(EditForm, differs.asked()).edit(visit.key, visit.revision, visit.principal)
        try:
            outlook = editing.preview(visit.tenant_id, order.member_id, order.id, wanted, visit.now)
        except Stale as refusal:
            raise _moved_on() from refusal
    values = {"order": order, "revision": revision, "typed": differs, "outlook": outlook}
    return Page("console/orders/summary.html", values)


# --- by the team, after the lock ---


@pages.page("/console/orders/{id}/adjust", allow=_SERVES)
def ask_adjust(visit: Visit[None]) -> Page | Redirect:
    """The form to take units out."""
    return _adjust_page(visit, AdjustForm())


def _adjust_page(visit: Visit[Any], typed: AdjustForm) -> Page | Redirect:
    order, _ = _read(visit)
    if not Acts.of(order).adjust:
        return _back(visit)
    choices = lowered(order, typed.units)
    values = {"order": order, "choices": choices, "reason": typed.reason, "picked": picked(order)}
    return Page("console/orders/adjust.html", values)


def _adjust_again(visit: Visit[Any]) -> Page | Redirect:
    return _adjust_page(visit, _typed(visit, AdjustForm))


@pages.form("/console/orders/{id}/adjust", allow=_SERVES, body=AdjustForm, again=_adjust_again)
def adjust(visit: Visit[AdjustForm]) -> Page | Redirect:
    """Shows what comes back, or takes the units out."""
    if visit.body.step == "again":
        return _adjust_page(visit, visit.body)
    if visit.body.step == "do":
        with beside(list(visit.body.units)):
            ask(visit, adjust_order, body=visit.body.asked())
        return Redirect(f"/orders/{visit.path['id']}", flash=N_("The units are taken out, and the member is told."))
    order, _ = _read(visit)
    typed = visit.body.against(order)
    with beside(list(typed.units)):
        form = visit.form(AdjustmentForm, typed.asked())
        outlook = adjusting.preview(visit.tenant_id, order.id, form.quantities(), visit.principal, visit.now)
    had = {each.name: each.quantity for each in held(order)}
    titles = {each.name: each.title for each in held(order)}
    values = {"order": order, "typed": typed, "outlook": outlook, "had": had, "titles": titles}
    return Page("console/orders/adjusted.html", values)


@pages.page("/console/orders/{id}/move", allow=_SERVES)
def ask_move(visit: Visit[None]) -> Page | Redirect:
    """The form to hand it over elsewhere."""
    return _move_page(visit, MoveTyped())


def _move_page(visit: Visit[Any], typed: MoveTyped) -> Page | Redirect:
    order, _ = _read(visit)
    if not Acts.of(order).move:
        return _back(visit)
    campaign = campaign_of(visit, order.campaign_id)
    values = {
        "order": order,
        "places": places(campaign, order, typed.place),
        "address": order.delivery if order.delivery and typed.place != "delivery" else typed.delivery,
        "reason": typed.reason,
    }
    return Page("console/orders/move.html", values)


def _move_again(visit: Visit[Any]) -> Page | Redirect:
    return _move_page(visit, _typed(visit, MoveTyped))


@pages.form("/console/orders/{id}/move", allow=_SERVES, body=MoveTyped, again=_move_again)
def move(visit: Visit[MoveTyped]) -> Redirect:
    """Has it handed over elsewhere. It can be moved back in the same way."""
    order, _ = _read(visit)
    with beside((), pickup_point_id="place"):
        ask(visit, move_order, body=visit.body.asked(order))
    return Redirect(f"/orders/{order.id}", flash=N_("The order is handed over elsewhere now, and the member is told."))


# --- money given back by goodwill ---


@pages.page("/console/orders/{id}/goodwill", allow=_SERVES)
def ask_goodwill(visit: Visit[None]) -> Page | Redirect:
    """The form to give money back."""
    return _goodwill_page(visit, GoodwillTyped())


def _goodwill_page(visit: Visit[Any], typed: GoodwillTyped) -> Page | Redirect:
    order, _ = _read(visit)
    most = refundable(order)
    if most <= 0:
        return _back(visit)
    caps = ask(visit, read_refund_rules).goodwill_caps
    cap = None if visit.principal.has() else caps.manager if visit.principal.has("manager") else caps.service
    values = {"order": order, "held": held(order), "typed": typed, "most": most, "cap": cap, "said": said}
    return Page("console/orders/goodwill.html", values)


def _goodwill_again(visit: Visit[Any]) -> Page | Redirect:
    return _goodwill_page(visit, _typed(visit, GoodwillTyped))


@pages.form("/console/orders/{id}/goodwill", allow=_SERVES, body=GoodwillTyped, again=_goodwill_again)
def goodwill(visit: Visit[GoodwillTyped]) -> Page | Redirect:
    """Shows what would go back, or gives it back: it cannot be taken back again."""
    if visit.body.step == "again":
        return _goodwill_page(visit, visit.body)
    order, _ = _read(visit)
    asked = visit.body.asked(order.totals.due.currency)
    named = [part_named(each["offer_id"], each.get("sku_id")) for each in asked.get("lines", ())]
    with beside(named, into="amounts", amount="amount"):
        if visit.body.step == "do":
            ask(visit, give_back, body=asked)
            return Redirect(f"/orders/{order.id}", flash=N_("The money goes back, and the member is told."))
        gift = visit.form(GoodwillForm, asked).gift()
    titles = {each.name: each.title for each in held(order)}
    values = {"order": order, "typed": visit.body, "gift": gift, "titles": titles, "said": said}
    return Page("console/orders/given.html", values)
