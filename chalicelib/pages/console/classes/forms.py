"""What the pages of classes take, in their addresses and as it is typed."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.insight.reports.report import FormQuery, ReportedDate
from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=400)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Cursor = Annotated[str | None, Field(max_length=500)]


class ClassesTyped(Body):
    """Where the classes part, as it is typed."""

    new_days: Typed = ""
    dormant_days: Typed = ""
    churned_days: Typed = ""
    taking_part_counts: Typed = ""

    def asked(self) -> Mapping[str, Any]:
        """As the API takes it; an empty field is as the product has it."""
        names = ("new_days", "dormant_days", "churned_days")
        days = {name: getattr(self, name).strip() for name in names if getattr(self, name).strip()}
        return {**days, "taking_part_counts": self.taking_part_counts == "true"}


class ClassesPage(FormQuery):
    """As of which day."""

    as_of: ReportedDate | None = None

    def asked(self) -> dict[str, str]:
        """As the API takes it."""
        return _said(self)


class ClassMembersPage(ClassesPage):
    """The class whose members are listed."""

    members: Named
    cursor: Cursor = None


class RfmPage(ClassesPage):
    """Of which days, and of which class."""

    from_on: ReportedDate | None = None
    of_class: Annotated[str, StringConstraints(max_length=40)] = ""


class RfmMembersPage(RfmPage):
    """The scores whose members are listed, such as ``5:4:5``, or ``5:4:*`` for any value."""

    members: Named
    cursor: Cursor = None


def _said(query: FormQuery) -> dict[str, str]:
    given = query.model_dump(mode="json", exclude_none=True)
    return {name: str(value) for name, value in given.items() if value != ""}
