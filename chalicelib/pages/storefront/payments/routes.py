"""Paying an order: the page with all that may have become of it, the start of a payment, the way through WeChat."""

import io
from typing import Any

from chalicelib.kernel.errors import IdempotencyMismatch, Malformed, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.orders.service.reading import get_own_order
from chalicelib.orders.service.surroundings import surroundings
from chalicelib.pages.shell import N_, Content, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.payments.forms import Looking, PayForm, Returned
from chalicelib.pages.storefront.payments.model import Standing
from chalicelib.pages.storefront.payments.service import paying, wechat
from chalicelib.pages.storefront.payments.views import PayView
from chalicelib.payments.errors import NotPayable, PayerUnknown, PaymentOver, ProviderRefused
from chalicelib.payments.service import asking, starting
from chalicelib.web import member

pages = Pages(__name__)

MOST_LOOKS, QUICK_LOOKS = 50, 20
"""A page that waits looks again by itself so often: every three seconds at first, then every ten."""

_START_ANEW = (IdempotencyMismatch, NotPayable, PaymentOver, ProviderRefused)
"""Refusals after which the same start would be refused for ever."""


def _path(visit: Visit[Any]) -> str:
    return f"/orders/{visit.path['id']}/pay"


def _payer(visit: Visit[Any]) -> paying.Payer:
    return paying.Payer(visit.tenant_id, visit.member_id, visit.path["id"])


def _show(visit: Visit[Any]) -> Page | Redirect:
    looking = visit.query or Looking()
    # The first looks come close upon each other, the later ones further and further apart.
    ask = looking.look > 0 and looking.look & (looking.look - 1) == 0
    order, payments = paying.known(_payer(visit), visit.now, ask=ask)
    inside = wechat.is_inside(visit.headers)
    around = surroundings(visit.tenant_id, [order])
    shown = PayView.of(order, around, payments, visit.now, in_wechat=inside)
    waits = shown.standing in (Standing.BEGUN, Standing.UNDECIDED) and looking.look < MOST_LOOKS
    values = {
        "path": _path(visit),
        "pay": shown,
        "looking": looking,
        "waits": waits,
        "pace": 3 if looking.look < QUICK_LOOKS else 10,
    }
    if visit.partial:
        return Page("storefront/payments/look.html", values) if looking.saw == shown.mark else Redirect(_path(visit))
    values["way"] = _way(visit, order.method, inside=inside)
    if isinstance(visit.refused, _START_ANEW):
        values["new_key"] = lambda: new_id(visit.now)
    return Page("storefront/payments/pay.html", values)


def _way(visit: Visit[Any], method: str, *, inside: bool) -> str:
    """How the payer may pay here: a way of the API, or ``ask`` where WeChat has to say first who they are."""
    if method != "wechat":
        return "page"
    account = asking.who_asks_payers(visit.tenant_id) if inside else None
    if account is None:
        return "native"
    return "jsapi" if wechat.payer(visit, account) else "ask"


@pages.page("/s/{slug}/orders/{id}/pay", allow=member(), query=Looking)
def pay(visit: Visit[None]) -> Page | Redirect:
    """What is to be paid, or what has become of it; by a script, whether that has changed."""
    return _show(visit)


@pages.form("/s/{slug}/orders/{id}/pay", allow=member(), body=PayForm, again=_show)
def start(visit: Visit[PayForm]) -> Redirect:
    """Starts a payment, once for each form, and shows the way on to it."""
    if not visit.key:
        raise Malformed("The form could not be read; load the page anew.", detail_zh="表单无法读取，请刷新页面重试。")
    way, openid = visit.body.way, ""
    if way == "jsapi":
        account = asking.who_asks_payers(visit.tenant_id)
        openid = wechat.payer(visit, account) if account else ""
        if not openid:
            raise PayerUnknown(
                "WeChat has to say once more who is paying.", detail_zh="需要微信重新确认付款人，请再点一次支付。"
            )
    back = starting.return_url(visit.base_url, visit.slug, visit.path["id"])
    paying.start(_payer(visit), visit.key, starting.Wish(way, openid, visit.base_url, back), visit.now)
    return Redirect(f"{_path(visit)}?go=true")


@pages.page("/s/{slug}/orders/{id}/pay/{payment_id}/code.svg", allow=member())
def code(visit: Visit[None]) -> Content:
    """The code of a payment that WeChat scans."""
    said = paying.code(_payer(visit), visit.path["payment_id"])
    if said is None:
        raise NotFound("This payment has no code to scan.", detail_zh="该支付没有二维码。")
    # Imported here because only this page needs it.
    import segno

    svg = io.BytesIO()
    segno.make(said, error="m", micro=False).save(
        svg, kind="svg", scale=8, border=4, xmldecl=False, light="#fff", title=None
    )
    return Content(svg.getvalue().decode(), "image/svg+xml")


@pages.page("/s/{slug}/orders/{id}/pay/wechat", allow=member())
def ask_wechat(visit: Visit[None]) -> Redirect:
    """Off to WeChat, which says who pays and asks them nothing."""
    order = get_own_order(visit.tenant_id, visit.member_id, visit.path["id"])
    account = asking.who_asks_payers(visit.tenant_id) if order.method == "wechat" else None
    if account is None:
        return Redirect(_path(visit))
    state, cookie = wechat.asked(visit, order.id)
    back = f"{visit.base_url}/s/{visit.slug}{_path(visit)}/payer"
    return Redirect(account.asks_payer(back, state), outside=True, cookies=(cookie,))


@pages.page("/s/{slug}/orders/{id}/pay/payer", allow=member(), query=Returned)
def hear_wechat(visit: Visit[None]) -> Redirect:
    """Back from WeChat: the browser keeps who pays, and the order is paid from its page."""
    order = get_own_order(visit.tenant_id, visit.member_id, visit.path["id"])
    wechat.check_asked(visit, order.id, visit.query.state)
    account = asking.who_asks_payers(visit.tenant_id)
    ended = wechat.no_longer_asked()
    if account is None or not visit.query.code:
        return Redirect(_path(visit), flash=N_("WeChat did not say who is paying. Try it once more."), cookies=(ended,))
    try:
        openid = account.payer_of(visit.query.code)
    except (PayerUnknown, ProviderRefused):
        return Redirect(_path(visit), flash=N_("WeChat did not say who is paying. Try it once more."), cookies=(ended,))
    return Redirect(_path(visit), cookies=(ended, wechat.kept(visit, account, openid)))
