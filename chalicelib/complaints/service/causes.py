"""A brand's list of causes: read, added to, paused."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.complaints.errors import TooManyCauses
from chalicelib.complaints.model.cases import Category
from chalicelib.complaints.model.causes import MOST_OWN, Cause, Causes, is_standard
from chalicelib.complaints.records import ComplaintCausesRecord, ComplaintRulesRecord
from chalicelib.db import Transaction, change, check_revision, fetch_many
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class _Found:
    causes: Causes
    record: ComplaintCausesRecord | None

    @property
    def revision(self) -> int:
        return int(self.record.rev) if self.record else 0


@dataclass(frozen=True, slots=True)
class CauseWanted:
    """What is to be so of a cause. None stays as it is; of the standard ones only ``paused`` can be set."""

    category: Category | None = None
    en: str | None = None
    zh: str | None = None
    paused: bool = False


def list_causes(tenant_id: str) -> tuple[Causes, int]:
    """A brand's causes, with the revision of what it has set of them: 0 until it has."""
    found = _read(tenant_id)
    return found.causes, found.revision


def set_cause(
    tenant_id: str, code: str, wanted: CauseWanted, if_match: int | None, by: Principal, now: datetime
) -> tuple[Cause, int]:
    """Adds a cause of the brand's own or changes its words, and pauses a cause or takes it up again. Complaints that
    have it keep it, whatever becomes of it. Raises Stale, TooManyCauses, NotFound for a new one that lacks something,
    or Invalid for other words of a standard one.
    """

    def decide(found: _Found, tx: Transaction) -> tuple[Cause, int]:
        record = found.record or ComplaintCausesRecord(*ComplaintCausesRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        before = found.causes.get(code)
        cause = _wanted(code, before, wanted)
        if cause.own and code not in found.causes.own and len(found.causes.own) >= MOST_OWN:
            message = f"A brand has at most {MOST_OWN} causes of its own; change one that you have."
            raise TooManyCauses(message, detail_zh=f"自定义原因最多 {MOST_OWN} 个，请修改已有的原因。")
        kept = found.causes.with_cause(cause)
        if kept.as_json() == found.causes.as_json():
            return cause, found.revision
        record.stored, record.updated_at = kept.as_json(), now
        if found.record is None:
            record.rev = 1
            tx.create("causes", record)
        else:
            tx.replace("causes", record)
        told = {"category": cause.category.value, "en": cause.en, "zh": cause.zh, "paused": cause.paused}
        audit(tx, tenant_id, by, "complaint_cause.changed", f"complaint_cause:{code}", now, told)
        return cause, int(record.rev)

    return change(lambda: _read(tenant_id), decide)


def _wanted(code: str, before: Cause | None, wanted: CauseWanted) -> Cause:
    stated = {"category": wanted.category, "en": wanted.en, "zh": wanted.zh}
    given: dict[str, Any] = {name: value for name, value in stated.items() if value is not None}
    if before is None:
        if len(given) < len(stated):
            message = "There is no such cause; to add it give its category, and its words in English and Chinese."
            raise NotFound(message, detail_zh="没有该投诉原因；如需添加，请填写类别以及中英文名称。")
        before = Cause(code, Category.OTHER, "", "", own=True)
    elif is_standard(code):
        for name, value in given.items():
            if value != getattr(before, name):
                message = "This cause is a standard one: it can be paused, and its words stay; add one of your own."
                raise Invalid.at(f"/{name}", message, "标准原因仅可停用，名称不可修改；可另行添加自定义原因。")
    return replace(before, paused=wanted.paused, **given)


def _read(tenant_id: str) -> _Found:
    addresses = [
        (ComplaintCausesRecord, *ComplaintCausesRecord.address(tenant_id)),
        (ComplaintRulesRecord, *ComplaintRulesRecord.address(tenant_id)),
    ]
    record, rules = fetch_many(addresses, consistent=True)
    ruled = rules.book.rules if rules else None
    return _Found(Causes.from_json(record.stored if record else None, ruled or ()), record)
