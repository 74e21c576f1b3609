"""Suppliers over HTTP."""

from chalicelib.catalog.model.products import WrongCurrency
from chalicelib.fulfilment.suppliers import service
from chalicelib.fulfilment.suppliers.forms import AgreedTerms, NewSupplier, SupplierEdit, SupplierFilter
from chalicelib.fulfilment.suppliers.model import (
    Agreement,
    LicenceOver,
    SupplierArchived,
    SupplierInUse,
    ToleranceTooLarge,
    ToleranceWithoutFloor,
    TwoMinimums,
)
from chalicelib.fulfilment.suppliers.views import SupplierView, TermsView
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_EDITS = staff("manager", "planner")
_LOOKS = staff("manager", "planner", "analyst")


@routes.post(
    "/v1/suppliers", allow=_EDITS, body=NewSupplier, answer=SupplierView, status=201, tag="suppliers",
    summary="Add a supplier", errors=(WrongCurrency,),
)  # fmt: skip
def create_supplier(call: Call[NewSupplier]) -> Answer:
    supplier = service.create_supplier(call.tenant_id, call.body.details(), call.principal, call.now)
    return Answer(SupplierView.of(supplier), etag=int(supplier.rev))


@routes.get(
    "/v1/suppliers", allow=_LOOKS, query=SupplierFilter, answer=SupplierView, paged=True, tag="suppliers",
    summary="List suppliers, newest first",
)  # fmt: skip
def list_suppliers(call: Call[None]) -> Paged:
    page = service.list_suppliers(call.tenant_id, call.query.status, call.limit, call.cursor)
    return Paged([SupplierView.of(supplier) for supplier in page.items], page.last_key)


@routes.get(
    "/v1/suppliers/{id}", allow=_LOOKS, answer=SupplierView, tag="suppliers",
    summary="Read a supplier", errors=(NotFound,),
)  # fmt: skip
def get_supplier(call: Call[None]) -> Answer:
    supplier = service.get_supplier(call.tenant_id, call.path["id"])
    return Answer(SupplierView.of(supplier), etag=int(supplier.rev))


@routes.patch(
    "/v1/suppliers/{id}", allow=_EDITS, body=SupplierEdit, answer=SupplierView, tag="suppliers",
    summary="Change a supplier, archive it or take it back", errors=(NotFound, Stale, WrongCurrency, SupplierInUse),
)  # fmt: skip
def edit_supplier(call: Call[SupplierEdit]) -> Answer:
    changed = service.edit_supplier(
        call.tenant_id, call.path["id"], call.body.details(), call.body.fields, call.if_match, call.principal, call.now
    )
    return Answer(SupplierView.of(changed), etag=int(changed.rev))


@routes.get(
    "/v1/suppliers/{id}/skus", allow=_LOOKS, answer=TermsView, paged=True, tag="suppliers",
    summary="List what a supplier delivers, and its terms", errors=(NotFound,),
)  # fmt: skip
def list_terms(call: Call[None]) -> Paged:
    page, main = service.list_terms(call.tenant_id, call.path["id"], call.limit, call.cursor)
    return Paged([TermsView.of(each, main=each.sku_id in main) for each in page.items], page.last_key)


@routes.put(
    "/v1/suppliers/{id}/skus/{sku_id}", allow=_EDITS, body=AgreedTerms, answer=TermsView, tag="suppliers",
    summary="Agree a supplier's terms for a SKU",
    errors=(
        NotFound, SupplierArchived, LicenceOver, WrongCurrency, ToleranceTooLarge, ToleranceWithoutFloor, TwoMinimums,
    ),
)  # fmt: skip
def agree_terms(call: Call[AgreedTerms]) -> TermsView:
    """The first supplier of a SKU becomes its main one, from whom it is bought; `main` moves that to another."""
    agreed = call.body
    if agreed.minimum_amount is not None and agreed.minimum_amount.currency != agreed.cost.currency:
        message = f"The cost is in {agreed.cost.currency}; give the minimum in it as well."
        raise WrongCurrency.at("/minimum_amount/currency", message, "起订额与成本须使用同一币种。")
    agreement = Agreement(call.path["sku_id"], agreed.terms(), agreed.cost.currency, agreed.main, agreed.code)
    terms = service.agree(call.tenant_id, call.path["id"], agreement, call.principal, call.now)
    return TermsView.of(terms.record, main=terms.main)


@routes.delete(
    "/v1/suppliers/{id}/skus/{sku_id}", allow=_EDITS, status=204, tag="suppliers",
    summary="End a supplier's terms for a SKU", errors=(NotFound,),
)  # fmt: skip
def end_terms(call: Call[None]) -> None:
    service.end_terms(call.tenant_id, call.path["id"], call.path["sku_id"], call.principal, call.now)
