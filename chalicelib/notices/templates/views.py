"""What the API shows of messages and their words."""

from collections.abc import Mapping
from typing import Literal, Self

from chalicelib.kernel.language import Language, nearest
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.model.notices import Audience, Category, Notice, Urgency
from chalicelib.notices.model.sms import Encoding, plainer, sms_length
from chalicelib.notices.model.texts import ours
from chalicelib.notices.templates.model.variables import Kind, Variable, variables_of
from chalicelib.notices.templates.records import OwnWords
from chalicelib.notices.templates.service.own import Listed, as_a_brand_writes
from chalicelib.web import Instant, View


class VariableView(View):
    """What the words may show as {name}. One that may be empty needs a default, {name|default}; a needed one must
    stand in the text. The meaning is in the reader's language.
    """

    name: str
    kind: Kind
    meaning: str
    may_be_empty: bool
    needed: bool

    @classmethod
    def of(cls, variable: Variable, language: Language) -> Self:
        meaning = variable.meaning.zh if language == "zh" else variable.meaning.en
        return cls(
            name=variable.name, kind=variable.kind, meaning=meaning, may_be_empty=variable.may_be_empty,
            needed=variable.needed,
        )  # fmt: skip


class NoticeView(View):
    """A message that the product sends. Its subject is ours, in the reader's language; about names the kind of thing
    that it concerns, empty where it concerns none.
    """

    name: str
    category: Category
    urgency: Urgency
    audience: Audience
    about: str
    subject: str
    variables: list[VariableView]
    own_languages: list[Literal["zh", "en"]]

    @classmethod
    def of(cls, listed: Listed, locale: str) -> Self:
        notice, language = listed.notice, nearest(locale)
        return cls(
            name=notice.template,
            category=notice.telling.category,
            urgency=notice.telling.urgency,
            audience=notice.telling.audience,
            about=notice.telling.about,
            subject=ours(notice.template, language)[0],
            variables=[VariableView.of(each, language) for each in variables_of(notice)],
            own_languages=sorted(listed.own_languages),
        )


class WordsView(View):
    """Subject and text, variables and all."""

    subject: str
    text: str


class OwnWordsView(WordsView):
    """The brand's own words, which every message says a minute after they were set, at the latest."""

    updated_at: Instant


class ExampleView(VariableView):
    """A variable with an example of what it shows."""

    example: str


class TemplateView(View):
    """A message's words in one language: ours, and the brand's own, which are said where there are any."""

    name: str
    category: Category
    urgency: Urgency
    audience: Audience
    about: str
    locale: Literal["zh", "en"]
    ours: WordsView
    own: OwnWordsView | None
    variables: list[ExampleView]

    @classmethod
    def of(
        cls, notice: type[Notice], language: Language, own: OwnWords | None, shown: Mapping[str, str], locale: str
    ) -> Self:
        reader = nearest(locale)
        variables = [
            ExampleView(**VariableView.of(each, reader).model_dump(), example=shown[each.name])
            for each in variables_of(notice)
        ]
        return cls(
            name=notice.template,
            category=notice.telling.category,
            urgency=notice.telling.urgency,
            audience=notice.telling.audience,
            about=notice.telling.about,
            locale=language,
            ours=WordsView.model_validate(as_a_brand_writes(notice, language)),
            own=OwnWordsView.model_validate(own) if own else None,
            variables=variables,
        )


class PreviewView(View):
    """A message as its reader would see it, with examples. By SMS the text is sent alone, charged as so many parts:
    of 160 characters, or of 70 as soon as one of them is no letter of GSM-7, less where there are several.
    """

    locale: Literal["zh", "en"]
    subject: str
    text: str
    html: str
    sms_encoding: Encoding
    sms_characters: int
    sms_parts: int

    @classmethod
    def of(cls, letter: Letter, language: Language) -> Self:
        length = sms_length(plainer(letter.text))
        return cls(
            locale=language, subject=letter.subject, text=letter.text, html=letter.html, sms_encoding=length.encoding,
            sms_characters=length.characters, sms_parts=length.parts,
        )  # fmt: skip
