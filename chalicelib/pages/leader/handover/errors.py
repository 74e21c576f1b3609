"""What is scanned at the counter and is no pickup code of the shop's: said before a try is counted."""

from chalicelib.kernel.errors import Conflict, Invalid


class LeadsElsewhere(Invalid):
    """The code leads to a page, as that on a poster does."""

    code, title, title_zh = "leads_elsewhere", "This is a link, not a pickup code", "这是链接，不是取货码"


class ForeignCode(Conflict):
    """The code names an order that the shop does not have."""

    code, title, title_zh = "foreign_code", "This code is not from this shop", "不是本店的取货码"
