"""What the pages of segments take."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import DomainError
from chalicelib.pages.console.segments.model import MOST_ROWS, TITLES, Row, rule_of, usual_op
from chalicelib.pages.shell.typed import Reading
from chalicelib.segments.model.fields import FIELDS, Kind
from chalicelib.web import Body, Query

Text = Annotated[str, StringConstraints(max_length=300)]
_LISTED = re.compile(r"[,，、;；\n]+")


class RowForm(Body):
    """A condition as it is typed."""

    field: Text = ""
    op: Text = ""
    picks: Annotated[list[Text], Field(max_length=100)] = []
    text: Text = ""
    number: Text = ""
    day: Text = ""
    product_id: Text = ""
    category: Text = ""
    within_days: Text = ""
    group: Text = ""

    def row(self) -> Row | None:
        """As the page shows it again; None for a field that there is not."""
        if self.field not in FIELDS:
            return None
        typed = self.model_dump()
        return Row(**{**typed, "picks": tuple(self.picks), "op": self.op or usual_op(self.field)})

    def condition(self, reading: Reading, place: int) -> dict[str, Any]:
        """As the API takes it. Notes what cannot be read."""
        return {"field": self.field, "op": self.op, "value": self._value(reading, f"/rows/{place}")}

    def _value(self, reading: Reading, at: str) -> Any:
        field = FIELDS[self.field]
        if field.kind in (Kind.CHOICE, Kind.SEVERAL):
            free = [each.strip() for each in _LISTED.split(self.text) if each.strip()]
            return self.picks if field.values or field.named else free
        if field.kind is Kind.DAY:
            return self.day
        if field.kind is Kind.NUMBER:
            return _number(self.number, reading, f"{at}/number")
        scope: dict[str, Any] = {}
        if self.product_id:
            scope["product_ids"] = [self.product_id]
        if self.category.strip():
            scope["categories"] = [self.category.strip()]
        if self.within_days.strip():
            scope["within_days"] = _number(self.within_days, reading, f"{at}/within_days")
        if field.kind is Kind.PURCHASES:
            return scope
        if self.field == "monetary":
            amount = reading.amount(self.number, f"{at}/number")
            return {"number": amount["amount_minor"] if amount else None, **scope}
        return {"number": _number(self.number, reading, f"{at}/number"), **scope}


def _number(typed: str, reading: Reading, pointer: str) -> int | None:
    text = typed.strip()
    if text.isascii() and text.isdecimal() and len(text) < 12:
        return int(text)
    reading.wrong(pointer, "Type a whole number.", "请填写整数。")
    return None


class SegmentForm(Body):
    """A segment as it is typed, or what is to be done with the form (``step``): a condition more, or less."""

    step: Text = ""
    kind: Literal["rule", "list"] = "rule"
    title: Text = ""
    tag: Text = ""
    join: Literal["all", "any"] = "all"
    add: Text = ""
    find_products: Text = ""
    rows: Annotated[list[RowForm], Field(max_length=MOST_ROWS)] = []

    def segment(self, reading: Reading) -> Mapping[str, Any]:
        """A new segment, as the API takes it. Raises Invalid for what cannot be read."""
        said = {"title": self.title, "tag": self.tag or None}
        return said | ({"kind": "list"} if self.kind == "list" else {"rule": self.rule(reading)})

    def rule(self, reading: Reading) -> Mapping[str, Any]:
        """The rule alone."""
        parts = [(each.group, each.condition(reading, at)) for at, each in self._known]
        reading.check()
        return rule_of(self.join, parts)[0]

    @property
    def _known(self) -> list[tuple[int, RowForm]]:
        return [(at, each) for at, each in enumerate(self.rows) if each.field in FIELDS]

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API, with what it says of a rule beside the row that it was typed in."""
        from dataclasses import replace

        parts = [(each.group, {"field": each.field}) for _, each in self._known]
        pointers = rule_of(self.join, parts)[1] if parts else []
        places = [at for at, _ in self._known]
        moved = []
        for error in refusal.errors:
            at = next((n for n, each in enumerate(pointers) if error.pointer.startswith(f"{each}/")), None)
            if at is None:
                moved.append(replace(error, pointer="/add") if error.pointer.startswith("/rule") else error)
                continue
            field = FIELDS[self.rows[places[at]].field]
            typed = _input(field.kind, error.pointer, field.values)
            moved.append(replace(error, pointer=f"/rows/{places[at]}/{typed}"))
        refusal.errors = tuple(moved)
        return refusal


def _input(kind: Kind, pointer: str, values: Sequence[str]) -> str:
    """The input that a refused part of a condition was typed into."""
    for name, typed in (("within_days", "within_days"), ("product_ids", "product_id"), ("categories", "category")):
        if f"/{name}" in pointer:
            return typed
    if pointer.endswith("/op"):
        return "op"
    return {Kind.DAY: "day", Kind.NUMBER: "number", Kind.SUM: "number"}.get(kind, "picks" if values else "text")


def rows_after(step: str, add: str, rows: Sequence[Row]) -> list[Row]:
    """The rows that a form shows once a condition was added, or one taken away."""
    verb, _, at = step.partition(".")
    if verb == "remove" and at.isdecimal():
        return [row for n, row in enumerate(rows) if n != int(at)]
    if verb == "add" and add in TITLES and len(rows) < MOST_ROWS:
        return [*rows, Row(add, usual_op(add))]
    return list(rows)


class NewQuery(Query):
    """Whether a rule is to be put together, or a list begun; a rule may begin with the scores of a report's cell."""

    kind: Literal["rule", "list"] = "rule"
    scores: Annotated[str | None, StringConstraints(pattern=r"^[1-5]:[1-5]:[1-5*]$")] = None


class TitleForm(Body):
    """What may be changed of a segment whose rule a form cannot show."""

    title: Text = ""
    tag: Text = ""

    def changes(self) -> Mapping[str, Any]:
        """As the API takes it."""
        return {"title": self.title, "tag": self.tag or None}


class LinesForm(Body):
    """Members, one in a line: by reference, e-mail address or phone number."""

    text: Annotated[str, StringConstraints(max_length=100_000)] = ""


class TagForm(Body):
    """A tag."""

    tag: Text = ""


class Nothing(Body):
    """A form of a button alone."""
