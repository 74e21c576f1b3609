"""Money, moments and numbers as the reader of a page writes them: in their language, by the shop's clocks."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.kernel.clock import instant
from chalicelib.kernel.language import Language
from chalicelib.kernel.money import Money
from chalicelib.notices.model import facts
from chalicelib.web import MoneyField


@dataclass(frozen=True, slots=True)
class Saying:
    """In templates ``say``: ``{{ say.money(order.totals.due) }}``."""

    language: Language
    zone: ZoneInfo

    def money(self, amount: Money | MoneyField) -> str:
        """``¥1,250.00``."""
        return Money(amount.amount_minor, amount.currency).said(self.language)

    def amount(self, minor: int, currency: str) -> str:
        """The same, of minor units."""
        return Money(minor, currency).said(self.language)

    def when(self, moment: datetime) -> str:
        """``Mon 30 Nov 2026, 18:00``, by the shop's clocks."""
        return facts.said(moment, self.language, self.zone)

    def day(self, on: date | datetime) -> str:
        """``Mon 30 Nov 2026``; of a moment its day by the shop's clocks."""
        return facts.said(on.astimezone(self.zone).date() if isinstance(on, datetime) else on, self.language, self.zone)

    def month(self, label: str) -> str:
        """``October 2026``, of ``2026-10``."""
        first = date.fromisoformat(f"{label}-01")
        return f"{first.year}年{first.month}月" if self.language == "zh" else f"{first:%B %Y}"

    def at(self, moment: datetime) -> str:
        """``18:00``, by the shop's clocks."""
        return f"{moment.astimezone(self.zone):%H:%M}"

    def number(self, n: int) -> str:
        """``1,250``."""
        return f"{n:,}"

    def machine(self, moment: datetime) -> str:
        """The moment for the ``datetime`` of a ``time`` element."""
        return instant(moment)
