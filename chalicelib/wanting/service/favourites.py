"""Products that a member keeps."""

from datetime import datetime

from chalicelib.catalog.service.products import get_product, get_shown
from chalicelib.kernel.clock import sortable
from chalicelib.wanting.model.lists import Kept, Kind
from chalicelib.wanting.service import keeping


def keep(tenant_id: str, member_id: str, product_id: str, now: datetime) -> Kept:
    """Keeps a product; kept again, it stays where it was. Raises NotFound, ListFull."""
    get_shown(tenant_id, [product_id])
    return keeping.keep(tenant_id, member_id, Kind.FAVOURITES, product_id, lambda before: before or Kept(sortable(now)))


def drop(tenant_id: str, member_id: str, product_id: str) -> None:
    """Keeps a product no more; what is not kept stays so. Raises NotFound for what is neither kept nor a product."""
    if not keeping.drop(tenant_id, member_id, Kind.FAVOURITES, product_id):
        get_product(tenant_id, product_id)


def list_own(tenant_id: str, member_id: str) -> dict[str, Kept]:
    """What a member keeps, the latest first."""
    return keeping.list_of(tenant_id, member_id, Kind.FAVOURITES, consistent=True)
