"""Tables of the API as downloads of the console: for a person, in their language, by the shop's clocks."""

from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.pages.shell import Content, Redirect, Visit
from chalicelib.web import Csv, for_reader
from chalicelib.web.names import disposition
from chalicelib.web.tables import CSV, csv_text


def handed_out(visit: Visit[Any], answered: Any) -> Content | Redirect:
    """What the API answers to ``format=csv`` or ``format=xlsx``: the table itself, or the way to where its workbook can
    be read for an hour.
    """
    if not isinstance(answered, Csv):
        return Redirect(answered["url"], outside=True)
    table = for_reader(answered, visit.language, ZoneInfo(visit.brand.timezone))
    headers = {"Content-Disposition": disposition(answered.filename)}
    return Content(csv_text(table), CSV, headers=headers)
