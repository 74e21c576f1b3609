"""Why a price is not taken."""

from chalicelib.kernel.errors import Invalid


class PriceInAnotherCurrency(Invalid):
    """A competitor's price, or a floor, is not in the brand's currency."""

    code, title, title_zh = "price_in_another_currency", "The price is not in your currency", "价格币种与店铺币种不一致"


class SeenInFuture(Invalid):
    """A competitor's price is said to have been seen on a day that has not come."""

    code, title, title_zh = "seen_in_future", "The day has not come yet", "日期尚未到来"


class UnknownSku(Invalid):
    """The brand has no such SKU."""

    code, title, title_zh = "sku_not_known", "There is no such SKU", "规格不存在"


class TooManyPrices(Invalid):
    """More of competitors' prices were recorded than one table takes."""

    code, title, title_zh = "too_many_prices", "Too many prices for one table", "价格记录过多，无法一次导出"
