"""HTTP routes of files: a member uploads a photo, the team a picture that is shown in the shop."""

from chalicelib.media.errors import TooManyUploads, WrongFileSize, WrongFileType
from chalicelib.media.forms import UploadForm
from chalicelib.media.model import picture_address
from chalicelib.media.service import pictures, uploads
from chalicelib.media.views import PictureUploadView, UploadView
from chalicelib.web import Call, Router, member, staff

routes = Router(__name__)


@routes.post(
    "/v1/stores/{slug}/uploads", allow=member(), body=UploadForm, answer=UploadView, status=201, tag="service",
    summary="Get a form to upload a photo with", errors=(TooManyUploads, WrongFileSize, WrongFileType),
)  # fmt: skip
def ask_for_upload(call: Call[UploadForm]) -> UploadView:
    granted = uploads.ask(call.tenant_id, call.member_id, call.body.content_type, call.body.size, call.now)
    return UploadView.model_validate(granted)


@routes.post(
    "/v1/uploads", allow=staff("manager", "editor"), body=UploadForm, answer=PictureUploadView, status=201,
    tag="catalogue", summary="Get a form to upload a picture of a product, or the logo, with",
    errors=(TooManyUploads, WrongFileSize, WrongFileType),
)  # fmt: skip
def ask_for_picture(call: Call[UploadForm]) -> PictureUploadView:
    granted = pictures.ask(call.tenant_id, call.body.content_type, call.body.size, call.now)
    address = picture_address(call.principal.slug, granted.id)
    return PictureUploadView(**UploadView.model_validate(granted).model_dump(), address=address)
