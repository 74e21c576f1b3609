"""The API document and a page to browse it, both generated from the declared routes."""

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.language import Language, nearest
from chalicelib.web import examples
from chalicelib.web.answers import Html
from chalicelib.web.call import Call
from chalicelib.web.html import render
from chalicelib.web.principal import anyone
from chalicelib.web.router import Router

if TYPE_CHECKING:
    from chalicelib.web.announced import Announced


def documentation(
    routers: Iterable[Router], version: str, announced: "Callable[[], Iterable[Announced]]" = tuple
) -> Router:
    """Routes for ``/v1/openapi.json``, ``/docs`` and ``/docs/try``, which describe the routers, themselves, and the
    events that programs are told of.

    The routers are gone through at the first request for the document: until then, none of them is imported.
    """
    routes = Router(__name__)

    @cache
    def described() -> tuple[Router, ...]:
        return (*routers, routes)  # an iterator is empty after the first language

    @cache
    def made(language: Language) -> dict[str, Any]:
        from chalicelib.web.openapi import document

        return document(described(), version, language, announced())

    @cache
    def shown(language: Language, named: frozenset[tuple[str, str]]) -> dict[str, Any]:
        return examples.filled_in(made(language), dict(named))

    @cache
    def page(language: Language, named: frozenset[tuple[str, str]]) -> str:
        return _render(shown(language, named), language)

    @routes.get(
        "/v1/openapi.json",
        allow=anyone(),
        summary="The OpenAPI 3.1 document",
        tag="documentation",
    )
    def openapi_document(call: Call[None]) -> dict[str, Any]:
        """Everything this API takes and answers, machine-readable."""
        return shown(nearest(call.locale), examples.named()) | {"servers": [{"url": call.base_url}]}

    @routes.get(
        "/docs",
        allow=anyone(),
        summary="The API, to browse",
        tag="documentation",
        html=True,
    )
    def browse_documentation(call: Call[None]) -> Html:
        """The same document as a page for people."""
        return Html(page(nearest(call.locale), examples.named()))

    @routes.get(
        "/docs/try",
        allow=anyone(),
        summary="The API, to try out",
        tag="documentation",
        html=True,
    )
    def try_documentation(call: Call[None]) -> Html:
        """The same document in Swagger UI, from which calls are sent as they are filled in."""
        from chalicelib.web import viewer

        return Html(viewer.viewer(nearest(call.locale)), policy=viewer.policy())

    return routes


def _render(described: dict[str, Any], language: Language) -> str:
    from chalicelib.web.document_zh import PAGE_ZH
    from chalicelib.web.wording import Wording

    wording = Wording(described["components"]["schemas"], language)
    filters: dict[str, Callable[..., Any]] = {
        "lines": wording.lines,
        "kind": wording.kind,
        "note": wording.note,
        "prose": _prose,
        "json": _json,
        "said": lambda english: PAGE_ZH[english] if language == "zh" else english,
    }
    return render("docs.html.j2", filters, api=described, errors=_errors(described), language=language)


def _prose(text: str) -> str:
    """The text with its ``code`` marked as such."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"(`+)(.+?)\1", r"<code>\2</code>", str(escape(text))))  # noqa: S704 - escaped just before


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _errors(described: dict[str, Any]) -> list[dict[str, Any]]:
    """Each error code once, with its status and title, for the table at the page's end."""
    found: dict[str, dict[str, Any]] = {}
    for operations in described["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                for code, text in zip(
                    response.get("x-codes", []),
                    response["description"].split("; "),
                    strict=False,
                ):
                    found[code] = {
                        "code": code,
                        "status": status,
                        "title": text.partition(": ")[2],
                    }
    return sorted(found.values(), key=lambda error: (error["status"], error["code"]))
