"""HTTP routes of legal texts: the team writes them, everybody reads them."""

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.legal_texts import service
from chalicelib.legal_texts.forms import LegalTextForm, VersionQuery
from chalicelib.legal_texts.model import Kind
from chalicelib.legal_texts.views import LegalTextView, StoreLegalTextView
from chalicelib.web import Answer, Call, Router, anyone, staff

routes = Router(__name__)

_WRITERS = staff("manager")


@routes.get(
    "/v1/legal-texts/{name}", allow=_WRITERS, answer=LegalTextView, tag="tenants", errors=(NotFound,),
    summary="Read one of the brand's legal texts, or a template for it",
)  # fmt: skip
def read_text(call: Call[None]) -> Answer:
    kind = _kind(call)
    text = service.get_text(call.tenant_id, kind, consistent=True)
    return Answer(LegalTextView.of(kind, text, service.template(kind)), etag=int(text.rev) if text else 0)


@routes.put(
    "/v1/legal-texts/{name}", allow=_WRITERS, body=LegalTextForm, answer=LegalTextView, tag="tenants",
    errors=(NotFound, Stale), summary="Publish the brand's privacy notice, terms or imprint",
)  # fmt: skip
def publish_text(call: Call[LegalTextForm]) -> Answer:
    """Members are asked to accept what has changed; earlier versions stay readable."""
    kind, body = _kind(call), call.body
    text = service.set_text(
        call.tenant_id, kind, body.texts, body.must_accept, call.if_match, call.principal, call.now
    )  # fmt: skip
    return Answer(LegalTextView.of(kind, text, service.template(kind)), etag=int(text.rev))


@routes.get(
    "/v1/stores/{slug}/legal-texts/{name}", allow=anyone(), query=VersionQuery, answer=StoreLegalTextView,
    tag="storefront", errors=(NotFound,), summary="Read a brand's privacy notice, terms or imprint",
)  # fmt: skip
def show_text(call: Call[None]) -> StoreLegalTextView:
    kind, asked = _kind(call), call.query.revision
    if asked is None:
        text = service.get_published(call.tenant_id, kind)
        return StoreLegalTextView.of(kind, text, revision=int(text.revision), must_accept=text.must_accept)
    version = service.get_version(call.tenant_id, kind, asked)
    return StoreLegalTextView.of(kind, version, revision=asked, must_accept=False)


def _kind(call: Call[LegalTextForm] | Call[None]) -> Kind:
    try:
        return Kind(call.path["name"])
    except ValueError as unknown:
        raise NotFound(
            "There are three texts: privacy, terms and imprint.", detail_zh="仅有三种文本：privacy、terms 和 imprint。"
        ) from unknown
