"""What charts of several reports share: amounts and rates as numbers, days without gaps, and names."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.reports.report import ReportView
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.web import MoneyField

MOST_DAYS = 400
"""Above it, days are drawn by month."""

MEMBERS = Words("members", "人")
ORDERS = Words("orders", "单")
PERCENT = Words("percent", "百分比")


def units(amount: MoneyField | None) -> Decimal | None:
    """An amount in whole units of its currency."""
    return None if amount is None else Decimal(amount.amount_minor).scaleb(-CURRENCIES[amount.currency])


def percents(rate: str | None) -> Decimal | None:
    """A rate such as ``0.3333`` in percent."""
    return None if rate is None else Decimal(rate) * 100


def in_percent(rate: str | None) -> str:
    """A rate such as ``0.3333`` as it is read, ``33.3%``."""
    return "–" if rate is None else f"{Decimal(rate) * 100:.1f}%"


def amount(money: MoneyField | None) -> Words:
    """An amount as it is read in each language; a dash where there is none."""
    return Words("–", "–") if money is None else Words(money.money().said("en"), money.money().said("zh"))


def of_currency(code: str) -> Words:
    """The unit of amounts in a currency."""
    return Words(code, code)


def words(of: Mapping[str, tuple[str, str]], name: str) -> Words:
    """A value of a table as it reads there."""
    return Words(*of[name]) if name in of else Words(name, name)


def daily(
    title: Words, unit: Words, view: ReportView, values: Mapping[date, Sequence[Decimal]], names: Sequence[Words]
) -> Chart:
    """Sums by day over the days of a report, by month where they are many; days that are not there are nothing.

    The last is not final where the report is not.
    """
    label: Callable[[date], str] = date.isoformat
    if (view.to_on - view.from_on).days >= MOST_DAYS:
        label = _month
    days = (view.from_on + timedelta(days=at) for at in range((view.to_on - view.from_on).days + 1))
    sums: dict[str, list[Decimal]] = {label(on): [Decimal(0)] * len(names) for on in days}
    for on, found in values.items():
        kept = sums.setdefault(label(on), [Decimal(0)] * len(names))
        sums[label(on)] = [a + b for a, b in zip(kept, found, strict=True)]
    series = [Series(name, [each[at] for each in sums.values()]) for at, name in enumerate(names)]
    running = frozenset() if view.complete else frozenset({len(sums) - 1})
    return Chart(Kind.BARS, title, unit, list(sums), series, running)


def _month(on: date) -> str:
    return f"{on:%Y-%m}"
