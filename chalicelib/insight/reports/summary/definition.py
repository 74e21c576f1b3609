"""What the rows of the summary by a dimension are, and with which days it compares."""

from chalicelib.insight.model.definitions import Definition

_UNITED_EN = (
    "A member who is active in several rows counts in each, and in the total once. new_members: those of the range's "
    "new members who ordered it in the range. unknown: what is not known, as of orders from before this was kept."
)
_UNITED_ZH = (
    "在多行中活跃的会员在各行各计一次，合计中只计一次。new_members：所选日期内的新会员中，在该行下过单的人数。"
    "unknown：未知的部分，如开始记录之前的订单。"
)
_ONE_EN = "Each order stands in one row, so orders, units and sales add up to the total. "
_ONE_ZH = "每个订单仅计入一行，因此订单数、件数和销售额之和等于合计。"
_GOODS_EN = (
    "An order counts in each row of which it has goods, with its units and what these were sold for after all "
    "discounts; so units and sales add up to the total, orders do not. discount: what was taken off these goods. "
    "no_goods: what was paid for no goods, such as delivery. Amounts that a file gives for a whole order of several "
    "products stand under unknown. "
)
_GOODS_ZH = (
    "订单计入其所含商品的每一行，计该行的件数及扣除全部优惠后的金额；因此件数和销售额之和等于合计，订单数不可相加。"
    "discount：这些商品的优惠金额。no_goods：非商品的付款，如配送费。导入文件只给出多商品订单总额的，金额计入 unknown。"
)
SLICES: dict[str, Definition] = {
    "campaign": Definition("by_campaign", 1, f"The campaign of the order. {_ONE_EN}{_UNITED_EN}",
                           f"订单所属的团购活动。{_ONE_ZH}{_UNITED_ZH}"),
    "channel": Definition(
        "by_channel", 1,
        f"The channel whose link led to the order or, of an imported one, as its file has it. {_ONE_EN}{_UNITED_EN}",
        f"带来订单的链接所属渠道；导入的订单以文件所写为准。{_ONE_ZH}{_UNITED_ZH}"),
    "pickup_point": Definition(
        "by_pickup_point", 1,
        f"The pickup point of the order or, of an imported one, as its file has it. {_ONE_EN}{_UNITED_EN}",
        f"订单的自提点；导入的订单以文件所写为准。{_ONE_ZH}{_UNITED_ZH}"),
    "category": Definition(
        "by_category", 1, f"The category of the goods when the order was recorded. {_GOODS_EN}{_UNITED_EN}",
        f"记录订单时商品所属的品类。{_GOODS_ZH}{_UNITED_ZH}"),
    "product": Definition(
        "by_product", 1,
        f"The product of the goods or, of an imported order, the product code in its file. {_GOODS_EN}{_UNITED_EN}",
        f"商品；导入的订单以文件中的商品编码为准。{_GOODS_ZH}{_UNITED_ZH}"),
}  # fmt: skip
"""What the rows are, by dimension."""

COMPARISON = Definition(
    "comparison",
    2,
    "As many local days as have elapsed and are complete are compared. Days that begin a week of the brand's, a "
    "month, quarter or year and stay within it are compared with the first days of the one before, and with all of it "
    "once they are all of it; other days with those just before them; a year before, with the same dates. There is a "
    "percentage where both sides are complete and are as long as each other, or whole calendar periods, where the "
    "first order came no later than the first of the days before, and the figure before is not 0.",
    "比较范围为已过去且数据完整的本地日期。自一周（按品牌设定的起始日）、月、季、年的首日起且不超出该周期的日期，与上一周期的前若干天比较，"
    "整个周期完成后与整个上一周期比较；其他日期与紧接其前的相同天数比较；同比则与上一年相同日期比较。"
    "仅当两侧数据完整、天数相同或均为完整自然周期，品牌首笔订单不晚于对比期首日，且对比值不为 0 时给出百分比。",
)
