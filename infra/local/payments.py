"""The test provider's page, where a person presses pay or fail. Only on the embedded stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.money import Money
from chalicelib.payments.model import DisputeState, State
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.records import TestCharge
from chalicelib.payments.service import webhooks
from chalicelib.web.parse import parse_locale
from infra.local.gateway import Reply, Request, problem
from infra.local.payment_page import Shown, page

Answer = Callable[[Request], Reply]
_PREFIX = "/local/payments/"


def methods(path: str) -> Mapping[str, Answer] | None:
    """What `/local/payments/{tenant_id}/{payment_id}` answers to; None for every other path."""
    if not path.startswith(_PREFIX):
        return None
    tenant_id, _, payment_id = path.removeprefix(_PREFIX).partition("/")
    if not (is_id(tenant_id) and is_id(payment_id)):
        return None
    return {
        "GET": lambda request: _show(request, tenant_id, payment_id),
        "POST": lambda request: _press(request, tenant_id, payment_id),
    }


def _show(request: Request, tenant_id: str, payment_id: str) -> Reply:
    with tenant_scope(tenant_id):
        charge = TestProvider(tenant_id).charge(payment_id)
    if charge is None:
        return problem(404, "not_found", "Not found", "There is no such test payment.", request.request_id)
    return _page(request, charge)


def _press(request: Request, tenant_id: str, payment_id: str) -> Reply:
    pressed = parse_qs(request.body.decode(errors="replace")).get("press", [""])[-1]
    if pressed not in {"pay", "fail", "pay_silently", *_WITHOUT_THE_SHOP}:
        detail = f"Send press=pay, fail, pay_silently, {', '.join(_WITHOUT_THE_SHOP)} as a form."
        return problem(422, "invalid", "Not possible", detail, request.request_id)
    provider = TestProvider(tenant_id)
    with tenant_scope(tenant_id):
        charge = provider.charge(payment_id)
        if charge is None:
            return problem(404, "not_found", "Not found", "There is no such test payment.", request.request_id)
        if pressed in _WITHOUT_THE_SHOP:
            _WITHOUT_THE_SHOP[pressed](provider, payment_id)
            _notify(provider, payment_id, "refunded" if pressed == "refund" else "disputed")
        else:
            charge = provider.move(payment_id, State.FAILED if pressed == "fail" else State.SUCCEEDED)
            if pressed != "pay_silently":
                _notify(provider, payment_id, charge.state)
        charge = provider.charge(payment_id) or charge
    return _page(request, charge)


def _refund(provider: TestProvider, payment_id: str) -> None:
    """Staff give back on the provider's page what is left of it."""
    charge = provider.charge(payment_id)
    if charge is not None:
        provider.give_back(payment_id, int(charge.amount_minor) - sum(charge.refunds.values()))


def _dispute(state: DisputeState) -> Callable[[TestProvider, str], None]:
    """The payer objects at their bank, or it has decided."""

    def press(provider: TestProvider, payment_id: str) -> None:
        charge = provider.charge(payment_id)
        if charge is not None:
            provider.dispute(payment_id, state, int(charge.amount_minor))

    return press


_WITHOUT_THE_SHOP: Mapping[str, Callable[[TestProvider, str], None]] = {
    "refund": _refund,
    "dispute": _dispute(DisputeState.OPEN),
    "dispute_won": _dispute(DisputeState.WON),
    "dispute_lost": _dispute(DisputeState.LOST),
}


def _notify(provider: TestProvider, payment_id: str, event: str) -> None:
    """Sends the signed message. A shop that cannot take it now finds out by asking, as with any provider."""
    now = clock.now()
    headers, body = provider.message(payment_id, event, now)
    try:
        webhooks.take(provider.tenant_id, "test", headers, body, now)
    except DomainError:
        return


def _page(request: Request, charge: TestCharge) -> Reply:
    back = sum(charge.refunds.values())
    shown = Shown(
        str(Money(int(charge.amount_minor), charge.currency)),
        charge.order_id,
        charge.state,
        str(Money(back, charge.currency)) if back else "",
        charge.return_url or "",
    )
    text = page(shown, _language(request))
    return Reply(200, (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")), text.encode())


def _language(request: Request) -> str:
    """As the link in the corner says, else as the browser does."""
    asked = parse_qs(request.target.partition("?")[2]).get("lang", [""])[-1]
    return asked if asked in ("zh", "en") else str(parse_locale(request.header("Accept-Language")))
