"""A brand's decisions about its messages over HTTP."""

from chalicelib.kernel.errors import Stale
from chalicelib.notices.settings import service
from chalicelib.notices.settings.forms import MessageSettingsForm
from chalicelib.notices.settings.views import MessageSettingsView
from chalicelib.tenancy import brand_of
from chalicelib.web import Answer, Call, Router, staff

routes = Router(__name__)


@routes.get(
    "/v1/message-settings", allow=staff("manager"), answer=MessageSettingsView, tag="messages",
    summary="Read how my messages go out",
)  # fmt: skip
def read_message_settings(call: Call[None]) -> Answer:
    messages, revision = service.get_settings(call.tenant_id)
    return Answer(MessageSettingsView.of(messages, brand_of(call.tenant_id).currency), etag=revision)


@routes.put(
    "/v1/message-settings", allow=staff("manager"), body=MessageSettingsForm, answer=MessageSettingsView,
    tag="messages", errors=(Stale,), summary="Set how my messages go out",
)  # fmt: skip
def set_message_settings(call: Call[MessageSettingsForm]) -> Answer:
    """By which media, when nothing arrives, how often at most, what a part costs, and an official account with its
    templates. Messages that are on their way may follow the earlier settings for a minute.
    """
    currency = brand_of(call.tenant_id).currency
    messages, revision = service.set_settings(
        call.tenant_id, call.body.messages(currency), call.body.secret, call.if_match, call.principal, call.now
    )
    return Answer(MessageSettingsView.of(messages, currency), etag=revision)
