"""What every answer of a page says to browsers, and the pages that are shown where there is nothing to show."""

from __future__ import annotations

import json
import re

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.pages.shell import handling
from infra.local.gateway import Request

ALWAYS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
}
OWN_ORIGIN_ALONE = ("script-src", "style-src", "manifest-src", "worker-src")


def policy_of(page):
    """Its Content-Security-Policy: what each directive allows."""
    directives = [each.split() for each in page.headers["content-security-policy"].split(";")]
    return {name: allowed for name, *allowed in directives}


@pytest.mark.parametrize("path", ["", "/sign-in", "/nothing-here"])
def test_a_page_may_load_from_its_own_origin_alone(visitor, path):
    page = visitor.get(path)

    assert {name: page.headers[name] for name in ALWAYS} == ALWAYS
    policy = policy_of(page)
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert all(policy[name] == ["'self'"] for name in OWN_ORIGIN_ALONE)
    assert not [name for name, allowed in policy.items() if any("unsafe" in each for each in allowed)]


def test_a_page_has_no_script_and_no_style_of_its_own(visitor):
    """The policy would keep them from running, and a report of it would be the first that anyone hears of it."""
    for path in ("", "/sign-in", "/nothing-here"):
        soup = visitor.get(path).soup
        assert not soup.select("style, [style], script:not([src])")
        assert not [name for element in soup.find_all(True) for name in element.attrs if name.startswith("on")]


@pytest.mark.parametrize(("language", "heading"), [("en", "Not found"), ("zh", "未找到")])
def test_where_there_is_no_page_the_shop_says_so(visitor, language, heading):
    visitor.language = language
    page = visitor.get("/nothing-here")
    assert (page.status, page.heading) == (404, heading)
    assert page.soup.select_one("a.button")["href"] == visitor.at("")
    elsewhere = visitor.get("/s/nobodys-shop")
    assert (elsewhere.status, elsewhere.heading) == (404, heading)
    assert not elsewhere.soup.select("a.button"), "there is no shop to lead to"


@pytest.mark.parametrize(("language", "heading"), [("en", "This page cannot do that"), ("zh", "该页面不支持此操作")])
def test_a_method_that_a_page_has_not_is_refused_by_a_page(visitor, language, heading):
    visitor.language = language
    page = visitor.post("/nothing-here", {})
    assert page.status == 404
    page = visitor.post("", {})
    assert (page.status, page.heading, page.headers["allow"]) == (405, heading, "GET")


@pytest.mark.parametrize(("language", "of_ours", "of_another"), [
    ("en", "Something went wrong on our side", "Temporarily unavailable, please retry"),
    ("zh", "服务器内部错误", "服务暂时不可用，请重试"),
])  # fmt: skip
def test_a_failure_is_a_page_that_tells_a_number_and_no_secret(visitor, monkeypatch, language, of_ours, of_another):
    visitor.language = language
    for failure, status, heading in (
        (RuntimeError("the secret of it"), 500, of_ours),
        (Unavailable("A part of the service did not answer.", retry_after=3), 503, of_another),
    ):
        monkeypatch.setattr(handling, "_looking", _failing(failure))
        page = visitor.get("")
        assert (page.status, page.heading) == (status, heading)
        assert page.words("code") == page.headers["x-request-id"]
        assert "the secret of it" not in page.text
        assert page.headers.get("retry-after") == ("3" if status == 503 else None)


def _failing(failure):
    def looking(*_):
        raise failure

    return looking


def test_head_says_what_get_would_and_sends_nothing(visitor):
    page = visitor.get("")
    answer = visitor.gateway.answer(Request("HEAD", visitor.at("")))
    headers = {name.lower(): value for name, value in answer.headers}
    assert (answer.status, answer.body) == (200, b"")
    assert int(headers["content-length"]) > 1_000
    assert headers["content-security-policy"] == page.headers["content-security-policy"]


@pytest.mark.parametrize("rest", ["/?from=chat", "/sign-in/?next=%2Fs%2Fx"])
def test_a_slash_at_the_end_leads_to_the_address_without_it(visitor, rest):
    page = visitor.get(rest, follow=False)
    assert page.status == 308
    assert page.headers["location"] == visitor.at(rest.replace("/?", "?"))
    assert page.headers["cache-control"] == "no-store"
    assert visitor.get("/nothing-here/").status == 404


def test_scripts_and_styles_are_kept_for_ever_under_their_version(visitor):
    page = visitor.get("")
    shell, theme, *_ = [each["href"] for each in page.soup.select('link[rel="stylesheet"]')]

    kept = visitor.get(shell)
    assert (kept.status, kept.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert kept.headers["content-type"] == "text/css; charset=utf-8"
    assert kept.set_cookies == visitor.get(theme).set_cookies == ()
    older = visitor.get(re.sub(r"/static/\w+/", "/static/0123456789ab/", shell))
    assert (older.status, older.headers["cache-control"]) == (200, "no-store")
    for absent in ("/static/0123456789ab/..%2Fshell%2Fwords.py", "/static/theme/red.css", "/static/theme/1f6feb"):
        assert visitor.get(absent).status == 404


def test_a_script_of_ours_sends_the_policy_that_it_runs_under(visitor):
    """htmx is told what it may do in the page, as no attribute and no script can."""
    told = json.loads(visitor.get("").soup.select_one('meta[name="htmx-config"]')["content"])
    assert (told["allowEval"], told["includeIndicatorStyles"], told["historyCacheSize"]) == (False, False, 0)
