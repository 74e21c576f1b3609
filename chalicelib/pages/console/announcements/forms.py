"""What the pages of announcements take."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.pages.shell.typed import Reading
from chalicelib.web import Body, Query, UlidStr

Text = Annotated[str, StringConstraints(max_length=5_000)]
_LISTED = re.compile(r"[,，、;；\n]+")


class About(Query):
    """The group buy that the news is about."""

    campaign: UlidStr | None = None


class AudienceTyped(Body):
    """Whom the news is for, as it is typed."""

    segment_id: Text = ""
    languages: Text = ""
    interests: Text = ""
    joined_from_on: Text = ""
    joined_to_on: Text = ""
    active_from_on: Text = ""
    inactive_since_on: Text = ""
    classes: Text = ""


class NewsForm(Body):
    """News as they are typed; who leaves a language empty says nothing in it."""

    texts: dict[str, dict[str, Text]] = Field(default={}, max_length=2)
    audience: AudienceTyped = AudienceTyped()
    send_at: Text = ""

    def news(self, reading: Reading) -> Mapping[str, Any]:
        """What the API takes. Raises Invalid for a time that cannot be read."""
        who = self.audience
        days = ("joined_from_on", "joined_to_on", "active_from_on", "inactive_since_on")
        audience = {name: getattr(who, name) for name in days if getattr(who, name)}
        listed = {"interests": [each.strip() for each in _LISTED.split(who.interests) if each.strip()]}
        languages = {name: [getattr(who, name)] for name in ("languages", "classes") if getattr(who, name)}
        segments = {"segment_ids": [who.segment_id]} if who.segment_id else {}
        send_at = reading.moment(self.send_at, "/send_at")
        reading.check()
        return {"texts": self.texts, "audience": {**audience, **listed, **languages, **segments}, "send_at": send_at}


def named(pointer: str) -> str:
    """The field that the API speaks of: lists are typed into one."""
    pointer = re.sub(r"^/audience/segment_ids/\d+$", "/audience/segment_id", pointer)
    return re.sub(r"^(/audience/(?:interests|languages|classes))/\d+$", r"\1", pointer)
