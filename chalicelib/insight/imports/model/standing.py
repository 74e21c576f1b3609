"""A product of a file beside the products that stand already. Pure.

Nothing that stands is written over. Rows of codes that are known say again what stands, or the product is left out;
rows with new codes beside them are variants that the product does not have yet, and are added to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.catalog.model.products import MAX_SKUS
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.imports.model.product_rows import Goods, ProductRow
from chalicelib.kernel.folding import fold


@dataclass(frozen=True, slots=True)
class Standing:
    """A product that stands: its id, title and brand, whether it is in the shop, and its prices (minor units) and SKU
    ids by folded code. One that a trial would make has no SKU ids.
    """

    product_id: str
    title: str
    brand: str
    active: bool
    prices: Mapping[str, int]
    sku_ids: Mapping[str, str] = field(default_factory=dict)

    def with_rows(self, new: Sequence[ProductRow]) -> "dict[str, Standing]":
        """The product with some more variants, by their folded codes."""
        prices = {**self.prices, **{fold(row.code): row.price_minor for row in new}}
        return {fold(row.code): replace(self, prices=prices) for row in new}

    def is_called_as(self, goods: Goods) -> bool:
        """Whether customers could not tell the two apart."""
        brand = goods.rows[0].shared.get("brand", "")
        return self.active and fold(self.title) == fold(goods.title) and fold(self.brand) == fold(brand)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rows of a product come to: so many were taken in before by this very import (``own``), so many say again
    what stands (``same``), and some are ``new`` to it; or what is ``wrong``, by row.
    """

    own: int = 0
    same: int = 0
    new: tuple[ProductRow, ...] = ()
    wrong: Mapping[int, Reason] = field(default_factory=dict)


def compare(goods: Goods, there: Mapping[str, Standing], own_id: str, sku_ids: Mapping[int, str]) -> Verdict:
    """A product of which some codes are known, ``there`` by folded code. ``own_id`` is the product's id where this
    import made it before, ``sku_ids`` those that its SKUs get, by row.
    """
    if {each.product_id for each in there.values()} == {own_id}:
        return Verdict(own=len(goods.rows))
    known = tuple(row for row in goods.rows if fold(row.code) in there)
    new = tuple(row for row in goods.rows if fold(row.code) not in there)
    one = next(iter(there.values()))
    if len({each.product_id for each in there.values()}) > 1 or Goods(known).differs(one.title, one.prices):
        return Verdict(wrong={row.number: _taken(row.code, there[fold(row.code)]) for row in known})
    if wrong := _not_added(new, one):
        return Verdict(wrong=wrong)
    own = sum(one.sku_ids.get(fold(row.code)) == sku_ids[row.number] for row in known)
    return Verdict(own, len(known) - own, new)


def _not_added(new: Sequence[ProductRow], to: Standing) -> dict[int, Reason]:
    """Why variants cannot be added to a product, by row."""
    room = MAX_SKUS - len(to.prices)
    wrong: dict[int, Reason] = {}
    for at, row in enumerate(new):
        if not to.active:
            wrong[row.number] = Reason(
                f"'{to.title}' is archived: put it back on sale first, then import the list again",
                f"“{to.title}”已归档，请先恢复销售再导入",
            )
        elif not row.variant:
            wrong[row.number] = Reason(
                f"variant is missing: say what tells the row apart from what '{to.title}' has already",
                f"缺少规格：请填写该行与“{to.title}”已有规格的区别",
            )
        elif at >= room:
            wrong[row.number] = Reason(
                f"'{to.title}' would have more than {MAX_SKUS} SKUs", f"“{to.title}”的规格将超过 {MAX_SKUS} 个"
            )
    return wrong


def called_alike(goods: Goods) -> dict[int, Reason]:
    """What is wrong with a product none of whose codes is known, where one stands that is called as it is."""
    title = goods.title
    reason = Reason(
        f"'{title}' is in the shop already: put the row below one of its rows, with that row's code, to add a variant, "
        "or give it a title of its own",
        f"“{title}”已在店中：如需新增规格，请放在其已有规格的行（含编码）下方，否则请更换商品名称",
    )
    return {goods.number: reason}


def _taken(code: str, by: Standing) -> Reason:
    return Reason(
        f"the code '{code}' is that of '{by.title}', which stays as it is: change it on its page, or use another code",
        f"编码“{code}”已属于“{by.title}”，导入不会改动它：请在商品页修改，或更换编码",
    )
