"""What the API shows of files."""

from typing import Literal

from chalicelib.web import Instant, UlidStr, View


class UploadView(View):
    """Where to send the picture until ``expires_at``: a multipart form with all ``fields``, and last the ``file``."""

    id: UlidStr
    method: Literal["POST"] = "POST"
    url: str
    fields: dict[str, str]
    expires_at: Instant


class PictureUploadView(UploadView):
    """``address`` is what ``images`` of a product or the brand's ``logo`` call the picture once it was sent: a path
    below where this API is reached, which stays.
    """

    address: str
