"""The pages that tell what neighbours said in surveys, and what became better since."""

from functools import partial
from typing import Any

from chalicelib.improvements.routes import (
    published_improvements,
    published_survey_report,
    published_survey_reports,
)
from chalicelib.pages.shell import Page, Pages, Visit, ask
from chalicelib.pages.storefront.improvements.views import rose
from chalicelib.pages.survey_reports import views as told
from chalicelib.surveys.model.questions import said_in
from chalicelib.web import anyone

pages = Pages(__name__)

NEWEST = 5
"""Reports beside what became better; all are on a page of their own."""


@pages.page("/s/{slug}/you-said", allow=anyone(), paged=True)
def you_said(visit: Visit[Any]) -> Page:
    """The latest first: what surveys came to, and what was done, with the figures where they were measured."""
    found = ask(visit, published_improvements, limit=visit.limit, cursor=visit.cursor)
    reports = ask(visit, published_survey_reports, limit=NEWEST) if visit.cursor is None else None
    values = {
        "reports": reports.items if reports else [],
        "has_more": bool(reports and reports.last_key),
        "told": told,
        "improvements": found.items,
        "rose": rose,
        "following": visit.following(found.last_key),
    }
    return Page("storefront/improvements/list.html", values)


@pages.page("/s/{slug}/survey-reports", allow=anyone(), paged=True)
def reports(visit: Visit[Any]) -> Page:
    """What all surveys came to, the latest first."""
    found = ask(visit, published_survey_reports, limit=visit.limit, cursor=visit.cursor)
    values = {"reports": found.items, "told": told, "following": visit.following(found.last_key)}
    return Page("storefront/improvements/reports.html", values)


@pages.page("/s/{slug}/survey-reports/{id}", allow=anyone())
def report(visit: Visit[None]) -> Page:
    """What one survey came to, and what became better since."""
    values = {
        "report": ask(visit, published_survey_report),
        "told": told,
        "rose": rose,
        "said": partial(said_in, visit.language),
    }
    return Page("storefront/improvements/report.html", values)
