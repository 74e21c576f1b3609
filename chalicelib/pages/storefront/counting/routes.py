"""Pages about counting: a reader's answer, and what a page tells when it is left."""

from dataclasses import replace
from typing import Any

from chalicelib.insight.experiments.service.exposing import Person, expose_in_shop
from chalicelib.insight.intake.forms import EventsForm
from chalicelib.insight.intake.model.robots import is_robot
from chalicelib.insight.intake.model.told import Told
from chalicelib.insight.intake.service.telling import Teller, tell
from chalicelib.kernel import strict_json
from chalicelib.kernel.errors import Malformed
from chalicelib.members.model.profiles import MemberChanges
from chalicelib.members.service.members import edit_me, get_member
from chalicelib.pages.shell import N_, Content, Page, Pages, Redirect, Visit, sessions, within
from chalicelib.pages.storefront.attribution import led_here
from chalicelib.pages.storefront.counting.forms import CountingForm, LeftForm
from chalicelib.web import anyone

pages = Pages(__name__)


@pages.page("/s/{slug}/counting", allow=anyone())
def counting(visit: Visit[Any]) -> Page:
    """What is counted, what the reader answered, and the way to answer otherwise."""
    return Page("storefront/counting/counting.html")


@pages.form("/s/{slug}/counting", allow=anyone(), body=CountingForm, again=counting)
def answer_counting(visit: Visit[CountingForm]) -> Redirect:
    """The browser keeps the answer; of a member it is their consent, too."""
    agrees = visit.body.answer == "yes"
    if visit.member_id and sessions.counts(visit.principal):
        answer = MemberChanges(consent={"analytics": agrees}, words=visit.body.words)
        edit_me(visit.tenant_id, visit.member_id, answer, None, visit.now)
    cookie = visit.counting.answered(agrees=agrees)
    return Redirect(within(visit.body.next, visit.home), flash=N_("It is noted."), cookies=(cookie,))


@pages.form("/s/{slug}/left", allow=anyone(), body=LeftForm)
def page_left(visit: Visit[LeftForm]) -> Content:
    """Takes what a page tells, from who agreed to be counted and nobody else; whoever left waits for no answer."""
    if visit.counting.agreed and _member_agrees(visit):
        form = visit.form(EventsForm, {"events": _read(visit.body.events), "sent_at": visit.body.sent_at or None})
        via = led_here(visit)
        channel = (via.channel_id or "") if via else ""
        told = [each for each in form.read(visit.language) if isinstance(each, Told)]
        led = [replace(each, channel=each.channel or channel) for each in told]
        who = Teller(visit.principal, visit.counting.visitor, visit.headers.get("user-agent", ""), visit.source)
        tell(visit.tenant_id, who, led, form.sent_at, visit.now)
        robot = not visit.member_id and is_robot(who.agent)
        expose_in_shop(visit.tenant_id, Person(visit.member_id or None, visit.counting.visitor, robot), visit.now)
    return Content("", "text/plain; charset=utf-8", status=204)


def _member_agrees(visit: Visit[Any]) -> bool:
    """Whether a member who is signed in agrees still: they may have withdrawn it elsewhere. Of others the browser's
    answer counts.
    """
    if not visit.member_id:
        return True
    if not sessions.counts(visit.principal):
        return False
    consent = get_member(visit.tenant_id, visit.member_id).consent or {}
    return consent.get("analytics", {}).get("granted") is True


def _read(sent: str) -> Any:
    try:
        return strict_json.read(sent)
    except strict_json.NotTaken as fault:
        raise Malformed(
            "This is not what a page of ours tells.", detail_zh="提交的内容不是本店页面发送的数据。"
        ) from fault
