"""What the API takes of files of reports."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.insight.report_jobs.model import FileFormat
from chalicelib.web import Body

ReportName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
Parameters = Annotated[
    dict[str, Annotated[str, StringConstraints(max_length=1000)]],
    Field(max_length=40, description="The report's parameters, as its address takes them."),
]


class NewReportJob(Body):
    """A file of a report: its name, its parameters, and the form of the file."""

    EXAMPLES = {"sales by day": {"name": "summary", "parameters": {"by": "day"}, "format": "xlsx"}}

    name: ReportName
    parameters: Parameters = {}
    format: FileFormat = "csv"
