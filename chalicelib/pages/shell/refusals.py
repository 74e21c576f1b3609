"""What is shown where no route is: an address without a page, a method that it has not, too long a query."""

from collections.abc import Iterable
from typing import Any

from chalice.app import Request

from chalicelib.kernel.errors import DomainError, Malformed, NotFound
from chalicelib.pages.shell import handling
from chalicelib.pages.shell.declared import PageRoute
from chalicelib.pages.shell.visit import Visit
from chalicelib.routing.refusals import Answer, Event
from chalicelib.web import anyone


class WrongMethod(DomainError):
    """The address has a page, but it does not do that."""

    status, code, title, title_zh = 405, "method_not_allowed", "This page cannot do that", "该页面不支持此操作"


def no_such_path(event: Event, path: str) -> Answer:
    """404, in the shop's dress where there is one."""
    nothing = NotFound("There is no page at this address.", detail_zh="该地址没有页面。")
    return _shown(event, path, nothing)


def wrong_method(event: Event, path: str, methods: Iterable[str]) -> Answer:
    """405, with what is allowed."""
    wrong = WrongMethod("Open the page anew and go on from there.", detail_zh="请重新打开页面后继续。")
    answer = _shown(event, path, wrong)
    return {**answer, "headers": answer["headers"] | {"Allow": ", ".join(sorted(methods))}}


def too_many_fields(event: Event, most: int) -> Answer:
    """400."""
    return _shown(event, "", Malformed("The address is too long.", detail_zh="网址过长。"))


def preflight(event: Event, methods: Iterable[str]) -> Answer:
    """405: pages are for their own origin."""
    return wrong_method(event, "", methods)


def _shown(event: Event, path: str, error: DomainError) -> Answer:
    def handler(visit: Visit[Any]) -> Any:
        raise error

    parts = path.split("/")
    if parts[1:2] == ["console"]:
        route, of = PageRoute("GET", "/console", handler, anyone(), place="console"), {}
    elif len(parts) > 2 and parts[1] == "s":
        route, of = PageRoute("GET", "/s/{slug}", handler, anyone()), {"slug": parts[2]}
    else:
        route, of = PageRoute("GET", "/", handler, anyone(), place="static"), {}
    answer: Answer = handling.answer(route, Request(event), of).to_dict([])
    return answer
