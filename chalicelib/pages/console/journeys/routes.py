"""Pages of journeys: a sequence that can be read, with what came of each step; and what it brings."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.coupons.routes import list_batches
from chalicelib.journeys.errors import JourneyRefused
from chalicelib.journeys.forms import JourneyQuery, WayQuery
from chalicelib.journeys.model.ready_made import RECIPES
from chalicelib.journeys.routes import (
    create_journey,
    edit_journey,
    end_journey,
    list_journey_members,
    list_journeys,
    make_ready_made,
    pause_journey,
    publish_journey,
    read_journey,
    read_results,
    resume_journey,
)
from chalicelib.journeys.views import JourneyView, StepView
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.percent import percent_text
from chalicelib.loyalty.tiers.routes import read_tiers
from chalicelib.members.routes import read_classes
from chalicelib.pages.console.choosing import segment_titles, segments, tier_titles
from chalicelib.pages.console.journeys.forms import (
    AddQuery,
    BlankForm,
    RecipeForm,
    SettingsForm,
    StepTyped,
    of_settings,
    of_step,
)
from chalicelib.pages.console.journeys.model import (
    ARMS,
    CLASSES,
    CONDITIONS,
    HELD,
    KINDS,
    OUTCOMES,
    READY_MADE,
    STATES,
    TRIGGERS,
    WAYS,
    WHY,
    condition_of,
)
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.onward import Onward
from chalicelib.pages.shell.typed import at_fields
from chalicelib.segments.routes import list_member_tags
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_BATCHES = 50
"""Of coupons, to choose from."""


@pages.page("/console/journeys", allow=_LOOKS, query=JourneyQuery, paged=True)
def journeys(visit: Visit[Any]) -> Page:
    """All journeys, the newest first."""
    chosen = str(visit.query.status.value) if visit.query.status else ""
    query = {"status": chosen} if chosen else {}
    found = ask(visit, list_journeys, query=query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "journeys": found.items, "following": visit.following(found.last_key), "states": STATES, "chosen": chosen,
        "plans": may(visit, create_journey),
    }  # fmt: skip
    return Page("console/journeys/journeys.html", values)


@pages.page("/console/journeys/new", allow=_PLANS)
def choose(visit: Visit[Any]) -> Page:
    """Six that are ready, or one of one's own."""
    gifts = {name: recipe.gift for name, recipe in RECIPES.items() if recipe.gift}
    shares = {name: percent_text(recipe.control_bps) for name, recipe in RECIPES.items()}
    classes = ask(visit, read_classes)
    values = {
        "recipes": READY_MADE, "gifts": gifts, "shares": shares, "asked": visit.fields.get("name", ""),
        "churning": classes,
        "quiet": {name: classes.churned_days for name, recipe in RECIPES.items() if recipe.trigger.kind == "quiet"},
    }  # fmt: skip
    return Page("console/journeys/new.html", values)


@pages.form("/console/journeys/new", allow=_PLANS, body=RecipeForm, again=choose)
def use(visit: Visit[RecipeForm]) -> Redirect:
    """Makes the draft, with its coupons."""
    made = ask(visit, make_ready_made, body=visit.body.recipe())
    return Redirect(f"/journeys/{made.id}", flash=N_("The draft is ready. Read it through, then publish it."))


@pages.page("/console/journeys/blank", allow=_PLANS)
def begin(visit: Visit[Any]) -> Page:
    """What a journey of one's own begins with."""
    return _settings(visit, None)


@pages.form("/console/journeys/blank", allow=_PLANS, body=BlankForm, again=begin)
def create(visit: Visit[BlankForm]) -> Redirect:
    """Makes the draft."""
    with at_fields(of_settings):
        made = ask(visit, create_journey, body=visit.body.journey())
    return Redirect(f"/journeys/{made.id}", flash=N_("Now add what happens, step by step."))


@pages.page("/console/journeys/{id}", allow=_LOOKS)
def journey(visit: Visit[Any]) -> Page:
    """The sequence, what came of each step, and what it brings."""
    found, revision = ask_at(visit, read_journey)
    results = ask(visit, read_results) if found.version else None
    values = {
        **_shown(visit, found), "revision": revision, "results": results, "plans": may(visit, edit_journey),
        "kinds": KINDS, "outcome": results.steps if results and not found.draft else None,
    }  # fmt: skip
    return Page("console/journeys/journey.html", values)


@pages.form("/console/journeys/{id}/publish", allow=_PLANS, body=Onward, again=journey)
def publish(visit: Visit[Onward]) -> Redirect:
    """Members enter from now on."""
    try:
        ask(visit, publish_journey)
    except JourneyRefused as refusal:
        raise _of_a_step(refusal) from refusal
    return _back(visit, N_("It runs: members enter by themselves from now on."))


