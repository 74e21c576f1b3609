"""The products that stand already beside those of a file."""

from collections.abc import Iterable, Mapping, Sequence

from chalicelib.catalog.records import ACTIVE, CardRecord, CodeRecord, ProductRecord
from chalicelib.catalog.service import products
from chalicelib.catalog.service.listing import active_called
from chalicelib.db import fetch_many
from chalicelib.insight.imports.model.product_rows import Goods
from chalicelib.insight.imports.model.standing import Standing
from chalicelib.kernel.folding import fold


def standing_with(tenant_id: str, goods: Sequence[Goods]) -> dict[str, Standing]:
    """The products that have codes of these already, by folded code."""
    codes = [row.code for each in goods for row in each.rows]
    claims = products.find_by_codes(tenant_id, codes, consistent=True)
    found = _products(tenant_id, claims.values())
    gone = {str(claim.product_id): _unknown(claim) for claim in claims.values()}
    return {fold(code): (gone | found)[str(claim.product_id)] for code, claim in claims.items()}


def _products(tenant_id: str, claims: Iterable[CodeRecord]) -> dict[str, Standing]:
    ids = list(dict.fromkeys(str(claim.product_id) for claim in claims))
    records = fetch_many([(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in ids], consistent=True)
    return {str(each.product_id): _of_record(each) for each in records if each is not None}


def _of_record(record: ProductRecord) -> Standing:
    return Standing(
        str(record.product_id),
        record.title,
        record.brand,
        record.status == ACTIVE,
        {fold(sku.code): sku.price_minor for sku in record.skus},
        {fold(sku.code): sku.sku_id for sku in record.skus},
    )


def _unknown(claim: CodeRecord) -> Standing:
    return Standing(str(claim.product_id), "", "", active=False, prices={})


def as_standing(goods: Goods, product_id: str) -> dict[str, Standing]:
    """A product of the file as it stands when it has been made, by folded code."""
    prices = {fold(row.code): row.price_minor for row in goods.rows}
    brand = goods.rows[0].shared.get("brand", "")
    return dict.fromkeys(prices, Standing(product_id, goods.title, brand, active=True, prices=prices))


def of(goods: Goods, standing: Mapping[str, Standing]) -> dict[str, Standing]:
    """Those of the standing that have codes of one product of the file."""
    codes = [fold(row.code) for row in goods.rows]
    return {code: standing[code] for code in codes if code in standing}


def is_called_alike(tenant_id: str, goods: Goods, standing: Iterable[Standing]) -> bool:
    """Whether a product is in the shop, or among others, that customers could not tell from one of the file."""
    found = (_of_card(card) for card in active_called(tenant_id, goods.title))
    return any(each.is_called_as(goods) for each in (*standing, *found))


def _of_card(card: CardRecord) -> Standing:
    return Standing(str(card.product_id), card.title, card.brand, active=True, prices={})
