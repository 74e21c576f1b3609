"""What the API takes of messages' words."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.language import Language, nearest
from chalicelib.notices.model.notices import Category
from chalicelib.notices.templates.model.wording import Words
from chalicelib.web import Body, Harmless, LocaleTag, OneLine, Query


def _spoken(tag: str) -> str:
    if tag.partition("-")[0].lower() not in {"zh", "en"}:
        raise InvalidField("messages come in English or Chinese: use en or zh", "消息支持英文和中文，请使用 en 或 zh")
    return tag


SpokenTag = Annotated[LocaleTag, AfterValidator(_spoken)]
"""A language tag (BCP 47) of English or Chinese; messages have no other words."""

Subject = Annotated[str, StringConstraints(min_length=1, max_length=200), OneLine]
Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000),
    Harmless,
    AfterValidator(lambda text: text.replace("\r\n", "\n").replace("\r", "\n")),
]


class NoticeQuery(Query):
    """Which messages to list."""

    category: Category | None = None


class WordsQuery(Query):
    """In which language."""

    locale: SpokenTag | None = None

    @property
    def language(self) -> Language | None:
        return None if self.locale is None else nearest(self.locale)


class WordsForm(Body):
    """The brand's own words for a message, in one language. {name} stands for a variable, {name|default} for a default
    where the variable is empty, {{ and }} for braces.
    """

    EXAMPLES = {
        "an order is ready": {
            "locale": "en",
            "subject": "Your {title} is here",
            "text": "{brand}: come and get your {title} at {point}, {address}. Your code: {code}",
        }
    }

    locale: SpokenTag
    subject: Subject
    text: Text = Field(description="At most 2,000 characters; by SMS it is sent alone, without the subject.")

    @property
    def words(self) -> Words:
        return Words(self.subject, self.text)


class PreviewForm(Body):
    """What to show; what is left out is as the message says it now. Without a language it is the brand's."""

    EXAMPLES = {"as it is now": {"locale": "zh"}}

    locale: SpokenTag | None = None
    subject: Subject | None = None
    text: Text | None = None
