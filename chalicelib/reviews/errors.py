"""Why something is not reviewed, and why a review is not changed."""

from chalicelib.kernel.errors import Conflict


class NotBought(Conflict):
    """Only who was handed something over, and has not been paid all of it back, reviews it."""

    code, title, title_zh = "not_bought", "Only buyers review it", "仅限已购买的顾客评价"


class ReviewingOver(Conflict):
    """It was handed over too long ago."""

    code, title, title_zh = "reviewing_over", "It was bought too long ago", "已超过评价期限"


class ReviewedAlready(Conflict):
    """It has a review, or had one: ``extra`` says its ``review_id``."""

    code, title, title_zh = "reviewed_already", "You have reviewed it already", "您已评价过该商品"


class ReviewSettled(Conflict):
    """Its author may change it no more."""

    code, title, title_zh = "review_settled", "The review can be changed no more", "评价已不可修改"


class ReviewDeleted(Conflict):
    """Its author has taken it back."""

    code, title, title_zh = "review_deleted", "The review was taken back", "评价已被删除"
