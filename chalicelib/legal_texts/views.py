"""What the routes of legal texts answer."""

from collections.abc import Mapping
from typing import Self

from chalicelib.kernel.language import Language
from chalicelib.legal_texts.model import Kind
from chalicelib.legal_texts.records import LegalText, LegalVersion
from chalicelib.web import Instant, View


class StoreLegalTextView(View):
    """A text as the store shows it, by language. A change is a new ``revision``."""

    kind: Kind
    revision: int
    published_at: Instant
    must_accept: bool
    texts: dict[Language, str]

    @classmethod
    def of(cls, kind: Kind, text: LegalText | LegalVersion, *, revision: int, must_accept: bool) -> Self:
        return cls(
            kind=kind, revision=revision, published_at=text.published_at, must_accept=must_accept, texts=text.texts
        )


class LegalTextView(View):
    """A text as the team sees it. While nothing is published it has no ``revision``, and ``template`` has words of ours
    to begin with: what stands in ``[[double brackets]]`` is to be filled in. They are a help, no legal advice.
    """

    kind: Kind
    revision: int | None
    published_at: Instant | None
    must_accept: bool
    texts: dict[Language, str]
    template: dict[Language, str] | None

    @classmethod
    def of(cls, kind: Kind, text: LegalText | None, template: Mapping[Language, str]) -> Self:
        if text is None or not text.texts:
            return cls(
                kind=kind, revision=None, published_at=None, must_accept=False, texts={}, template=dict(template)
            )
        return cls(
            kind=kind, revision=int(text.revision), published_at=text.published_at, must_accept=text.must_accept,
            texts=text.texts, template=None,
        )  # fmt: skip
