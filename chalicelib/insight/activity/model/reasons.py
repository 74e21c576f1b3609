"""Why a row of a file is not taken, in both languages. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

_COLUMNS: Mapping[str, str] = {
    "order_ref": "订单号", "member": "会员编号", "ordered_at": "下单时间", "ordered_on": "下单日期", "quantity": "数量",
    "amount": "金额", "currency": "币种", "product_code": "商品编码", "category": "品类", "channel": "渠道",
    "pickup_point": "自提点", "status": "订单状态", "email": "邮箱", "phone": "手机号", "name": "姓名",
    "joined_on": "加入日期", "code": "规格编码", "title": "商品名称", "variant": "规格", "price": "售价",
    "cost": "成本", "stock": "库存", "supplier": "供应商", "brand": "品牌", "origin": "产地", "content": "净含量",
    "description": "商品描述", "consent": "同意记录", "tax_rate": "税率",
    "competitor": "竞争对手", "seen_on": "看到日期", "link": "链接",
    "discount": "优惠金额",
    "birthday": "生日", "age_band": "年龄段", "gender": "性别", "household": "家庭情况", "occupation": "职业",
    "income_band": "收入区间", "interests": "兴趣", "language": "语言",
}  # fmt: skip
"""A Chinese title of each column, as headers may say it; ``amount_minor`` has none."""


class Reason(NamedTuple):
    """What is wrong, for the person who sent the file."""

    en: str
    zh: str

    def said(self, locale: str) -> str:
        """In a language."""
        return self.zh if locale == "zh" else self.en


def short(reason: Reason) -> tuple[str, str]:
    """In both languages, cut to what a list of errors shows."""
    return reason.en[:300], reason.zh[:300]


def several(names: Iterable[str], between: str = "、") -> str:
    """Several columns for a Chinese reader."""
    return between.join(map(column, names))


def column(name: str) -> str:
    """A column for a Chinese reader, whose file may name it in either way: ``下单日期（ordered_on）``."""
    return f"{_COLUMNS[name]}（{name}）" if name in _COLUMNS else name
