"""A brand looks through the notices, puts them into words of its own, and goes back to ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from chalicelib.db import Transaction, change, check_revision, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.language import Language
from chalicelib.kernel.principal import Principal
from chalicelib.notices.model.catalogue import every_notice
from chalicelib.notices.model.notices import Category, Notice
from chalicelib.notices.model.texts import ours
from chalicelib.notices.templates.model.checking import check_words
from chalicelib.notices.templates.model.variables import variables_of
from chalicelib.notices.templates.model.wording import Wording, Words
from chalicelib.notices.templates.records import OwnWords
from chalicelib.notices.templates.service.remembered import own_words
from chalicelib.tenancy import audit

LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice, and the languages in which the brand has words of its own for it."""

    notice: type[Notice]
    own_languages: Sequence[Language]


def list_notices(
    tenant_id: str, category: Category | None, limit: int, cursor: dict[str, Any] | None
) -> tuple[list[Listed], dict[str, Any] | None]:
    """A page of all notices by name, of one category or of all; and what continues it."""
    after = str(cursor["after"]) if cursor else ""
    wanted = [
        notice
        for name, notice in every_notice().items()
        if name > after and category in (None, notice.telling.category)
    ]
    page = wanted[:limit]
    own: dict[str, list[Language]] = {notice.template: [] for notice in page}
    for found in _own(tenant_id, page):
        own[found.template].append(found.language)
    following = {"after": page[-1].template} if len(wanted) > limit else None
    return [Listed(notice, own[notice.template]) for notice in page], following


def get_notice(template: str) -> type[Notice]:
    """The notice of a name. Raises NotFound."""
    found = every_notice().get(template)
    if found is None:
        raise NotFound(
            f"There is no message called '{template[:64]}'; the list of messages has their names.",
            detail_zh=f"没有名为“{template[:64]}”的消息，可用名称见消息列表。",
        )
    return found


def as_a_brand_writes(notice: type[Notice], language: Language) -> Words:
    """Our words as a brand may take them over: what may be empty says that nothing stands there then."""
    may_be_empty = {each.name for each in variables_of(notice) if each.may_be_empty}
    subject, text = (Wording.parse(each).written(may_be_empty) for each in ours(notice.template, language))
    return Words(subject, text)


def get_own(tenant_id: str, template: str, language: Language) -> OwnWords | None:
    """What the brand says in its own words; None where it has none in this language."""
    return OwnWords.fetch(*OwnWords.address(tenant_id, template, language), consistent=True)


def set_own(
    tenant_id: str, notice: type[Notice], language: Language, words: Words, if_match: int | None, by: Principal,
    now: datetime,
) -> OwnWords:  # fmt: skip
    """Gives a notice the brand's own words in a language. Raises WordsRefused, Stale."""
    check_words(notice, words)

    def decide(found: OwnWords | None, tx: Transaction) -> OwnWords:
        record = found or OwnWords(*OwnWords.address(tenant_id, notice.template, language), rev=0)
        check_revision(record, if_match)
        if found is not None and found.words == words:
            return found
        before = {"subject": found.subject, "text": found.text} if found else None
        record.subject, record.text, record.updated_at = words.subject, words.text, now
        if found is None:
            record.rev = 1
            tx.create("words", record)
        else:
            tx.replace("words", record)
        told = {"locale": language, "from": before, "to": {"subject": words.subject, "text": words.text}}
        audit(tx, tenant_id, by, "message_template.changed", _target(notice), now, told)
        return record

    changed = change(lambda: get_own(tenant_id, notice.template, language), decide)
    own_words.forget()
    return changed


def remove_own(
    tenant_id: str, notice: type[Notice], languages: Iterable[Language], if_match: int | None, by: Principal,
    now: datetime,
) -> None:  # fmt: skip
    """Goes back to our words in these languages; where the brand has none, nothing happens. Raises Stale."""
    addresses = [(OwnWords, *OwnWords.address(tenant_id, notice.template, each)) for each in languages]

    def decide(found: list[OwnWords], tx: Transaction) -> None:
        if not found:
            return
        for each in found:
            check_revision(each, if_match)
            tx.delete(each.language, OwnWords, str(each.pk), str(each.sk), condition=OwnWords.rev == each.rev)
        removed = {each.language: {"subject": each.subject, "text": each.text} for each in found}
        audit(tx, tenant_id, by, "message_template.removed", _target(notice), now, {"from": removed})

    change(lambda: [each for each in fetch_many(addresses, consistent=True) if each is not None], decide)
    own_words.forget()


def _own(tenant_id: str, notices: Sequence[type[Notice]]) -> Iterable[OwnWords]:
    """The brand's own words of these notices; those of others that stand between them by name are left out."""
    if not notices:
        return []
    names = {notice.template for notice in notices}
    between = OwnWords.between(tenant_id, notices[0].template, notices[-1].template)
    return [each for each in between if each.template in names]


def _target(notice: type[Notice]) -> str:
    return f"message_template:{notice.template}"
