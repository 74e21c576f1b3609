"""All reports as one: what the API document says of their address."""

from functools import reduce
from operator import or_
from typing import Any

from pydantic import BaseModel, RootModel, create_model

from chalicelib.insight.reports.catalogue import REPORTS


def _of_several_kinds() -> dict[str, Any]:
    """The parameters that not every report takes with the same values: here they may have those of any."""
    kinds: dict[str, list[Any]] = {}
    for each in REPORTS.values():
        for name, field in each.query.model_fields.items():
            known = kinds.setdefault(name, [])
            if field.annotation not in known:
                known.append(field.annotation)
    return {name: (reduce(or_, known) | None, None) for name, known in kinds.items() if len(known) > 1}


ReportQuery: type[BaseModel] = create_model(
    "ReportQuery",
    __base__=tuple(each.query for each in REPORTS.values()),
    __doc__="The parameters of all reports; one that a report does not take is refused.",
    **_of_several_kinds(),
)

_answers: Any = reduce(or_, (each.answer for each in REPORTS.values()))
_Root: Any = RootModel

AnyReport: type[BaseModel] = create_model("AnyReport", __base__=_Root[_answers], __doc__="The report that was named.")
