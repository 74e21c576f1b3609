"""Puts a notice into words: the brand's own or else ours, in the reader's language and by the reader's clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.kernel.clock import zone
from chalicelib.kernel.language import Language, nearest
from chalicelib.kernel.money import Money
from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.facts import Fact, said
from chalicelib.notices.model.letters import Letter, one_line, sender_name
from chalicelib.notices.model.notices import Category, Queued, Telling, Told
from chalicelib.notices.model.pages import address_of
from chalicelib.notices.model.texts import ours
from chalicelib.notices.recipients.model import Recipient
from chalicelib.notices.templates.model.foot import DECLINABLE, foot_text, lead_text, page_label, why
from chalicelib.notices.templates.model.spans import paragraphs, without_brand
from chalicelib.notices.templates.model.variables import facts_with_default
from chalicelib.notices.templates.model.wording import Wording, Words
from chalicelib.notices.templates.service.html import Section, page
from chalicelib.notices.templates.service.remembered import own_words
from chalicelib.settings import settings
from chalicelib.telemetry import logger
from chalicelib.tenancy import Brand, brand_of


@dataclass(frozen=True, slots=True)
class Content:
    """What a message tells, apart from its words: the facts as they are said, which of them matter most, and the
    address of the page of what it is about, empty where there is none.
    """

    template: str
    telling: Telling
    language: Language
    facts: Mapping[str, str]
    strong: Collection[str] = ()
    page: str = ""


def compose(
    tenant_id: str, to: Recipient, told: Told, message_id: str, unsubscribe: str, now: datetime
) -> Letter:  # fmt: skip
    """The letter that tells a person something. ``unsubscribe`` is the link by which they decline its category; what
    cannot be declined carries none.

    Raises UnknownTemplate where a notice is not known, or lacks a fact that our own words show.
    """
    brand, language = brand_of(tenant_id), nearest(to.locale)
    facts = _defaults(told.template) | dict(told.facts)
    content = Content(
        told.template,
        telling_of(told.template),
        language,
        {name: said(fact, language, zone(to.timezone), zone(brand.timezone)) for name, fact in facts.items()},
        strong_of(facts),
        _page(brand, told),
    )
    return _letter(tenant_id, brand, content, message_id, unsubscribe)


def compose_for_address(tenant_id: str, queued: Queued) -> Letter:
    """The letter to an address alone, of facts that were said when it was queued; one that it lacks since it was queued
    by an earlier version has the notice's default. Raises UnknownTemplate.
    """
    language = nearest(queued.to.locale)
    usual = {name: said(fact, language, zone("UTC")) for name, fact in _defaults(queued.template).items()}
    facts = usual | {name: str(value) for name, value in queued.params.items()}
    content = Content(queued.template, telling_of(queued.template), language, facts)
    return _letter(tenant_id, brand_of(tenant_id), content, "", "")


def strong_of(facts: Mapping[str, Fact]) -> frozenset[str]:
    """The facts that matter most: how much money, and when."""
    return frozenset(name for name, fact in facts.items() if isinstance(fact, Money | date))


def telling_of(template: str) -> Telling:
    """How a notice is told; of one of an earlier version, which is no longer told, what it was."""
    try:
        return notice_of(template).telling
    except UnknownTemplate:
        return Telling(Category.MONEY)


def written(
    brand: Brand, content: Content, words: Words, *, tenant_id: str = "", message_id: str = "", unsubscribe: str = ""
) -> Letter:
    """A letter in these words. Raises UnknownTemplate where they show a fact that there is none of."""
    language, facts = content.language, content.facts
    text = Wording.parse(words.text)
    subject = one_line(Wording.parse(words.subject).fill(facts))
    link = unsubscribe if content.telling.category in DECLINABLE else ""
    reason = why(content.telling, one_line(brand.name), language)
    label = page_label(content.telling.audience, language)
    body = Section("", paragraphs(without_brand(text.pieces(facts)), content.strong), content.page, label)
    return Letter(
        subject,
        text.fill(facts),
        html=page(brand, language, subject, [body], reason, link),
        page=content.page,
        page_label=label,
        lead=lead_text(label, content.page, language),
        foot=foot_text(reason, link, language),
        sender=sender_name(brand.name),
        unsubscribe=link,
        tenant_id=tenant_id,
        message_id=message_id,
        template=content.template,
        facts=facts,
    )


def _letter(tenant_id: str, brand: Brand, content: Content, message_id: str, unsubscribe: str) -> Letter:
    own = own_words(tenant_id, content.template, content.language)
    to = {"tenant_id": tenant_id, "message_id": message_id, "unsubscribe": unsubscribe}
    if own is not None:
        try:
            return written(brand, content, own, **to)
        except UnknownTemplate as outdated:
            # Its variables were known when it was saved; a later version of ours tells the notice otherwise.
            logger.warning("own_words_outdated", template=content.template, reason=str(outdated))
    return written(brand, content, Words(*ours(content.template, content.language)), **to)


def _page(brand: Brand, told: Told) -> str:
    """The address of the page where the reader finds what they are told of; empty where it has none."""
    telling = telling_of(told.template)
    base = settings().public_url
    return address_of(told.template, telling, told.subject_id, base, brand.shop(base) if brand.slug else "")


def _defaults(template: str) -> dict[str, Fact]:
    try:
        return facts_with_default(notice_of(template))
    except UnknownTemplate:
        return {}
