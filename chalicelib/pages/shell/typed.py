"""What people type, as the API takes it: amounts in the brand's currency, moments by the brand's clock. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from chalicelib.kernel import clock
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.kernel.money import read_amount, write_amount
from chalicelib.kernel.wall_time import ANYHOW, to_instant
from chalicelib.web.problems import refuse_fields

_MOMENT = "%Y-%m-%dT%H:%M"


class Amount(Protocol):
    """An amount of money as views have it."""

    @property
    def amount_minor(self) -> int: ...
    @property
    def currency(self) -> str: ...


@dataclass
class Reading:
    """Reads what was typed into a form, and gathers what cannot be read; ``check`` refuses that, beside its fields.

    Nothing was typed: it is read as None. Pointers are those of the form's fields, such as ``/offers/0/price``.
    """

    currency: str
    zone: ZoneInfo
    faults: list[FieldError] = field(default_factory=list)

    def amount(self, typed: str, pointer: str) -> dict[str, Any] | None:
        """``12.50`` or ``¥1,250`` as the API's amount in minor units."""
        if not typed.strip():
            return None
        minor = read_amount(typed, self.currency)
        if minor is None:
            self.wrong(pointer, *no_amount(self.currency))
            return None
        return {"amount_minor": minor, "currency": self.currency}

    def moment(self, typed: str, pointer: str) -> str | None:
        """``2026-11-30T18:00`` by the brand's clock as an instant; where clocks are put back the earlier one."""
        text = typed.strip()
        if not text:
            return None
        try:
            local = datetime.strptime(text[:16].replace(" ", "T"), _MOMENT)  # noqa: DTZ007 - the zone is the brand's
            return clock.instant(to_instant(local, self.zone, ANYHOW, pointer))
        except (ValueError, OverflowError):
            message = "Choose a day and a time, such as 2030-06-01 20:00."
            self.wrong(pointer, message, "请选择日期和时间，例如 2030-06-01 20:00。")
            return None

    def check(self) -> None:
        """Raises Invalid for all that could not be read."""
        if len(self.faults) > 1:
            raise refuse_fields(self.faults)
        if self.faults:
            first = self.faults[0]
            raise Invalid(first.message, detail_zh=first.message_zh, errors=tuple(self.faults))

    @contextmanager
    def together(self) -> Iterator[None]:
        """What a form of the API refuses inside is said with what could not be read. Raises Invalid for either."""
        try:
            yield
        except Invalid as refusal:
            if not self.faults:
                raise
            here = {each.pointer for each in self.faults}
            self.faults += [each for each in refusal.errors if each.pointer not in here]
        self.check()

    def wrong(self, pointer: str, message: str, message_zh: str) -> None:
        """Something else that cannot be taken."""
        self.faults.append(FieldError(pointer, message, message_zh))


def amount(typed: str, currency: str, pointer: str) -> dict[str, Any]:
    """An amount as the API takes it. Raises Invalid at the field for what is none."""
    minor = read_amount(typed, currency)
    if minor is None:
        raise Invalid.at(pointer, *no_amount(currency))
    return {"amount_minor": minor, "currency": currency}


def no_amount(currency: str) -> tuple[str, str]:
    """What is said of a text that is no amount, in English and in Chinese."""
    example = write_amount(125 * 10 ** CURRENCIES[currency] // 10, currency)
    return f"Type an amount such as {example}.", f"请填写金额，例如 {example}。"


def written(amount: Amount | None) -> str:
    """An amount as it is typed: ``12.50``; nothing for none."""
    return write_amount(amount.amount_minor, amount.currency) if amount else ""


def clock_time(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment as an input of day and time has it, by the brand's clock; nothing for none."""
    return moment.astimezone(zone).strftime(_MOMENT) if moment else ""


@contextmanager
def at_fields(named: Callable[[str], str]) -> Iterator[None]:
    """What the API refuses inside is said of the form's fields: ``named`` makes a field's pointer of the API's."""
    try:
        yield
    except DomainError as refusal:
        refusal.errors = tuple(replace(each, pointer=named(each.pointer)) for each in refusal.errors)
        raise


def without_minor(pointer: str) -> str:
    """The field that an amount was typed into, for what the API says of its parts."""
    return re.sub(r"/(amount_minor|currency)$", "", pointer)


def percent(typed: str) -> str:
    """A rate as people type it, with or without its sign: ``9%`` and ``９`` are ``9``."""
    return unicodedata.normalize("NFKC", typed).replace("%", "").strip()
