"""The words of messages over HTTP: who writes for the brand reads ours, sets its own, and sees what they look like."""

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.kernel.language import Language, nearest
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.templates.forms import NoticeQuery, PreviewForm, WordsForm, WordsQuery
from chalicelib.notices.templates.model.checking import WordsRefused
from chalicelib.notices.templates.records import OwnWords
from chalicelib.notices.templates.service import own
from chalicelib.notices.templates.service.preview import preview, said_examples
from chalicelib.notices.templates.views import NoticeView, PreviewView, TemplateView
from chalicelib.tenancy import brand_of
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_WRITERS = staff("manager", "editor")


@routes.get(
    "/v1/message-templates", allow=_WRITERS, query=NoticeQuery, answer=NoticeView, paged=True, tag="messages",
    summary="List the messages that are sent, with what their words may show",
)  # fmt: skip
def list_templates(call: Call[None]) -> Paged:
    found, following = own.list_notices(call.tenant_id, call.query.category, call.limit, call.cursor)
    return Paged([NoticeView.of(each, call.locale) for each in found], following)


@routes.get(
    "/v1/message-templates/{name}", allow=_WRITERS, query=WordsQuery, answer=TemplateView, tag="messages",
    errors=(NotFound,), summary="Read a message's words, ours and the brand's own",
)  # fmt: skip
def read_template(call: Call[None]) -> Answer:
    notice = own.get_notice(call.path["name"])
    language = call.query.language or nearest(brand_of(call.tenant_id).locale)
    return _answer(call.tenant_id, notice, language, own.get_own(call.tenant_id, notice.template, language), call)


@routes.put(
    "/v1/message-templates/{name}", allow=_WRITERS, body=WordsForm, answer=TemplateView, tag="messages",
    errors=(NotFound, WordsRefused, Stale), summary="Set the brand's own words for a message, in one language",
)  # fmt: skip
def set_template(call: Call[WordsForm]) -> Answer:
    notice, language = own.get_notice(call.path["name"]), nearest(call.body.locale)
    record = own.set_own(
        call.tenant_id, notice, language, call.body.words, call.if_match, call.principal, call.now
    )  # fmt: skip
    return _answer(call.tenant_id, notice, language, record, call)


@routes.delete(
    "/v1/message-templates/{name}", allow=_WRITERS, query=WordsQuery, status=204, tag="messages",
    errors=(NotFound, Stale), summary="Go back to our words for a message, in one language or in both",
)  # fmt: skip
def remove_template(call: Call[None]) -> None:
    notice, language = own.get_notice(call.path["name"]), call.query.language
    languages = (language,) if language else own.LANGUAGES
    own.remove_own(call.tenant_id, notice, languages, call.if_match, call.principal, call.now)


@routes.post(
    "/v1/message-templates/{name}/preview", allow=_WRITERS, body=PreviewForm, answer=PreviewView, tag="messages",
    errors=(NotFound, WordsRefused), summary="See a message with examples, as e-mail and as text; nothing is stored",
)  # fmt: skip
def preview_template(call: Call[PreviewForm]) -> PreviewView:
    notice = own.get_notice(call.path["name"])
    language = nearest(call.body.locale or brand_of(call.tenant_id).locale)
    letter = preview(call.tenant_id, notice, language, call.body.subject, call.body.text, call.now)
    return PreviewView.of(letter, language)


def _answer(
    tenant_id: str,
    notice: type[Notice],
    language: Language,
    record: OwnWords | None,
    call: Call[WordsForm] | Call[None],
) -> Answer:
    shown = said_examples(notice, brand_of(tenant_id), language, call.now)
    revision = int(record.rev) if record else 0
    return Answer(TemplateView.of(notice, language, record, shown, call.locale), etag=revision)
