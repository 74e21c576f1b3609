"""HTTP routes of files: a member uploads a picture."""

from chalicelib.media.errors import TooManyUploads, WrongFileSize, WrongFileType
from chalicelib.media.forms import UploadForm
from chalicelib.media.service import uploads
from chalicelib.media.views import UploadView
from chalicelib.web import Call, Router, member

routes = Router(__name__)


@routes.post(
    "/v1/stores/{slug}/uploads", allow=member(), body=UploadForm, answer=UploadView, status=201, tag="service",
    summary="Get a form to upload a photo with", errors=(TooManyUploads, WrongFileSize, WrongFileType),
)  # fmt: skip
def ask_for_upload(call: Call[UploadForm]) -> UploadView:
    granted = uploads.ask(call.tenant_id, call.member_id, call.body.content_type, call.body.size, call.now)
    return UploadView.model_validate(granted)
