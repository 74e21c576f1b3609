"""Pages of segments: all with the tags, the form of a rule with its count, one segment, who is in it, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.jobs.routes import read_job
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.kernel.money import write_amount
from chalicelib.loyalty.tiers.routes import read_tiers
from chalicelib.pages.console import choosing
from chalicelib.pages.console.choosing import LookedUp
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.segments.forms import (
    LinesForm,
    NewQuery,
    Nothing,
    RowForm,
    SegmentForm,
    TagForm,
    TitleForm,
    rows_after,
)
from chalicelib.pages.console.segments.model import TITLES, Row, conditions_of, rows_of
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.fields import nested
from chalicelib.pages.shell.typed import Reading
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.segments.model.fields import FIELDS
from chalicelib.segments.model.rules import read_rule
from chalicelib.segments.model.words import VALUES
from chalicelib.segments.routes import (
    create_segment,
    create_tag,
    delete_segment,
    delete_tag,
    edit_segment,
    explain_membership,
    import_list,
    list_member_tags,
    list_segment_members,
    list_segments,
    read_segment,
    tag_segment,
    try_segment,
)
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_MOST = 100


@pages.page("/console/segments", allow=_LOOKS, paged=True)
def segments(visit: Visit[Any]) -> Page:
    """All segments with their numbers, the newest first, and the tags of members."""
    found = ask(visit, list_segments, limit=visit.limit, cursor=visit.cursor)
    values = {
        "segments": found.items,
        "following": visit.following(found.last_key),
        "tags": ask(visit, list_member_tags).tags,
        "plans": may(visit, create_segment),
    }
    return Page("console/segments/segments.html", values)


@pages.form("/console/segments/tags", allow=_PLANS, body=TagForm, again=segments)
def add_tag(visit: Visit[TagForm]) -> Redirect:
    """A tag more."""
    ask(visit, create_tag, body={"tag": visit.body.tag})
    return Redirect("/segments", flash=N_("The tag is there. Give it to members on their pages, or by a segment."))


@pages.form("/console/segments/tags/delete", allow=_PLANS, body=TagForm, again=segments)
def remove_tag(visit: Visit[TagForm]) -> Redirect:
    """A tag less."""
    ask(visit, delete_tag, path={"tag": visit.body.tag})
    return Redirect("/segments", flash=N_("The tag is deleted. Members lose it in a moment."))


@pages.page("/console/segments/new", allow=_PLANS, query=NewQuery)
def begin(visit: Visit[Any]) -> Page:
    """Conditions are put together; or a list is given a name."""
    kind = visit.fields.get("kind") or (visit.query.kind if visit.query else "rule")
    if kind == "list":
        return Page("console/segments/list.html", {"tags": _tags(visit)})
    scores = visit.query.scores if visit.query and not visit.fields else None
    return _form(visit, _of_scores(visit, scores) if scores else _typed(visit), "/segments/new")


@pages.form("/console/segments/new", allow=_PLANS, body=SegmentForm, again=begin)
def create(visit: Visit[SegmentForm]) -> Redirect:
    """Makes the segment."""
    _look_up(visit.body.step)
    made = _asked(visit, lambda: ask(visit, create_segment, body=visit.body.segment(_reading(visit))))
    return Redirect(f"/segments/{made.id}", flash=N_("The segment is made. Its members are being looked for."))


@pages.form("/console/segments/new/count", allow=_PLANS, body=SegmentForm, again=begin)
def count(visit: Visit[SegmentForm]) -> Page:
    """How many it would have, above the form as it was typed. Nothing is saved."""
    return _counted(visit, "/segments/new")


@pages.page("/console/segments/{id}", allow=_LOOKS, paged=True)
def segment(visit: Visit[Any]) -> Page:
    """One segment: whom it means, who is in it, and what may be done with them."""
    found, revision = ask_at(visit, read_segment)
    members = ask(visit, list_segment_members, limit=visit.limit, cursor=visit.cursor)
    values = {
        "segment": found,
        "revision": revision,
        "members": members.items,
        "listing": ask(visit, read_job, path={"id": found.listing}) if found.listing and may(visit, read_job) else None,
        "following": visit.following(members.last_key),
        "contacts": visit.principal.sees_contacts,
        "plans": may(visit, edit_segment),
        "tags": _tags(visit)[1:],
    }
    return Page("console/segments/segment.html", values)


@pages.page("/console/segments/{id}/edit", allow=_PLANS)
def change(visit: Visit[Any]) -> Page:
    """The form of its rule; of a rule that a form cannot show, and of a list, its name and tag alone."""
    found, revision = ask_at(visit, read_segment)
    shown = rows_of(read_rule(found.rule), _minor(visit)) if found.rule else None
    if shown is None:
        values = {"segment": found, "revision": revision, "tags": _tags(visit)}
        return Page("console/segments/named.html", values)
    join, rows = shown
    typed = _typed(visit) if visit.fields else _Typed(found.title, found.tag or "", join, rows)
    return _form(visit, typed, f"/segments/{found.id}/edit", segment=found, revision=revision)


@pages.form("/console/segments/{id}/edit", allow=_PLANS, body=SegmentForm, again=change)
def save(visit: Visit[SegmentForm]) -> Redirect:
    """Changes it; its members are looked for anew."""
    _look_up(visit.body.step)
    _asked(visit, lambda: ask(visit, edit_segment, body=visit.body.segment(_reading(visit))))
    return _back(visit, N_("The segment is changed. Its members are being looked for."))


@pages.form("/console/segments/{id}/edit/count", allow=_PLANS, body=SegmentForm, again=change)
def count_changed(visit: Visit[SegmentForm]) -> Page:
    """How many it would have, above the form as it was typed. Nothing is saved."""
    return _counted(visit, f"/segments/{visit.path['id']}/edit")


@pages.form("/console/segments/{id}/name", allow=_PLANS, body=TitleForm, again=change)
def rename(visit: Visit[TitleForm]) -> Redirect:
    """Changes its name and its tag alone."""
    ask(visit, edit_segment, body=visit.body.changes())
    return _back(visit, N_("The segment is changed."))


@pages.form("/console/segments/{id}/members", allow=_PLANS, body=LinesForm, again=segment)
def add_members(visit: Visit[LinesForm]) -> Redirect:
    """Takes members into a list, in the background."""
    ask(visit, import_list, body={"text": visit.body.text})
    return _back(visit, N_("The members come into the list in a moment. Here you see who was not found."))


@pages.form("/console/segments/{id}/tag", allow=_PLANS, body=TagForm, again=segment)
def tag_all(visit: Visit[TagForm]) -> Redirect:
    """Tags all who are in it now, in the background."""
    ask(visit, tag_segment, body={"add": [visit.body.tag] if visit.body.tag else []})
    return _back(visit, N_("Its members get the tag in a moment."))


@pages.form("/console/segments/{id}/delete", allow=_PLANS, body=Nothing, again=segment)
def delete(visit: Visit[Nothing]) -> Redirect:
    """Deletes it, unless something uses it."""
    ask(visit, delete_segment)
    return Redirect("/segments", flash=N_("The segment is deleted."))


@pages.page("/console/segments/{id}/members/{member_id}", allow=_LOOKS)
def why(visit: Visit[Any]) -> Page:
    """Why somebody is in it, or is not: each condition with what it met."""
    values = {"why": ask(visit, explain_membership), "segment": ask(visit, read_segment)}
    return Page("console/segments/why.html", values)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What the form of a segment begins with."""

    title: str
    tag: str
    join: str
    rows: Sequence[Row]


