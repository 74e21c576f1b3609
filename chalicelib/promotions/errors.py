"""What is refused of promotions."""

from chalicelib.kernel.errors import Conflict, Invalid


class TermsDoNotFit(Invalid):
    """Terms that the promotion's kind needs and that are missing, or that it has no use for."""

    code, title, title_zh = "terms_do_not_fit_kind", "These terms do not fit the promotion's kind", "条款与促销类型不符"


class StepsDoNotRise(Invalid):
    """The steps of a full reduction do not rise, in what is spent or in what is taken off."""

    code, title, title_zh = "steps_do_not_rise", "The steps do not rise", "满减档位未递增"


class OffAboveFrom(Invalid):
    """A step of a full reduction takes off more than has to be spent for it."""

    code, title, title_zh = "off_above_from", "More is taken off than is spent", "减免金额超过门槛"


class EndsBeforeItStarts(Invalid):
    """A promotion ends when it starts, or before, or its end is past."""

    code, title, title_zh = "ends_before_it_starts", "The promotion would end before it starts", "结束时间早于开始时间"


class BudgetBelowOneUse(Invalid):
    """The budget does not pay for a single use."""

    code, title, title_zh = "budget_below_one_use", "The budget is below a single use", "预算不足以支付一次优惠"


class GiftWithoutStock(Conflict):
    """Of a gift's SKU there is nothing to give."""

    code, title, title_zh = "gift_without_stock", "There is nothing of the gift to give", "赠品无库存"


class UnknownGift(Invalid):
    """A gift is of a SKU that does not exist, or whose product is archived."""

    code, title, title_zh = "unknown_gift", "There is no such SKU to give", "赠品规格不存在"


class UnknownAudience(Invalid):
    """A promotion is for members of a tier, segment or class; the store has none, so nobody would have it."""

    code, title, title_zh = "unknown_audience", "There are no such members", "该人群不存在"


class PromotionMoveRefused(Conflict):
    """The promotion's state does not allow this."""

    code, title, title_zh = "promotion_move_refused", "The promotion's state does not allow this", "促销当前状态不允许"


class PromotionNotEditable(Conflict):
    """What was to be changed of a promotion stays as it is in its state."""

    code, title, title_zh = "promotion_not_editable", "This cannot be changed any more", "促销已不可修改"


class TooManyPromotions(Conflict):
    """So many promotions run, or are to run, that no order could look at all of them."""

    code, title, title_zh = "too_many_promotions", "Too many promotions at once", "同时进行的促销过多"


class TooManyGroups(Conflict):
    """So many promotions exclude each other that no order could try every choice."""

    code, title, title_zh = "too_many_exclusive_promotions", "Too many promotions exclude each other", "互斥促销过多"


TERMS = (
    BudgetBelowOneUse,
    EndsBeforeItStarts,
    OffAboveFrom,
    StepsDoNotRise,
    TermsDoNotFit,
    UnknownAudience,
    UnknownGift,
)
"""What the terms of a promotion may be refused for."""
