"""How a message would look, with an example of each of its facts. Nothing is stored or sent."""

from datetime import datetime

from chalicelib.kernel.clock import zone
from chalicelib.kernel.language import Language
from chalicelib.notices.model.facts import said
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.model.texts import ours
from chalicelib.notices.templates.model.checking import check_words
from chalicelib.notices.templates.model.variables import examples
from chalicelib.notices.templates.model.wording import Words
from chalicelib.notices.templates.service.composing import Content, strong_of, written
from chalicelib.notices.templates.service.own import get_own
from chalicelib.tenancy import Brand, brand_of


def said_examples(notice: type[Notice], brand: Brand, language: Language, now: datetime) -> dict[str, str]:
    """An example of each fact, as it is said in the language and by the brand's clock."""
    facts = examples(notice, brand, now, language)
    return {name: said(fact, language, zone(brand.timezone)) for name, fact in facts.items()}


def preview(
    tenant_id: str, notice: type[Notice], language: Language, subject: str | None, text: str | None, now: datetime
) -> Letter:  # fmt: skip
    """The letter in these words; what is not given is as it is said now. Raises WordsRefused."""
    brand = brand_of(tenant_id)
    own = get_own(tenant_id, notice.template, language)
    current = own.words if own else Words(*ours(notice.template, language))
    words = Words(subject or current.subject, text or current.text)
    if subject is not None or text is not None:
        check_words(notice, words)
    facts = examples(notice, brand, now, language)
    content = Content(
        notice.template, notice.telling, language, said_examples(notice, brand, language, now), strong_of(facts)
    )
    return written(brand, content, words)