@pages.form("/console/journeys/{id}/pause", allow=_PLANS, body=Onward, again=journey)
def hold(visit: Visit[Onward]) -> Redirect:
    """Nobody enters, and who is inside waits."""
    ask(visit, pause_journey)
    return _back(visit, N_("It is paused: nobody enters, and who is inside waits."))


@pages.form("/console/journeys/{id}/resume", allow=_PLANS, body=Onward, again=journey)
def go_on(visit: Visit[Onward]) -> Redirect:
    """It goes on."""
    ask(visit, resume_journey)
    return _back(visit, N_("It goes on: members enter again."))


@pages.page("/console/journeys/{id}/end", allow=_PLANS)
def ask_end(visit: Visit[Any]) -> Page:
    """What ending it means."""
    found, revision = ask_at(visit, read_journey)
    return Page("console/journeys/end.html", {"journey": found, "revision": revision})


@pages.form("/console/journeys/{id}/end", allow=_PLANS, body=Onward, again=ask_end)
def end(visit: Visit[Onward]) -> Redirect:
    """Ends it for good."""
    ask(visit, end_journey)
    return _back(visit, N_("It has ended. What members were given stays theirs."))


@pages.page("/console/journeys/{id}/settings", allow=_PLANS)
def settings(visit: Visit[Any]) -> Page:
    """What it begins with, for whom, and how it is judged."""
    found, revision = ask_at(visit, read_journey)
    return _settings(visit, found, revision)


@pages.form("/console/journeys/{id}/settings", allow=_PLANS, body=SettingsForm, again=settings)
def change_settings(visit: Visit[SettingsForm]) -> Redirect:
    """Changes the draft."""
    with at_fields(of_settings):
        ask(visit, edit_journey, body=visit.body.journey())
    return _back(visit, N_("The draft is changed."))


def _settings(visit: Visit[Any], found: JourneyView | None, revision: int | None = None) -> Page:
    tiers = ask(visit, read_tiers).tiers
    values = {
        "journey": found, "revision": revision, "triggers": list(TRIGGERS.items()),
        "classes": [("", "–"), *CLASSES.items()], "tiers": [("", "–"), *((each.code, each.title) for each in tiers)],
        "segments": [("", "–"), *segments(visit)],
    }  # fmt: skip
    return Page("console/journeys/settings.html", values)


@pages.page("/console/journeys/{id}/steps/new", allow=_PLANS, query=AddQuery)
def add(visit: Visit[Any]) -> Page:
    """A step that is to be added."""
    query = visit.query
    kind = visit.fields.get("kind") or (query.kind if query else None) or "message"
    at = visit.fields.get("at") or (query.at if query and query.at is not None else "")
    return _step(visit, StepView.model_validate({"kind": kind}), str(at), "/steps/new")


@pages.form("/console/journeys/{id}/steps/new", allow=_PLANS, body=StepTyped, again=add)
def insert(visit: Visit[StepTyped]) -> Redirect:
    """Adds it where it is to be, or at the end."""
    step, at = visit.body.step(), visit.body.at

    def inserted(steps: list[Any]) -> list[Any]:
        place = min(int(at), len(steps)) if at.isascii() and at.isdigit() and len(at) < 3 else len(steps)
        return [*steps[:place], step, *steps[place:]]

    return _changed(visit, inserted, N_("The step is added."))


@pages.page("/console/journeys/{id}/steps/{number}", allow=_PLANS)
def step(visit: Visit[Any]) -> Page:
    """A step that is to be changed."""
    found = ask(visit, read_journey)
    number = _number(visit, len(found.definition.steps))
    return _step(visit, found.definition.steps[number], str(number), f"/steps/{number}")


@pages.form("/console/journeys/{id}/steps/{number}", allow=_PLANS, body=StepTyped, again=step)
def change_step(visit: Visit[StepTyped]) -> Redirect:
    """Changes it."""
    typed = visit.body.step()

    def replaced(steps: list[Any]) -> list[Any]:
        number = _number(visit, len(steps))
        return [*steps[:number], typed, *steps[number + 1 :]]

    return _changed(visit, replaced, N_("The step is changed."))


@pages.form("/console/journeys/{id}/steps/{number}/remove", allow=_PLANS, body=Onward, again=journey)
def remove(visit: Visit[Onward]) -> Redirect:
    """Takes it out."""

    def without(steps: list[Any]) -> list[Any]:
        number = _number(visit, len(steps))
        return [*steps[:number], *steps[number + 1 :]]

    return _changed(visit, without, N_("The step is taken out."))


