"""Why a coupon is not handed out, or not used."""

from chalicelib.kernel.errors import Conflict, Invalid, TooManyRequests


class AmountInAnotherCurrency(Invalid):
    """What a coupon is worth, its minimum, cap and budget are in the brand's own currency."""

    code, title, title_zh = "amount_in_another_currency", "The amount is in another currency", "金额币种不符"


class TermsRefused(Invalid):
    """What a batch promises makes no sense: ``errors`` name the fields."""

    code, title, title_zh = "coupon_terms_refused", "The coupons cannot be like this", "优惠券设置有误"


class BudgetBelowOneUse(Invalid):
    """The budget of a batch would not pay for a single use."""

    code, title, title_zh = "budget_below_one_use", "The budget is too small for a single use", "预算不足以使用一次"


class BelowUsed(Conflict):
    """A limit or budget is to fall below what was used already; ``extra`` has that."""

    code, title, title_zh = "below_used", "More was used already", "已使用的数量超过该上限"


class CodeTaken(Conflict):
    """Another batch of the brand has this code, as people may read it."""

    code, title, title_zh = "code_taken", "Another batch has this code", "该券码已被其他批次使用"


class BatchPaused(Conflict):
    """Nothing is handed out of a batch while it is paused."""

    code, title, title_zh = "coupon_batch_paused", "The batch is paused", "该批次已暂停发放"


class CodeRefused(Invalid):
    """A code that a member entered gives them nothing: it is unknown, has ended, or is another's. Never says which."""

    code, title, title_zh = "coupon_code_refused", "The code cannot be used", "券码不可用"


class TooManyCodes(TooManyRequests):
    """A member entered more codes than they may in a minute."""

    code, title, title_zh = "too_many_coupon_codes", "Too many codes were entered", "券码输入过于频繁"


class EnoughCoupons(Conflict):
    """The member has had as many coupons of this batch as one person may have."""

    code, title, title_zh = "coupon_limit_reached", "You have had this coupon already", "您已领取过该优惠券"


class OnlyForNewMembers(Conflict):
    """The coupon is for a first order, and this person, under whatever address, has ordered or has it already."""

    code, title, title_zh = "coupon_for_new_members", "The coupon is for new members", "该优惠券仅限新会员"


class CouponNotFound(Invalid):
    """The member has no such coupon."""

    code, title, title_zh = "coupon_not_found", "You have no such coupon", "您没有该优惠券"


class CouponExpired(Invalid):
    """The coupon's time is over."""

    code, title, title_zh = "coupon_expired", "The coupon has expired", "优惠券已过期"


class CouponNotYetValid(Invalid):
    """The coupon's time has not come yet."""

    code, title, title_zh = "coupon_not_yet_valid", "The coupon is not valid yet", "优惠券尚未生效"


class CouponUsed(Conflict):
    """The coupon stands in another order."""

    code, title, title_zh = "coupon_used", "The coupon is in another order", "优惠券已用于其他订单"


class CouponOutOfScope(Invalid):
    """The coupon is for other goods, or for another campaign."""

    code, title, title_zh = "coupon_out_of_scope", "The coupon is not for these goods", "优惠券不适用于所选商品"


class CouponBelowMinimum(Invalid):
    """The goods that the coupon is for cost less than its minimum; ``extra`` has what is ``missing``."""

    code, title, title_zh = (
        "coupon_below_minimum",
        "The goods come to too little for the coupon",
        "未达到优惠券使用门槛",
    )


class CouponWithoutEffect(Invalid):
    """The coupon would take nothing off: what it is for costs nothing as things stand."""

    code, title, title_zh = "coupon_without_effect", "The coupon would take nothing off", "优惠券无可减免金额"


class CouponUsedUp(Conflict):
    """As many orders as the brand had set aside for these coupons have used one."""

    code, title, title_zh = "coupon_used_up", "All coupons of this kind are used up", "该优惠券已被用完"


class CouponBudgetSpent(Conflict):
    """What the brand had set aside for these coupons does not pay for another use."""

    code, title, title_zh = "coupon_budget_spent", "The budget of these coupons is spent", "该优惠券预算已用完"
