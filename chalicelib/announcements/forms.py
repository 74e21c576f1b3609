"""What the API takes of announcements."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from chalicelib.announcements.model import MOST_NAMED, Audience, Status, Words
from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.language import Language
from chalicelib.web import Body, Harmless, Instant, LocalDate, OneLine, Query, Title, UlidStr

Label = Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]
NewsText = Annotated[str, StringConstraints(min_length=1, max_length=2000), Harmless]


class WordsForm(Body):
    """What is said in one language: one line, and a text of up to 2,000 characters."""

    subject: Title
    text: NewsText


class TextsForm(Body):
    """The news in Chinese, English, or both; who reads the other language gets the one that there is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"en": {"subject": "Lychees", "text": "Until Sunday."}}]})

    zh: WordsForm | None = None
    en: WordsForm | None = None

    @model_validator(mode="after")
    def _has_one(self) -> "TextsForm":
        if self.zh is None and self.en is None:
            raise InvalidField(
                "Write the news in Chinese (zh), English (en), or both.", "请填写中文（zh）或英文（en）内容。"
            )
        return self

    def words(self) -> dict[Language, Words]:
        given: dict[Language, WordsForm | None] = {"zh": self.zh, "en": self.en}
        return {language: Words(form.subject, form.text) for language, form in given.items() if form}


class AudienceForm(Body):
    """Whom the news is for: all members, but for what is named; each narrows. Days are the brand's, both included.

    ``inactive_since_on`` means who was last active before that day, or never; ``classes`` who is of one of these when
    the news is sent, ``segment_ids`` who is in any of these when it comes to them; ``interests`` are
    those of members who agreed to ``personalisation``.
    """

    member_ids: Annotated[list[UlidStr], Field(max_length=MOST_NAMED)] = []
    interests: Annotated[list[Label], Field(max_length=20)] = []
    languages: Annotated[list[Literal["zh", "en"]], Field(max_length=2)] = []
    joined_from_on: LocalDate | None = None
    joined_to_on: LocalDate | None = None
    active_from_on: LocalDate | None = None
    inactive_since_on: LocalDate | None = None
    segment_ids: Annotated[list[UlidStr], Field(max_length=20)] = []
    classes: Annotated[list[Literal["new", "active", "dormant", "churned"]], Field(max_length=4)] = []

    def audience(self) -> Audience:
        said: dict[str, Any] = {}
        for name in type(self).model_fields:
            value: date | list[str] | None = getattr(self, name)
            said[name] = tuple(dict.fromkeys(value)) if isinstance(value, list) else value
        return Audience(**said)


class NewAnnouncement(Body):
    """News to members who have agreed to ``marketing``; it begins to go out at once, or at ``send_at``."""

    texts: TextsForm
    audience: AudienceForm = AudienceForm()
    send_at: Instant | None = None


class AnnouncementQuery(Query):
    """One status, or all."""

    status: Annotated[Status, Field(strict=False)] | None = None
