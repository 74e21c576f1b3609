"""Several letters as one."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.counting import counted
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.language import Language, nearest
from chalicelib.notices.model.letters import Letter, one_line, sender_name
from chalicelib.notices.recipients.model import Recipient
from chalicelib.notices.templates.model.foot import foot_text, why_together
from chalicelib.notices.templates.model.spans import paragraphs, without_brand
from chalicelib.notices.templates.model.wording import Piece
from chalicelib.notices.templates.service.html import Section, page
from chalicelib.tenancy import brand_of

DIGEST = "digest"
"""What a letter of several names as its template."""


def digest(
    tenant_id: str, to: Recipient, letters: Sequence[Letter], unsubscribe: str, now: datetime
) -> Letter:  # fmt: skip
    """Letters to one person as one, in their order, under a heading that says how many. A single one stays as it is.

    Its id follows from theirs. Raises ValueError without any.
    """
    if not letters:
        raise ValueError("a digest needs a letter")
    if len(letters) == 1:
        return letters[0]
    brand, language = brand_of(tenant_id), nearest(to.locale)
    name = one_line(brand.name)
    heading = one_line(_heading(len(letters), name, language))
    reason = why_together(name, language)
    sections = [Section(each.subject, paragraphs(_pieces(each)), each.page, each.page_label) for each in letters]
    return Letter(
        heading,
        "\n\n".join("\n".join(filter(None, (each.subject, each.text, each.lead))) for each in letters),
        html=page(brand, language, heading, sections, reason, unsubscribe),
        foot=foot_text(reason, unsubscribe, language),
        sender=sender_name(brand.name),
        unsubscribe=unsubscribe,
        tenant_id=tenant_id,
        message_id=derived_id(tenant_id, DIGEST, *(each.message_id for each in letters)),
        template=DIGEST,
    )


def _heading(count: int, brand: str, language: Language) -> str:
    return f"{brand}的 {count} 条消息" if language == "zh" else f"{counted(count, 'message')} from {brand}"


def _pieces(letter: Letter) -> list[Piece]:
    """The text without the brand's name at its beginning, which the heading has. The link that it tells stays one, and
    nothing else is: of the other words nobody knows any more whether they are the brand's or somebody's name.
    """
    brand, link = letter.facts.get("brand", ""), letter.facts.get("url", "")
    named = bool(brand) and letter.text.startswith(brand)
    text = letter.text[len(brand) :] if named else letter.text
    before, found, after = text.partition(link) if link else (text, "", "")
    pieces = [Piece(before), Piece(found, "url"), Piece(after)]
    told = without_brand([Piece(brand, "brand"), *pieces] if named else pieces)
    return [each if each.variable else Piece(each.text, "text") for each in told]
