"""Use cases of legal texts: write, publish, read a version. What is in force stands on the brand, too."""

import time
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import get_args

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.clock import instant
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.language import Language
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.remembering import to_forget
from chalicelib.legal_texts.model import Kind, check_publishable
from chalicelib.legal_texts.records import LegalText, LegalVersion
from chalicelib.tenancy import InForce, brand_of, in_force
from chalicelib.tenants.records import Tenant
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_REMEMBERED_SECONDS = 60
_MOST_REMEMBERED = 1_000
_known: dict[str, tuple[int, Mapping[str, InForce]]] = {}
to_forget(_known.clear)

_TEMPLATES = Path(__file__).with_name("templates")


@cache
def template(kind: Kind) -> Mapping[Language, str]:
    """Words of ours to begin with, by language: a help, no legal advice. What stands in double brackets is for the
    brand to fill in.
    """
    return {each: (_TEMPLATES / f"{kind}.{each}.txt").read_text("utf-8") for each in get_args(Language)}


def known_in_force(tenant_id: str) -> Mapping[str, InForce] | None:
    """The texts in force, by kind, as this process has seen them within a minute; None where they are to be read."""
    found = _known.get(tenant_id)
    return found[1] if found is not None and found[0] == _minute() else None


def see_in_force(tenant: Tenant) -> Mapping[str, InForce]:
    """Remembers the texts in force of a brand that was just read, so that a burst of orders reads it once."""
    if len(_known) >= _MOST_REMEMBERED:
        _known.clear()
    found = in_force(tenant.legal_texts)
    _known[tenant.id] = _minute(), found
    return found


def _minute() -> int:
    return int(time.monotonic() // _REMEMBERED_SECONDS)


def get_text(tenant_id: str, kind: Kind, *, consistent: bool = False) -> LegalText | None:
    """The text; None where nothing was ever written."""
    return LegalText.fetch(*LegalText.address(tenant_id, kind), consistent=consistent)


def get_published(tenant_id: str, kind: Kind) -> LegalText:
    """The text in force. Raises NotFound where there is none."""
    found = get_text(tenant_id, kind)
    if found is None or not found.texts:
        raise NotFound("The brand has written nothing here yet.", detail_zh="商家尚未填写此内容。")
    return found


def get_version(tenant_id: str, kind: Kind, revision: int) -> LegalVersion:
    """A version that is or was in force. Raises NotFound."""
    found = LegalVersion.fetch(*LegalVersion.address(tenant_id, kind, revision))
    if found is None:
        raise NotFound("There is no such version.", detail_zh="没有该版本。")
    return found


def set_text(
    tenant_id: str,
    kind: Kind,
    texts: Mapping[Language, str],
    must_accept: bool,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> LegalText:
    """Publishes a text, or takes it away where there is none. Words that change make a new version, which members are
    asked to accept anew; ``must_accept`` alone does not. Raises Invalid, Stale.
    """
    check_publishable(kind, texts, must_accept=must_accept)

    def decide(found: LegalText | None, tx: Transaction) -> LegalText:
        text = found or LegalText(*LegalText.address(tenant_id, kind), texts={}, revision=0, published_at=now, rev=0)
        check_revision(text, if_match)
        if (text.texts, text.must_accept) == (texts, must_accept):
            return text
        if text.texts != texts:
            text.texts, text.revision, text.published_at = dict(texts), int(text.revision) + 1, now
            address = LegalVersion.address(tenant_id, kind, text.revision)
            tx.create("version", LegalVersion(*address, texts=text.texts, published_at=now))
        text.must_accept = must_accept
        if found is None:
            text.rev = 1
            tx.create("text", text)
        else:
            tx.replace("text", text)
        _put_in_force(tx, text)
        changes = {"revision": int(text.revision), "languages": sorted(texts), "must_accept": must_accept}
        audit(tx, tenant_id, by, "legal_text.published", f"legal_text:{kind}", now, changes)
        return text

    published = change(lambda: get_text(tenant_id, kind, consistent=True), decide)
    brand_of.forget()
    _known.pop(tenant_id, None)
    return published


def _put_in_force(tx: Transaction, text: LegalText) -> None:
    """The brand, which every page reads, says which version of each text is in force."""
    tenant = get_tenant(text.tenant_id, consistent=True)
    others = {kind: each for kind, each in tenant.legal_texts.items() if kind != text.kind}
    own = [int(text.revision), instant(text.published_at), bool(text.must_accept), sorted(text.texts)]
    tenant.legal_texts = {**others, **({text.kind: own} if text.texts else {})}
    tx.replace("tenant", tenant)
