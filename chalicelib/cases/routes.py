"""HTTP routes of the desk, the business calendar, and the targets."""

from chalicelib.cases.errors import NoWorkingHours
from chalicelib.cases.forms import CalendarForm, CaseRulesForm, DeskQuery, HolidayQuery
from chalicelib.cases.model.public_holidays import KNOWN
from chalicelib.cases.service import desk, timing
from chalicelib.cases.views import CalendarView, CaseRulesView, DeskEntryView, PublicHolidaysView
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_TEAM = staff("manager", "service")
_READERS = staff("manager", "service", "analyst")


@routes.get(
    "/v1/desk", allow=_TEAM, query=DeskQuery, answer=DeskEntryView, paged=True, tag="service",
    summary="List open complaints, after-sales and enquiries together, the most pressing first",
)  # fmt: skip
def list_desk(call: Call[None]) -> Paged:
    wanted = desk.Wanted(**call.query.model_dump())
    page = desk.list_desk(call.tenant_id, call.now, call.limit, call.cursor, wanted)
    return Paged([DeskEntryView.of(entry) for entry in page.items], page.last_key)


@routes.get(
    "/v1/business-calendar", allow=_READERS, answer=CalendarView, tag="service",
    summary="Read the business calendar by which complaints and after-sales become due",
)  # fmt: skip
def read_business_calendar(call: Call[None]) -> Answer:
    calendar, revision = timing.get_calendar(call.tenant_id)
    return Answer(CalendarView.of(calendar, revision), etag=revision)


@routes.put(
    "/v1/business-calendar", allow=staff("manager"), body=CalendarForm, answer=CalendarView, tag="service",
    summary="Set the business calendar", errors=(NoWorkingHours, Stale),
)  # fmt: skip
def set_business_calendar(call: Call[CalendarForm]) -> Answer:
    """Open complaints and after-sales get their due times by it within moments."""
    calendar, revision = timing.set_calendar(
        call.tenant_id, call.body.wanted(), call.if_match, call.principal, call.now
    )
    return Answer(CalendarView.of(calendar, revision), etag=revision)


@routes.get(
    "/v1/public-holidays", allow=_READERS, query=HolidayQuery, answer=PublicHolidaysView, tag="service",
    summary="Read public holidays and moved workdays to begin a calendar with", errors=(NotFound,),
)  # fmt: skip
def read_public_holidays(call: Call[None]) -> PublicHolidaysView:
    query = call.query
    found = KNOWN.get((query.country, query.year))
    if found is None:
        raise NotFound(
            f"Nothing is known here of the public holidays of {query.country} in {query.year}; enter them yourself.",
            detail_zh=f"暂无 {query.country} {query.year} 年的法定节假日，请自行填写。",
        )
    return PublicHolidaysView.of(found)


@routes.get(
    "/v1/case-rules", allow=_READERS, answer=CaseRulesView, tag="service",
    summary="Read within which working time complaints and after-sales are answered and solved",
)  # fmt: skip
def read_case_rules(call: Call[None]) -> Answer:
    rules, revision = timing.get_rules(call.tenant_id)
    return Answer(CaseRulesView.of(rules), etag=revision)


@routes.put(
    "/v1/case-rules", allow=staff("manager"), body=CaseRulesForm, answer=CaseRulesView, tag="service",
    summary="Set within which working time complaints and after-sales are answered and solved", errors=(Stale,),
)  # fmt: skip
def set_case_rules(call: Call[CaseRulesForm]) -> Answer:
    """Open complaints and after-sales get their due times by them within moments."""
    rules, revision = timing.set_rules(call.tenant_id, call.body.rules(), call.if_match, call.principal, call.now)
    return Answer(CaseRulesView.of(rules), etag=revision)
