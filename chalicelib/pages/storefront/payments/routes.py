"""Paying an order: the page with all that may have become of it, the start of a payment, the way through WeChat."""

from typing import Any

from chalicelib.kernel.errors import Malformed
from chalicelib.kernel.ids import new_id
from chalicelib.orders.service.reading import get_own_order
from chalicelib.orders.service.surroundings import surroundings
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.payments.forms import Looking, PayForm, Returned
from chalicelib.pages.storefront.payments.model import Standing
from chalicelib.pages.storefront.payments.service import paying, wechat
from chalicelib.pages.storefront.payments.views import PayView
from chalicelib.payments.errors import NotPayable, PayerUnknown, PaymentOver, ProviderRefused
from chalicelib.payments.service import asking, starting
from chalicelib.web import member
from chalicelib.web.call import hash_of

pages = Pages(__name__)

MOST_LOOKS, QUICK_LOOKS = 50, 20
"""A page that waits looks again by itself so often: every three seconds at first, then every ten."""

_START_ANEW = (NotPayable, PaymentOver, ProviderRefused)
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
    pace = 3 if looking.look < QUICK_LOOKS else 10
    values = {"path": _path(visit), "pay": shown, "looking": looking, "waits": waits, "pace": pace}
    if visit.partial:
        return Page("storefront/payments/look.html", values) if looking.saw == shown.mark else Redirect(_path(visit))
    values["way"] = _way(visit, order.method, inside=inside)
    values["drawing"] = _drawing(shown)
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


def _drawing(shown: PayView) -> str:
    """The code of the payment that WeChat scans, as an address that holds the picture; empty where it has none."""
    said = shown.payment.client.get("code_url") if shown.payment else None
    if not said:
        return ""
    # Imported here because only a page with a code needs it.
    import segno

    drawn = segno.make(str(said), error="m", micro=False)
    return str(drawn.svg_data_uri(scale=8, border=4, light="#fff", title=None))


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
    wish = starting.Wish(way, openid, visit.product_url, back)
    paying.start(_payer(visit), visit.key, hash_of(visit.body), wish, visit.now)
    return Redirect(f"{_path(visit)}?go=true")


@pages.page("/s/{slug}/orders/{id}/pay/wechat", allow=member())
def ask_wechat(visit: Visit[None]) -> Redirect:
    """Off to WeChat, which says who pays and asks them nothing."""
    order = get_own_order(visit.tenant_id, visit.member_id, visit.path["id"])
    account = asking.who_asks_payers(visit.tenant_id) if order.method == "wechat" else None
    if account is None:
        return Redirect(_path(visit))
    state, cookie = wechat.asked(visit, order.id)
    back = f"{visit.base_url}{visit.home}{_path(visit)}/payer"
    return Redirect(account.asks_payer(back, state), outside=True, cookies=(cookie,))


@pages.page("/s/{slug}/orders/{id}/pay/payer", allow=member(), query=Returned)
def hear_wechat(visit: Visit[None]) -> Redirect:
    """Back from WeChat: the browser keeps who pays, and the order is paid from its page."""
    order = get_own_order(visit.tenant_id, visit.member_id, visit.path["id"])
    came = wechat.was_asked(visit, order.id, visit.query.state) and visit.query.code
    account = asking.who_asks_payers(visit.tenant_id) if came else None
    ended = wechat.no_longer_asked()
    unknown = Redirect(_path(visit), flash=N_("WeChat did not say who is paying. Try it once more."), cookies=(ended,))
    if account is None:
        return unknown
    try:
        openid = account.payer_of(visit.query.code)
    except (PayerUnknown, ProviderRefused):
        return unknown
    return Redirect(_path(visit), cookies=(ended, wechat.kept(visit, account, openid)))
