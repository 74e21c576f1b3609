"""Pages of changing an order: what is wanted, what it comes to, done."""

from typing import Any

from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.kernel.errors import DomainError, IdempotencyMismatch, Stale
from chalicelib.kernel.ids import new_id
from chalicelib.orders.changes.service import editing
from chalicelib.orders.changes.service.editing import Edit
from chalicelib.orders.errors import PriceChanged
from chalicelib.orders.forms.changes import EditForm
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service import reading
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.shell.fields import nested
from chalicelib.pages.shell.visit import filled
from chalicelib.pages.storefront.orders.forms import DELIVERED, ChangeForm
from chalicelib.pages.storefront.orders.views.changing import Changing, Summary
from chalicelib.web import member

pages = Pages(__name__)

_TOO_LATE = N_("This order can no longer be changed.")


@pages.page("/s/{slug}/orders/{id}/change", allow=member())
def ask_change(visit: Visit[None]) -> Page | Redirect:
    """The form, with the order as it stands."""
    order = _own(visit)
    campaign = get_campaign(visit.tenant_id, order.campaign_id)
    if not editing.may_edit(order, campaign, visit.now):
        return Redirect(f"/orders/{order.id}", flash=_TOO_LATE)
    return _form(visit, order, campaign, ChangeForm())


def _own(visit: Visit[Any]) -> OrderRecord:
    return reading.get_own_order(visit.tenant_id, visit.member_id, visit.path["id"], consistent=True)


def _form(visit: Visit[Any], order: OrderRecord, campaign: CampaignRecord, typed: ChangeForm) -> Page:
    (progress,) = progress_of([campaign], visit.now)
    stands = DELIVERED if order.delivery_to else order.pickup_point_id
    changing = Changing.of(order, campaign, progress, typed.units, typed.place or stands)
    address = order.delivery_to if order.delivery_to and typed.place != DELIVERED else typed.delivery.model_dump()
    values = {"order_id": order.id, "revision": int(order.rev), "changing": changing, "address": address}
    return Page("storefront/orders/change.html", values | _fresh_key(visit))


def _fresh_key(visit: Visit[Any]) -> dict[str, Any]:
    """Nothing was done under the key of a form that was refused, and the next may ask for something else."""
    return {"new_key": lambda: new_id(visit.now)}


def _again(visit: Visit[Any]) -> Page | Redirect:
    """The form as it was typed, by the order as it is by now; where only the price is another, what it comes to."""
    order = _own(visit)
    campaign = get_campaign(visit.tenant_id, order.campaign_id)
    if not editing.may_edit(order, campaign, visit.now):
        return Redirect(f"/orders/{order.id}", flash=_TOO_LATE)
    try:
        typed = filled(ChangeForm, nested(visit.fields), visit.language)
        if isinstance(visit.refused, PriceChanged):
            return _summary(visit, order, typed)
    except DomainError:
        typed = ChangeForm()
    return _form(visit, order, campaign, typed)


@pages.form("/s/{slug}/orders/{id}/change", allow=member(), body=ChangeForm, again=_again)
def change(visit: Visit[ChangeForm]) -> Page | Redirect:
    """Shows what the change comes to, or makes it."""
    order = _own(visit)
    if visit.body.adjust:
        return _form(visit, order, get_campaign(visit.tenant_id, order.campaign_id), visit.body)
    try:
        if visit.body.step == "look":
            return _summary(visit, order, visit.body)
        changed = editing.edit(visit.tenant_id, visit.member_id, order.id, _wanted(visit, visit.body), visit.now)
    except (Stale, IdempotencyMismatch) as refusal:
        raise Stale(
            "Your order has changed meanwhile. Below is what you had typed: look at it, and send it once more.",
            detail_zh="订单已有变动。您刚才填写的内容还在，请核对后重新提交。",
        ) from refusal
    if changed.pending is not None:
        return Redirect(f"/orders/{order.id}/pay", flash=N_("Your change is made as soon as it is paid."))
    if changed.status == Status.HELD:
        return Redirect(f"/orders/{order.id}/pay", flash=N_("Your order is changed."))
    return Redirect(f"/orders/{order.id}", flash=N_("Your order is changed."))


def _wanted(visit: Visit[Any], typed: ChangeForm) -> Edit:
    return visit.form(EditForm, typed.asked()).edit(visit.key, visit.revision)


def _summary(visit: Visit[Any], order: OrderRecord, typed: ChangeForm) -> Page:
    """What the change comes to, with a form that makes just this change, at this total."""
    differs = typed.against(order).model_copy(update={"total": None})
    outlook = editing.preview(visit.tenant_id, visit.member_id, order.id, _wanted(visit, differs), visit.now)
    values = {
        "order_id": order.id, "revision": int(order.rev), "typed": differs,
        "summary": Summary.of(order, outlook), "held": order.status == Status.HELD,
    }  # fmt: skip
    return Page("storefront/orders/summary.html", values | (_fresh_key(visit) if visit.refused else {}))
