"""All reports as one: what the API document says of their address."""

from functools import reduce
from operator import or_
from typing import Any

from pydantic import BaseModel, RootModel, create_model

from chalicelib.insight.reports.catalogue import REPORTS

ReportQuery: type[BaseModel] = create_model(
    "ReportQuery",
    __base__=tuple(each.query for each in REPORTS.values()),
    __doc__="The parameters of all reports; one that a report does not take is refused.",
)

_answers: Any = reduce(or_, (each.answer for each in REPORTS.values()))
_Root: Any = RootModel

AnyReport: type[BaseModel] = create_model("AnyReport", __base__=_Root[_answers], __doc__="The report that was named.")
