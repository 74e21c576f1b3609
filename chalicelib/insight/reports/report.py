"""What a report is: a query, the answer to it, and the answer as a table. Each report declares its own in one file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import Field

from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.insight.model.charts import Chart, Words
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.reports.service.window import Horizon
from chalicelib.kernel.errors import Forbidden
from chalicelib.kernel.principal import Principal
from chalicelib.web import Csv, LocalDate, Query, View, columns

ReportedDate = Annotated[LocalDate, Field(ge=EARLIEST_ON, le=date(2999, 12, 31))]
"""A local day that a report may be asked for."""

FRAME = columns(
    definition=("Definition", "口径"), version=("Version", "口径版本"), timezone=("Time zone", "时区"),
    as_of=("As of", "数据截至"), revision=("Revision", "修订号"),
)  # fmt: skip
"""The columns in which every row of a table says what it is made of."""


class FormQuery(Query):
    """What every report takes: the form of the answer. ``svg`` is one of its charts as a picture, the first unless
    ``chart`` names another, so many pixels wide.
    """

    format: Literal["json", "csv", "xlsx", "svg"] | None = None
    chart: int | None = Field(default=None, ge=1, le=20, description="Which of its charts, with format=svg.")
    width: int | None = Field(default=None, ge=320, le=1600, description="Of the picture, with format=svg.")


class RangeQuery(FormQuery):
    """What a report on a range takes: local days, both included."""

    from_on: ReportedDate | None = None
    to_on: ReportedDate | None = None


class DefinitionView(View):
    """The exact meaning of a figure, in the language asked for and in both."""

    name: str
    version: int
    text: str
    en: str
    zh: str

    @classmethod
    def of(cls, definition: Definition, locale: str) -> "DefinitionView":
        text = definition.text(locale)
        return cls(name=definition.name, version=definition.version, text=text, en=definition.en, zh=definition.zh)


class ReportView(View):
    """What every report says of itself. ``as_of``: the last local day that is complete and rolled up. ``pending_days``:
    earlier days with orders that arrived since; they count after the next rollup.
    ``revision`` rises when the figures behind the report change, and only then. What weeks, tiers, segments and classes
    make of them follows how the brand has these now, without a new one: see :func:`state_of`.
    """

    report: str
    timezone: str
    from_on: LocalDate
    to_on: LocalDate
    as_of: LocalDate
    complete: bool
    pending_days: int
    revision: int


Q = TypeVar("Q", bound=FormQuery)
V = TypeVar("V", bound=ReportView)


@dataclass(frozen=True, slots=True)
class Asked(Generic[Q]):
    """A tenant asks for a report, in a language, at an instant. ``sealed`` cursors go out to whoever asks; a worker
    of our own keeps its place as it is, and has no key.
    """

    tenant_id: str
    query: Q
    locale: str
    now: datetime
    sealed: bool = True


class Fact(NamedTuple):
    """A figure that stands above the table; ``members`` names those behind it as the report's query does."""

    name: Words
    value: str | Words
    members: str | None = None

    def said(self, locale: str) -> str:
        """Its value in the language of the locale."""
        return self.value.said(locale) if isinstance(self.value, Words) else self.value


@dataclass(frozen=True, slots=True)
class Report(Generic[Q, V]):
    """A report by its name: what may be asked, how it is answered, how the answer reads as a table and as charts, who
    of the team reads it, what people call it, and what it ``tells`` in one sentence. ``facts`` stand above its table;
    ``behind`` has for each row of the table, by the column of a figure, what ``members`` names the members behind it.
    """

    name: str
    query: type[Q]
    answer: type[V]
    run: Callable[[Asked[Q]], V]
    table: Callable[[V], Csv]
    roles: frozenset[str] = frozenset({"manager", "analyst"})
    charts: Callable[[V], Sequence[Chart]] | None = None
    title: Words | None = None
    tells: Words | None = None
    facts: Callable[[V], Sequence[Fact]] | None = None
    behind: Callable[[V], Sequence[Mapping[str, str]]] | None = None

    @property
    def called(self) -> Words:
        """What people call it."""
        plain = self.name.replace("-", " ").capitalize()
        return self.title or Words(plain, plain)


def frame(seen: Horizon, timezone: str, from_on: date, to_on: date, revision: int) -> dict[str, Any]:
    """The fields of :class:`ReportView`."""
    return {
        "timezone": timezone,
        "from_on": from_on,
        "to_on": to_on,
        "as_of": seen.as_of,
        "complete": seen.window.completes(to_on),
        "pending_days": len(seen.pending),
        "revision": revision,
    }


def state_of(view: ReportView, *but: str) -> str:
    """Names all that an answer says, ``but`` for some of its fields: two answers of one state are the same."""
    return sha256(view.model_dump_json(exclude=set(but)).encode()).hexdigest()[:16]


def check_reader(report: Report[Any, Any], who: Principal) -> None:
    """Raises Forbidden for a role that this report is not for."""
    if not who.has(*report.roles):
        raise Forbidden(
            f"The report '{report.name}' is for managers and analysts; ask one of them for it.",
            detail_zh=f"报表“{report.name}”仅限管理者和分析员查看，请向其索取。",
        )
