"""Tables that are handed out over HTTP: as CSV or as a workbook, to a program or to a person.

API Gateway gives a file to whoever names its type first in Accept, and text to everyone else. A browser that follows a
link names pages first; so its workbook waits in the bucket, and the answer leads there.
"""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.kernel.ids import new_id
from chalicelib.media.service import files
from chalicelib.web import Answer, Call, Csv, File, for_reader
from chalicelib.web.workbooks import workbook


def hand_out(call: Call[Any], table: Csv, tz: ZoneInfo | None = None) -> Csv | File | Answer:
    """The table in the form asked for. A workbook, and what a browser's link leads to, are for a person: in their
    language, with times in the zone given.
    """
    if call.wants_xlsx:
        return offer(call, workbook(for_reader(table, call.locale, tz)))
    return for_reader(table, call.locale, tz) if call.from_browser else table


def offer(call: Call[Any], file: File) -> File | Answer:
    """The file itself or, to whom API Gateway would hand it out as text, where it can be read for an hour."""
    if call.takes_files:
        return file
    key = f"{call.tenant_id}/downloads/{new_id(call.now)}"
    files.store(key, file.content, file.content_type, lasting=False, filename=file.filename)
    url, expires_at = files.download_url(key), call.now + timedelta(seconds=files.URL_SECONDS)
    return Answer({"url": url, "expires_at": expires_at}, status=303, headers={"Location": url})
