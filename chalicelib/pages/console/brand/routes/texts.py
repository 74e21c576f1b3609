"""Pages on which the brand writes its legal texts."""

from typing import Any

from chalicelib.legal_texts.routes import publish_text, read_text
from chalicelib.pages.console.brand.forms import LegalForm, TextQuery
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at
from chalicelib.web import staff

pages = Console(__name__)

_WRITERS = staff("manager")
_NAMES = {"privacy": N_("Privacy notice"), "terms": N_("Terms"), "imprint": N_("Imprint")}
_SAID = {
    "privacy": N_("What becomes of personal data, and whom neighbours ask about it."),
    "terms": N_("Who sells, how an order comes about, and what can be returned."),
    "imprint": N_("Who runs the shop, and how they are reached. In many countries the law asks for it."),
}


@pages.page("/console/legal-texts", allow=_WRITERS, query=TextQuery)
def write(visit: Visit[Any]) -> Page:
    """A text in both languages, or a template for it."""
    return _writing(visit, visit.query.name if visit.query else "privacy")


def _write_again(visit: Visit[Any]) -> Page:
    name = visit.fields.get("name", "")
    return _writing(visit, name if name in _NAMES else "privacy")


def _writing(visit: Visit[Any], name: str) -> Page:
    text, revision = ask_at(visit, read_text, path={"name": name})
    values = {
        "name": name,
        "names": _NAMES,
        "said": _SAID,
        "languages": {"zh": "中文", "en": "English"},
        "text": text,
        "written": text.texts or text.template or {},
        "revision": revision,
    }
    return Page("console/brand/text.html", values)


@pages.form("/console/legal-texts", allow=_WRITERS, body=LegalForm, again=_write_again)
def publish(visit: Visit[LegalForm]) -> Redirect:
    """Publishes a text, or takes it away where nothing is written in either language."""
    body = visit.body
    ask(visit, publish_text, path={"name": body.name}, body=body.text())
    if not body.text()["texts"]:
        return Redirect(f"/legal-texts?name={body.name}", flash=N_("The text is no longer in your shop."))
    return Redirect("/brand", flash=N_("It is published. Members who accepted the earlier version are asked anew."))