def _typed(visit: Visit[Any]) -> _Typed:
    """What was typed, with the condition that was asked for, or without the one that was taken away."""
    sent = nested(visit.fields)
    listed = sent.get("rows")
    rows = [RowForm.model_validate(each, strict=False).row() for each in listed] if isinstance(listed, list) else []
    step, add = str(sent.get("step", "")), str(sent.get("add", ""))
    known = rows_after(step, add, [each for each in rows if each is not None])
    return _Typed(str(sent.get("title", "")), str(sent.get("tag", "")), str(sent.get("join", "all")), known)


def _of_scores(visit: Visit[Any], named: str) -> _Typed:
    """A rule for those who have just these scores, such as ``5:4:*``."""
    rule = read_rule({"all": list(conditions_of(named.split(":")))})
    _, rows = rows_of(rule, _minor(visit)) or ("all", [])
    return _Typed("", "", "all", rows)


def _form(visit: Visit[Any], typed: _Typed, to: str, **more: Any) -> Page:
    chosen = [row.product_id for row in typed.rows]
    needs_products = any(row.kind in ("purchases", "sum") for row in typed.rows)
    products = choosing.products(visit, chosen) if needs_products else []
    values = {
        "typed": typed,
        "to": to,
        "titles": list(TITLES.items()),
        "options": {row.field: _options(visit, row.field) for row in typed.rows},
        "products": [("", "–"), *((each.id, each.title) for each in products)],
        "tags": _tags(visit),
        "segment": None,
        "revision": None,
        "found": None,
    }
    return Page("console/segments/form.html", values | more)


