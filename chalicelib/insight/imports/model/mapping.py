"""Which column of a file holds what: guessed from its titles, or said by whoever sends it. Pure."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.insight.activity.model import columns as order_columns
from chalicelib.insight.activity.model import member_rows
from chalicelib.insight.activity.model.columns import IGNORED, BadHeader, plain_title
from chalicelib.insight.activity.model.csv import Row
from chalicelib.insight.activity.model.reasons import column, several
from chalicelib.insight.imports.model.kinds import COMPETITOR_PRICES, MEMBERS, ORDERS, PRODUCTS
from chalicelib.kernel.errors import FieldError

MOST_COLUMNS = 60
"""Of a file whose columns are looked at one by one."""

_MARKS = re.compile(r"[*:：#]")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the columns of a kind of file may hold: the names, and other titles for them (as ``plain_title`` spells
    them). Of each group of ``needed`` a file has one at least, of each of ``either`` one at most. ``yielding`` titles
    count only where no other column is of their name; columns with ``unread`` ones hold nothing that is read.
    """

    names: tuple[str, ...]
    titles: Mapping[str, str]
    needed: tuple[tuple[str, ...], ...]
    either: tuple[tuple[str, ...], ...] = ()
    yielding: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    def known(self, titles: Sequence[str]) -> int:
        """How many columns some titles name without a doubt."""
        return len({name for title in titles if (name := self._exactly(title)) != IGNORED})

    def guess(self, titles: Sequence[str]) -> tuple[str, ...]:
        """What each column seems to hold, ``IGNORED`` where that is not clear; nothing is guessed twice. What a title
        says exactly counts before what it only contains.
        """
        exact = self._exact(titles)
        found: list[str] = []
        for title, name in zip(titles, exact, strict=True):
            guessed = name if name != IGNORED else self._within(title, self._shut(exact))
            found.append(IGNORED if guessed in self._shut(found) else guessed)
        return tuple(found)

    def read_header(self, row: Row) -> tuple[str, ...]:
        """What each column holds by its title alone. Raises BadHeader, naming each that is unknown, missing or there
        twice.
        """
        if row.problem:
            message = f"The first row cannot be read: {row.problem.en}."
            raise BadHeader.at("/csv", message, f"无法读取第一行：{row.problem.zh}。请另存为 UTF-8 编码的 CSV 文件。")
        columns = tuple(self._exactly(title) or (title and plain_title(title)) for title in row.values)
        while columns and columns[-1] == IGNORED:
            columns = columns[:-1]
        self.check(columns)
        return columns

    def check(self, columns: Sequence[str]) -> None:
        """Raises BadHeader for a name that there is not, one that is given to two columns, and one that is missing."""
        if faults := list(self._faults(columns)):
            raise BadHeader(
                f"{'; '.join(each.message for each in faults[:5])}.",
                detail_zh=f"{'；'.join(each.message_zh for each in faults[:5])}。",
                errors=tuple(faults),
            )

    def _faults(self, columns: Sequence[str]) -> Iterator[FieldError]:
        for at, name in enumerate(columns):
            pointer = f"/columns/{at}"
            if name != IGNORED and name not in self.names:
                listed = ", ".join(self.names)
                words = f"'{name[:50]}' is nothing that a column can hold: choose one of {listed}, or nothing"
                yield FieldError(pointer, words, f"没有“{name[:50]}”这一项，可选：{several(self.names)}，或留空")
            elif name != IGNORED and name in columns[:at]:
                first = columns.index(name) + 1
                words = f"{name} is column {first} already: choose one column for it"
                yield FieldError(pointer, words, f"{column(name)}已对应第 {first} 列，只能选一列")
        for group in self.needed:
            if not set(group) & set(columns):
                words = f"No column holds {' or '.join(group)}: choose the one that does"
                yield FieldError("/columns", words, f"没有对应{several(group, '或')}的列，请选择")
        for group in self.either:
            places = [place for place, name in enumerate(columns) if name in group]
            if len({columns[place] for place in places}) > 1:
                words = f"Only one of {' and '.join(group)} is taken: leave the other column out"
                yield FieldError(f"/columns/{places[-1]}", words, f"{several(group, '与')}只能选其一，请忽略另一列")

    def _shut(self, names: Sequence[str]) -> set[str]:
        """What no other column can hold beside some."""
        return {*names, *(each for group in self.either if set(group) & set(names) for each in group)}

    def _exact(self, titles: Sequence[str]) -> list[str]:
        """What each title says without a doubt."""
        named = [self._exactly(title) for title in titles]
        yields = [_plain(title) in self.yielding for title in titles]
        firm = {name for name, gives_way in zip(named, yields, strict=True) if not gives_way}
        pairs = zip(named, yields, strict=True)
        return [IGNORED if gives_way and name in firm else name for name, gives_way in pairs]

    def _exactly(self, title: str) -> str:
        plain = _plain(title)
        return plain if plain in self.names else self.titles.get(plain, IGNORED)

    def _within(self, title: str, taken: Container[str]) -> str:
        plain = _plain(title)
        if plain in self.unread:
            return IGNORED
        parts = set(plain.split("_"))
        words = dict.fromkeys(self.names) | dict(self.titles)
        for word in sorted(words, key=len, reverse=True):
            there = word in parts if word.isascii() else len(word) > 1 and word in plain
            if there and (name := words[word] or word) not in taken:
                return name
        return IGNORED


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read: what each column holds, and in which row they have their titles. What is None, the
    file says.
    """

    columns: tuple[str, ...] | None = None
    header_row: int | None = None


AS_IT_SAYS = Asked()


def _plain(title: str) -> str:
    return plain_title(_MARKS.sub("", title))


_ORDER_TITLES = {
    **order_columns.TITLES,
    "buyer": "member", "买家": "member", "phone": "member", "mobile": "member", "phone_number": "member",
    "手机号": "member", "手机": "member", "手机号码": "member", "电话": "member", "联系电话": "member",
    "email": "member", "邮箱": "member",
    "单号": "order_ref", "订单": "order_ref",
    "created_at": "ordered_at", "订单时间": "ordered_at", "成交时间": "ordered_at", "购买时间": "ordered_at",
    "订单日期": "ordered_on", "购买日期": "ordered_on",
    "购买数量": "quantity", "商品数量": "quantity",
    "total": "amount", "实付": "amount", "实付金额": "amount", "支付金额": "amount", "总价": "amount",
    "sku_code": "product_code", "规格编码": "product_code", "货号": "product_code",
    "商品类别": "category", "商品分类": "category", "类目": "category",
    "source": "channel", "来源": "channel", "提货点": "pickup_point", "取货点": "pickup_point",
}  # fmt: skip
"""Those of exports of other programs are guessed, and looked at before they count."""

_PRODUCT_TITLES = {
    "sku": "code", "sku_code": "code", "item_no": "code", "item_number": "code", "article": "code", "barcode": "code",
    "product_code": "code", "规格编码": "code", "商品编码": "code", "编码": "code", "货号": "code", "条码": "code",
    "商品编号": "code", "条形码": "code",
    "product": "title", "product_name": "title", "name": "title", "item": "title", "goods": "title",
    "商品": "title", "商品名称": "title", "商品名": "title", "品名": "title", "产品": "title", "产品名称": "title",
    "名称": "title", "货品名称": "title",
    "specification": "variant", "spec": "variant", "size": "variant", "option": "variant", "variation": "variant",
    "规格": "variant", "规格型号": "variant", "款式": "variant", "规格名称": "variant",
    "unit_price": "price", "sale_price": "price", "selling_price": "price", "retail_price": "price",
    "售价": "price", "价格": "price", "单价": "price", "零售价": "price", "销售价": "price",
    "团购价": "price", "团价": "price",
    "purchase_price": "cost", "cost_price": "cost", "buying_price": "cost",
    "成本": "cost", "成本价": "cost", "进价": "cost", "进货价": "cost", "采购价": "cost",
    "进货单价": "cost", "供货价": "cost",
    "quantity": "stock", "qty": "stock", "on_hand": "stock", "in_stock": "stock", "units": "stock",
    "inventory": "stock",
    "库存": "stock", "数量": "stock", "现货": "stock", "库存数量": "stock", "库存量": "stock", "自有库存": "stock",
    "vendor": "supplier", "供应商": "supplier", "供货商": "supplier", "厂家": "supplier", "供应商名称": "supplier",
    "类别": "category", "分类": "category", "品类": "category", "商品分类": "category", "类目": "category",
    "make": "brand", "品牌": "brand",
    "place_of_origin": "origin", "country_of_origin": "origin", "产地": "origin", "原产地": "origin",
    "net_content": "content", "net_weight": "content", "weight": "content", "净含量": "content", "净重": "content",
    "重量": "content", "含量": "content",
    "tax": "tax_rate", "vat": "tax_rate", "vat_rate": "tax_rate", "税率": "tax_rate", "增值税率": "tax_rate",
    "details": "description", "描述": "description", "商品描述": "description", "详情": "description",
    "介绍": "description",
    "商品介绍": "description", "卖点": "description",
}  # fmt: skip

_COMPETITOR_TITLES = {
    **{title: "code" for title, name in _PRODUCT_TITLES.items() if name == "code"},
    **{title: "price" for title, name in _PRODUCT_TITLES.items() if name == "price"},
    **{title: "content" for title, name in _PRODUCT_TITLES.items() if name == "content"},
    "shop": "competitor", "store": "competitor", "seller": "competitor", "rival": "competitor",
    "竞争对手": "competitor", "竞品": "competitor", "对手": "competitor", "店铺": "competitor", "商家": "competitor",
    "平台": "competitor", "竞品价": "price", "竞品价格": "price", "对手价格": "price",
    "date": "seen_on", "seen": "seen_on", "day": "seen_on", "日期": "seen_on", "看到日期": "seen_on",
    "采集日期": "seen_on", "url": "link", "website": "link", "链接": "link", "网址": "link", "币种": "currency",
    "包装": "content", "包装含量": "content",
}  # fmt: skip

FIELDS: Mapping[str, Fields] = {
    ORDERS.name: Fields(
        order_columns.EVERY, _ORDER_TITLES,
        (("order_ref",), ("member",), order_columns.ORDERED, ("quantity",), order_columns.AMOUNTS[::-1]),
        either=(order_columns.AMOUNTS[::-1], order_columns.DISCOUNTS[::-1]),
        yielding=order_columns.CALLED | {"buyer", "买家"},
        unread=order_columns.EXPORTED_TITLES,
    ),
    PRODUCTS.name: Fields(
        (
            "title", "variant", "code", "price", "cost", "stock", "supplier", "category", "brand", "origin", "content",
            "description", "tax_rate",
        ),
        _PRODUCT_TITLES,
        (("title",), ("price",)),
    ),
    COMPETITOR_PRICES.name: Fields(
        ("code", "competitor", "price", "seen_on", "content", "link", "currency"),
        _COMPETITOR_TITLES,
        (("code",), ("competitor",), ("price",)),
    ),
    MEMBERS.name: Fields(
        (*member_rows.WHO, *member_rows.BESIDES), member_rows.TITLES, (member_rows.WHO,)
    ),
}  # fmt: skip
"""What may be chosen for the columns of each kind of file."""
