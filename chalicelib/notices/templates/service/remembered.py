"""A brand's own words as those who write its messages know them."""

from chalicelib.kernel.language import Language
from chalicelib.kernel.remembering import for_a_minute
from chalicelib.notices.templates.model.wording import Words
from chalicelib.notices.templates.records import OwnWords


@for_a_minute(most=5_000)
def own_words(tenant_id: str, template: str, language: Language) -> Words | None:
    """The brand's own words for a notice in a language, up to a minute old; None where it has none."""
    found = OwnWords.fetch(*OwnWords.address(tenant_id, template, language))
    return found.words if found else None