def _options(visit: Visit[Any], name: str) -> Sequence[tuple[str, str]]:
    """What can be chosen of a field, by code or id and in words; nothing where it is typed."""
    field = FIELDS[name]
    if field.values:
        at = 1 if visit.language == "zh" else 0
        return [(value, VALUES.get(f"{name}:{value}", (value, value))[at]) for value in field.values]
    if not field.named:
        return []
    reading: Mapping[str, Callable[[], Sequence[tuple[str, str]]]] = {
        "tiers": lambda: [(each.code, each.title) for each in ask(visit, read_tiers).tiers],
        "tags": lambda: [(each, each) for each in ask(visit, list_member_tags).tags],
        "segments": lambda: [(each.id, each.title) for each in ask(visit, list_segments, limit=_MOST).items],
        "pickup_points": lambda: [(each.id, each.name) for each in ask(visit, list_pickup_points, limit=_MOST).items],
    }
    return reading[field.named]()


def _tags(visit: Visit[Any]) -> list[tuple[str, str]]:
    return [("", "–"), *((each, each) for each in ask(visit, list_member_tags).tags)]


def _counted(visit: Visit[SegmentForm], to: str) -> Page:
    found = _asked(visit, lambda: ask(visit, try_segment, body={"rule": visit.body.rule(_reading(visit))}))
    more: dict[str, Any] = {"found": found, "kept": True}
    if "id" in visit.path:
        saved, revision = ask_at(visit, read_segment)
        more |= {"segment": saved, "revision": revision}
    return _form(visit, _typed(visit), to, **more)


def _asked(visit: Visit[SegmentForm], asks: Callable[[], Any]) -> Any:
    """What the API answers; what it refuses of the rule is said beside its rows."""
    if not visit.body.rows and visit.body.kind == "rule":
        raise Invalid.at("/add", "Add one condition at least.", "请至少添加一个条件。")
    try:
        return asks()
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal


def _look_up(step: str) -> None:
    """Raises LookedUp where the form was sent for another row, or to look for a product: it is shown again."""
    if step:
        raise LookedUp("Here is the form with your change.", detail_zh="已更新表单。")


def _minor(visit: Visit[Any]) -> Callable[[int], str]:
    return lambda minor: write_amount(minor, visit.brand.currency)


def _back(visit: Visit[Any], flash: str) -> Redirect:
    return Redirect(f"/segments/{visit.path['id']}", flash=flash)


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
