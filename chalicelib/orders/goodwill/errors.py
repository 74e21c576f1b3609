"""Why nothing is given back by goodwill."""

from chalicelib.kernel.errors import Forbidden


class AboveGoodwillCap(Forbidden):
    """The role may not give back so much of one order by goodwill; ``extra`` has the cap and what was given before."""

    code, title, title_zh = "above_goodwill_cap", "Above the cap of your role", "超出您角色的善意退款上限"
