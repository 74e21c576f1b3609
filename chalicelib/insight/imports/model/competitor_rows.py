"""The file of competitors' prices: what a row says. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.catalog.model.contents import Content
from chalicelib.insight.activity.model.csv import Row
from chalicelib.insight.activity.model.fields import BadRow, clean, day_past, plain, price
from chalicelib.insight.activity.model.reasons import column
from chalicelib.insight.imports.model.product_rows import content_of, needed
from chalicelib.kernel.folding import fold
from chalicelib.kernel.local_day import local_date

_LENGTHS = {"link": 2000, "competitor": 80}
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class CompetitorRow:
    """A valid row: what a competitor asks for the SKU of a code, in minor units of the brand's currency."""

    number: int
    code: str
    competitor: str
    price_minor: int
    seen_on: date
    content: Content | None
    link: str | None

    @property
    def says(self) -> tuple[str, ...]:
        """What tells it from others: a row that says the same again adds nothing."""
        content = f"{self.content.quantity}{self.content.unit}" if self.content else ""
        return fold(self.code), fold(self.competitor), str(self.price_minor), f"{self.seen_on}", content


def parse(row: Row, columns: Sequence[str], currency: str, tz: ZoneInfo, now: datetime) -> CompetitorRow:
    """What a row says. Raises BadRow."""
    if row.problem:
        raise BadRow(*row.problem)
    cells = zip(columns, row.values, strict=True)
    given = {name: value for name, text in cells if name and (value := clean(name, text, _LENGTHS.get(name, 200)))}
    for name in ("code", "competitor", "price"):
        needed(name, given)
    _check_currency(given.get("currency", currency), currency)
    minor = price("price", given["price"], currency)
    if not minor:
        raise BadRow("price is zero: leave the row out", f"{column('price')}为零，请删除该行")
    link = given.get("link")
    if link and not _LINK.fullmatch(link):
        raise BadRow(
            f"link '{link[:50]}' is no address: write it with https://",
            f"{column('link')}“{link[:50]}”不是网址，请以 https:// 开头",
        )
    return CompetitorRow(
        row.number,
        plain(given["code"]),
        given["competitor"],
        minor,
        day_past("seen_on", given["seen_on"], tz, now) if given.get("seen_on") else local_date(now, tz),
        content_of(given["content"]) if given.get("content") else None,
        link,
    )


def _check_currency(said: str, currency: str) -> None:
    if plain(said).upper() != currency:
        raise BadRow(
            f"currency '{said}' is not {currency}, which alone can be compared: leave the row out, or convert it",
            f"{column('currency')}“{said}”不是 {currency}，无法比较，请换算或删除该行",
        )


def no_such_code(row: CompetitorRow) -> BadRow:
    """The refusal of a row whose SKU there is not."""
    return BadRow(
        f"code '{row.code}' is none of your SKUs: look it up on the product's page",
        f"{column('code')}“{row.code}”不存在，请到商品页查看规格编码",
    )
