"""What files can be imported, what their columns are called, and how a job is said to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.jobs.model import Status
from chalicelib.pages.shell import N_
from chalicelib.web import Column, columns


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a file: what it holds, and an example; whether each file has it, and whether the template does."""

    name: str
    means: str
    such_as: str
    needed: bool = False
    in_template: bool = True


@dataclass(frozen=True, slots=True)
class Importable:
    """A kind of file: its name, what comes of importing it, and its columns with their titles."""

    name: str
    means: str
    fields: Sequence[Field]
    titles: Sequence[Column]

    def titled(self, language: str) -> list[tuple[str, Field]]:
        """The columns as a reader's template titles them, or would."""
        return [(title.title(language), field) for title, field in zip(self.titles, self.fields, strict=True)]

    @property
    def template(self) -> list[Column]:
        """The titles of an empty file."""
        return [title for title, field in zip(self.titles, self.fields, strict=True) if field.in_template]


KINDS: Mapping[str, Importable] = {
    "products": Importable(
        N_("Products"),
        N_("Your price list. What you have in the shop already is not changed; new variants of it are added."),
        (
            Field(
                "title", N_("What the product is called; rows of one product stand below each other"), N_("Lychees"),
                True,
            ),
            Field("variant", N_("What tells the rows of one product apart"), N_("one kilo")),
            Field("code", N_("Your own code of the row; without one it gets one"), "LY-1"),
            Field("price", N_("What one costs"), "39.90", True),
            Field("cost", N_("What one costs you"), "21.00"),
            Field("stock", N_("Units on your own shelf"), "120"),
            Field("supplier", N_("From whom you buy it; needs the cost"), N_("Orchard Lee")),
            Field("category", N_("Category"), N_("fruit")),
            Field("brand", N_("Brand"), N_("Hillside")),
            Field("origin", N_("Where it was grown or made"), N_("Guangdong")),
            Field("content", N_("How much of it is in one"), "500g"),
            Field("description", N_("What customers read about it"), N_("Sweet, picked on the day before")),
            Field("tax_rate", N_("Tax that is in the price, in per cent"), "9"),
        ),
        columns(
            title=("Product", "商品名称"), variant=("Variant", "规格"), code=("SKU code", "规格编码"),
            price=("Price", "售价"), cost=("Cost", "成本"), stock=("Stock", "库存"), supplier=("Supplier", "供应商"),
            category=("Category", "类别"), brand=("Brand", "品牌"), origin=("Origin", "产地"),
            content=("Content", "净含量"), description=("Description", "描述"), tax_rate=("Tax rate", "税率"),
        ),
    ),
    "competitor_prices": Importable(
        N_("Competitors' prices"),
        N_("What others ask for the same. You are told where somebody is much cheaper than you."),
        (
            Field("code", N_("The SKU code, as on the product's page"), "LY-1", True),
            Field("competitor", N_("Who asks it"), N_("Riverside Market"), True),
            Field("price", N_("What one costs there, in your currency"), "35.90", True),
            Field("seen_on", N_("The day on which it was seen, the year first; today without it"), "2026-03-15"),
            Field("content", N_("How much is in one of theirs, where that is another than yours"), "500g"),
            Field("link", N_("Where it was seen"), "https://example.com/lychees"),
            Field("currency", N_("The currency; only your own can be compared"), "CNY", in_template=False),
        ),
        columns(
            code=("SKU code", "规格编码"), competitor=("Competitor", "竞争对手"), price=("Price", "价格"),
            seen_on=("Seen on", "看到日期"), content=("Content", "净含量"), link=("Link", "链接"),
            currency=("Currency", "币种"),
        ),
    ),
    "orders": Importable(
        N_("Earlier orders"),
        N_("The reports begin with your history. Nobody is written to, and nothing is owed."),
        (
            Field("order_ref", N_("The number of the order; rows of one order stand below each other"), "A-1001", True),
            Field("member", N_("Whose it is: e-mail address, phone number, or your own number"), "138 0013 8000", True),
            Field("ordered_on", N_("The day, the year first"), "2026-03-15", True),
            Field("quantity", N_("Units"), "2", True),
            Field("amount", N_("What the row came to"), "39.80", True),
            Field("product_code", N_("The SKU code"), "TEA-50"),
            Field("category", N_("Category"), N_("fruit")),
            Field("channel", N_("How they heard of it"), N_("chat group 3")),
            Field("pickup_point", N_("Where it was collected"), N_("Garden Road 5")),
            Field("discount", N_("What was taken off, which the amount has no more"), "5.00", in_template=False),
            Field(
                "ordered_at", N_("Day and time, in place of the day alone; in your shop's time zone"),
                "2026-03-15 18:30", in_template=False,
            ),
            Field("currency", N_("The currency, where it is not your own"), "CNY", in_template=False),
            Field(
                "status", N_("What became of the order; cancelled ones are no sales"), N_("placed"),
                in_template=False,
            ),
            Field(
                "amount_minor", N_("What the row came to, in the smallest unit of the currency"), "3980",
                in_template=False,
            ),
            Field(
                "discount_minor", N_("What was taken off, in the smallest unit of the currency"), "500",
                in_template=False,
            ),
        ),
        columns(
            order_ref=("Order", "订单号"), member=("Member", "会员"), ordered_on=("Ordered on", "下单日期"),
            quantity=("Quantity", "数量"), amount=("Amount", "金额"), product_code=("Product code", "商品编码"),
            category=("Category", "类别"), channel=("Channel", "渠道"), pickup_point=("Pickup point", "自提点"),
            discount=("Discount", "优惠金额"), ordered_at=("Ordered at", "下单时间"), currency=("Currency", "币种"),
            status=("Status", "订单状态"),
            amount_minor=("Amount in the smallest unit", "金额（最小货币单位）"),
            discount_minor=("Discount in the smallest unit", "优惠金额（最小货币单位）"),
        ),
    ),
    "members": Importable(
        N_("Members"),
        N_("Who is in your chat groups today. They are recognised when they sign in for the first time."),
        (
            Field("member", N_("Your own number of the member"), "M-17"),
            Field("name", N_("What they are called"), N_("Ada")),
            Field("phone", N_("Phone number, with the country code where it is another country's"), "138 0013 8000"),
            Field("email", N_("E-mail address"), "ada@example.com"),
            Field("joined_on", N_("Since when they are with you, the year first"), "2025-11-02"),
            Field(
                "consent", N_("Your own note of their consent; it grants nothing, they are asked themselves"),
                N_("on paper"),
            ),
            Field("birthday", N_("Month and day of their birthday"), "03-08"),
            Field("age_band", N_("18-24, 25-34, 35-44, 45-54, 55-64, under 18, or 65+"), "35-44"),
            Field("gender", N_("female, male, other or undisclosed"), N_("female")),
            Field(
                "household",
                N_("alone, two_adults, three_or_more_adults, children_under_7 or children_7_17"), "two_adults",
            ),
            Field("occupation", N_("What they do"), N_("teacher")),
            Field("income_band", N_("One of your own bands"), "5000-7999"),
            Field("interests", N_("What they like, apart by commas"), N_("fruit, baking")),
            Field("language", N_("In which language they are written to"), "zh"),
        ),
        columns(
            member=("Member", "会员编号"), name=("Name", "姓名"), phone=("Phone", "手机号"), email=("E-mail", "邮箱"),
            joined_on=("Joined on", "加入日期"), consent=("Consent", "同意记录"), birthday=("Birthday", "生日"),
            age_band=("Age band", "年龄段"), gender=("Gender", "性别"), household=("Household", "家庭情况"),
            occupation=("Occupation", "职业"), income_band=("Income band", "收入区间"),
            interests=("Interests", "兴趣"), language=("Language", "语言"),
        ),
    ),
}  # fmt: skip
"""Every kind of file that can be imported. One that is added here has its card, its columns and its template."""


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two, and its tone."""

    name: str
    tone: str = ""


UNDONE: Mapping[str, State] = {
    Status.QUEUED: State(N_("Waits its turn")),
    Status.RUNNING: State(N_("Is being undone")),
    Status.DONE: State(N_("Done"), "good"),
    Status.FAILED: State(N_("Failed"), "bad"),
}
"""How the undoing of an import is said to be."""

STATES: Mapping[str, State] = {
    Status.AWAITING_UPLOAD: State(N_("Waits for the file"), "warn"),
    Status.CHECKED: State(N_("Tried out"), "warn"),
    Status.QUEUED: State(N_("Waits its turn")),
    Status.RUNNING: State(N_("Is being imported")),
    Status.DONE: State(N_("Done"), "good"),
    Status.FAILED: State(N_("Failed"), "bad"),
}