@pages.form("/console/journeys/{id}/steps/{number}/earlier", allow=_PLANS, body=Onward, again=journey)
def earlier(visit: Visit[Onward]) -> Redirect:
    """Puts it before the one that stands before it."""

    def swapped(steps: list[Any]) -> list[Any]:
        number = _number(visit, len(steps))
        if number == 0:
            return steps
        return [*steps[: number - 1], steps[number], steps[number - 1], *steps[number + 1 :]]

    return _changed(visit, swapped, N_("The step comes earlier now."))


@pages.page("/console/journeys/{id}/members", allow=_LOOKS, query=WayQuery, paged=True)
def members(visit: Visit[Any]) -> Page:
    """Who is in it, where they are, and what came of each step for them."""
    found = ask(visit, read_journey)
    chosen = {name: str(value.value) for name in ("state", "arm") if (value := getattr(visit.query, name))}
    ways = ask(visit, list_journey_members, query=chosen, limit=visit.limit, cursor=visit.cursor)
    values = {
        "journey": found, "ways": ways.items, "following": visit.following(ways.last_key), "states": WAYS, "why": WHY,
        "outcomes": OUTCOMES, "held": HELD, "chosen": chosen, "arms": list(ARMS.items()),
    }  # fmt: skip
    return Page("console/journeys/members.html", values)


def _of_a_step(refusal: JourneyRefused) -> JourneyRefused:
    """The refusal in the words of the page, which has no fields: the first fault, and the step that it is of."""
    found = re.match(r"/steps/(\d+)", refusal.errors[0].pointer) if refusal.errors else None
    if found is None:
        return JourneyRefused(refusal.detail, detail_zh=refusal.detail_zh)
    at = int(found[1]) + 1
    return JourneyRefused(f"Step {at}: {refusal.detail}", detail_zh=f"第 {at} 步：{refusal.detail_zh}")


def _number(visit: Visit[Any], steps: int) -> int:
    """The number of a step in the path. Raises NotFound where there is none."""
    text = visit.path["number"]
    if not (text.isascii() and text.isdigit() and len(text) < 3 and int(text) < steps):
        raise NotFound("There is no such step any more.", detail_zh="该步骤已不存在。")
    return int(text)


def _changed(visit: Visit[Any], change: Callable[[list[Any]], list[Any]], flash: str) -> Redirect:
    found = ask(visit, read_journey)
    steps = [each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in found.definition.steps]
    with at_fields(of_step):
        ask(visit, edit_journey, body={"steps": change(steps)})
    return _back(visit, flash)


def _step(visit: Visit[Any], shown: StepView, at: str, to: str) -> Page:
    who = condition_of(shown.asks, shown.wanted is not False, shown.member_class) if shown.asks else "not has_ordered"
    found, revision = ask_at(visit, read_journey)
    values = {
        "journey": found, "revision": revision, "step": shown, "place_of": at, "to": to, "kinds": KINDS,
        "conditions": list(CONDITIONS.items()), "who": who,
        "batches": _batches(visit, shown.batch_id) if shown.kind == "coupon" else [],
        "segments": [("", "–"), *segments(visit)] if shown.kind == "condition" else [],
        "tags": _tags(visit) if shown.kind == "tag" else [],
    }  # fmt: skip
    return Page("console/journeys/step.html", values)


def _batches(visit: Visit[Any], chosen: str | None) -> list[tuple[str, str]]:
    found = ask(visit, list_batches, limit=_BATCHES).items
    usable = [
        (each.id, f"{each.title} – {each.worth}") for each in found if each.status == "active" or each.id == chosen
    ]
    return [("", "–"), *usable]


def _tags(visit: Visit[Any]) -> list[tuple[str, str]]:
    return [("", "–"), *((each, each) for each in ask(visit, list_member_tags).tags)]


def _shown(visit: Visit[Any], found: JourneyView) -> Mapping[str, Any]:
    definition = found.definition
    gives = any(each.batch_id for each in definition.steps)
    batches = dict(_batches(visit, None)) if gives and may(visit, list_batches) else {}
    asks = definition.trigger.segment_id or any(each.segment_id for each in definition.steps)
    titles = segment_titles(visit) if asks else {}
    who = {
        at: condition_of(each.asks, each.wanted is not False, each.member_class)
        for at, each in enumerate(found.definition.steps)
        if each.asks
    }
    return {
        "journey": found, "state": STATES[found.status], "triggers": TRIGGERS, "classes": CLASSES, "who": who,
        "conditions": CONDITIONS, "batches": batches, "segments": titles, "held": HELD,
        "tiers": tier_titles(visit) if definition.trigger.tier else {},
    }  # fmt: skip


def _back(visit: Visit[Any], flash: str) -> Redirect:
    return Redirect(f"/journeys/{visit.path['id']}", flash=flash)
